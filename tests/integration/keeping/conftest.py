"""A record of three tickets, and its memory as a program asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory import Memory
from tests.support.book import AS_OF, Book, agent, customer
from tests.support.databases import sqlite_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the record is; SQLite unless a file of tests says otherwise."""
    return sqlite_url(tmp_path)


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    """Mara with two tickets, and Ellen with one; agent Daniel."""
    made = Book(url)
    made.people(
        customer(),
        customer("101", "Ellen Park"),
        agent(email="daniel@acme.example"),
    )
    made.ticket("1")
    made.ticket("2")
    made.ticket("3", "101")
    made.drain()
    yield made
    made.record.close()


@pytest.fixture
def memory(book: Book, tmp_path: Path) -> Iterator[Memory]:
    """The memory of that record."""
    with Memory.open(tmp_path, database_url=book.database_url, now=lambda: AS_OF) as opened:
        yield opened
