"""How long which agent and which customer dealt with each other on a ticket."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from memory.entities import Role
from memory.record.remembered import Contact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from memory.record.stored import Stored

MOST_MINUTES_A_REPLY = 5.0
"""A written reply counts the minutes since the message before it, at most this many: a chat's
replies then add up to the chat, and an e-mail answered the next day counts as the writing of it."""

_HANDED_ON = 2
"""Agents in a call from which on their own parts say more than who picked up."""


def contacts_of(
    customer_id: str | None,
    messages: Sequence[Stored],
    legs: Mapping[str, Sequence[Stored]] | None = None,
    assignee_id: str | None = None,
) -> tuple[Contact, ...]:
    """The contact time per agent of one ticket.

    Args:
        customer_id: The ticket's requester.
        messages: The ticket's messages in order, as `queries.messages_of_tickets` gives them.
        legs: By call, the agents' parts in it, as `callers.legs_of_tickets` gives them; a call
            that was handed on is shared out by them.
        assignee_id: Whose ticket it is, which stands in for who answered a call of which nothing
            tells, as of partner telephony.
    """
    if customer_id is None:
        return ()
    minutes: dict[str, float] = defaultdict(float)
    calls: dict[str, int] = defaultdict(int)
    last: dict[str, datetime] = {}
    before: datetime | None = None
    for message in messages:
        for agent, spent in _shares(message, before, legs or {}, assignee_id):
            minutes[agent] += spent
            calls[agent] += message.direction is not None
            last[agent] = max(message.at, last.get(agent, message.at))
        before = message.at
    return tuple(
        Contact(
            customer_id,
            agent,
            last[agent],
            round(minutes[agent], 1),
            max(calls[agent], 1),
            calls[agent],
        )
        for agent in sorted(last)
    )


def _shares(
    message: Stored,
    before: datetime | None,
    legs: Mapping[str, Sequence[Stored]],
    assignee_id: str | None,
) -> list[tuple[str, float]]:
    """Who of the agents spent how many minutes on a message, each agent once."""
    if message.direction is None:
        wrote = message.role == Role.AGENT.value and message.public
        return [(message.author_id, _writing(message, before))] if wrote else []
    if message.missed:
        return []
    parts: dict[str, float] = defaultdict(float)
    for leg in legs.get(message.call_id or "", ()):
        parts[leg.agent_id] += leg.minutes or 0.0
    if len(parts) >= _HANDED_ON:
        return sorted(parts.items())
    wrote = message.author_id if message.role == Role.AGENT.value else None
    agent = message.answered_by or next(iter(parts), None) or wrote
    if agent is None and message.minutes:
        agent = assignee_id
    return [] if agent is None else [(agent, float(message.minutes or parts.get(agent, 0.0)))]


def _writing(message: Stored, before: datetime | None) -> float:
    if before is None:
        return 1.0
    minutes: float = (message.at - before).total_seconds() / 60
    return min(minutes, MOST_MINUTES_A_REPLY)
