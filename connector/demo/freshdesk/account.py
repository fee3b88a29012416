"""What a simulated Freshdesk account holds at one moment.

Freshdesk can hold less than a story tells, and what it cannot hold is not there:

- A ticket's first text is its description, which has no author of its own and is never private. In
  a web chat the same text also is the first conversation.
- Of a call there is the phone ticket and what an agent noted in it (`connector.demo.freshdesk.
  talking`): neither how long it was, nor in which direction it went, nor from which number.
- A contact has one phone and one mobile number: further numbers are lost.
- Whether a number is shared is not known.
- A call that left no ticket is not known, unless the phone system makes a ticket of each call that
  a known customer made and nobody answered.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from connector.demo.freshdesk import talking
from connector.demo.freshdesk.talking import LiveConversation, LiveText
from connector.demo.telling import began, first_contacts, staff
from connector.demo.timeline import Timeline
from connector.demo.times import seconds

if TYPE_CHECKING:
    from connector.demo.story_parts import Agent, Customer, Message, Rating, Story, Ticket

Place = Literal["plain", "deleted", "spam"]

_DAY = 86_400
_ARCHIVED_AFTER = 120 * _DAY
_MOST_EMAILS = 10


@dataclass(slots=True)
class LiveAgent:
    """An agent as they are now; seconds are Unix time."""

    id: int
    name: str
    email: str
    admin: bool
    active: bool
    created: int
    updated: int


@dataclass(slots=True)
class LiveContact:
    """A contact as they are now."""

    id: int
    name: str
    email: str | None
    phone: str | None
    mobile: str | None
    company: int | None
    language: str
    time_zone: str
    created: int
    updated: int
    other_emails: list[str] = field(default_factory=list)
    deleted: bool = False
    blocked: bool = False

    def add(self, kind: str, value: str) -> None:
        """Gives them an address or a number, where there is a place left for it."""
        if kind == "email":
            known = [self.email, *self.other_emails]
            if not self.email:
                self.email = value
            elif value not in known and len(known) < _MOST_EMAILS:
                self.other_emails.append(value)
        elif value not in {self.phone, self.mobile}:
            if not self.phone:
                self.phone = value
            elif not self.mobile:
                self.mobile = value

    def remove(self, kind: str, value: str) -> None:
        """Takes an address or a number from them; another address takes the primary one's place."""
        if kind == "email":
            self.other_emails = [one for one in self.other_emails if one != value]
            if self.email == value:
                self.email = self.other_emails.pop(0) if self.other_emails else None
            return
        self.phone = None if self.phone == value else self.phone
        self.mobile = None if self.mobile == value else self.mobile


@dataclass(slots=True)
class LiveTicket:
    """A ticket as it is now; `parts` are the texts each message of the story became."""

    id: int
    requester: int
    agent: int | None
    subject: str
    source: int
    status: str
    created: int
    updated: int
    solved: int | None
    status_changed: int
    told: Ticket
    description: LiveText
    conversations: list[LiveConversation] = field(default_factory=list)
    parts: list[list[LiveText]] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    reopened: int | None = None
    deleted: bool = False
    spam: bool = False

    @property
    def place(self) -> Place:
        """The list it stands in."""
        return "deleted" if self.deleted else "spam" if self.spam else "plain"

    def archived(self, now: int) -> bool:
        """Whether it has been closed and idle for so long that it is archived."""
        return self.status == "closed" and now - self.updated >= _ARCHIVED_AFTER


