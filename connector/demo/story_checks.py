"""What a well-formed story must also keep: ids that exist, times in order, authors that can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.demo.story_parts import (
    AddCustomer,
    AddMessage,
    AddTicket,
    ByAgent,
    ByCustomer,
    DeleteCustomer,
    MakePrivate,
    MergeCustomers,
    MergeTickets,
    RedactMessage,
    RestoreCustomer,
    ToIdentity,
    UpdateAgent,
    UpdateCustomer,
    UpdateTicket,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.demo.story_parts import Change, Customer, Message, Rating, Story, Ticket


def first_flaw(story: Story) -> str | None:
    """The first thing in `story` that cannot be, as ``path: what is wrong``, or None."""
    return next(_Checks().story(story), None)


@dataclass
class _Checks:
    """What has been told so far, and the flaws of what is told next."""

    organizations: set[int] = field(default_factory=set)
    agents: set[int] = field(default_factory=set)
    customers: set[int] = field(default_factory=set)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    messages: dict[int, list[Message]] = field(default_factory=dict)

    def story(self, story: Story) -> Iterator[str]:
        """The flaws of a whole story, in its order."""
        for number, organization in enumerate(story.organizations):
            if organization.id in self.organizations:
                yield f"organizations[{number}].id: {organization.id} is taken"
            self.organizations.add(organization.id)
        for number, agent in enumerate(story.agents):
            if agent.id in self.agents:
                yield f"agents[{number}].id: {agent.id} is taken"
            self.agents.add(agent.id)
        for number, customer in enumerate(story.customers):
            yield from self.customer(f"customers[{number}]", customer)
        for number, ticket in enumerate(story.tickets):
            yield from self.ticket(f"tickets[{number}]", ticket)
        yield from self.calls(story)
        for number, change in enumerate(story.changes):
            if number and change.at < story.changes[number - 1].at:
                yield f"changes[{number}].at: earlier than the change before it"
            yield from self.change(f"changes[{number}]", change)

    def calls(self, story: Story) -> Iterator[str]:
        """The flaws of calls that left no ticket."""
        known: set[int] = set()
        for number, told in enumerate(story.calls):
            path = f"calls[{number}]"
            if told.id in known:
                yield f"{path}.id: {told.id} is taken"
            if told.call.kind != "talk":
                yield f"{path}.call.kind: a partner's call leaves a ticket"
            known.add(told.id)
            yield from self.known(f"{path}.customer", self.customers, told.customer)
            yield from self.known(f"{path}.call.answered_by", self.agents, told.call.answered_by)

    def customer(self, path: str, customer: Customer) -> Iterator[str]:
        """The flaws of a customer, who is known from here on."""
        if customer.id in self.customers | self.agents:
            yield f"{path}.id: {customer.id} is taken"
        if customer.organization not in self.organizations | {None}:
            yield f"{path}.organization: there is no organization {customer.organization}"
        self.customers.add(customer.id)

    def ticket(self, path: str, ticket: Ticket) -> Iterator[str]:
        """The flaws of a ticket, which is known from here on."""
        if ticket.id in self.tickets:
            yield f"{path}.id: {ticket.id} is taken"
        if ticket.subject is None and ticket.topic is None:
            yield f"{path}.subject: missing"
        yield from self.known(f"{path}.customer", self.customers, ticket.customer)
        yield from self.known(f"{path}.agent", self.agents, ticket.agent)
        previous = ticket.at
        for number, message in enumerate(ticket.messages):
            if message.at < previous:
                yield f"{path}.messages[{number}].at: earlier than what stands before it"
            previous = message.at
            yield from self.message(f"{path}.messages[{number}]", ticket, message)
        yield from self.rating(f"{path}.rating", ticket.rating)
        self.tickets[ticket.id] = ticket
        self.messages[ticket.id] = list(ticket.messages)

    def message(self, path: str, ticket: Ticket, message: Message) -> Iterator[str]:
        """The flaws of a message in `ticket`."""
        match message.by:
            case "agent" if ticket.agent is None:
                yield f'{path}.by: "agent" in a ticket without one'
            case ByCustomer(customer=customer):
                yield from self.known(f"{path}.by.customer", self.customers, customer)
            case ByAgent(agent=agent):
                yield from self.known(f"{path}.by.agent", self.agents, agent)
            case _:
                pass
        if message.call:
            yield from self.known(f"{path}.call.answered_by", self.agents, message.call.answered_by)

    def rating(self, path: str, rating: Rating | None) -> Iterator[str]:
        """The flaws of a rating."""
        if rating:
            yield from self.known(f"{path}.agent", self.agents, rating.agent)

    def change(self, path: str, change: Change) -> Iterator[str]:
        """The flaws of a change, whose effect is known from here on."""
        match change:
            case AddTicket(ticket=ticket):
                yield from self.ticket(f"{path}.ticket", ticket)
            case AddCustomer(customer=customer):
                yield from self.customer(f"{path}.customer", customer)
            case UpdateCustomer() | DeleteCustomer() | RestoreCustomer() | ToIdentity():
                yield from self.known(f"{path}.customer", self.customers, change.customer)
            case UpdateAgent():
                yield from self.known(f"{path}.agent", self.agents, change.agent)
            case MergeCustomers():
                yield from self.merge(path, change, self.customers, "nobody has the id")
            case MergeTickets():
                yield from self.merge(path, change, set(self.tickets), "there is no ticket")
            case _:
                yield from self.change_of_ticket(path, change)

    def change_of_ticket(self, path: str, change: Change) -> Iterator[str]:
        """The flaws of a change to a ticket that must be there."""
        number = getattr(change, "ticket", 0)
        if number not in self.tickets:
            yield f"{path}.ticket: there is no ticket {number}"
        elif isinstance(change, AddMessage):
            yield from self.message(f"{path}.message", self.tickets[number], change.message)
            self.messages[number].append(change.message)
        elif isinstance(change, RedactMessage):
            yield from self.redaction(path, change)
        elif isinstance(change, MakePrivate):
            yield from self.place(path, change)
        elif isinstance(change, UpdateTicket):
            values = change.set
            yield from self.known(f"{path}.set.agent", self.agents, values.get("agent"))
            yield from self.known(f"{path}.set.customer", self.customers, values.get("customer"))
            yield from self.rating(f"{path}.set.rating", values.get("rating"))

    def merge(
        self, path: str, change: MergeCustomers | MergeTickets, ids: set[int], missing: str
    ) -> Iterator[str]:
        """The flaws of a merge: both have to be there, and to be two."""
        for name, number in (("loser", change.loser), ("winner", change.winner)):
            if number not in ids:
                yield f"{path}.{name}: {missing} {number}"
        if change.loser == change.winner:
            yield f"{path}.winner: is the loser"

    def place(self, path: str, change: RedactMessage | MakePrivate) -> Iterator[str]:
        """A flaw where the ticket has no such message."""
        count = len(self.messages[change.ticket])
        if change.message >= count:
            yield f"{path}.message: ticket {change.ticket} has {count} messages"

    def redaction(self, path: str, change: RedactMessage) -> Iterator[str]:
        """The flaws of a redaction: the message and the words have to be there."""
        if flaw := next(self.place(path, change), None):
            yield flaw
            return
        message = self.messages[change.ticket][change.message]
        transcript = (message.call and message.call.transcript) or ""
        if change.words not in message.text and change.words not in transcript:
            yield f"{path}.words: not in that message"

    @staticmethod
    def known(path: str, ids: set[int], wanted: int | None) -> Iterator[str]:
        """A flaw where `wanted` is none of `ids`."""
        if wanted is not None and wanted not in ids:
            yield f"{path}: nobody has the id {wanted}"
