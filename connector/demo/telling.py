"""What every simulated helpdesk makes of a story, whatever its vendor."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from connector.demo.story_parts import Agent
from connector.demo.times import seconds

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterator

    from connector.demo.story_parts import Change, Story

LINE = "+18005550142"
"""The company's own number."""


def staff(story: Story) -> list[Agent]:
    """The agents of `story`. An account always has an admin: one that tells of none gets an owner.

    Every one of them has an e-mail address.
    """
    people = list(story.agents)
    if not any(agent.role == "admin" and agent.active for agent in people):
        taken = [agent.id for agent in people] + [one.id for one in story.customers]
        email = f"owner@{story.account}.example"
        owner = Agent(max(taken, default=0) + 1, "Account owner", email, "admin")
        people.append(owner)
    return [
        agent
        if agent.email
        else Agent(
            agent.id,
            agent.name,
            f"agent-{agent.id}@{story.account}.example",
            agent.role,
            agent.active,
        )
        for agent in people
    ]


def began(story: Story) -> int:
    """The second of the first ticket in `story`; its present, where there is none."""
    return min((seconds(ticket.at) for ticket in story.tickets), default=seconds(story.as_of))


def first_contacts(story: Story) -> dict[int, int]:
    """The second of each customer's first ticket."""
    firsts: dict[int, int] = {}
    for ticket in story.tickets:
        at = seconds(ticket.at)
        firsts[ticket.customer] = min(at, firsts.get(ticket.customer, at))
    return firsts


def due(pending: deque[Change], now: int) -> Iterator[Change]:
    """Takes from `pending` each change that Unix second `now` has reached, in their order."""
    while pending and seconds(pending[0].at) <= now:
        yield pending.popleft()


def blacked_out(text: str, words: str) -> str:
    """`text` with a block in place of each letter of `words`, which may stand there as markup."""
    black = "\u2587" * len(words)
    return text.replace(html.escape(words), black).replace(words, black)
