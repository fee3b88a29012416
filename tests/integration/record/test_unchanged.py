"""What is made of rows is made once while nobody writes, and anew when anybody did."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from memory.entities import Page
from memory.record import Record, queries
from memory.record.unchanged import while_unchanged
from tests.support.book import customer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.support.book import Book


class Names:
    """Makes a list of the customers, and counts how often."""

    def __init__(self, book: Book) -> None:
        self._account = book.number
        self.made = 0

    def read(self, connection: Connection, asked: str = "everybody") -> list[str]:
        """The ids of the customers."""
        return while_unchanged(connection, "names", asked, lambda: self._make(connection))

    def _make(self, connection: Connection) -> list[str]:
        self.made += 1
        return list(queries.customer_ids(connection, self._account))


@pytest.fixture
def names(book: Book) -> Names:
    """One customer is known."""
    book.people(customer("100"))
    return Names(book)


def test_it_is_made_once_while_nobody_writes(book: Book, names: Names) -> None:
    """However many transactions ask for it."""
    for _ in range(3):
        with book.record.reading() as connection:
            assert names.read(connection) == names.read(connection) == ["100"]
    assert names.made == 1


def test_it_is_made_anew_when_something_was_written(book: Book, names: Names) -> None:
    """By this program or by another."""
    with book.record.reading() as connection:
        assert names.read(connection) == ["100"]
    book.people(customer("101"))
    with book.record.reading() as connection:
        assert names.read(connection) == ["100", "101"]
    other = Record.open(book.database_url)
    with other.writing(book.account) as writer:
        writer.store(Page(people=(customer("100", active=False),)))
    other.close()
    with book.record.reading() as connection:
        assert names.read(connection) == ["101"]


def test_what_is_made_belongs_to_the_moment_that_is_seen(book: Book, names: Names) -> None:
    """A write in the middle of a transaction is not seen in it, and is seen in the next."""
    with book.record.reading() as connection:
        assert names.read(connection) == ["100"]
        book.people(customer("101"))
        assert names.read(connection) == ["100"]
        assert names.read(connection, "once more") == ["100"]
    with book.record.reading() as connection:
        assert names.read(connection) == ["100", "101"]


def test_another_question_has_another_answer(book: Book, names: Names) -> None:
    """One of each name is kept: the last."""
    with book.record.reading() as connection:
        for asked in ("everybody", "nobody", "nobody", "everybody"):
            names.read(connection, asked)
    assert names.made == 3


def test_who_writes_keeps_nothing(book: Book, names: Names) -> None:
    """What a transaction wrote so far may yet be undone."""
    with suppress(RuntimeError), book.record.writing(book.account) as writer:
        writer.store(Page(people=(customer("101"),)))
        assert names.read(writer.connection) == ["100", "101"]
        raise RuntimeError
    with book.record.reading() as connection:
        assert names.read(connection) == ["100"]
