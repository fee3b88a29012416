"""A record in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """An empty record of `zendesk:acme`."""
    made = Book(tmp_path)
    yield made
    made.record.close()
