"""Zendesk's answers as pages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.zendesk import pages

AT = "2026-07-01T10:00:00Z"
USER = {"id": 7, "name": "Mara", "role": "end-user", "created_at": AT, "updated_at": AT}
TICKET = {
    "id": 5,
    "requester_id": 7,
    "subject": "x",
    "status": "open",
    "via": {"channel": "web"},
    "created_at": AT,
    "updated_at": AT,
    "generated_timestamp": 1782900100,
}


def event(*children: dict[str, Any], ticket_id: object = 5) -> dict[str, Any]:
    """One ticket event with its children."""
    return {"id": 1, "ticket_id": ticket_id, "created_at": AT, "child_events": list(children)}


def words(**changed: Any) -> dict[str, Any]:
    """A comment as an event's child."""
    return {
        "id": 51,
        "event_type": "Comment",
        "type": "Comment",
        "author_id": 7,
        "body": "Hello",
        "public": True,
        "via": {"channel": "web"},
        "created_at": AT,
        **changed,
    }


def test_users_come_with_what_stands_beside_them() -> None:
    """Organizations and identities land; with identities in the answer, all are known."""
    page = pages.users(
        {
            "users": [USER, {**USER, "id": 8}],
            "organizations": [{"id": 5, "name": "Harbour"}],
            "identities": [{"id": 1, "user_id": 7, "type": "phone_number", "value": "+1212"}],
        }
    )
    assert [person.id for person in page.people] == ["7", "8"]
    assert page.organizations[0].name == "Harbour"
    assert page.identities[0].value == "+1212"
    assert page.identified == ("7", "8")
    assert page.rows == 2


def test_without_identities_in_the_answer_nobody_is_identified() -> None:
    """A server may ignore what it is asked to include."""
    page = pages.users({"users": [USER]})
    assert page.people
    assert page.identified == ()


def test_a_person_whose_identity_cannot_be_read_is_not_identified() -> None:
    """Or the number in that row would seem not to exist."""
    page = pages.users(
        {
            "users": [USER],
            "identities": [
                {"id": 1, "user_id": 7, "type": "email", "value": "a@b.example"},
                {"id": 2, "user_id": 7, "type": "phone_number", "value": ["+1212"]},
            ],
        }
    )
    assert len(page.identities) == 1
    assert page.unreadable[0].field == "value"
    assert page.identified == ()


@pytest.mark.parametrize(
    "beside",
    [
        {"metric_sets": [{"id": 1, "ticket_id": 5, "solved_at": AT}]},
        {"tickets": [{**TICKET, "metric_set": {"solved_at": AT}}]},
    ],
)
def test_tickets_know_when_they_were_solved(beside: dict[str, Any]) -> None:
    """Whether metric sets stand beside the tickets or in them."""
    page = pages.tickets({"tickets": [TICKET], **beside})
    assert page.tickets[0].solved_at is not None


def test_a_broken_metric_set_costs_nothing_else() -> None:
    """The ticket lands without its solving time."""
    page = pages.tickets(
        {
            "tickets": [TICKET],
            "metric_sets": [7, {"ticket_id": 5, "solved_at": "soon"}],
            "users": [USER],
        }
    )
    assert page.tickets[0].solved_at is None
    assert page.people[0].id == "7"
    assert page.unreadable == ()


def test_a_comment_in_an_event_is_a_message() -> None:
    """Nothing else of its ticket has to be read."""
    page = pages.events({"ticket_events": [event({"event_type": "Create"}, words())]})
    assert [(m.id, m.ticket_id, m.text) for m in page.messages] == [("51", "5", "Hello")]
    assert page.stale_tickets == ()
    assert page.rows == 1


@pytest.mark.parametrize(
    "child",
    [
        words(type="VoiceComment"),
        words(type="TpeVoiceComment"),
        words(event_type="VoiceComment"),
        {"event_type": "CommentRedactionEvent", "comment_id": 51},
        {"event_type": "CommentPrivacyChange", "comment_id": 51, "public": False},
        {"id": 51, "event_type": "Change", "comment_present": True, "comment_public": True},
        {"id": 51, "event_type": "Comment"},
        words(public="yes"),
    ],
    ids=str,
)
def test_what_an_event_does_not_bring_makes_its_ticket_stale(child: dict[str, Any]) -> None:
    """Calls come without their data, redactions without the comment: read the ticket."""
    page = pages.events({"ticket_events": [event(child), event(child)]})
    assert page.messages == ()
    assert page.stale_tickets == ("5",)


def test_other_events_bring_nothing() -> None:
    """New kinds of events may appear at any time."""
    page = pages.events(
        {
            "ticket_events": [
                event({"event_type": "Change", "status": "open"}, {"event_type": "Novelty"})
            ]
        }
    )
    assert (page.messages, page.stale_tickets, page.unreadable) == ((), (), ())


@pytest.mark.parametrize("children", [None, "x", [7, None, []], {}], ids=str)
def test_children_that_are_none_bring_nothing(children: object) -> None:
    """The event itself is readable."""
    page = pages.events({"ticket_events": [{**event(), "child_events": children}]})
    assert (page.messages, page.stale_tickets, page.unreadable) == ((), (), ())


def test_an_event_that_cannot_be_read_is_quarantined() -> None:
    """The others of its page land."""
    page = pages.events({"ticket_events": [event(words(), ticket_id="?"), 7, event(words())]})
    assert [(bad.stream, bad.field) for bad in page.unreadable] == [
        ("ticket_events", "ticket_id"),
        ("ticket_events", ""),
    ]
    assert len(page.messages) == 1


def test_only_the_last_page_of_a_ticket_makes_it_whole() -> None:
    """Until then its description still stands in."""
    document = {"comments": [words()]}
    assert pages.comments(document, "5", last=False).whole_tickets == ()
    assert pages.comments(document, "5", last=True).whole_tickets == ("5",)


def test_only_given_ratings_land() -> None:
    """Offers are counted as rows and left out."""
    rating = {"id": 1, "ticket_id": 5, "score": "good", "created_at": AT}
    page = pages.ratings({"satisfaction_ratings": [rating, {**rating, "score": "offered"}]})
    assert len(page.ratings) == 1
    assert page.rows == 2


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "ticket_id", "created_at", "child_events", "event_type", "type", "body"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(anything)
def test_no_answer_breaks_a_page(value: object) -> None:
    """Whatever stands where rows should."""
    for read, key in (
        (pages.users, "users"),
        (pages.tickets, "tickets"),
        (pages.events, "ticket_events"),
        (pages.ratings, "satisfaction_ratings"),
        (pages.organizations, "organizations"),
    ):
        page = read({key: value, "identities": value, "metric_sets": value})
        assert page.rows == (len(value) if isinstance(value, list) else 0)
