"""Users, tickets and what is said in them, as they are at one moment. Seconds are Unix time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from connector.demo.story_parts import Call, Rating, Ticket


@dataclass(slots=True)
class LiveIdentity:
    """One e-mail address or number of a user; its id stays when a merge moves it."""

    id: int
    type: str
    value: str
    primary: bool


@dataclass(slots=True)
class LiveUser:
    """A user as they are now; seconds are Unix time."""

    id: int
    name: str
    role: Literal["end-user", "agent", "admin"]
    email: str | None
    phone: str | None
    shared_phone: bool
    organization: int | None
    language: str
    time_zone: str
    created: int
    updated: int
    active: bool = True
    suspended: bool = False
    permanently_deleted: bool = False
    merged_into: int | None = None
    identities: list[LiveIdentity] = field(default_factory=list)
    identities_made: int = 0


@dataclass(slots=True)
class LiveComment:
    """A comment as it is now; `rel` and `api` say how it came about."""

    id: int
    audit: int
    author: int
    at: int
    text: str
    html: str | None
    public: bool
    call: Call | None
    caller: str
    called: str
    rel: Literal["merge"] | None = None
    api: bool = False


@dataclass(slots=True)
class LiveTicket:
    """A ticket as it is now. `generated` is its place in the export, `updated` what it shows."""

    id: int
    requester: int
    agent: int | None
    subject: str
    channel: str
    status: str
    created: int
    updated: int
    generated: int
    solved: int | None
    rating: Rating | None
    ai: bool
    told: Ticket
    comments: list[LiveComment] = field(default_factory=list)
    audits: int = 0
    deleted: bool = False
    scrubbed: bool = False


@dataclass(slots=True)
class LiveEvent:
    """One update of a ticket: a comment, changed fields, or both."""

    id: int
    ticket: int
    at: int
    updater: int
    comment: LiveComment | None
    children: list[dict[str, Any]]
    merged: list[int] = field(default_factory=list)


@dataclass(slots=True)
class LiveCall:
    """A Talk call as it is now.

    Attributes:
        ticket: None for a call that left none.
        at: When it began.
        stage: 0 while it goes on, 1 once it has ended, 2 once the agent has written it up.
    """

    id: int
    ticket: int | None
    customer: int | None
    agent: int | None
    call: Call
    at: int
    stage: int = -1
    updated: int = 0
    legs: list[LiveLeg] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LiveLeg:
    """One end of a call: the customer's, or an agent's telephone that rang."""

    id: int
    type: Literal["customer", "agent"]
    person: int | None
    completion: str
    talked: bool
