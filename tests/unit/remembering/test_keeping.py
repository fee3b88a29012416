"""What becomes of a promise: said again, kept, late."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from memory.remembering.keeping import MOST, promises_of
from memory.remembering.standing import state_of
from tests.evaluation.tickets import events_of

CALL = "I'll call you back on Friday about the roaming plan."
REFUND = "We will refund the cleaning fee by Friday."
ANSWER = "I'll find out about the loft and let you know by Monday."


def agent(text: str, day: int = 3, **more: str) -> dict[str, str]:
    """An agent's message of July."""
    at = f"2026-07-{day:02}T10:00"
    return {"by": "agent", "who": "Dana Reyes", "at": at, "text": text, **more}


def note(text: str, day: int = 3) -> dict[str, str]:
    """A private note."""
    return agent(text, day) | {"by": "note"}


def customer(text: str, day: int = 3) -> dict[str, str]:
    """What the customer writes."""
    return agent(text, day) | {"by": "customer"}


def kept(first: str, *later: dict[str, str], solved: bool = False) -> bool:
    """Whether what comes later keeps the promise of the first message."""
    events = events_of([agent(first, 1), *later], UTC)
    promise = promises_of(events, UTC, solved=solved)[0]
    return promise.kept_by is not None


@pytest.mark.parametrize(
    ("promise", "later"),
    [
        (CALL, agent("Outbound call to +1 (212) 555-0142", 9, call="outbound")),
        (CALL, note("rang her back, all explained")),
        (CALL, customer("Thank you for calling this morning.")),
        (CALL, customer("No need to call me, it works now.")),
        (CALL, agent("Agent: Yes, the roaming plan is on.", call="inbound")),
        (REFUND, agent("I have just refunded the fee.")),
        (REFUND, note("refund issued today")),
        (REFUND, customer("I got the cleaning fee, thanks.")),
        (ANSWER, agent("The underwriters say that it is included.")),
        (ANSWER, agent("Outbound call to +1 (212) 555-0142", 4, call="outbound")),
    ],
)
def test_the_thing_itself_keeps_a_promise(promise: str, later: dict[str, str]) -> None:
    """Done by whichever colleague, told by the customer, or no longer wanted."""
    assert kept(promise, later)


@pytest.mark.parametrize(
    ("promise", "later"),
    [
        (CALL, agent("Agent: We open at nine.", call="inbound")),
        (CALL, note("rang her back, no answer")),
        (CALL, customer("I stayed at home and nobody called.")),
        (CALL, agent("The roaming plan costs three dollars.")),
        (REFUND, agent("Outbound call to +1 (212) 555-0142", call="outbound")),
        (REFUND, agent("The fee will be refunded soon.")),
        (REFUND, customer("I have not got the cleaning fee.")),
        (ANSWER, agent("Sorry for the wait, we are still looking into this.")),
        (ANSWER, agent("Is there anything else that I can do?")),
        (ANSWER, customer("Have you got the answer?")),
    ],
)
def test_something_else_keeps_none(promise: str, later: dict[str, str]) -> None:
    """Another matter, an attempt, a complaint, a holding reply."""
    assert not kept(promise, later)


def test_a_solved_ticket_keeps_a_promise_only_by_an_answer() -> None:
    """Closing it with a note or with nothing does not."""
    assert kept(REFUND, agent("All charges are corrected on your account."), solved=True)
    assert not kept(REFUND, note("setting to solved"), solved=True)
    assert not kept(REFUND, solved=True)


def test_what_is_of_the_same_moment_answers_nothing() -> None:
    """Freshdesk says of a call that it was, in a message of its own beside the transcript."""
    beside = agent("Inbound call, answered by Dana Reyes", 1)
    assert not kept(REFUND, beside, solved=True)
    assert kept(REFUND, beside, agent("All charges are corrected.", 2), solved=True)


def test_a_promise_said_again_is_one_with_the_later_day() -> None:
    """The quote and the day are the latest; another matter is another promise."""
    again = note("will cb mon", 2)
    events = events_of([agent(CALL, 1), agent(REFUND, 1), again], UTC)
    found = promises_of(events, UTC, solved=False)
    assert [(one.quote, one.promise.due_on) for one in found] == [
        (REFUND, date(2026, 7, 3)),
        ("will cb mon", date(2026, 7, 6)),
    ]


def test_a_promise_made_after_one_was_kept_is_another() -> None:
    """A call was made as promised, then the next was promised."""
    call = agent("Outbound call to +1 (212) 555-0142", 3, call="outbound")
    events = events_of([agent(CALL, 1), call, note("will cb mon", 4)], UTC)
    states = [one.kept_by is not None for one in promises_of(events, UTC, solved=False)]
    assert states == [True, False]


def test_what_the_customer_says_is_no_promise_of_ours() -> None:
    """In a message or in their turns of a call."""
    said = "Agent: Good.\nCustomer: I will call you back on Friday."
    events = events_of([customer(CALL), agent(said, call="inbound")], UTC)
    assert promises_of(events, UTC, solved=False) == []


def test_a_promise_is_late_from_the_day_after() -> None:
    """On the day itself it is open; without a day it is never late."""
    due = date(2026, 7, 5)
    assert state_of(due, due, kept=False) == ("open", 0)
    assert state_of(due, date(2026, 7, 7), kept=False) == ("overdue", 2)
    assert state_of(due, date(2026, 7, 7), kept=True) == ("kept", 0)
    assert state_of(None, date(2026, 7, 7), kept=False) == ("open", 0)


def test_of_a_ticket_full_of_promises_the_latest_are_followed() -> None:
    """So that a ticket of thousands of messages takes no longer than its length."""
    names = [f"{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}" for n in range(MOST + 20)]
    messages = [agent(f"I'll send you the {name}zz form by Friday.", 1) for name in names]
    found = promises_of(events_of(messages, UTC), UTC, solved=False)
    assert len(found) <= MOST
    assert found[-1].turn.at == datetime(2026, 7, 1, 10, tzinfo=UTC)
