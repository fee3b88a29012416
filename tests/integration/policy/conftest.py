"""A record of three tickets, and its memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory import Memory
from tests.support.book import AS_OF, agent, ago, customer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.book import Book

VECTOR = [1.0, *[0.0] * 383]


@pytest.fixture
def book(book: Book) -> Book:
    """Mara with two tickets, and Ellen with one; agent Daniel."""
    book.people(customer(), customer("101", "Ellen Park"), agent(email="daniel@acme.example"))
    book.ticket("1")
    book.ticket("2", at=ago(400))
    book.ticket("3", "101")
    book.drain()
    return book


@pytest.fixture
def told(book: Book) -> Book:
    """Mara told of her knee and of sailing, long ago and lately; Ellen of her knee."""
    book.issue("1", "Router drops", restatement="My router drops", vector=VECTOR)
    book.told("health", "My knee hurts", vector=[0.5, *VECTOR[1:]])
    book.told("interest", "I love sailing", vector=[0.25, *VECTOR[1:]])
    book.told("feeling", "I was so lonely then", ticket_id="2", at=ago(400))
    book.told("health", "My knee hurts too", ticket_id="3", by="101", customer_id="101")
    return book


@pytest.fixture
def memory(book: Book, tmp_path: Path) -> Iterator[Memory]:
    """The memory of that record, with the days a setting has unless it says otherwise."""
    with Memory.open(tmp_path, database_url=book.database_url, now=lambda: AS_OF) as opened:
        yield opened
