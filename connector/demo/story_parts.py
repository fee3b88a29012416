"""What a story is made of. How it is written down is told in `connector.demo.story`."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass

SYSTEM = -1
"""The author id of what the helpdesk itself wrote."""

_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=False)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not an IANA time zone") from error
    return name


def _time(value: object) -> object:
    if isinstance(value, str) and "-" not in value:
        raise ValueError("a time is an RFC 3339 string or a number of Unix seconds")
    return value


Id = Annotated[int, Field(gt=0, lt=10**10, strict=True)]
Time = Annotated[AwareDatetime, BeforeValidator(_time)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Status = Literal["new", "open", "pending", "hold", "solved", "closed"]
Outcome = Literal["answered", "missed", "abandoned", "voicemail"]


@dataclass(frozen=True, slots=True, config=_STRICT)
class Organization:
    """A company that customers belong to."""

    id: Id
    name: str


@dataclass(frozen=True, slots=True, config=_STRICT)
class Agent:
    """Somebody who answers."""

    id: Id
    name: str
    email: str | None = None
    role: Literal["agent", "admin"] = "agent"
    active: bool = True


@dataclass(frozen=True, slots=True, config=_STRICT)
class Identity:
    """One more e-mail address or number of a customer."""

    type: Literal["email", "phone_number"]
    value: str


@dataclass(frozen=True, slots=True, config=_STRICT)
class Customer:
    """Somebody who asks. A number with ``shared_phone`` belongs to several of them."""

    id: Id
    name: str
    phone: str | None = None
    shared_phone: bool = False
    email: str | None = None
    organization: Id | None = None
    language: str = "en-US"
    time_zone: Zone | None = None
    created_at: Time | None = None
    identities: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True, config=_STRICT)
class Rating:
    """What a customer thought of an answer, and of whose."""

    score: Literal["good", "bad"]
    at: Time
    agent: Id | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, config=_STRICT | ConfigDict(validate_by_name=True))
class Call:
    """The voice part of a message: ``talk`` is the helpdesk's own telephony.

    ``voicemail`` and the outcome of that name say the same: telling either sets both.
    """

    minutes: Annotated[float, Field(ge=0)]
    kind: Literal["talk", "partner"] = "talk"
    direction: Literal["inbound", "outbound"] = "inbound"
    answered_by: Id | None = None
    from_: Annotated[str | None, Field(alias="from")] = None
    transcript: str | None = None
    voicemail: bool = False
    outcome: Outcome = "answered"

    def __post_init__(self) -> None:
        """Makes ``voicemail`` and ``outcome`` agree.

        Raises:
            ValueError: A voicemail that was missed or abandoned as well.
        """
        if self.voicemail and self.outcome == "answered":
            object.__setattr__(self, "outcome", "voicemail")
        if self.voicemail and self.outcome != "voicemail":
            raise ValueError(f"a voicemail is not {self.outcome}")
        object.__setattr__(self, "voicemail", self.outcome == "voicemail")


@dataclass(frozen=True, slots=True, config=_STRICT)
class ByCustomer:
    """Written by a customer who need not be the ticket's."""

    customer: Id


@dataclass(frozen=True, slots=True, config=_STRICT)
class ByAgent:
    """Written by an agent who need not be the ticket's."""

    agent: Id


@dataclass(frozen=True, slots=True, config=_STRICT)
class Message:
    """What somebody wrote or said in a ticket."""

    by: Literal["customer", "agent", "system"] | ByCustomer | ByAgent
    at: Time
    text: str
    public: bool = True
    html: str | None = None
    call: Call | None = None


