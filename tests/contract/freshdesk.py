"""Freshdesk, as the contract suite knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.demo import faults
from connector.demo.freshdesk.account import Account
from connector.demo.freshdesk.plan import UNLIMITED, FreshdeskKeys, FreshdeskPlan, Rates
from connector.demo.freshdesk.rows import _language, _markup
from connector.freshdesk import ApiKey, Freshdesk, codes
from connector.freshdesk.lists import TICKET_STREAMS
from connector.words import without_tags
from memory.entities import DESCRIPTION
from memory.record.identities import normal_value
from memory.text.clean import clean
from memory.text.redact import redact
from memory.text.unkept import subject_without_never_kept, without_never_kept
from tests.contract.held import REGION, Held
from tests.contract.kind import Broken, Kind, Place

if TYPE_CHECKING:
    from connector.clock import Clock
    from connector.demo.faults import Fault
    from connector.demo.freshdesk.account import LiveContact, LiveTicket
    from connector.demo.freshdesk.talking import LiveConversation, LiveText
    from connector.demo.server import DemoHelpdesk

ACCOUNT = "freshdesk:acme"
_STATUSES = {"new": "open", "hold": "pending", "resolved": "solved"}


def connect(url: str, clock: Clock, **options: Any) -> Freshdesk:
    """A client with an admin's key and the whole of the limits."""
    told = {"key": ApiKey(FreshdeskKeys().admin), "share": 1.0, "account": ACCOUNT, **options}
    return Freshdesk(url, clock=clock, **told)


def truth(helpdesk: DemoHelpdesk) -> Held:
    """What a record must hold of the simulated account as it is now.

    Freshdesk keeps what somebody who is gone for good has said in tickets of others; a record does
    not.
    """
    state = helpdesk.state
    assert isinstance(state, Account)
    customers = [one for one in state.contacts.values() if not one.deleted]
    tickets = [one for one in state.tickets.values() if one.place == "plain"]
    here = {str(number) for number in (*state.contacts, *state.agents)}
    return Held(
        customers={
            str(one.id): (_name(one.name), _id(one.company), _language(one.language), one.time_zone)
            for one in customers
        },
        agents={str(one.id): one.name for one in state.agents.values() if one.active},
        identities={key: False for one in customers for key in _identities(one)},
        organizations={str(one.id): one.name for one in state.companies.values()},
        tickets={str(one.id): _ticket(one) for one in tickets},
        messages={
            key: said
            for one in tickets
            for key, said in _messages(one).items()
            if said[0] is None or said[0] in here
        },
        ratings={
            str(one.id): (_id(one.ratings[-1].agent or one.agent), one.ratings[-1].score)
            for one in tickets
            if one.ratings
        },
    )


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def _name(told: str) -> str | None:
    return told.replace("\0", "").strip() or None


def _identities(one: LiveContact) -> list[tuple[str, str, str]]:
    told = [("phone", one.phone), ("phone", one.mobile), ("email", one.email)]
    told += [("email", each) for each in one.other_emails]
    found = [(kind, normal_value(kind, value, REGION)) for kind, value in told if value]
    return [(str(one.id), kind, value) for kind, value in found if value]


def _ticket(one: LiveTicket) -> tuple[Any, ...]:
    return (
        _id(one.requester),
        _id(one.agent),
        subject_without_never_kept(redact(clean(one.subject.replace("\0", "").strip()))),
        _STATUSES.get(one.status, one.status),
        codes.channel(one.source, codes.TICKET_CHANNELS),
        None,
    )


def _messages(one: LiveTicket) -> dict[tuple[str, str], Any]:
    told: dict[tuple[str, str], Any] = {
        (str(one.id), str(said.id)): _conversation(one, said) for said in one.conversations
    }
    if one.source != codes.WEB_CHAT:
        by_agent = one.source in {codes.OUTBOUND_EMAIL, codes.PHONE} and one.agent
        author = _id(one.agent if by_agent else one.requester)
        words = _words(one.description)
        told[str(one.id), DESCRIPTION] = (author, True, words, None, None, None)
    return told


def _conversation(one: LiveTicket, said: LiveConversation) -> tuple[Any, ...]:
    is_call = said.source == codes.CALL_NOTE
    author = said.user or (one.requester if said.incoming else None)
    author = None if said.category == codes.AUTOMATIC else author
    answered = _id(author) if is_call and not said.incoming else None
    direction = "inbound" if is_call else None
    words = _words(said, private=said.private)
    return (_id(author), not said.private, words, direction, None, answered)


def _words(said: LiveText, *, private: bool = False) -> str:
    told = redact(clean(without_tags(_markup(said).replace("\0", ""))))
    return without_never_kept(told, private=private)


def _limited(seconds: float | None) -> Fault:
    headers = {} if seconds is None else {"Retry-After": f"{seconds:g}"}
    return faults.status(429, {"message": "You have exceeded the limit"}, headers=headers)


FRESHDESK = Kind(
    provider="freshdesk",
    client=Freshdesk,
    connect=connect,
    unlimited={"provider": "freshdesk", "plan": FreshdeskPlan(rates=UNLIMITED, archives=False)},
    limits=lambda count: {
        "provider": "freshdesk",
        "plan": FreshdeskPlan(rates=Rates(count, 10**9, 10**9), archives=False),
    },
    settings=lambda url: {"FRESHDESK_URL": url, "FRESHDESK_API_KEY": FreshdeskKeys().admin},
    truth=truth,
    refused={"key": {"key": ApiKey("wrong")}},
    unprivileged={},
    lesser={"agent": {"key": ApiKey(FreshdeskKeys().agent)}},
    nobody={"null": lambda: faults.status(200, {"id": None, "contact": {}})},
    places={
        "tickets": Place("/api/v2/tickets$"),
        "people": Place("/api/v2/contacts$"),
        "organizations": Place("/api/v2/companies$"),
        "ratings": Place("/satisfaction_ratings$"),
        "messages": Place("/conversations$"),
    },
    me="/agents/me$",
    limited=_limited,
    edge=lambda: faults.empty(429),
    broken=(
        Broken("tickets", "requester_id", {"nobody": 1}, "tickets"),
        Broken("tickets", "created_at", "soon", "tickets"),
        Broken("people", "created_at", None, "contacts"),
        Broken("messages", "created_at", [], "comments"),
        Broken("messages", "private", "yes", "comments"),
        Broken("organizations", "name", 1.5, "companies"),
        Broken("ratings", "ticket_id", "T-1", "satisfaction_ratings"),
    ),
    unknown=(
        ("tickets", lambda row: {**row, "status": 77}),
        ("tickets", lambda row: {**row, "source": 77}),
        ("messages", lambda row: {**row, "source": 77, "category": 77}),
    ),
    # A key cannot be renewed, and a conflict is one of what is written, never of what is read.
    final=frozenset({"401", "409"}),
    silent=frozenset({"merge", "erased customer", "scrubbed ticket", "redaction"}),
    described=True,
    others=(
        {
            "provider": "freshdesk",
            "plan": FreshdeskPlan(
                rates=UNLIMITED,
                archives=False,
                classic_ratings=True,
                shows_trash=False,
                merge_moves_tickets=True,
                contacts_since="updated_since",
                header_case="lower",
                decimals=True,
            ),
        },
    ),
    repeating=frozenset(TICKET_STREAMS),
)
