"""What the record keeps of calls: the telephony's list beside the message, in any order."""

from __future__ import annotations

from typing import Any

from memory.entities import Call, CallOutcome, CallRecord, Leg
from memory.record import callers, queries
from memory.record import tables as t
from memory.remembering.contacts import contacts_of
from tests.support.book import Book, agent, ago, customer


def call(**more: Any) -> CallRecord:
    """Mara's call on ticket 1, answered by Daniel."""
    told = {
        "customer_id": "100",
        "ticket_id": "1",
        "agent_id": "11",
        "direction": "inbound",
        "outcome": CallOutcome.ANSWERED,
        "at": ago(1),
        "updated_at": ago(1),
        "minutes": 12.0,
        **more,
    }
    return CallRecord("c1", **told)


def leg(leg_id: str, agent_id: str | None, minutes: float, **more: Any) -> Leg:
    """An agent's part of that call."""
    outcome = more.pop("outcome", CallOutcome.ANSWERED)
    return Leg(leg_id, "c1", agent_id, outcome, minutes)


def told(book: Book) -> Any:
    """The call's message as remembering reads it."""
    with book.record.reading() as connection:
        (row,) = queries.messages_of_tickets(connection, book.number, ["1"])
    return row


def spent(book: Book) -> dict[str, float]:
    """Minutes of contact by agent."""
    with book.record.reading() as connection:
        messages = queries.messages_of_tickets(connection, book.number, ["1"])
        legs: dict[str, list[Any]] = {}
        for row in callers.legs_of_tickets(connection, book.number, ["1"]):
            legs.setdefault(row.call_id, []).append(row)
    return {one.agent_id: one.minutes for one in contacts_of("100", messages, legs)}


def ringing(book: Book, **more: Any) -> None:
    """A voice message that tells of the call's id and nothing else."""
    book.people(customer(), agent(), agent("12", "Eli"))
    book.ticket("1")
    book.say("1", "", call=Call("inbound", id="c1", **more))


def test_the_list_of_calls_says_what_the_message_does_not(book: Book) -> None:
    """Who picked up and for how long, unless the message itself tells."""
    ringing(book)
    assert (told(book).answered_by, told(book).minutes) == (None, None)
    book.store(calls=(call(),))
    assert (told(book).answered_by, told(book).minutes) == ("11", 12.0)
    assert spent(book) == {"11": 12.0}


def test_what_the_message_tells_stands(book: Book) -> None:
    """It was written when the call ended."""
    ringing(book, answered_by="12", minutes=3.0)
    book.store(calls=(call(),))
    assert (told(book).answered_by, told(book).minutes) == ("12", 3.0)


def test_an_older_version_of_a_call_changes_nothing(book: Book) -> None:
    """Overlapping pages of the list come in any order."""
    book.people(customer())
    book.store(calls=(call(minutes=12.0),))
    book.store(calls=(call(minutes=1.0, updated_at=ago(2)),))
    assert [row["minutes"] for row in book.rows(t.call)] == [12.0]


def test_a_call_that_was_handed_on_is_shared_out(book: Book) -> None:
    """Each agent's own part counts; one that only rang at somebody does not."""
    ringing(book, answered_by="11", minutes=12.0)
    book.store(calls=(call(),))
    book.store(
        legs=(
            leg("g1", "11", 4.0),
            leg("g2", "12", 8.0),
            leg("g3", "12", 0.0, outcome=CallOutcome.MISSED),
            leg("g4", None, 12.0),
        )
    )
    assert spent(book) == {"11": 4.0, "12": 8.0}


def test_a_call_nobody_answered_is_no_talk(book: Book) -> None:
    """Though it rang at an agent."""
    ringing(book, answered_by="11")
    book.store(calls=(call(outcome=CallOutcome.MISSED),))
    assert spent(book) == {}


def test_what_comes_of_a_call_is_remembered_again(book: Book) -> None:
    """A call and a leg put their ticket in the outbox, in whichever order they come."""
    ringing(book)
    book.drain()
    book.store(legs=(leg("g1", "11", 4.0),))
    assert book.waiting() == ["1"]
    book.drain()
    book.store(calls=(call(),))
    assert book.waiting() == ["1"]


def test_what_is_listed_again_unchanged_is_not_remembered_again(book: Book) -> None:
    """The last hour of calls is read at every sync; only what is new in it makes work."""
    ringing(book)
    book.store(calls=(call(),), legs=(leg("g1", "11", 4.0),))
    book.drain()
    book.store(calls=(call(),), legs=(leg("g1", "11", 4.0),))
    assert book.waiting() == []
    book.store(legs=(leg("g1", "11", 5.0),))
    assert book.waiting() == ["1"]
