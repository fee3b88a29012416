"""What Zendesk's events are about, whatever else they say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import EventError
from connector.sync.webhooks import Event
from connector.zendesk.webhooks import (
    ORGANIZATION_EVENTS,
    TICKET_EVENTS,
    USER_EVENTS,
    read_event,
)


def _event(kind: str, number: str = "123", **event: Any) -> dict[str, Any]:
    """An event as Zendesk sends it."""
    family = kind.partition(".")[0]
    return {
        "account_id": 42,
        "id": "7f0b",
        "type": f"zen:event-type:{kind}",
        "subject": f"zen:{family}:{number}",
        "time": "2026-07-07T09:00:00Z",
        "zendesk_event_version": "2022-11-06",
        "detail": {"id": number, "organization_id": "0", "requester_id": ""},
        "event": event,
    }


@pytest.mark.parametrize("what", sorted(TICKET_EVENTS))
def test_whatever_happens_to_a_ticket_it_is_read_again(what: str) -> None:
    """Also when it is deleted or merged: the helpdesk tells what is left of it."""
    kind = f"ticket.{what}"
    expected = Event(f"zen:event-type:{kind}", tickets=("123",))
    assert read_event(_event(kind)) == expected


@pytest.mark.parametrize("what", sorted(USER_EVENTS))
def test_whatever_happens_to_a_user_they_are_read_again(what: str) -> None:
    """An agent, too."""
    assert read_event(_event(f"user.{what}")).people == ("123",)


@pytest.mark.parametrize("what", sorted(ORGANIZATION_EVENTS))
def test_an_organization_is_read_again(what: str) -> None:
    """For its name."""
    assert read_event(_event(f"organization.{what}")).organizations == ("123",)


def test_a_merge_of_tickets_is_about_both() -> None:
    """The target has the other's words now."""
    read = read_event(_event("ticket.merged", target_ticket_id="456"))
    assert read.tickets == ("123", "456")


@pytest.mark.parametrize("target", ["", "0", None])
def test_no_target_is_none(target: str | None) -> None:
    """In any of the ways in which Zendesk says so."""
    assert read_event(_event("ticket.merged", target_ticket_id=target)).tickets == ("123",)


def test_a_merge_of_users_is_about_both() -> None:
    """Which of them is left, the helpdesk tells."""
    read = read_event(_event("user.merged", user={"id": "456"}))
    assert (read.people, read.merged) == (("123", "456"), ("123", "456"))


def test_who_joins_an_organization_brings_its_name() -> None:
    """Where it has one."""
    told = _event("user.organization_membership_created")
    assert read_event(told).organizations == ()
    told["detail"]["organization_id"] = "77"
    assert read_event(told).organizations == ("77",)


def test_the_subject_stands_in_for_a_missing_id() -> None:
    """Both name the same."""
    told = _event("ticket.created")
    told["detail"] = {}
    assert read_event(told).tickets == ("123",)


@pytest.mark.parametrize(
    "kind",
    [
        "zen:event-type:ticket.reborn",
        "zen:event-type:article.published",
        "zen:event-type:agent.state_changed",
        "zen:event-type:messaging_ticket.message_added",
        "something",
    ],
)
def test_what_nobody_knows_is_ignored(kind: str) -> None:
    """Zendesk has more events than we have uses for, and makes new ones."""
    read = read_event({"type": kind, "detail": {"id": "1"}})
    assert read.is_ignored
    assert read.name == kind


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "ticket",
        {},
        {"type": 7.5},
        {"type": ""},
        {"type": "zen:event-type:ticket.created"},
        {"type": "zen:event-type:ticket.created", "detail": {"id": "0"}},
        {"type": "zen:event-type:ticket.created", "detail": {"id": "twelve"}},
        {"type": "zen:event-type:ticket.created", "detail": "12"},
        {"type": "zen:event-type:ticket.created", "subject": "zen:ticket:../1", "detail": {}},
        {"type": "zen:event-type:ticket.merged", "detail": {"id": "1"}, "event": [1]},
    ],
    ids=str,
)
def test_what_is_no_event_is_refused_in_words(document: object) -> None:
    """Never with what was sent: it may hold a customer's words."""
    with pytest.raises(EventError, match="cannot be read"):
        read_event(document)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["zen:event-type:ticket.merged", "zen:event-type:user.merged"])
            | _JSON
        },
        optional={"detail": _JSON, "event": _JSON, "subject": _JSON},
    )
    | _JSON
)
def test_nothing_that_is_sent_breaks_the_reading(document: Any) -> None:
    """It is an event, or it is refused; what it names are ids."""
    try:
        read = read_event(document)
    except EventError:
        return
    for one in (*read.tickets, *read.people, *read.organizations):
        assert one.lstrip("-").isdigit()
