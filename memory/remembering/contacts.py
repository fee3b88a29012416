"""How long which agent and which customer dealt with each other on a ticket."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from memory.entities import Role
from memory.record.remembered import Contact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from memory.record.stored import Stored

MOST_MINUTES_A_REPLY = 5.0
"""A written reply counts the minutes since the message before it, at most this many: a chat's
replies then add up to the chat, and an e-mail answered the next day counts as the writing of it."""


def contacts_of(customer_id: str | None, messages: Sequence[Stored]) -> tuple[Contact, ...]:
    """The contact time per agent of one ticket.

    Args:
        customer_id: The ticket's requester.
        messages: The ticket's messages in order, as `queries.messages_of_tickets` gives them.
    """
    if customer_id is None:
        return ()
    minutes: dict[str, float] = defaultdict(float)
    calls: dict[str, int] = defaultdict(int)
    last: dict[str, datetime] = {}
    before: datetime | None = None
    for message in messages:
        agent = _agent_of(message)
        if agent is not None:
            minutes[agent] += _minutes(message, before)
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


def _agent_of(message: Stored) -> str | None:
    if message.direction is not None:
        answered_by: str | None = message.answered_by
        return answered_by
    wrote = message.role == Role.AGENT.value and message.public
    author_id: str | None = message.author_id
    return author_id if wrote else None


def _minutes(message: Stored, before: datetime | None) -> float:
    if message.direction is not None:
        return float(message.minutes or 0.0)
    if before is None:
        return 1.0
    minutes: float = (message.at - before).total_seconds() / 60
    return min(minutes, MOST_MINUTES_A_REPLY)
