"""A record with agents and customers, and a service over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.rings.desk import open_desk, staffed
from tests.support.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.rings.desk import Desk


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """The record of `zendesk:acme`, on SQLite."""
    made = staffed(Book(tmp_path))
    yield made
    made.record.close()


@pytest.fixture
def desk(book: Book, tmp_path: Path) -> Iterator[Desk]:
    """A service that phone systems ring."""
    with open_desk(book, tmp_path) as opened:
        yield opened
