"""Nothing crosses from one account to another, though both use the same ids."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

import memory.record
from memory.record import tables as t
from tests.integration.record.asked import ASK, CHANGE, fill
from tests.support.book import Book, ago, customer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OF_EVENTS = {"told.finish_told", "told.take_untold"}
"""Changes of tickets that events have told of; here there is none."""

NOTHING = {"[]", "None", "0", "{}", "set()", "[None, None, None]", "[False, False, False]"}


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Book, Book]]:
    """Two accounts in one record; the first is filled."""
    book = Book(database_url)
    other = Book(database_url, "zendesk:apex", "https://apex.zendesk.com")
    fill(book, "alpha", 0)
    yield book, other
    book.record.close()
    other.record.close()


def _answers(book: Book) -> dict[str, str]:
    account = book.account
    with book.record.reading() as connection:
        return {
            name: str(ask(connection, account.number, account.key)) for name, ask in ASK.items()
        }


def _rows(book: Book) -> dict[str, list[Any]]:
    """Every row of an account."""
    with book.record.reading() as connection:
        return {
            table.name: list(
                connection.execute(
                    sa.select(table)
                    .where(table.c.account == book.number)
                    .order_by(*table.primary_key.columns)
                )
            )
            for table in t.metadata.sorted_tables
            if "account" in table.c
        }


def _is_asked(function: Callable[..., object]) -> bool:
    """Whether a function answers something about an account, or several, by number."""
    signature = inspect.signature(function)
    kinds = {
        str(one.annotation)
        for one in signature.parameters.values()
        if one.name in {"account", "accounts"}
    }
    return bool(kinds & {"int", "Sequence[int]"}) and signature.return_annotation != "None"


def test_every_question_is_asked_here() -> None:
    """A new function cannot be forgotten: it must be among the questions or the changes."""
    public = set()
    for found in pkgutil.iter_modules(memory.record.__path__):
        module = importlib.import_module(f"memory.record.{found.name}")
        for name, made in inspect.getmembers(module, inspect.isfunction):
            own = made.__module__ == module.__name__ and not name.startswith("_")
            if own and _is_asked(made):
                public.add(f"{found.name}.{name}")
    assert public == {*ASK, *CHANGE}


def test_no_answer_changes_when_another_account_is_filled(two: tuple[Book, Book]) -> None:
    """Each query answers the same, whatever a second account with the same ids holds."""
    book, other = two
    before = _answers(book)
    empty = [name for name, answer in before.items() if answer in NOTHING]
    assert empty == [], "a question that finds nothing proves nothing"
    fill(other, "bravo", 2)
    assert _answers(book) == before
    theirs = _answers(other)
    assert "alpha" not in str(theirs)


def test_what_is_changed_in_one_account_changes_no_row_of_another(two: tuple[Book, Book]) -> None:
    """Each change does something, and that in its own account alone."""
    book, other = two
    fill(other, "bravo", 2)
    before = _rows(book)
    for name, change in CHANGE.items():
        account, theirs = other.account, _rows(other)
        with other.record.writing(account) as writer:
            change(writer.connection, account.number, account.key)
        assert _rows(other) != theirs or name in OF_EVENTS, name
        assert _rows(book) == before, name


def test_what_is_erased_in_one_account_stays_in_another(two: tuple[Book, Book]) -> None:
    """Deleting tickets and people of one account touches no row of another."""
    book, other = two
    fill(other, "bravo", 2)
    before = _rows(book)
    other.store(gone_tickets=("1", "2"))
    other.people(
        *(
            customer(one, name=None, active=False, erased=True, updated_at=ago(0))
            for one in ("100", "101")
        )
    )
    with other.record.writing(other.account) as writer:
        writer.remember_everything_again()
        writer.made_by("model")
        writer.synced(ago(0))
        writer.settle(ago(0))
    assert _rows(book) == before
    assert book.account.synced_at is None
