"""Zendesk, as the contract suite knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.demo import faults
from connector.demo.zendesk.account import Account
from connector.demo.zendesk.auth import Credentials
from connector.demo.zendesk.limits import UNLIMITED, Limits
from connector.zendesk import AccessToken, ApiToken, ClientCredentials, Zendesk
from connector.zendesk.voice import own_words
from memory.record.identities import normal_value
from memory.text.clean import clean
from memory.text.redact import redact
from memory.text.unkept import subject_without_never_kept, without_never_kept
from tests.contract.held import REGION, Held
from tests.contract.kind import Broken, Kind, Place
from tests.support.house import settings_for

if TYPE_CHECKING:
    from connector.clock import Clock
    from connector.demo.faults import Fault
    from connector.demo.server import DemoHelpdesk
    from connector.demo.zendesk.live import LiveComment, LiveTicket, LiveUser

ACCOUNT = "zendesk:acme"
_CHATS = {"messaging": "chat", "native_messaging": "chat"}


def connect(url: str, clock: Clock, **options: Any) -> Zendesk:
    """A client with an OAuth client's credentials and the whole of the limits."""
    known = Credentials()
    told = {
        "credentials": ClientCredentials(known.client_id, known.client_secret),
        "share": 1.0,
        "account": ACCOUNT,
        **options,
    }
    return Zendesk(url, clock=clock, **told)


def truth(helpdesk: DemoHelpdesk) -> Held:
    """What a record must hold of the simulated account as it is now."""
    state = helpdesk.state
    assert isinstance(state, Account)
    gone = {user.id for user in state.users.values() if user.permanently_deleted}
    tickets = [
        one for one in state.tickets.values() if not one.deleted and one.requester not in gone
    ]
    customers = [one for one in state.users.values() if one.role == "end-user" and one.active]
    became_gone = {user.id for user in state.users.values() if _became(state, user) in gone}
    return Held(
        customers={
            str(one.id): (_name(one), _id(one.organization), one.language, one.time_zone)
            for one in customers
        },
        agents={
            str(one.id): _name(one)
            for one in state.users.values()
            if one.role != "end-user" and one.active
        },
        identities={key: shared for one in customers for key, shared in _identities(one).items()},
        organizations={
            str(one.id): fit_to_store(one.name).strip() for one in state.organizations.values()
        },
        tickets={str(one.id): _ticket(one) for one in tickets},
        messages={
            (str(one.id), str(said.id)): _message(said)
            for one in tickets
            for said in one.comments
            if said.author not in gone
        },
        ratings={
            str(one.id): (_id(one.rating.agent or one.agent), one.rating.score)
            for one in tickets
            if one.rating
        },
        in_doubt=frozenset(
            (str(one.id), str(said.id))
            for one in tickets
            for said in one.comments
            if said.author in became_gone - gone
        ),
    )


def _became(state: Account, user: LiveUser) -> int:
    """Who a user is now, after all merges."""
    while user.merged_into is not None:
        user = state.users[user.merged_into]
    return user.id


def fit_to_store(text: str) -> str:
    """Text without what no database stores."""
    return text.replace("\0", "")


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def _name(user: LiveUser) -> str | None:
    name = fit_to_store(user.name).strip()
    return None if name.replace("+", "").replace(" ", "").isdigit() else name or None


def _identities(user: LiveUser) -> dict[tuple[str, str, str], bool]:
    kinds = {"phone_number": "phone", "email": "email"}
    told = [(kinds[one.type], one.value, False) for one in user.identities]
    told += [("email", user.email or "", False), ("phone", user.phone or "", user.shared_phone)]
    found = [
        (str(user.id), kind, normal_value(kind, fit_to_store(value).strip(), REGION), shared)
        for kind, value, shared in told
    ]
    return {(who, kind, value): shared for who, kind, value, shared in found if value}


def _ticket(one: LiveTicket) -> tuple[Any, ...]:
    return (
        _id(one.requester),
        _id(one.agent),
        subject_without_never_kept(redact(clean(fit_to_store(one.subject).strip()))),
        one.status,
        _CHATS.get(one.channel, one.channel),
        one.rating.score if one.rating else None,
    )


def _message(said: LiveComment) -> tuple[Any, ...]:
    call = said.call
    words = fit_to_store(said.text)
    if said.rel == "merge":
        # What it repeats are the words of somebody else.
        words = words.partition("\n")[0]
    if call is not None:
        words = fit_to_store(call.transcript or "") or own_words(words)
    return (
        str(said.author),
        said.public,
        without_never_kept(redact(clean(words)), private=not said.public),
        call.direction if call else None,
        round(round(call.minutes * 60) / 60, 1) if call else None,
        # Of a partner's call nothing tells who answered.
        _id(call.answered_by) if call and call.kind == "talk" else None,
    )


def _limited(seconds: float | None) -> Fault:
    headers = {} if seconds is None else {"Retry-After": f"{seconds:g}"}
    body = {"error": "APIRateLimitExceeded", "description": "Number of allowed requests exceeded"}
    return faults.status(429, body, headers=headers)


def _new_event(row: Any) -> Any:
    child = {"id": row["id"] + 7, "event_type": "OrchardEvent", "fruit": {"sort": "pear"}}
    return {**row, "child_events": [*row["child_events"], child]}


ZENDESK = Kind(
    provider="zendesk",
    client=Zendesk,
    connect=connect,
    unlimited={"limits": UNLIMITED},
    limits=lambda count: {"limits": Limits(count, 10**9, 10**9)},
    settings=settings_for,
    truth=truth,
    refused={
        "client": {"credentials": ClientCredentials("remember-them", "wrong")},
        "token": {"credentials": AccessToken("wrong")},
        "api-token": {"credentials": ApiToken("dana@acme.example", "wrong")},
    },
    unprivileged={"agent": {"credentials": ApiToken("daniel@acme.example", "demo-api-token")}},
    nobody={
        "anonymous": lambda: faults.status(
            200, {"user": {"id": None, "name": "Anonymous user", "role": "end-user"}}
        ),
    },
    places={
        "tickets": Place("/incremental/tickets/cursor", "tickets"),
        "people": Place("/incremental/users/cursor", "users"),
        "organizations": Place("/incremental/organizations", "organizations"),
        "identities": Place("/incremental/users/cursor", "identities"),
        "ratings": Place("/satisfaction_ratings", "satisfaction_ratings"),
        "messages": Place("/comments$", "comments"),
        "events": Place("/incremental/ticket_events", "ticket_events"),
    },
    me="/users/me$",
    limited=_limited,
    edge=faults.edge_limited,
    broken=(
        Broken("tickets", "requester_id", {"nobody": 1}, "tickets"),
        Broken("tickets", "created_at", "soon", "tickets"),
        Broken("people", "active", "perhaps", "users"),
        Broken("people", "created_at", None, "users"),
        Broken("messages", "created_at", [], "comments"),
        Broken("messages", "public", "yes", "comments"),
        Broken("organizations", "name", 1.5, "organizations"),
        Broken("identities", "user_id", {}, "identities"),
        Broken("ratings", "ticket_id", "T-1", "satisfaction_ratings"),
    ),
    unknown=(
        ("tickets", lambda row: {**row, "status": "simmering"}),
        ("tickets", lambda row: {**row, "via": {"channel": "smoke_signal"}}),
        ("messages", lambda row: {**row, "type": "Hologram", "via": {"channel": "smoke_signal"}}),
        ("events", _new_event),
    ),
)
