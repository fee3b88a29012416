"""What events have told of tickets: which are finished by it, and which are to be read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from memory.entities import DESCRIPTION, Origin, Status
from memory.record import due
from memory.record import tables as t
from tests.support.book import AS_OF, ago, message, ticket

if TYPE_CHECKING:
    from datetime import datetime

    from memory.entities import Ticket
    from tests.support.book import Book

UNTIL = int(ago(1).timestamp())


def told(ticket_id: str, at: datetime, **more: Any) -> Ticket:
    """A ticket whose version is the second of its last change."""
    return ticket(ticket_id, at=at, version=int(at.timestamp()), description="Hello", **more)


def store(book: Book, *tickets: Ticket) -> None:
    """The tickets, and a message of each as an event tells it."""
    messages = [
        message(f"m{one.id}", "Hello", ticket_id=one.id, at=one.created_at, origin=Origin.EVENT)
        for one in tickets
    ]
    book.store(tickets=tickets, messages=tuple(messages))


def finish(book: Book, since: int = 0) -> set[str]:
    """Finish what was told; the tickets that are still due."""
    with book.record.writing(book.account) as writer:
        writer.finish_told(since=since, until=UNTIL, at=AS_OF)
    with book.record.reading() as connection:
        return {row.id for row in due.tickets_to_read(connection, book.account.number, 100)}


def test_tickets_that_events_have_passed_are_finished(book: Book) -> None:
    """Those that have not changed since; their stand-ins go."""
    store(book, told("1", ago(30)), told("2", ago(20)), told("3", ago(0.5)))
    assert finish(book) == {"3"}
    m = t.message.c
    with book.record.reading() as connection:
        stand_ins = set(connection.scalars(sa.select(m.ticket_id).where(m.id == DESCRIPTION)))
        read = connection.scalars(sa.select(t.ticket.c.read_at).where(t.ticket.c.messages_read))
        assert set(read) == {AS_OF}
    assert stand_ins == {"3"}


@pytest.mark.parametrize(
    ("doubt", "more"),
    [
        ("the helpdesk says there are more messages", {"messages": 2}),
        ("it was deleted", {"status": Status.DELETED}),
    ],
)
def test_a_ticket_in_doubt_is_not_finished(book: Book, doubt: str, more: dict[str, Any]) -> None:
    """It is left as it was."""
    store(book, told("1", ago(30), **more), told("2", ago(20), messages=1))
    finish(book)
    with book.record.reading() as connection:
        read = set(connection.scalars(sa.select(t.ticket.c.id).where(t.ticket.c.messages_read)))
    assert read == {"2"}, doubt


def test_a_ticket_without_a_told_message_is_not_finished(book: Book) -> None:
    """Where the export has a gap, the ticket itself is asked."""
    book.store(tickets=(told("1", ago(30)),))
    assert finish(book) == {"1"}


def test_a_ticket_older_than_the_replay_is_not_finished(book: Book) -> None:
    """What was said before it began was not told."""
    store(book, told("1", ago(30)), told("2", ago(10)))
    assert finish(book, since=int(ago(20).timestamp())) == {"1"}


@pytest.mark.parametrize("known_first", [True, False])
def test_a_stale_ticket_stays_due_whenever_it_becomes_known(
    book: Book, *, known_first: bool
) -> None:
    """Until it is read by itself."""
    if known_first:
        store(book, told("1", ago(30)), told("2", ago(30)))
        book.store(stale_tickets=("1",))
    else:
        book.store(stale_tickets=("1", "9"))
        store(book, told("1", ago(30)), told("2", ago(30)))
    assert finish(book) == {"1"}
    book.store(whole_tickets=("1",))
    assert finish(book) == set()
    with book.record.reading() as connection:
        left = connection.scalars(sa.select(t.untold.c.ticket_id)).all()
    assert left == ([] if known_first else ["9"])


def test_of_a_second_too_full_to_tell_everyone_who_was_there_is_to_be_read(book: Book) -> None:
    """Tickets that were made by then and have changed since; others are finished as ever."""
    full = ago(20)
    store(
        book,
        told("1", ago(30)),
        told("2", full),
        ticket("3", at=ago(25), updated_at=ago(15), version=int(ago(15).timestamp())),
        told("4", full + timedelta(seconds=1)),
    )
    book.store(messages=(message("m3", "Hi", ticket_id="3", origin=Origin.EVENT),))
    with book.record.writing(book.account) as writer:
        writer.mark_untold_second(int(full.timestamp()))
    assert finish(book) == {"2", "3"}


def test_what_a_replay_can_still_finish_is_counted_up_to_a_bound(book: Book) -> None:
    """Neither stale ones nor those it has passed."""
    store(book, told("1", ago(30)), told("2", ago(0.5)), told("3", ago(0.4)), told("4", ago(0.3)))
    book.store(stale_tickets=("4",))
    with book.record.reading() as connection:
        count = [
            due.counts_to_tell(connection, book.account.number, UNTIL, most) for most in (1, 5)
        ]
    assert count == [1, 2]
