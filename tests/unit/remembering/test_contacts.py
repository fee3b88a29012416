"""How long which agent dealt with a customer on a ticket."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from memory.remembering.contacts import MOST_MINUTES_A_REPLY, contacts_of
from tests.support.book import ago

START = ago(3)


def message(minute: float, by: str, role: str = "agent", **more: Any) -> Any:
    """One message, some minutes after the ticket began."""
    told = {
        "author_id": by,
        "role": role,
        "public": True,
        "at": START + timedelta(minutes=minute),
        "direction": None,
        "minutes": None,
        "answered_by": None,
        "missed": None,
        "call_id": None,
    }
    return SimpleNamespace(**(told | more))


def call(minute: float, minutes: float | None, answered_by: str | None) -> Any:
    """A call."""
    more = {"direction": "inbound", "minutes": minutes, "answered_by": answered_by}
    return message(minute, "100", "customer", **more)


def times(*messages: Any) -> dict[str, tuple[float, int, int]]:
    """Minutes, talks and calls by agent."""
    found = contacts_of("100", messages)
    return {one.agent_id: (one.minutes, one.talks, one.calls) for one in found}


def test_a_call_counts_its_minutes() -> None:
    """For whoever answered; two calls are two talks."""
    assert times(call(0, 97.0, "11"), call(200, 3.5, "11")) == {"11": (100.5, 2, 2)}


def test_a_call_nobody_answered_is_no_contact() -> None:
    """A missed call took nobody's time."""
    assert times(call(0, None, None)) == {}


def test_a_talk_of_which_nothing_tells_who_answered_is_its_tickets_agents() -> None:
    """Partner telephony tells the time only; a call of no length may have been in vain."""
    (found,) = contacts_of("100", [call(0, 6.2, None), call(9, None, None)], None, "11")
    assert (found.agent_id, found.minutes, found.calls) == ("11", 6.2, 1)


def test_an_agent_who_wrote_the_call_down_has_answered_it() -> None:
    """Whoever the ticket belongs to now."""
    noted = message(0, "12", direction="inbound", minutes=4.0)
    (found,) = contacts_of("100", [noted], None, "11")
    assert (found.agent_id, found.minutes) == ("12", 4.0)


def test_a_chats_replies_add_up_to_the_chat() -> None:
    """Each reply counts the minutes since the message before it."""
    chat = [message(0, "100", "customer"), message(2, "11"), message(3, "100", "customer")]
    assert times(*chat, message(4.5, "11")) == {"11": (3.5, 1, 0)}


def test_a_late_answer_counts_the_writing_of_it() -> None:
    """An e-mail answered the next day did not take a day."""
    assert times(message(0, "100", "customer"), message(1440, "11")) == {
        "11": (MOST_MINUTES_A_REPLY, 1, 0)
    }


def test_notes_and_customers_words_are_nobodys_contact() -> None:
    """A private note is written to colleagues."""
    assert times(message(0, "11", public=False), message(1, "100", "customer")) == {}


def test_a_ticket_of_nobody_has_no_contact() -> None:
    """Without a requester there is nobody it was with."""
    assert contacts_of(None, [message(0, "11")]) == ()
