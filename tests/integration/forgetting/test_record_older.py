"""A record in which somebody was erased before there was a word for it; it is migrated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import Status
from memory.record import Record, forgotten
from memory.record import tables as t
from tests.integration.forgetting import life
from tests.support.book import Book, agent, ago, customer, message, ticket
from tests.support.older import make_older

if TYPE_CHECKING:
    from collections.abc import Callable

_BARE = (
    "UPDATE person SET erased = true, name = NULL, email = NULL, phone = NULL, active = false "
    "WHERE id IN ('100', '11')"
)


def test_bare_rows_become_digests(new_database: Callable[[], str]) -> None:
    """Of an agent the bare row stays; tickets are nobody's; the last bytes are still to go."""
    book = Book(new_database())
    book.people(customer(updated_at=ago(9)), customer("101", "Ellen"), agent())
    gone = ticket("1", subject="", status=Status.DELETED)
    book.store(tickets=(gone, ticket("2", "101")), messages=(message("m2", "Hi", ticket_id="2"),))
    book.store(messages=(message("m3", "Hello", ticket_id="2", author_id="11"),))
    make_older(book.record, "0002")
    with book.record.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM message WHERE author_id = '100'"))
        connection.execute(sa.text("DELETE FROM identity WHERE person_id = '100'"))
        connection.execute(sa.text(_BARE))
    book.record.close()
    book.record = Record.open(book.database_url)
    people = {row["id"]: (row["role"], row["active"]) for row in book.rows(t.person)}
    assert people == {"101": ("customer", True), "11": ("agent", False)}
    tickets = {row["id"]: row["requester_id"] for row in book.rows(t.ticket)}
    assert tickets == {"1": None, "2": "101"}
    with book.record.reading() as connection:
        assert forgotten.are_forgotten(connection, book.number, ["100", "101", "11"]) == {
            "100",
            "11",
        }
        told = {one.counts["tickets"] for one in forgotten.pending(connection, book.number)}
    assert told == {0, 1}
    book.people(customer(name="Back", updated_at=ago(0)))
    book.store(tickets=(ticket("1", subject="Back", version=5),))
    assert "Back" not in str(life.held(book))
    book.record.close()
