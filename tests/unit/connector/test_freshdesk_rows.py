"""Freshdesk's rows as entities: contacts, agents, companies, tickets, conversations, ratings."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.fields import Row
from connector.freshdesk import codes, pages, rows
from connector.freshdesk.zones import iana
from memory.entities import (
    Call,
    Identity,
    Message,
    Organization,
    Origin,
    Page,
    Person,
    Rating,
    Role,
    Status,
    Ticket,
)

AT, LATER = "2026-07-01T10:00:00Z", "2026-07-02T10:00:00Z"
MOMENT, AFTER = datetime(2026, 7, 1, 10, tzinfo=UTC), datetime(2026, 7, 2, 10, tzinfo=UTC)
STATS: dict[str, Any] = {
    "agent_responded_at": None,
    "requester_responded_at": None,
    "first_responded_at": None,
    "status_updated_at": AT,
    "reopened_at": None,
    "resolved_at": None,
    "closed_at": None,
    "pending_since": None,
}
CONTACT: dict[str, Any] = {
    "id": 7,
    "name": "Mara Lindqvist",
    "email": "mara@example.com",
    "phone": "+12125550101",
    "mobile": "+12125550102",
    "company_id": 5,
    "active": False,
    "language": "en",
    "time_zone": "Eastern Time (US & Canada)",
    "unique_external_id": "crm-1",
    "created_at": AT,
    "updated_at": LATER,
}
TICKET: dict[str, Any] = {
    "id": 8831,
    "requester_id": 7,
    "responder_id": 11,
    "subject": "Roaming refund",
    "description": "<div>It costs<br>too much</div>",
    "description_text": "It costs too much",
    "status": 4,
    "source": 1,
    "spam": False,
    "created_at": AT,
    "updated_at": LATER,
    "requester": {
        "id": 7,
        "name": "Mara Lindqvist",
        "email": "mara@example.com",
        "phone": None,
        "mobile": "+12125550102",
    },
    "stats": {**STATS, "agent_responded_at": LATER, "resolved_at": LATER},
}
CONVERSATION: dict[str, Any] = {
    "id": 90,
    "ticket_id": 8831,
    "user_id": 7,
    "body": "<div>Thank you,<br>Mara</div>",
    "body_text": "Thank you, Mara",
    "incoming": True,
    "private": False,
    "source": 0,
    "category": 1,
    "auto_response": False,
    "created_at": AT,
    "updated_at": AT,
}


def ticket(**changed: Any) -> Page:
    """A page with the ticket, changed."""
    return pages.tickets([{**TICKET, **changed}], "tickets", codes.STATUSES)


def said(**changed: Any) -> Message:
    """The conversation, changed."""
    return rows.conversation(Row({**CONVERSATION, **changed}), "8831", "7")


def test_a_contact_is_a_customer() -> None:
    """Every field where the record expects it; `active` only means verified."""
    assert rows.contact(Row(CONTACT)) == Person(
        id="7",
        role=Role.CUSTOMER,
        name="Mara Lindqvist",
        created_at=MOMENT,
        updated_at=AFTER,
        email="mara@example.com",
        phone="+12125550101",
        organization_id="5",
        language="en",
        time_zone="America/New_York",
        external_id="crm-1",
    )


def test_a_deleted_contact_is_not_active() -> None:
    """Only deleted ones have the field; what they were reached by is no longer theirs to show."""
    page = pages.contacts([{**CONTACT, "deleted": True}])
    assert [(one.active, one.erased) for one in page.people] == [(False, False)]
    assert not page.identities
    assert not page.identified


def test_both_numbers_of_a_contact_lead_to_them() -> None:
    """A list tells phone, mobile and the first address at once; further ones are asked for."""
    page = pages.contacts([CONTACT])
    assert page.identities == (
        Identity("7", "phone", "+12125550101"),
        Identity("7", "phone", "+12125550102"),
        Identity("7", "email", "mara@example.com"),
        Identity("7", "external", "crm-1"),
    )
    assert page.identified == ()


def test_a_contacts_own_page_tells_all_addresses() -> None:
    """Then nothing more is to be asked of them."""
    page = pages.contacts([{**CONTACT, "other_emails": ["m@example.com", "mara@example.com", 5]}])
    emails = [one.value for one in page.identities if one.kind == "email"]
    assert emails == ["mara@example.com", "m@example.com"]
    assert page.identified == ("7",)


def test_a_contact_without_an_address_has_no_further_ones() -> None:
    """Who only rings costs no request of their own."""
    assert pages.contacts([{**CONTACT, "email": None}]).identified == ("7",)


@pytest.mark.parametrize("name", ["+12125550101", "(212) 555-0101", "", None])
def test_a_number_is_no_name(name: str | None) -> None:
    """Phone systems make contacts that are called like their number."""
    assert rows.contact(Row({**CONTACT, "name": name})).name is None


def test_an_agent_is_called_as_the_contact_inside() -> None:
    """Their id is the one that tickets and conversations name."""
    contact = {"name": "Daniel Osei", "email": "daniel@example.com", "time_zone": "London"}
    row = {"id": 11, "contact": contact, "created_at": AT, "updated_at": LATER}
    found = rows.agent(Row(row))
    assert (found.id, found.role, found.name) == ("11", Role.AGENT, "Daniel Osei")
    assert (found.time_zone, found.active) == ("Europe/London", True)
    assert not rows.agent(Row({**row, "deactivated": True})).active


def test_an_agents_times_may_stand_in_their_contact() -> None:
    """As in the documentation's own example."""
    inside = {"name": "x", "created_at": AT, "updated_at": LATER}
    found = rows.agent(Row({"id": 11, "contact": inside}))
    assert (found.created_at, found.updated_at) == (MOMENT, AFTER)


