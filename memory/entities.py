"""The plain records that cross every seam: what a helpdesk holds, whichever helpdesk it is.

Ids are the helpdesk's own, as text, without the provider in front (`"123"`, never `"zendesk:123"`);
times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

DESCRIPTION = "description"
"""The id of the message that stands for a ticket's first text until the real one is read."""

SPOKEN_NAME = "preference"
"""The kind of a memory that tells how a name is said; of this kind it alone has a code."""

OVER = "over"
"""The code of a memory that says that a matter has passed."""


class Role(StrEnum):
    """Who a person is to the helpdesk; a bot or the system is `other`."""

    CUSTOMER = "customer"
    AGENT = "agent"
    OTHER = "other"


class Origin(StrEnum):
    """Where a message was read; what the ticket says wins over what an event replays."""

    DESCRIPTION = "description"
    EVENT = "event"
    TICKET = "ticket"


class Status(StrEnum):
    """A ticket's state. A status nobody knows yet is read as `open`."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    HOLD = "hold"
    SOLVED = "solved"
    CLOSED = "closed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Person:
    """A customer or an agent as the helpdesk has them.

    Attributes:
        phone: As written in the helpdesk, which need not be a number.
        shared_phone: Whether the helpdesk says several people use this phone.
        language: A BCP 47 tag such as `en-US`.
        time_zone: An IANA name.
        active: False once deleted (it may be restored) or merged into another.
        erased: True once permanently deleted.
        identities_known: Whether `Page.identities` holds all of this person's identities.
    """

    id: str
    role: Role
    name: str | None
    created_at: datetime
    updated_at: datetime
    email: str | None = None
    phone: str | None = None
    shared_phone: bool = False
    organization_id: str | None = None
    language: str | None = None
    time_zone: str | None = None
    external_id: str | None = None
    active: bool = True
    erased: bool = False
    identities_known: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """A phone (as written), e-mail or external id that points to a person."""

    person_id: str
    kind: str
    value: str
    shared: bool = False
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Organization:
    """A company or household that people belong to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket.

    Attributes:
        version: Grows with every change of the ticket (Zendesk's `generated_timestamp`).
        submitter_id: Who wrote the first message; the requester unless an agent did it for them.
        description: The first message's text, which exports carry with the ticket.
        rating: `good` or `bad`, where the customer rated.
        messages: How many messages the helpdesk says there are, where it says so.
        archived: Whether the helpdesk has put it away, where its lists no longer show it.
    """

    id: str
    requester_id: str | None
    subject: str
    status: Status
    channel: str
    created_at: datetime
    updated_at: datetime
    version: int
    assignee_id: str | None = None
    submitter_id: str | None = None
    description: str | None = None
    solved_at: datetime | None = None
    rating: str | None = None
    messages: int | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """The voice part of a message.

    Attributes:
        direction: `inbound` or `outbound`.
        minutes: The duration to one decimal, where known.
        answered_by: The agent's id, where known.
        number: The other end's number as written, never the company's own line.
        id: The telephony's own id of the call, by which its `CallRecord` and legs are found.
        missed: Whether a customer rang and no agent answered; a voicemail is such a call.
    """

    direction: str
    minutes: float | None = None
    answered_by: str | None = None
    number: str | None = None
    id: str | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a ticket: a comment, a note, a call with its transcript."""

    id: str
    ticket_id: str
    author_id: str | None
    at: datetime
    channel: str
    public: bool
    text: str
    origin: Origin
    call: Call | None = None


class CallOutcome(StrEnum):
    """How a call ended. All but `answered` are calls that no agent answered."""

    ANSWERED = "answered"
    MISSED = "missed"
    ABANDONED = "abandoned"
    VOICEMAIL = "voicemail"


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call as the helpdesk's telephony lists it, whether or not a ticket came of it.

    Attributes:
        at: When it began.
        minutes: The talk to one decimal, where known.
        agent_id: Who picked up first, where known.
    """

    id: str
    customer_id: str | None
    ticket_id: str | None
    agent_id: str | None
    direction: str
    outcome: CallOutcome
    at: datetime
    updated_at: datetime
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One agent's part of a call: who it rang at, whether they picked up, how long they talked."""

    id: str
    call_id: str
    agent_id: str | None
    outcome: CallOutcome
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Two records of one person have become one: the winner's."""

    loser_id: str
    winner_id: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A customer's rating of a ticket; `agent_id` is the assignee at rating time."""

    id: str
    ticket_id: str
    customer_id: str | None
    agent_id: str | None
    score: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that could not be read: where, why, and its JSON without its text."""

    stream: str
    id: str
    field: str
    reason: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer of a helpdesk brought.

    Attributes:
        whole_tickets: Ids of tickets whose messages are all in the record once this page is
            stored; their `description` stand-ins are no longer needed.
        stale_tickets: Ids of tickets of which this page does not tell all; they are to be read.
        gone_tickets: Ids of tickets that the helpdesk no longer has.
        gone_people: Ids of people whom the helpdesk no longer has: permanently deleted, or merged
            into somebody without a word of it.
        identified: Ids of people whose identities are all in this page.
    """

    people: tuple[Person, ...] = ()
    organizations: tuple[Organization, ...] = ()
    identities: tuple[Identity, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    messages: tuple[Message, ...] = ()
    ratings: tuple[Rating, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    whole_tickets: tuple[str, ...] = ()
    stale_tickets: tuple[str, ...] = ()
    gone_tickets: tuple[str, ...] = ()
    gone_people: tuple[str, ...] = ()
    identified: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()
    calls: tuple[CallRecord, ...] = ()
    legs: tuple[Leg, ...] = ()
    rows: int = field(default=0)
