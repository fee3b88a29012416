"""Who said which part of a message."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from memory.entities import Role
from memory.remembering.turns import Turn, turns_of
from tests.support.book import ago

CALLER = "100"
CLERK = "11"


def said(text: str, **more: Any) -> list[Turn]:
    """The turns of one message of ticket 1."""
    told = {
        "ticket_id": "1",
        "id": "m1",
        "author_id": CALLER,
        "role": "customer",
        "active": True,
        "at": ago(3),
        "channel": "email",
        "public": True,
        "direction": None,
        "answered_by": None,
    }
    return list(turns_of(SimpleNamespace(text=text, **(told | more)), CALLER))


def test_a_written_message_is_its_authors() -> None:
    """Whatever its lines begin with: only calls have transcripts."""
    (turn,) = said("Agent: that is what the letter said.")
    assert (turn.speaker_id, turn.role, turn.text) == (
        CALLER,
        Role.CUSTOMER,
        "Agent: that is what the letter said.",
    )


def test_a_transcript_has_two_voices() -> None:
    """The customer's lines are the requester's, the agent's are whose who answered."""
    text = "Customer: My bill is wrong.\nAgent: I see it.\nIt is mended.\ncaller: Thank you."
    turns = said(
        text, channel="voice", author_id=CLERK, role="agent", direction="inbound", answered_by=CLERK
    )
    assert [(turn.speaker_id, turn.role, turn.text) for turn in turns] == [
        (CALLER, Role.CUSTOMER, "My bill is wrong."),
        (CLERK, Role.AGENT, "I see it.\nIt is mended."),
        (CALLER, Role.CUSTOMER, "Thank you."),
    ]


def test_both_voices_of_a_private_transcript_were_heard() -> None:
    """Freshdesk keeps a transcript as a private note; what was said aloud is no note."""
    text = "Customer: The bell rings.\nAgent: It's the battery, I'm afraid."
    talk = {"channel": "voice", "author_id": CLERK, "role": "agent", "direction": "inbound"}
    assert [turn.public for turn in said(text, public=False, answered_by=CLERK, **talk)] == [
        True,
        True,
    ]
    (note,) = said("Battery of the bell low.", author_id=CLERK, role="agent", public=False)
    assert not note.public


def test_what_nobody_is_said_to_have_said_belongs_to_nobody() -> None:
    """A call without labels may be either voice; so may what stands before the first label."""
    (turn,) = said("We talked of the bill.", channel="voice", direction="inbound")
    assert turn.role is Role.OTHER
    turns = said("Recorded call\nCustomer: Hello.", channel="voice", direction="inbound")
    assert [turn.text for turn in turns] == ["Hello."]


def test_an_unknown_author_is_nobody() -> None:
    """Until the helpdesk tells who that is, their words are neither customer's nor agent's."""
    (turn,) = said("I moved house.", author_id="404", role=None, active=None)
    assert turn.role is Role.OTHER


def test_what_a_deleted_customer_wrote_for_another_stays_theirs() -> None:
    """Only a merge, which the author's id already tells, makes words another's."""
    (turn,) = said("I moved house.", author_id="99", active=False)
    assert (turn.speaker_id, turn.role) == ("99", Role.CUSTOMER)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_turn_stands_where_it_says(one: str, other: str) -> None:
    """Its text is the message's, from its start on."""
    text = f"Customer: {one}\nAgent: {other}"
    for turn in said(text, channel="voice", direction="inbound"):
        assert text[turn.start :].startswith(turn.text)