@dataclass(frozen=True, slots=True, config=_STRICT)
class Ticket:
    """One matter of one customer, from its first message to its last."""

    id: Id
    customer: Id
    at: Time
    messages: Annotated[tuple[Message, ...], Field(min_length=1, max_length=5000)]
    agent: Id | None = None
    subject: str | None = None
    topic: str | None = None
    channel: str | None = None
    status: Status | None = None
    complete: bool = False
    updated_at: Time | None = None
    solved_at: Time | None = None
    ai: bool = False
    rating: Rating | None = None

    @property
    def title(self) -> str:
        """The subject, under either of its names."""
        return self.subject or self.topic or ""

    @property
    def state(self) -> Status:
        """The status, or what ``complete`` says of it."""
        return self.status or ("solved" if self.complete else "open")

    @property
    def solved(self) -> datetime | None:
        """When it was solved: by default with its last message."""
        done = self.state in {"solved", "closed"}
        return self.solved_at or (self.messages[-1].at if done else None)

    @property
    def updated(self) -> datetime:
        """When it last changed: by default with its last message, or when it was solved."""
        return self.updated_at or max(self.messages[-1].at, self.solved or self.at)

    def author_of(self, message: Message) -> int:
        """The id of whoever wrote `message`: a customer, an agent or `SYSTEM`."""
        match message.by:
            case "customer":
                return self.customer
            case "agent":
                return self.agent or SYSTEM
            case ByCustomer(customer=customer):
                return customer
            case ByAgent(agent=agent):
                return agent
            case _:
                return SYSTEM


@dataclass(frozen=True, slots=True, config=_STRICT)
class LoneCall:
    """A call of the helpdesk's own telephony that left no ticket; most of these nobody answered."""

    id: Id
    at: Time
    call: Call
    customer: Id | None = None


@dataclass(frozen=True, slots=True, config=_STRICT)
class AddMessage:
    """A further message in a ticket."""

    do: Literal["add_message"]
    at: Time
    ticket: Id
    message: Message


@dataclass(frozen=True, slots=True, config=_STRICT)
class AddTicket:
    """A new ticket."""

    do: Literal["add_ticket"]
    at: Time
    ticket: Ticket


@dataclass(frozen=True, slots=True, config=_STRICT)
class AddCustomer:
    """A new customer."""

    do: Literal["add_customer"]
    at: Time
    customer: Customer


@dataclass(frozen=True, slots=True, config=_STRICT)
class CustomerValues:
    """What can be changed of a customer; what is not given stays."""

    name: str | None = None
    phone: str | None = None
    shared_phone: bool | None = None
    email: str | None = None
    organization: Id | None = None
    language: str | None = None
    time_zone: Zone | None = None
    suspended: bool | None = None


@dataclass(frozen=True, slots=True, config=_STRICT)
class TicketValues:
    """What can be changed of a ticket; what is not given stays."""

    status: Status | None = None
    agent: Id | None = None
    subject: str | None = None
    customer: Id | None = None
    rating: Rating | None = None


def _there(value: object) -> object:
    if value is None:
        raise ValueError("cannot be cleared")
    return value


def _given(kind: type) -> BeforeValidator:
    """Checks a ``set`` by the fields of `kind` and keeps it as a mapping of what was given."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def check(value: object) -> object:
        if not isinstance(value, dict) or not value:
            raise ValueError("what to set is an object with at least one key")
        try:
            checked = adapter.validate_python(value)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise ValueError(f"{first['loc'][0]}: {first['msg']}") from error
        return {key: getattr(checked, key) for key in value}

    return BeforeValidator(check)


@dataclass(frozen=True, slots=True, config=_STRICT)
class UpdateCustomer:
    """New values for some of a customer's fields; None clears one."""

    do: Literal["update_customer"]
    at: Time
    customer: Id
    set: Annotated[Mapping[str, Any], _given(CustomerValues)]


@dataclass(frozen=True, slots=True, config=_STRICT)
class UpdateTicket:
    """New values for some of a ticket's fields; None clears one."""

    do: Literal["update_ticket"]
    at: Time
    ticket: Id
    set: Annotated[Mapping[str, Any], _given(TicketValues)]


@dataclass(frozen=True, slots=True, config=_STRICT)
class MergeCustomers:
    """Two records turn out to be one person: the winner keeps all."""

    do: Literal["merge_customers"]
    at: Time
    loser: Id
    winner: Id


@dataclass(frozen=True, slots=True, config=_STRICT)
class DeleteCustomer:
    """A customer is deleted; permanently, nothing personal is left of them."""

    do: Literal["delete_customer", "delete_customer_permanently"]
    at: Time
    customer: Id


@dataclass(frozen=True, slots=True, config=_STRICT)
class RestoreCustomer:
    """A customer who was deleted, but not for good, is brought back."""

    do: Literal["restore_customer"]
    at: Time
    customer: Id


