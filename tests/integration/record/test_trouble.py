"""When a record on SQLite cannot be used: a plain error, a way out, never its contents."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from memory.entities import Page
from memory.errors import RecordError
from memory.record import Record
from memory.record import tables as t
from tests.support.book import Book, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "Ruth Lindqvist"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """A record of `zendesk:acme` on SQLite."""
    made = Book(tmp_path)
    yield made
    made.record.close()


def _on_connect(book: Book, pragma: str) -> None:
    """Have every new connection begin with a pragma."""
    book.record.close()

    def prepare(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    event.listen(book.record.engine, "connect", prepare)


@contextmanager
def _plain_error(says: str, hints: str) -> Iterator[None]:
    with pytest.raises(RecordError, match=says) as caught:
        yield
    told = str(caught.value.problem())
    assert hints in caught.value.hint
    for telltale in (SECRET, "INSERT", "SELECT", "sqlalche", "PRAGMA"):
        assert telltale not in told


def _a_lot() -> Page:
    return Page(
        people=(customer(name=SECRET),),
        tickets=(ticket(),),
        messages=tuple(message(str(n), SECRET + " words" * 500) for n in range(200)),
    )


def test_a_full_disk_loses_nothing_that_was_stored(book: Book) -> None:
    """The page that did not fit is gone as a whole, and the record goes on."""
    book.ticket("before")
    _on_connect(book, "max_page_count=80")
    with _plain_error("The disk is full", "Make room"):
        book.store(_a_lot())
    assert [row["id"] for row in book.rows(t.ticket)] == ["before"]
    book.ticket("after")
    assert {row["id"] for row in book.rows(t.ticket)} == {"before", "after"}


def test_a_record_that_another_writes_for_too_long_is_busy(book: Book, tmp_path: Path) -> None:
    """Readers go on meanwhile; once the other has ended, writing does too."""
    book.people(customer())
    _on_connect(book, "busy_timeout=20")
    with closing(sqlite3.connect(tmp_path / "record.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with _plain_error("busy", "Run the same command again"):
            book.people(customer(name=SECRET))
        assert len(book.rows(t.person)) == 1
        other.execute("ROLLBACK")
    book.people(customer("101"))
    assert len(book.rows(t.person)) == 2


def test_two_writers_take_turns(tmp_path: Path, book: Book) -> None:
    """A second process that writes at the same time waits, and nothing is lost."""
    other = Book(tmp_path)

    def write(one: Book, first: int) -> None:
        for number in range(first, first + 20):
            one.store(people=(customer(str(number)),))

    threads = [Thread(target=write, args=(book, 0)), Thread(target=write, args=(other, 100))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.rows(t.person)) == 40
    other.record.close()


def test_a_file_that_is_no_record_is_left_alone(tmp_path: Path) -> None:
    """Whatever it is, it may be somebody's; it is named damaged and not written to."""
    file = tmp_path / "record.sqlite"
    words = (SECRET + " wrote a letter. ").encode() * 500
    file.write_bytes(words)
    with _plain_error("damaged or is not a record", "backup"):
        Record.in_folder(tmp_path)
    assert file.read_bytes() == words


def test_a_damaged_record_is_named_when_it_is_read(book: Book, tmp_path: Path) -> None:
    """Damage in the middle shows only when it is met."""
    book.store(_a_lot())
    book.record.close()
    file = tmp_path / "record.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with _plain_error("damaged|could not be used", "re"):
        book.rows(t.message)


def test_a_record_in_a_folder_that_is_a_file_cannot_be_opened(tmp_path: Path) -> None:
    """The error says what to look at."""
    (tmp_path / "file").write_text("not a folder")
    with _plain_error("cannot be opened", "REMEMBER_HOME"):
        Record.open(f"sqlite:///{tmp_path / 'file' / 'record.sqlite'}")


def test_a_record_that_may_only_be_read_can_be_read(book: Book, tmp_path: Path) -> None:
    """Questions are answered from it; the first write says what is wrong."""
    book.people(customer())
    record = Record.open(f"sqlite:///file:{tmp_path / 'record.sqlite'}?mode=ro&uri=true")
    assert [one.name for one in record.accounts()] == ["zendesk:acme"]
    account = record.account()
    with (
        _plain_error("cannot be opened for reading and writing", "REMEMBER_HOME"),
        record.writing(account) as writer,
    ):
        writer.store(Page(people=(customer("101", SECRET),)))
    record.close()


def test_a_row_that_breaks_the_record_names_no_value(book: Book) -> None:
    """Even a defect of ours is told without what it was about."""
    with _plain_error("could not be used", "remember doctor"):
        book.store(messages=(message("7", SECRET, channel=None),))
