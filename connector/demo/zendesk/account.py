"""What a simulated Zendesk account holds at one moment, indexed for what is asked of it."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from connector.demo.story_parts import SYSTEM
from connector.demo.telling import LINE, began, first_contacts, staff
from connector.demo.timeline import Timeline
from connector.demo.times import seconds
from connector.demo.zendesk.habits import Habits
from connector.demo.zendesk.live import (
    LiveCall,
    LiveComment,
    LiveEvent,
    LiveIdentity,
    LiveTicket,
    LiveUser,
)
from connector.demo.zendesk.talk import Calls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.demo.story_parts import (
        Agent,
        Call,
        Customer,
        LoneCall,
        Message,
        Organization,
        Rating,
        Story,
        Ticket,
    )
    from connector.demo.zendesk.apps import Display, Notice

_DAY = 86_400
_AUDITS = 100_000
"""How many ids each ticket has for its audits and what is in them; the last is never one."""


class Account:
    """Everything the simulated account holds; `connector.demo.zendesk.changes` changes it.

    Args:
        story: What it tells; its changes are not applied yet.
    """

    def __init__(self, story: Story) -> None:
        self.story = story
        self.habits = Habits()
        self.calls = Calls()
        self.organizations: dict[int, Organization] = {o.id: o for o in story.organizations}
        self.users: dict[int, LiveUser] = {}
        self.tickets: dict[int, LiveTicket] = {}
        self.events: dict[int, LiveEvent] = {}
        self.ticket_order = Timeline()
        self.user_order = Timeline()
        self.event_order = Timeline()
        self.organization_order = Timeline()
        self.listed_tickets: list[int] = []
        self.deletions: dict[int, list[int]] = {}
        self.rated: list[tuple[int, int]] = []
        self.notices: list[Notice] = []
        self.displays: list[Display] = []
        self.pending = deque(story.changes)
        # The second of the change that is being applied: what it adds comes no earlier than that
        # in an export, whatever its own times are, or a reader who was there would miss it.
        self.present = 0
        self._bulk: dict[int, int] | None = {}
        self.began = began(story)
        self._people(story)
        for ticket in story.tickets:
            self.add_ticket(ticket)
        self.event_order.extend(self._bulk or {})
        self._bulk = None
        self.organization_order.extend(dict.fromkeys(self.organizations, self.began - _DAY))
        for told in story.calls:
            self._add_lone_call(told)

    @property
    def owner(self) -> LiveUser | None:
        """The first admin who is still there: whom OAuth clients act for."""
        staff = (user for user in self.users.values() if user.role == "admin" and user.active)
        return next(staff, None)

    def _people(self, story: Story) -> None:
        firsts = first_contacts(story)
        for agent in staff(story):
            self._add_agent(agent)
        for customer in story.customers:
            self.add_customer(customer, firsts.get(customer.id, self.began))

    def _add_agent(self, agent: Agent) -> None:
        email = agent.email or ""
        user = LiveUser(
            id=agent.id,
            name=agent.name,
            role=agent.role,
            email=email,
            phone=None,
            shared_phone=False,
            organization=None,
            language="en-US",
            time_zone=self.story.time_zone,
            created=self.began - _DAY,
            updated=self.began - _DAY,
            active=agent.active,
        )
        self._keep(user, [("email", email)])

    def add_customer(self, customer: Customer, created: int) -> None:
        """Takes in a customer, created at Unix second `created` unless the story says when."""
        at = seconds(customer.created_at) if customer.created_at else created
        user = LiveUser(
            id=customer.id,
            name=customer.name,
            role="end-user",
            email=customer.email,
            phone=customer.phone,
            shared_phone=customer.shared_phone,
            organization=customer.organization,
            language=customer.language,
            time_zone=customer.time_zone or self.story.time_zone,
            created=at,
            updated=at,
        )
        told = [(identity.type, identity.value) for identity in customer.identities]
        self._keep(user, told)
        mirror_primaries(user)

    def _keep(self, user: LiveUser, identities: Sequence[tuple[str, str]]) -> None:
        self.users[user.id] = user
        self.user_order.put(user.id, user.updated)
        for kind, value in identities:
            add_identity(user, kind, value, primary=kind == "email" and value == user.email)

    def add_ticket(self, told: Ticket) -> None:
        """Takes in a ticket with its messages, as comments and as events."""
        ticket = LiveTicket(
            id=told.id,
            requester=told.customer,
            agent=told.agent,
            subject=told.title,
            channel=told.channel or _channel(told.messages[0].call),
            status=told.state,
            created=seconds(told.at),
            updated=seconds(told.updated),
            generated=seconds(told.updated),
            solved=seconds(told.solved) if told.solved else None,
            rating=None,
            ai=told.ai,
            told=told,
        )
        self.tickets[told.id] = ticket
        insort(self.listed_tickets, told.id)
        for message in told.messages:
            children = [] if ticket.comments else [_created(ticket)]
            self.add_comment(ticket, message, children)
        if ticket.solved is not None:
            self.add_event(
                ticket, ticket.solved, ticket.agent, [change_of("status", "open", "solved")]
            )
        if told.rating:
            self.rate(ticket, told.rating)
        self.generate(ticket, self._system_update(ticket))

    def _system_update(self, ticket: LiveTicket) -> int:
        """The second of a ticket's last update of any kind.

        Every eleventh solved ticket was touched by the system days after its `updated_at`, as
        happens in real accounts: only its place in the export moved.
        """
        if ticket.solved is None or ticket.id % 11:
            return ticket.updated
        latest = seconds(self.story.as_of) - 3600
        return max(ticket.updated, min(ticket.updated + 4 * _DAY, latest))

    def add_comment(
        self,
        ticket: LiveTicket,
        message: Message,
        children: list[dict[str, Any]],
        *,
        rel: Literal["merge"] | None = None,
        api: bool = False,
    ) -> LiveComment:
        """Appends a message to `ticket`, and the event that tells of it."""
        audit = self._next_audit(ticket)
        author = ticket.told.author_of(message)
        call = _answered(message.call, ticket.agent)
        caller, called = self._numbers(ticket, call)
        comment = LiveComment(
            id=audit + 1,
            audit=audit,
            author=author,
            at=seconds(message.at),
            text=message.text,
            html=message.html,
            public=message.public,
            call=call,
            caller=caller,
            called=called,
            rel=rel,
            api=api,
        )
        ticket.comments.append(comment)
        if call and call.kind == "talk":
            self._add_call(ticket, comment, call)
        self._keep_event(LiveEvent(audit, ticket.id, comment.at, author, comment, children))
        return comment

    def _add_call(self, ticket: LiveTicket, comment: LiveComment, call: Call) -> None:
        by_customer = self.users.get(comment.author, self.users[ticket.requester])
        customer = by_customer.id if by_customer.role == "end-user" else ticket.requester
        agent = call.answered_by
        if call.direction == "outbound" and comment.author != SYSTEM:
            agent = agent or comment.author
        self._ring(LiveCall(comment.id, ticket.id, customer, agent, call, comment.at))

    def _add_lone_call(self, told: LoneCall) -> None:
        number = told.id * _AUDITS - 1
        at = seconds(told.at)
        call = told.call
        self._ring(LiveCall(number, None, told.customer, call.answered_by, call, at))

    def _ring(self, call: LiveCall) -> None:
        agents = [user.id for user in self.users.values() if user.role == "agent" and user.active]
        self.calls.add(call, agents, no_earlier_than=self.present)

    def _numbers(self, ticket: LiveTicket, call: Call | None) -> tuple[str, str]:
        """The number that rings and the number that is rung, as they are at that time."""
        if call is None:
            return "", ""
        customer = self.users[ticket.requester].phone or "anonymous"
        if call.direction == "inbound":
            return call.from_ or customer, LINE
        return call.from_ or LINE, customer

    def add_event(
        self, ticket: LiveTicket, at: int, updater: int | None, children: list[dict[str, Any]]
    ) -> None:
        """Tells in the event export that fields of `ticket` changed."""
        event = LiveEvent(
            self._next_audit(ticket), ticket.id, at, updater or SYSTEM, None, children
        )
        self._keep_event(event)

    def _keep_event(self, event: LiveEvent) -> None:
        event.at = max(event.at, self.present)
        self.events[event.id] = event
        if self._bulk is None:
            self.event_order.put(event.id, event.at)
        else:
            self._bulk[event.id] = event.at

    def events_of(self, ticket: LiveTicket) -> list[LiveEvent]:
        """The events of `ticket` so far."""
        return [self.events[_audit(ticket, number)] for number in range(1, ticket.audits + 1)]

    @staticmethod
    def _next_audit(ticket: LiveTicket) -> int:
        ticket.audits += 1
        return _audit(ticket, ticket.audits)

    def generate(self, ticket: LiveTicket, second: int) -> None:
        """Moves `ticket` on to `second` in the export; it never goes back."""
        ticket.generated = max(ticket.generated, second, self.present)
        self.ticket_order.put(ticket.id, ticket.generated)

    def touch(self, user: LiveUser, second: int) -> None:
        """Moves `user` on to `second` in the export; they never go back."""
        user.updated = max(user.updated, second)
        self.user_order.put(user.id, user.updated)

    def rate(self, ticket: LiveTicket, rating: Rating | None) -> None:
        """Gives `ticket` a rating in place of the one it had."""
        if ticket.rating:
            self.rated.remove((seconds(ticket.rating.at), ticket.id))
        ticket.rating = rating
        if rating:
            insort(self.rated, (seconds(rating.at), ticket.id))

    def list_ticket(self, ticket: LiveTicket, *, listed: bool) -> None:
        """Lets the ticket list show `ticket`, or hides it."""
        place = bisect_left(self.listed_tickets, ticket.id)
        there = self.listed_tickets[place : place + 1] == [ticket.id]
        if listed and not there:
            self.listed_tickets.insert(place, ticket.id)
        elif there and not listed:
            del self.listed_tickets[place]


def add_identity(user: LiveUser, kind: str, value: str, *, primary: bool = False) -> None:
    """Gives `user` an identity they do not have yet."""
    if any(known.type == kind and known.value == value for known in user.identities):
        return
    user.identities_made += 1
    number = user.id * 1000 + user.identities_made
    user.identities.append(LiveIdentity(number, kind, value, primary))


def mirror_primaries(user: LiveUser) -> None:
    """Makes the identities agree with `email` and `phone`; a shared number is no identity."""
    for identity in user.identities:
        if identity.type == "email":
            identity.primary = identity.value == user.email
    if user.email:
        add_identity(user, "email", user.email, primary=True)
    if user.phone and not user.shared_phone:
        add_identity(user, "phone_number", user.phone, primary=True)


def _answered(call: Call | None, agent: int | None) -> Call | None:
    """The call, answered by the ticket's agent where the story does not say by whom."""
    if call is None or call.outcome != "answered" or call.answered_by or call.kind != "talk":
        return call
    return replace(call, answered_by=agent)


def _channel(call: Call | None) -> str:
    if call is None:
        return "web"
    return "voice" if call.kind == "talk" else "api"


def _audit(ticket: LiveTicket, number: int) -> int:
    """The id of a ticket's audit: unique in the account, the same in every run of a story.

    The seven ids behind it are its comment's and its other events'.
    """
    return ticket.id * _AUDITS + number * 8


def _created(ticket: LiveTicket) -> dict[str, Any]:
    return {
        "event_type": "Create",
        "status": "new",
        "subject": ticket.subject,
        "requester_id": ticket.requester,
        "assignee_id": ticket.agent,
    }


def change_of(name: str, before: object, now: object) -> dict[str, Any]:
    """The child event that tells of one changed field."""
    return {"event_type": "Change", name: now, "previous_value": before}