class Account:
    """Everything the simulated account holds; `connector.demo.freshdesk.changes` changes it.

    Args:
        story: What it tells; its changes are not applied yet, and its lone calls not taken in.
        tickets_of_missed_calls: Whether the phone system makes a ticket of each.
    """

    def __init__(self, story: Story, *, tickets_of_missed_calls: bool = True) -> None:
        self.story = story
        self.began = began(story)
        self.companies_changed = self.began - _DAY
        self.companies = {one.id: one for one in story.organizations}
        self.agents = {agent.id: self._agent(agent) for agent in staff(story)}
        self.contacts: dict[int, LiveContact] = {}
        self.tickets: dict[int, LiveTicket] = {}
        self.order: dict[Place, Timeline] = {
            "plain": Timeline(),
            "deleted": Timeline(),
            "spam": Timeline(),
        }
        self.pending = deque(story.changes)
        self._ringing = deque(talking.missed(story) if tickets_of_missed_calls else ())
        # The second of the change that is being applied: what it adds is no older than that,
        # whatever its own times are, or a reader who was there would miss it.
        self.present = 0
        self._winners: dict[int, int] = {}
        firsts = first_contacts(story)
        for customer in story.customers:
            self.add_customer(customer, firsts.get(customer.id, self.began))
        for ticket in story.tickets:
            self._take_in(ticket)
        self.order["plain"].extend({key: one.updated for key, one in self.tickets.items()})

    def _agent(self, agent: Agent) -> LiveAgent:
        since = self.began - _DAY
        admin = agent.role == "admin"
        return LiveAgent(agent.id, agent.name, agent.email or "", admin, agent.active, since, since)

    def add_customer(self, customer: Customer, created: int) -> None:
        """Takes in a customer, created at Unix second `created` unless the story says when."""
        at = seconds(customer.created_at) if customer.created_at else created
        contact = LiveContact(
            id=customer.id,
            name=customer.name,
            email=customer.email,
            phone=customer.phone,
            mobile=None,
            company=customer.organization,
            language=customer.language,
            time_zone=customer.time_zone or self.story.time_zone,
            created=at,
            updated=max(at, self.present),
        )
        for identity in customer.identities:
            contact.add(identity.type, identity.value)
        self.contacts[customer.id] = contact

    def add_ticket(self, told: Ticket) -> None:
        """Takes in a ticket and lets the list show it."""
        ticket = self._take_in(told)
        self.order["plain"].put(ticket.id, ticket.updated)

    def ring(self, until: int) -> None:
        """Takes in the calls that nobody has answered up to Unix second `until`."""
        while self._ringing and seconds(self._ringing[0].at) <= until:
            call = self._ringing.popleft()
            if self.present_id(call.customer) in self.contacts:
                self.present = max(self.present, seconds(call.at))
                self.add_ticket(call)

    def _take_in(self, told: Ticket) -> LiveTicket:
        requester = self.present_id(told.customer)
        if requester not in self.contacts:
            raise ValueError(f"ticket {told.id}: customer {told.customer} is gone for good")
        updated = max(seconds(told.updated), self.present)
        first = told.messages[0]
        ticket = LiveTicket(
            id=told.id,
            requester=requester,
            agent=told.agent,
            subject=talking.subject(told, self.contacts[requester].phone),
            source=talking.source(told),
            status=told.state,
            created=seconds(told.at),
            updated=updated,
            solved=seconds(told.solved) if told.solved else None,
            status_changed=seconds(told.solved or told.at),
            told=told,
            description=LiveText(first.text, first.html),
            ratings=[told.rating] if told.rating else [],
        )
        self.tickets[told.id] = ticket
        for message in told.messages:
            self.add_message(ticket, message)
        return ticket

    def add_message(self, ticket: LiveTicket, message: Message) -> None:
        """Appends a message; the first of a ticket is its description as well, or only that."""
        is_first = not ticket.parts
        author = self.present_id(ticket.told.author_of(message))
        told = talking.conversations(ticket.told, message, author, is_first=is_first)
        for conversation in told:
            self.append(ticket, conversation)
        ticket.parts.append([*([ticket.description] if is_first else []), *told])

    @staticmethod
    def append(ticket: LiveTicket, conversation: LiveConversation) -> None:
        """Puts a conversation behind the others and gives it its id, the same in every run."""
        conversation.id = ticket.id * 100_000 + len(ticket.conversations) + 1
        ticket.conversations.append(conversation)

    def touch(self, ticket: LiveTicket, second: int) -> None:
        """Moves `updated_at` of `ticket` on to `second`; it never goes back."""
        ticket.updated = max(ticket.updated, second)
        self.order[ticket.place].put(ticket.id, ticket.updated)

    def put(self, ticket: LiveTicket, place: Place, second: int) -> None:
        """Puts `ticket` into another list."""
        self.order[ticket.place].drop(ticket.id)
        ticket.deleted, ticket.spam = place == "deleted", place == "spam"
        self.touch(ticket, second)

    def destroy(self, ticket: LiveTicket) -> None:
        """Leaves nothing of `ticket`."""
        self.order[ticket.place].drop(ticket.id)
        del self.tickets[ticket.id]

    def present_id(self, number: int) -> int:
        """The id of whoever `number` has been merged into, else `number`."""
        while number in self._winners:
            number = self._winners[number]
        return number

    def remove_loser(self, loser: int, winner: int) -> None:
        """Leaves nothing of contact `loser` but that later words of theirs are the winner's."""
        del self.contacts[loser]
        self._winners[loser] = winner

    def tickets_of(self, contact: int) -> list[LiveTicket]:
        """The tickets `contact` has requested."""
        return [ticket for ticket in self.tickets.values() if ticket.requester == contact]
