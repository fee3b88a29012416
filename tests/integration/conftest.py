"""A record on each database, which most tests here begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    """An empty record of `zendesk:acme`."""
    made = Book(database_url)
    yield made
    made.record.close()
