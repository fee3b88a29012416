"""The access log is a chain: whatever is changed in it later shows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from memory.record import Record, access
from memory.record import tables as t
from tests.support.book import Book, ago
from tests.support.older import make_older


@pytest.fixture
def logged(book: Book) -> Book:
    """Three entries about two customers."""
    for who, what in (("100", "brief"), ("100", "reveal"), ("101", "reveal")):
        with book.record.writing(book.account) as writer:
            writer.log_access(
                at=ago(1),
                agent="zendesk:11",
                proof="zendesk",
                source="service",
                what=what,
                customer_id=who,
                subject="m-1" if what == "reveal" else None,
            )
    return book


def verdict(book: Book) -> access.Verdict:
    """What a check of the log finds."""
    with book.record.reading() as connection:
        return access.verify(connection, book.account.number)


def change(book: Book, statement: sa.Update | sa.Delete) -> None:
    """Do to the record what somebody with a database tool would do."""
    with book.record.engine.begin() as connection:
        assert connection.execute(statement).rowcount == 1


def test_what_nobody_changed_holds(logged: Book) -> None:
    """An empty log holds as well."""
    assert verdict(logged) == access.Verdict(3)
    with logged.record.reading() as connection:
        assert access.verify(connection, 99) == access.Verdict(0)


CHANGES: dict[str, object] = {
    "at": ago(2),
    "agent": "zendesk:12",
    "proof": "zendesK",
    "source": "command",
    "what": "brief",
    "alias": b"x" * 16,
    "subject": None,
    "hash": b"x" * 32,
}


@pytest.mark.parametrize("field", CHANGES)
@pytest.mark.parametrize("number", [2, 3])
def test_any_change_shows(field: str, number: int, logged: Book) -> None:
    """Whichever field it is in, also in the newest entry."""
    which = t.access.c.number == number
    change(logged, t.access.update().where(which).values({field: CHANGES[field]}))
    assert verdict(logged) == access.Verdict(number - 1, number, "changed")


def test_what_was_taken_out_shows(logged: Book) -> None:
    """From the middle, and from the end."""
    change(logged, t.access.delete().where(t.access.c.number == 3))
    assert verdict(logged) == access.Verdict(2, 3, "cut")
    change(logged, t.access.delete().where(t.access.c.number == 1))
    assert verdict(logged) == access.Verdict(0, 1, "missing")


def test_it_holds_once_a_customer_is_forgotten(logged: Book) -> None:
    """Their alias is all that led from the entries to them."""
    change(logged, t.alias.delete().where(t.alias.c.customer_id == "100"))
    assert verdict(logged) == access.Verdict(3)
    assert "100" not in str(logged.rows(t.access)) + str(logged.rows(t.alias))
    with logged.record.reading() as connection:
        found = access.entries_of(connection, logged.account.number, ["100"], ["m-1"])
        others = access.entries_of(connection, logged.account.number, ["101"], ["m-1", "m-2"])
    assert found == []
    assert [(one.what, one.subject) for one in others] == [("reveal", "m-1")]


def test_the_same_memory_looks_another_for_another_customer(logged: Book) -> None:
    """Nobody without a customer's key can tell what an entry was about."""
    rows = logged.rows(t.access)
    assert rows[1]["subject"] != rows[2]["subject"]
    assert rows[0]["alias"] == rows[1]["alias"] != rows[2]["alias"]


def test_a_log_without_a_chain_is_chained(book: Book) -> None:
    """What an older version wrote down stays written down."""
    number_of = book.account.number
    make_older(book.record, "0002")
    with book.record.engine.begin() as connection:
        for number, what in enumerate(("reveal:m-1", "verify:ticket:7"), start=1):
            connection.execute(
                sa.text("INSERT INTO access VALUES (:account, :number, :at, :a, :p, :what, '100')"),
                {
                    "account": number_of,
                    "number": number,
                    "at": number,
                    "a": "lee",
                    "p": "os-user",
                    "what": what,
                },
            )
    again = Record.open(book.database_url)
    with again.reading() as connection:
        assert access.verify(connection, number_of) == access.Verdict(2)
        known = ["m-1", "ticket:7"]
        found = access.entries_of(connection, number_of, ["100"], known)
    again.close()
    assert [(one.what, one.subject) for one in found] == [("reveal", "m-1"), ("verify", "ticket:7")]