def test_a_company_is_an_organization() -> None:
    """Its name is all we keep."""
    assert rows.company(Row({"id": 5, "name": "Harbour"})) == Organization("5", "Harbour")


def test_a_ticket_has_its_version_in_microseconds() -> None:
    """What was changed later is newer."""
    [found] = ticket().tickets
    assert found == Ticket(
        id="8831",
        requester_id="7",
        subject="Roaming refund",
        status=Status.SOLVED,
        channel="email",
        created_at=MOMENT,
        updated_at=AFTER,
        version=int(AFTER.timestamp()) * 1_000_000,
        assignee_id="11",
        solved_at=AFTER,
    )


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (2, Status.OPEN),
        (3, Status.PENDING),
        (4, Status.SOLVED),
        (5, Status.CLOSED),
        (6, Status.PENDING),
        (7, Status.HOLD),
        (71, Status.OPEN),
        (None, Status.OPEN),
    ],
)
def test_states_nobody_knows_are_open(code: int | None, status: Status) -> None:
    """Nothing is taken for done that may not be."""
    assert ticket(status=code).tickets[0].status is status


def test_an_accounts_own_states_mean_what_they_are_called() -> None:
    """By the agents' label, else the customers'; the four fixed ones stay what they are."""
    choices = {
        "2": ["Closed really", "x"],
        "6": ["With the depot", "Awaiting your Reply"],
        "8": ["Resolved by phone", "x"],
        "9": ["Simmering", "Being Processed"],
        "x": ["Closed", "x"],
    }
    fields = [{"type": "default_source", "choices": {"9": 9}}, 7]
    found = pages.statuses([*fields, {"type": "default_status", "choices": choices}])
    assert [found[code] for code in (2, 6, 8, 9)] == [
        Status.OPEN,
        Status.PENDING,
        Status.SOLVED,
        Status.OPEN,
    ]


@pytest.mark.parametrize("row", [{"deleted": True}, {"spam": True}])
def test_what_is_in_the_trash_or_spam_is_deleted(row: dict[str, Any]) -> None:
    """Without a word of it."""
    page = ticket(**row)
    assert (page.tickets[0].status, page.tickets[0].subject) == (Status.DELETED, "")
    assert not page.messages
    assert not page.whole_tickets


def test_what_stands_in_their_lists_is_deleted_whatever_it_says() -> None:
    """The list of deleted tickets need not say it in each."""
    page = pages.tickets([TICKET], "tickets_deleted", codes.STATUSES, gone=True)
    assert page.tickets[0].status is Status.DELETED
    assert not page.messages
    assert not page.people
    assert not page.identities


def test_the_description_is_the_requesters_first_message() -> None:
    """With its lines, which Freshdesk's plain text has lost."""
    page = ticket()
    assert page.tickets[0].description is None
    assert page.messages == (
        Message(
            id="description",
            ticket_id="8831",
            author_id="7",
            at=MOMENT,
            channel="email",
            public=True,
            text="It costs\ntoo much",
            origin=Origin.TICKET,
        ),
    )


