"""Whom a customer would rather speak to, and why we think so."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from memory.asking.document import PreferredAgent
    from memory.asking.view import View
    from memory.record.stored import Stored

HALF_LIFE_DAYS = 90
"""A minute spoken this long ago weighs half of one spoken today; recent time weighs more, as in
Dixa's preferred agent (support.dixa.help, article 165)."""

_ASKED_WITHIN_DAYS = 365
_FEWEST_TALKS = 2
_FEWEST_SHARE = 0.5


def preferred_agent(
    view: View,
    requests: Sequence[Stored],
    contacts: Sequence[Stored],
    agents: Mapping[str, Stored],
    you: str | None,
) -> PreferredAgent | None:
    """The agent asked for by name within a year, else the one with most contact time of late.

    Only active agents are preferred, and never one the customer last asked not to have.

    Args:
        view: How the question is asked.
        requests: The customer's memories of kind `agent_request`.
        contacts: Rows of `queries.contacts_of`.
        agents: Agents by id.
        you: The asking agent's id.
    """
    said = sorted(requests, key=lambda row: (row.said_at, row.code.startswith("not:")))
    latest = {row.code.removeprefix("not:"): row.code for row in said}
    unwanted = {agent_id for agent_id, code in latest.items() if code.startswith("not:")}
    eligible = {key for key, row in agents.items() if row.active and row.role == "agent"} - unwanted
    found = _asked(view, requests, eligible) or _most_time(view, contacts, eligible)
    if found is None:
        return None
    agent_id, code, times, of, confidence = found
    return {
        "agent": {"ref": view.account.ref(agent_id), "name": agents[agent_id].name},
        "reason": {"code": code, "times": times, "of": of},
        "confidence": round(confidence, 2),
        "is_you": agent_id == you,
    }


def _asked(
    view: View, requests: Sequence[Stored], eligible: set[str]
) -> tuple[str, str, int, int, float] | None:
    """One ticket that names an agent twice asks once."""
    asks = {
        (row.code, row.ticket_id)
        for row in requests
        if row.code in eligible and 0 <= view.days_ago(row.said_at) <= _ASKED_WITHIN_DAYS
    }
    times = Counter(agent for agent, _ in asks)
    if not times:
        return None
    agent_id, most = max(times.items(), key=lambda item: (item[1], item[0]))
    total = times.total()
    return (
        agent_id,
        "asked_by_name",
        most,
        total,
        (most + 1) / (total + 1) * (1 - 0.5 ** (most + 1)),
    )


def _most_time(
    view: View, contacts: Sequence[Stored], eligible: set[str]
) -> tuple[str, str, int, int, float] | None:
    weight: dict[str, float] = defaultdict(float)
    talks: Counter[str] = Counter()
    for row in contacts:
        weight[row.agent_id] += row.minutes * 0.5 ** (view.days_ago(row.at) / HALF_LIFE_DAYS)
        talks[row.agent_id] += row.talks
    total = sum(weight.values())
    if not total:
        return None
    agent_id = max(weight, key=lambda key: (weight[key], key))
    share = weight[agent_id] / total
    if agent_id not in eligible or talks[agent_id] < _FEWEST_TALKS or share < _FEWEST_SHARE:
        return None
    return agent_id, "contact_time", talks[agent_id], talks.total(), share
