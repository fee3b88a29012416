"""Pages may come in any order and any number of times: the record ends the same."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.entities import DESCRIPTION, Identity, Organization, Origin, Page, Rating, Status
from memory.record import due
from memory.record import tables as t
from memory.record.whole import WholeTicket
from tests.support.book import Book, agent, ago, customer, message, ticket

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tests.support.postgres import Server

TRUE_MESSAGES = {
    "1": [message("11", "My bill is wrong"), message("12", "Fixed", author_id="11")],
    "2": [message("21", "Call me back", ticket_id="2", author_id="101")],
    "3": [message("31", "Restored", ticket_id="3")],
    "5": [message("51", "Two owners", ticket_id="5")],
}
"""What the helpdesk answers when a ticket's messages are asked for."""

PAGES = [
    Page(people=(customer(name="Mara", phone="2125550100", updated_at=ago(9)), agent())),
    Page(people=(customer(phone="2125550101", shared_phone=True, updated_at=ago(5)),)),
    Page(people=(customer("101", "Ellen", email="E@x.example", active=False, updated_at=ago(7)),)),
    Page(people=(customer("101", "Ellen", email="E@x.example", updated_at=ago(4)),)),
    Page(organizations=(Organization("5", "Harbour"),)),
    Page(tickets=(ticket("1", description="My bill is wrong"), ticket("2", "101", version=1))),
    Page(tickets=(ticket("1", subject="Newer", status=Status.SOLVED, version=3),)),
    Page(tickets=(ticket("2", "101", subject="Late", version=2), ticket("3", version=1))),
    Page(tickets=(ticket("3", status=Status.DELETED, version=2),)),
    Page(tickets=(ticket("3", subject="Back", version=4),)),
    Page(tickets=(ticket("4", subject="Secret", description="Secret", version=1),)),
    Page(tickets=(ticket("4", status=Status.DELETED, version=5),)),
    Page(tickets=(ticket("5", "100", version=1), ticket("5", "101", version=2))),
    Page(messages=(message("11", "My bill is ###", origin=Origin.EVENT),)),
    Page(messages=(message("41", "Secret", ticket_id="4", origin=Origin.EVENT),)),
    Page(ratings=(Rating("7", "1", "100", "11", "good", ago(1)),)),
    Page(messages=tuple(TRUE_MESSAGES["1"])),
]

HISTORY = {"stamp", "seen_at", "read_at", "left_at", "former_requester_id"}
"""Columns that say when something came, which depends on the order."""

TABLES = (t.organization, t.person, t.identity, t.ticket, t.message, t.rating, t.outbox)


def _settle(book: Book) -> None:
    """Read what is due, as every sync does before it ends."""
    with book.record.reading() as connection:
        tickets = due.tickets_to_read(connection, book.number, 99)
        people = due.people_to_identify(connection, book.number, 99)
    for row in tickets:
        book.store(
            messages=tuple(TRUE_MESSAGES.get(row.id, ())),
            whole_tickets=(row.id,),
            read={row.id: WholeTicket(row.version, {m.id for m in TRUE_MESSAGES.get(row.id, ())})},
        )
    lists = {"100": "2125550101", "101": "2125550199"}
    for one in people:
        book.store(identities=(Identity(one, "phone", lists[one]),), identified=(one,))


def _rows(book: Book, table: sa.Table) -> list[dict[str, Any]]:
    """The rows of a table without what only says when they were put there."""
    return [{k: v for k, v in row.items() if k not in HISTORY} for row in book.rows(table)]


def _end(pages: list[Page], where: Path | str) -> dict[str, list[dict[str, Any]]]:
    book = Book(where)
    for page in pages:
        book.store(page)
    _settle(book)
    found = {table.name: _rows(book, table) for table in TABLES}
    book.record.close()
    return found


def _end_on_sqlite(pages: list[Page]) -> dict[str, list[dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as folder:
        return _end(pages, Path(folder))


EXPECTED = _end_on_sqlite(PAGES)


def test_the_straight_order_ends_as_the_helpdesk_stands() -> None:
    """What the other orders are compared with is itself right."""
    tickets = {row["id"]: (row["subject"], row["status"]) for row in EXPECTED["ticket"]}
    assert tickets["1"] == ("Newer", "solved")
    assert tickets["3"] == ("Back", "open")
    assert tickets["4"] == ("", "deleted")
    assert {row["text"] for row in EXPECTED["message"]} == {
        one.text for each in TRUE_MESSAGES.values() for one in each
    }
    assert DESCRIPTION not in {row["id"] for row in EXPECTED["message"]}
    assert {(row["person_id"], row["value"], row["shared"]) for row in EXPECTED["identity"]} == {
        ("100", "+12125550101", True),
        ("101", "+12125550199", False),
        ("101", "e@x.example", False),
    }


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_order_and_any_number_of_times_ends_the_same(data: st.DataObject) -> None:
    """Retries, overlaps of streams and kills repeat and reorder pages; the rows do not show it."""
    again = data.draw(st.lists(st.sampled_from(range(len(PAGES))), max_size=12))
    order = data.draw(st.permutations([*range(len(PAGES)), *again]))
    assert _end_on_sqlite([PAGES[place] for place in order]) == EXPECTED


@pytest.mark.slow
def test_any_order_ends_the_same_on_postgresql(postgres: Server) -> None:
    """Row for row as on SQLite, in the order of the keys."""
    dice = random.Random(2026)
    for _ in range(5):
        pages = dice.sample(PAGES, len(PAGES)) + dice.choices(PAGES, k=6)
        with postgres.database() as address:
            assert _end(pages, address) == EXPECTED