@pytest.mark.parametrize(
    ("changed", "author"),
    [
        ({"source": 10}, "11"),
        ({"source": 3}, "11"),
        ({"source": 10, "responder_id": None}, "7"),
        ({"source": 3, "responder_id": None}, "7"),
        ({"source": 9}, "7"),
    ],
)
def test_what_an_agent_wrote_is_the_agents(changed: dict[str, Any], author: str) -> None:
    """An outbound e-mail, and what was logged of a call: nobody writes by phone."""
    assert ticket(**changed).messages[0].author_id == author


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Missed call from +1 212-555-0142", "+1 212-555-0142"),
        ("Abandoned call from an unknown number", "an unknown number"),
        ("Voicemail from 2125550142", "2125550142"),
        ("missed phone call", None),
    ],
)
def test_a_call_in_vain_is_known_by_the_name_of_its_ticket(
    subject: str, number: str | None
) -> None:
    """Phone systems name such tickets alike; what they wrote is nobody's words."""
    (message,) = ticket(source=3, subject=subject).messages
    assert message.call == Call("inbound", number=number, missed=True)
    assert message.author_id is None


@pytest.mark.parametrize(
    "changed",
    [
        {"source": 3, "subject": "Roaming bill"},
        {"source": 3, "subject": "I have missed your call"},
        {"source": 1, "subject": "Missed call from +12125550142"},
    ],
    ids=["another subject", "words in it", "by e-mail"],
)
def test_no_other_ticket_is_a_call_in_vain(changed: dict[str, Any]) -> None:
    """A customer may write about a missed call."""
    assert ticket(**changed).messages[0].call is None


def test_a_web_chats_description_is_left_to_its_conversations() -> None:
    """They hold the same words."""
    page = ticket(source=15)
    assert page.tickets[0].channel == "chat"
    assert page.messages == ()


def test_the_embedded_requester_is_known_until_their_own_row_is_read() -> None:
    """Reached by the mobile number at once; any row of their own is newer."""
    page = ticket()
    [found] = page.people
    assert (found.name, found.phone, found.identities_known) == (
        "Mara Lindqvist",
        "+12125550102",
        True,
    )
    assert found.updated_at.year == 1970
    assert Identity("7", "phone", "+12125550102") in page.identities


@pytest.mark.parametrize("requester", [None, {}, {"id": None, "name": ""}])
def test_a_visitor_without_a_name_is_nobody(requester: object) -> None:
    """As web chats have them."""
    assert ticket(requester=requester).people == ()


@pytest.mark.parametrize(
    ("changed", "whole"),
    [
        ({"updated_at": AT, "stats": STATS}, ("8831",)),
        ({"updated_at": LATER, "stats": STATS}, ()),
        ({"updated_at": AT, "stats": {**STATS, "agent_responded_at": AT}}, ()),
        ({"updated_at": AT, "stats": None}, ()),
        ({"updated_at": AT, "stats": STATS, "source": 3}, ()),
        ({"updated_at": AT, "stats": STATS, "source": 15}, ()),
        ({"updated_at": AT, "stats": STATS, "description": None, "description_text": None}, ()),
    ],
)
def test_an_untouched_ticket_is_whole(changed: dict[str, Any], whole: tuple[str, ...]) -> None:
    """Nobody answered and nothing changed; calls and chats are always looked into."""
    assert ticket(**changed).whole_tickets == whole


def test_broken_words_cost_only_themselves() -> None:
    """The ticket lands; its description is put aside."""
    page = ticket(description=["x"])
    assert [one.id for one in page.tickets] == ["8831"]
    assert [(one.id, one.field) for one in page.unreadable] == [("8831", "description")]


def test_a_customers_reply_is_theirs() -> None:
    """With lines as they wrote them."""
    found = said()
    assert (found.author_id, found.public, found.channel) == ("7", True, "email")
    assert (found.text, found.origin, found.call) == ("Thank you,\nMara", Origin.TICKET, None)


def test_an_incoming_word_without_an_author_is_the_requesters() -> None:
    """A chat's visitor is no user; an outgoing one without is a bot's."""
    assert said(user_id=None).author_id == "7"
    assert said(user_id=None, incoming=False).author_id is None


@pytest.mark.parametrize("changed", [{"category": 5}, {"auto_response": True}])
def test_what_nobody_wrote_is_nobodys(changed: dict[str, Any]) -> None:
    """Greetings and automatic answers, whoever they name."""
    assert said(user_id=11, incoming=False, **changed).author_id is None


