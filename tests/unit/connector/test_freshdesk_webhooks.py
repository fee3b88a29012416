"""What Freshdesk's events are about."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import EventError
from connector.freshdesk.webhooks import read_event
from connector.sync.webhooks import Event


def product(name: str, **data: Any) -> dict[str, Any]:
    """A product event as an app sends it."""
    return {"account_id": "1", "event": name, "timestamp": 1783414800.5, "data": data}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"ticket_id": "5"}, Event("webhook", tickets=("5",))),
        ({"ticket_id": 5}, Event("webhook", tickets=("5",))),
        (
            {"freshdesk_webhook": {"ticket_id": "5", "triggered_event": "{status:{from:4,to:6}}"}},
            Event("webhook", tickets=("5",)),
        ),
        (product("onTicketUpdate", ticket={"id": 5}), Event("onTicketUpdate", tickets=("5",))),
        (product("onTicketDelete", ticket={"id": 5}), Event("onTicketDelete", tickets=("5",))),
        (
            product("onConversationCreate", conversation={"id": 9, "ticket_id": 5}),
            Event("onConversationCreate", tickets=("5",)),
        ),
        (product("onContactDelete", contact={"id": 7}), Event("onContactDelete", people=("7",))),
        (product("onTimeEntryCreate", time_entry={"id": 7}), Event("onTimeEntryCreate")),
    ],
    ids=str,
)
def test_an_event_says_what_is_to_be_read_again(document: dict[str, Any], expected: Event) -> None:
    """Of a rule or of an app; what nobody knows is ignored."""
    assert read_event(document) == expected


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "onTicketUpdate",
        {},
        {"ticket_id": "{{ticket.id}}"},
        {"ticket_id": "5; drop"},
        {"freshdesk_webhook": "5"},
        {"freshdesk_webhook": {}},
        product("onTicketUpdate"),
        product("onTicketUpdate", ticket={"id": None}),
        product("onConversationCreate", conversation={"id": 9}),
    ],
    ids=str,
)
def test_what_names_nothing_is_refused(document: object) -> None:
    """With what to send instead, and no word of what was sent."""
    with pytest.raises(EventError) as caught:
        read_event(document)
    assert "drop" not in f"{caught.value.detail} {caught.value.hint}"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["event", "data", "ticket", "conversation", "contact", "id", "ticket_id"]
            )
            | st.just("freshdesk_webhook"),
            inner | st.sampled_from(["onTicketUpdate", "onContactUpdate"]),
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(anything)
def test_no_document_breaks_the_reading(document: object) -> None:
    """It is an event, or refused as none."""
    try:
        event = read_event(document)
    except EventError:
        return
    assert event.is_ignored or event.tickets or event.people
