"""An agent's day: their conversations in a line each, with what there is to remember of them.

Whoever takes a hundred calls cannot recall half of them. The day is for that agent's eyes only;
nothing in it is of a sensitive matter but that there was one.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from memory.asking.before import is_solved
from memory.asking.document import VERSION
from memory.asking.notable import Code, Span, codes_of, histories_of
from memory.asking.view import rfc3339
from memory.record import callers, of_agent, queries
from memory.remembering.contacts import contacts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa

    from memory.asking.view import View
    from memory.record.remembered import Contact
    from memory.record.stored import Stored


class DayCustomer(TypedDict):
    """Whose conversation it was."""

    ref: str
    name: str | None
    url: str


class Conversation(TypedDict):
    """What an agent and a customer had to do with each other that day on one ticket.

    Attributes:
        at: When it ended.
        hidden: Whether `title` is a neutral one.
        outcome: `solved` or `open`.
        remember: Codes, see `Code`.
    """

    at: str
    customer: DayCustomer
    ticket: str
    title: str
    hidden: bool
    channel: str
    minutes: float | None
    outcome: Literal["solved", "open"]
    remember: list[Code]


class RingCustomer(TypedDict):
    """Who called, where it is known."""

    ref: str
    name: str | None


class DayRing(TypedDict):
    """A call that rang for the agent; `answered`, by whomever."""

    ring: str
    at: str
    state: Literal["ringing", "answered", "ended"]
    direction: Literal["inbound", "outbound"]
    answered: bool
    customer: RingCustomer | None


class Day(TypedDict):
    """A day of one agent, as it went."""

    version: int
    agent: str
    on: str
    conversations: list[Conversation]
    rings: list[DayRing]


def day_of(connection: sa.Connection, view: View, agent: Stored, on: date) -> Day:
    """The day of an agent, oldest first.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        agent: Whose day.
        on: Which day, in the account's time zone.
    """
    midnight = datetime.combine(on, time.min, view.zone)
    span = Span(midnight, datetime.combine(on + timedelta(days=1), time.min, view.zone))
    return {
        "version": VERSION,
        "agent": view.account.ref(agent.id),
        "on": on.isoformat(),
        "conversations": list(_conversations(connection, view, agent, span)),
        "rings": list(_rings(connection, view, agent, span)),
    }


def _conversations(
    connection: sa.Connection, view: View, agent: Stored, span: Span
) -> Iterator[Conversation]:
    number = view.account.number
    rows = of_agent.dealt_with(connection, number, agent.id, span.since, span.until)
    shares = _shares(connection, view, agent, rows, span)
    tickets = {row.id: row for row in rows if row.id in shares}
    people = {row.requester_id: row.name for row in tickets.values()}
    histories = histories_of(connection, view, agent, sorted(people))
    for ticket_id, share in sorted(shares.items(), key=lambda one: (one[1].at, one[0])):
        who = tickets[ticket_id].requester_id
        history = histories[who]
        ticket = next((row for row in history.facts.tickets if row.id == ticket_id), None)
        if ticket is None:
            continue
        title = history.facts.title(ticket)
        yield {
            "at": rfc3339(share.at),
            "customer": {
                "ref": view.account.ref(who),
                "name": people[who],
                "url": view.customer_url(who),
            },
            "ticket": view.account.ref(ticket_id),
            "title": title.text,
            "hidden": title.hidden,
            "channel": "voice" if share.calls else ticket.channel,
            "minutes": share.minutes or None,
            "outcome": "solved" if is_solved(ticket) else "open",
            "remember": list(codes_of(connection, view, history, ticket, span)),
        }


def _shares(
    connection: sa.Connection, view: View, agent: Stored, rows: Sequence[Stored], span: Span
) -> dict[str, Contact]:
    """What of each ticket was the agent's part that day."""
    number, ids = view.account.number, [row.id for row in rows]
    until = min(span.until, view.as_of + timedelta.resolution)
    messages: dict[str, list[Stored]] = defaultdict(list)
    for message in queries.messages_of_tickets(
        connection, number, ids, since=span.since, until=until
    ):
        messages[message.ticket_id].append(message)
    legs: dict[str, list[Stored]] = defaultdict(list)
    for leg in callers.legs_of_tickets(connection, number, ids):
        legs[leg.call_id].append(leg)
    found: dict[str, Contact] = {}
    for row in rows:
        for part in contacts_of(row.requester_id, messages[row.id], legs, row.assignee_id):
            if part.agent_id == agent.id:
                found[row.id] = part
    return found


def _rings(connection: sa.Connection, view: View, agent: Stored, span: Span) -> Iterator[DayRing]:
    for row in of_agent.rings_between(connection, view.account.number, span.since, span.until):
        if row.agent_id != agent.id and agent.id not in row.agents:
            continue
        customer: RingCustomer | None = None
        if row.customer_id is not None:
            customer = {"ref": view.account.ref(row.customer_id), "name": row.name}
        yield {
            "ring": row.id,
            "at": rfc3339(row.at),
            "state": row.state,
            "direction": row.direction,
            "answered": row.answered_at is not None,
            "customer": customer,
        }