def test_a_note_is_private() -> None:
    """Agents among themselves."""
    assert not said(user_id=11, incoming=False, private=True, source=2).public


def test_a_phone_note_is_a_call() -> None:
    """Inbound, of unknown length, answered by who noted it; never missed: nothing says so."""
    found = said(user_id=11, incoming=False, private=True, source=9)
    assert found.channel == "voice"
    assert found.call == Call("inbound", answered_by="11")
    assert said(source=9).call == Call("inbound")


@pytest.mark.parametrize(("source", "channel"), [(77, "source-77"), (None, "other"), (15, "chat")])
def test_a_source_nobody_knows_keeps_its_number(source: int | None, channel: str) -> None:
    """Of a ticket and of a conversation."""
    assert said(source=source).channel == channel
    assert ticket(source=source).tickets[0].channel == channel


@pytest.mark.parametrize(
    ("number", "score"),
    [
        (103, "good"),
        (102, "good"),
        (101, "good"),
        (100, None),
        (-101, "bad"),
        (-102, "bad"),
        (-103, "bad"),
        (1, "good"),
        (2, None),
        (3, "bad"),
        (None, None),
        ("103", None),
        (True, None),
    ],
)
def test_a_rating_is_good_or_bad(number: object, score: str | None) -> None:
    """Of both kinds of survey; neutral ones are left out."""
    row = {
        "id": 1,
        "ticket_id": 8831,
        "user_id": 7,
        "agent_id": 11,
        "ratings": {"default_question": number},
        "created_at": AT,
        "updated_at": LATER,
    }
    expected = Rating("1", "8831", "7", "11", score, AFTER) if score else None
    assert rows.rating(Row(row)) == expected


def test_a_deleted_conversation_is_not_there() -> None:
    """Where an account shows it at all."""
    page = pages.conversations([{**CONVERSATION, "deleted": True}], "8831", None, last=True)
    assert (page.messages, page.whole_tickets) == ((), ("8831",))


def test_agents_may_be_known_by_what_they_write() -> None:
    """Where the key may not list them; customers are never taken for agents."""
    out = {**CONVERSATION, "id": 91, "user_id": 11, "incoming": False}
    page = pages.conversations([CONVERSATION, out], "8831", None, last=True, name_agents=True)
    assert [(one.id, one.role, one.name) for one in page.people] == [("11", Role.AGENT, None)]
    assert pages.conversations([out], "8831", None, last=True).people == ()


def test_no_text_holds_what_no_database_stores() -> None:
    """NUL and halves of characters are gone from names, subjects and words."""
    broken = "a\0b\ud800c"
    page = ticket(subject=broken, description=None, description_text=broken)
    texts = [page.tickets[0].subject, page.messages[0].text, said(body=broken).text]
    texts += [rows.contact(Row({**CONTACT, "name": broken})).name or ""]
    for text in texts:
        assert "\0" not in text
        assert text.encode().decode() == text


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Pacific Time (US & Canada)", "America/Los_Angeles"),
        ("Kyiv", "Europe/Kiev"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("Middle of nowhere", None),
        (None, None),
    ],
)
def test_time_zones_have_their_iana_names(name: str | None, zone: str | None) -> None:
    """Freshdesk calls them as Ruby on Rails does."""
    assert iana(name) == zone


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(AT),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*CONTACT, *TICKET, *CONVERSATION]), inner, max_size=6)
    ),
    max_leaves=12,
)


@given(st.lists(anything, max_size=3), st.sampled_from([CONTACT, TICKET, CONVERSATION]), anything)
def test_no_answer_breaks_a_page(found: list[Any], usual: dict[str, Any], value: object) -> None:
    """Every row lands or is put aside, without its words; nothing raises."""
    for key in usual:
        rows_ = [*found, {**usual, key: value}]
        for page in (
            pages.contacts(rows_),
            pages.agents(rows_),
            pages.companies(rows_),
            pages.ratings(rows_),
            pages.tickets(rows_, "tickets", codes.STATUSES),
            pages.conversations(rows_, "5", "7", last=True, name_agents=True),
        ):
            assert page.rows == len(rows_)
            assert "too much" not in json.dumps([one.body for one in page.unreadable])
    pages.statuses(found)
    pages.unknown_status(found)
    pages.needs_requester(found)
