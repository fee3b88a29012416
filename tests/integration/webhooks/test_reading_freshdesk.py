"""What Freshdesk's automation rules and apps tell of, whatever else they say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import EventError
from connector.freshdesk.webhooks import (
    AUTOMATION,
    CONTACT_EVENTS,
    CONVERSATION_EVENTS,
    TICKET_EVENTS,
    read_event,
)
from connector.sync.webhooks import Event


def _product(name: str, **data: Any) -> dict[str, Any]:
    """An event as the serverless part of an app gets it."""
    return {
        "account_id": 42,
        "domain": "acme.freshdesk.com",
        "event": name,
        "region": "US",
        "timestamp": 1783414800.25,
        "data": {"actor": {"id": 11, "name": "Daniel Osei"}, **data},
        "iparams": {},
    }


def test_a_rule_names_a_ticket() -> None:
    """In its simple content, as text, beside other things."""
    simple = {"ticket_id": "123", "ticket_subject": 'a "b"', "triggered_event": "{status:{to:4}}"}
    assert read_event({"freshdesk_webhook": simple}) == Event(AUTOMATION, tickets=("123",))


@pytest.mark.parametrize("number", ["123", 123], ids=repr)
def test_a_body_of_our_own_names_a_ticket(number: object) -> None:
    """As text or as a number."""
    assert read_event({"ticket_id": number}).tickets == ("123",)


@pytest.mark.parametrize("name", sorted(TICKET_EVENTS))
def test_whatever_happens_to_a_ticket_it_is_read_again(name: str) -> None:
    """Also when it is put in the bin, which is told as a change."""
    told = _product(name, ticket={"id": 123, "changes": {"deleted": [False, True]}})
    assert read_event(told) == Event(name, tickets=("123",))


@pytest.mark.parametrize("name", sorted(CONVERSATION_EVENTS))
def test_a_conversation_is_read_with_its_ticket(name: str) -> None:
    """Its text may be cut short, and is not taken."""
    said = {"id": 5, "ticket_id": 123, "body_text": "Hel", "is_body_truncated": True}
    assert read_event(_product(name, conversation=said)) == Event(name, tickets=("123",))


@pytest.mark.parametrize("name", sorted(CONTACT_EVENTS))
def test_whatever_happens_to_a_contact_they_are_read_again(name: str) -> None:
    """By their id."""
    assert read_event(_product(name, contact={"id": 77})) == Event(name, people=("77",))


def test_what_nobody_knows_is_ignored() -> None:
    """Freshdesk has more events than we have uses for."""
    assert read_event(_product("onTimeEntryCreate", time_entry={"id": 1})).is_ignored


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"ticket_id": ""},
        {"ticket_id": "0"},
        {"ticket_id": 123.0},
        {"ticket_id": "{{ticket.id}}"},
        {"freshdesk_webhook": "123"},
        {"freshdesk_webhook": {}},
        {"event": "onTicketCreate"},
        {"event": "onTicketCreate", "data": {"ticket": {}}},
        {"event": "onConversationCreate", "data": {"conversation": {"id": 5}}},
        {"event": ["onTicketCreate"]},
    ],
    ids=repr,
)
def test_what_is_no_event_is_refused_in_words(document: object) -> None:
    """With what a rule is to send."""
    with pytest.raises(EventError, match="cannot be read") as caught:
        read_event(document)
    assert "ticket_id" in caught.value.hint


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "event": st.sampled_from(sorted(TICKET_EVENTS | CONTACT_EVENTS)) | _JSON,
            "data": _JSON,
            "ticket_id": _JSON,
            "freshdesk_webhook": _JSON,
        },
    )
    | _JSON
)
def test_nothing_that_is_sent_breaks_the_reading(document: Any) -> None:
    """It is an event, or it is refused; what it names are ids."""
    try:
        read = read_event(document)
    except EventError:
        return
    for one in (*read.tickets, *read.people):
        assert one.lstrip("-").isdigit()
