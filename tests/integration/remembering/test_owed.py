"""From what agents say to the brief: promises, and details to double-check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from memory.asking.lines import lines_of
from memory.entities import Call, Page, Status
from memory.record import kept
from memory.remembering.remember import Rememberer
from tests.support.book import AS_OF, Book, agent, ago, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.remembering.personal import PersonalHead

PROMISE = "I will call you back by 5 July."
WRITTEN: dict[str, Any] = {"author_id": "11", "channel": "email"}
NOTED: dict[str, Any] = {**WRITTEN, "public": False}


class _Blank:
    """Vectors that say nothing: promises and doubts are found by rules alone."""

    def encode_and_read(self, texts: Sequence[str], reader: Any) -> Any:
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        vectors[:, 0] = 1.0
        return vectors, np.full((len(texts), reader.outputs), -9.0, dtype=np.float32)


@pytest.fixture
def owing(book: Book, head: PersonalHead) -> Any:
    """Stores messages of Mara's ticket, and remembers them."""

    def remember(*messages: Any, tickets: Sequence[Any] = ()) -> Book:
        book.store(
            Page(
                people=(customer(), agent()),
                tickets=(ticket(), *tickets),
                messages=messages,
                whole_tickets=("1", *(one.id for one in tickets)),
            )
        )
        blank: Any = _Blank()
        Rememberer(book.record, book.account, blank, head).remember_next()
        return book

    return remember


def test_a_promise_that_is_late_leads_the_list_with_its_words(owing: Any) -> None:
    """Who, what, by when, how late, and the sentence that says so."""
    book = owing(message("m1", PROMISE, at=ago(8), **WRITTEN))
    (promise,) = book.brief()["promises"]
    assert promise["title"] == "Call back"
    assert promise["promised_by"] == "Daniel Osei"
    assert (promise["due_on"], promise["state"]) == ("2026-07-05", "overdue")
    assert promise["overdue_days"] == 2
    assert [one["quote"] for one in promise["evidence"]] == [PROMISE]
    assert promise["evidence"][0]["message"] == "m1"
    assert "Promise: call back by 5 Jul, 2 days late" in map(str, lines_of(book.brief()))


def test_a_promise_is_read_as_of_the_day_that_is_asked_about(owing: Any) -> None:
    """Before the call it is open or late; what was said later is not yet so."""
    call = {"call": Call("outbound", 9.0), "channel": "voice", "author_id": "11"}
    book = owing(
        message("m1", PROMISE, at=ago(8), **WRITTEN),
        message("m2", "Outbound call to +12125550101", at=ago(1), **call),
    )
    assert book.brief()["promises"][0]["state"] == "kept"
    assert not book.brief()["promises"][0]["first_view"]
    assert book.brief(as_of=ago(1.1))["promises"][0]["state"] == "overdue"
    assert book.brief(as_of=ago(3))["promises"][0]["state"] == "open"
    assert book.brief(as_of=ago(8.5))["promises"] == []


def test_a_call_on_another_ticket_keeps_a_promise_to_call(owing: Any) -> None:
    """A call-back often makes a ticket of its own."""
    call = {"call": Call("outbound", 9.0), "channel": "voice", "author_id": "11"}
    book = owing(
        message("m1", PROMISE, at=ago(8), **WRITTEN),
        message("m2", "Outbound call", ticket_id="2", at=ago(1), **call),
        tickets=(ticket("2", at=ago(1)),),
    )
    assert [one["state"] for one in book.brief()["promises"]] == ["kept"]


def test_a_promise_of_a_solved_ticket_is_forgotten_in_time(owing: Any) -> None:
    """What nobody came back for was kept elsewhere; on an unsolved ticket it stays for years."""
    said = message("m1", "I will e-mail you the form by Friday.", at=ago(90), **WRITTEN)
    later = message("m2", PROMISE, ticket_id="2", at=ago(8), **WRITTEN)
    solved: dict[str, Any] = {"status": Status.SOLVED, "solved_at": ago(8)}
    book = owing(said, later, tickets=(ticket("2", at=ago(8), **solved),))
    assert [one["title"] for one in book.brief()["promises"]] == ["Call back", "Something to send"]
    book = owing(said, later, tickets=(ticket("1", at=ago(90), version=2, **solved),))
    assert [one["title"] for one in book.brief()["promises"]] == ["Call back"]
    assert book.brief(as_of=ago(-60))["promises"] == []


def test_a_promise_that_speaks_of_something_grave_shows_no_words(owing: Any) -> None:
    """Its title is from a closed list; the words come with a reveal."""
    words = "I will call you on Friday about your late husband's line."
    book = owing(message("m1", words, at=ago(1), **WRITTEN))
    (promise,) = book.brief()["promises"]
    assert (promise["hidden"], promise["evidence"], promise["title"]) == (True, [], "Call back")
    (shown,) = book.brief(reveal=True)["promises"]
    assert [one["quote"] for one in shown["evidence"]] == [words]


def test_before_verification_promises_and_checks_are_counted(owing: Any) -> None:
    """Caller ID proves nothing."""
    book = owing(
        message("m1", PROMISE, at=ago(8), **WRITTEN),
        message("m2", "Surname Petrov? Wants an e-bill.", at=ago(7), **NOTED),
    )
    brief = book.brief(verified=False)
    assert (brief["promises"], brief["check"]) == ([], [])
    counted = {one["kind"]: one["count"] for one in brief["withheld"]}
    assert (counted["promise"], counted["check"]) == (1, 1)


def test_a_doubt_of_a_note_is_to_be_checked_until_it_is_settled(owing: Any) -> None:
    """With the sentence it stands in; a quick note's mark stands beside it."""
    doubt = message("m1", "Surname Petrov? Wants an e-bill.", at=ago(7), **NOTED)
    book = owing(doubt)
    book.note("Street is ?Lindenstraße", at=ago(1))
    assert [one["what"] for one in book.brief()["check"]] == ["Lindenstraße", "Surname Petrov"]
    (evidence,) = book.brief()["check"][1]["evidence"]
    assert (evidence["quote"], evidence["author"]["name"]) == ("Surname Petrov?", "Daniel Osei")
    book = owing(doubt, message("m2", "Petrov confirmed by ID.", at=ago(2), **NOTED))
    assert [one["what"] for one in book.brief()["check"]] == ["Lindenstraße"]


def test_a_promise_that_is_not_to_be_kept_stays_away(owing: Any) -> None:
    """However often the ticket is remembered."""
    said = message("m1", PROMISE, at=ago(8), **WRITTEN)
    book = owing(said)
    (promise,) = book.brief()["promises"]
    with book.record.writing(book.account) as writer:
        kept.correct(
            writer.connection,
            book.number,
            [promise["memory"]],
            customer_id="100",
            verdict="unwanted",
            agent_id=None,
            at=AS_OF,
        )
    owing(said, message("m2", "Thank you so much.", at=ago(7)))
    assert book.brief()["promises"] == []


def test_nothing_is_kept_of_who_opted_out(owing: Any) -> None:
    """Neither promises nor details."""
    book = owing(message("m1", "Hello there.", at=ago(9)))
    with book.record.writing(book.account) as writer:
        kept.opt_out(writer.connection, book.number, "100", AS_OF)
    owing(message("m2", PROMISE, at=ago(8), **WRITTEN))
    assert book.brief()["promises"] == []