@dataclass(frozen=True, slots=True, config=_STRICT)
class ToIdentity:
    """A customer gets one more address or number, or loses one of them."""

    do: Literal["add_identity", "remove_identity"]
    at: Time
    customer: Id
    identity: Identity


@dataclass(frozen=True, slots=True, config=_STRICT)
class AgentValues:
    """What can be changed of an agent; what is not given stays."""

    name: Annotated[str | None, AfterValidator(_there)] = None
    active: Annotated[bool | None, AfterValidator(_there)] = None


@dataclass(frozen=True, slots=True, config=_STRICT)
class UpdateAgent:
    """An agent gets another name, leaves, or comes back."""

    do: Literal["update_agent"]
    at: Time
    agent: Id
    set: Annotated[Mapping[str, Any], _given(AgentValues)]


@dataclass(frozen=True, slots=True, config=_STRICT)
class ToTicket:
    """A ticket is deleted, marked as spam, scrubbed of its content, or brought back."""

    do: Literal["delete_ticket", "spam_ticket", "scrub_ticket", "restore_ticket"]
    at: Time
    ticket: Id


@dataclass(frozen=True, slots=True, config=_STRICT)
class RedactMessage:
    """Words of one message (its index from 0) are blacked out for good."""

    do: Literal["redact_message"]
    at: Time
    ticket: Id
    message: Annotated[int, Field(ge=0, strict=True)]
    words: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True, config=_STRICT)
class MakePrivate:
    """A message (its index from 0) that customers could read becomes a note among agents."""

    do: Literal["make_private"]
    at: Time
    ticket: Id
    message: Annotated[int, Field(ge=0, strict=True)]


@dataclass(frozen=True, slots=True, config=_STRICT)
class MergeTickets:
    """Two tickets turn out to be one matter: the loser is closed and points to the winner."""

    do: Literal["merge_tickets"]
    at: Time
    loser: Id
    winner: Id


Change = (
    AddMessage
    | AddTicket
    | AddCustomer
    | UpdateCustomer
    | UpdateTicket
    | MergeCustomers
    | DeleteCustomer
    | RestoreCustomer
    | ToIdentity
    | UpdateAgent
    | ToTicket
    | MergeTickets
    | RedactMessage
    | MakePrivate
)


@dataclass(frozen=True, slots=True, config=_STRICT)
class Expectation:
    """What the brief of one person must and must not show."""

    case: int
    who: str
    due: int
    ask: tuple[str, ...]
    exit: int = 0
    has: Mapping[str, Any] = Field(default_factory=dict)
    counts: Mapping[str, int | dict[Literal["min"], int]] = Field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    prints: tuple[str, ...] = ()


@dataclass(frozen=True, config=_STRICT)
class Story:
    """One simulated helpdesk: who is there, what was said, and what happens later."""

    agents: tuple[Agent, ...]
    customers: tuple[Customer, ...]
    tickets: tuple[Ticket, ...]
    format: Literal[1] = 1
    name: str = "Demo"
    account: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")] = "demo"
    source: str = ""
    told_as_of: Annotated[Time | None, Field(alias="as_of")] = None
    time_zone: Zone = "UTC"
    default_region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "US"
    organizations: tuple[Organization, ...] = ()
    calls: tuple[LoneCall, ...] = ()
    changes: tuple[Annotated[Change, Field(discriminator="do")], ...] = ()
    expect: tuple[Expectation, ...] = ()

    @cached_property
    def as_of(self) -> datetime:
        """The helpdesk's present time: as told, else an hour after the last time in the story."""
        return self.told_as_of or self._last_time() + timedelta(hours=1)

    def _last_time(self) -> datetime:
        times = [change.at for change in self.changes]
        times += [customer.created_at for customer in self.customers if customer.created_at]
        times += [call.at for call in self.calls]
        times += [ticket.updated for ticket in self.tickets]
        times += [ticket.messages[-1].at for ticket in self.tickets]
        times += [ticket.rating.at for ticket in self.tickets if ticket.rating]
        return max(times, default=datetime(2026, 1, 1, tzinfo=UTC))
