"""Whom a customer would rather speak to, and why we think so."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from memory.entities import Role, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from memory.asking.document import PreferredAgent
    from memory.asking.view import View
    from memory.record.stored import Stored

HALF_LIFE_DAYS = 90
"""A minute spoken this long ago weighs half of one spoken today; recent time weighs more, as in
Dixa's preferred agent (support.dixa.help, article 165)."""

_ASKED_WITHIN_DAYS = 365
_FEWEST = 2
"""So many talks, good ratings or solved tickets are a habit."""

_MOST: Final = 0.5
"""Whoever has more than this share of the time, or of what was solved, has most of it."""

_SOLVED: Final = frozenset({Status.SOLVED.value, Status.CLOSED.value})
_NOT: Final = "not:"


@dataclass(frozen=True, slots=True)
class History:
    """What a customer and the agents have had to do with each other, up to the present.

    Attributes:
        requests: The customer's memories of kind `agent_request`. The `code` names the agents whom
            the words may mean, as `requests.Request.code` writes them.
        contacts: Rows of `of_customer.contacts_of`.
        tickets: Rows of `of_customer.tickets_of`.
        ratings: Rows of `of_customer.ratings_of`.
        agents: By id: `name`, `role`, `active`, and whether they `declined` to be offered.
    """

    requests: Sequence[Stored]
    contacts: Sequence[Stored]
    tickets: Sequence[Stored]
    ratings: Sequence[Stored]
    agents: Mapping[str, Stored]


@dataclass(frozen=True, slots=True)
class _Request:
    agent_id: str
    wanted: bool
    ticket_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Choice:
    agent_id: str
    code: str
    times: int
    of: int
    confidence: float


def agents_in(code: str) -> list[str]:
    """The agents whom a request's code names: several who share a name."""
    return code.removeprefix(_NOT).split()


def preferred_agent(view: View, history: History, you: str | None) -> PreferredAgent | None:
    """The agent whom the customer would rather speak to.

    In this order: asked for by name within a year; most contact time of late; well rated; solved
    most. Never one who left, who declined to be offered, or whom the customer last asked not to
    have; what those did still counts in what the others' share is of.

    Args:
        view: How the question is asked.
        history: What the customer and the agents have had to do with each other.
        you: The asking agent's id.
    """
    said = list(_meant(history))
    latest = {row.agent_id: row.wanted for row in sorted(said, key=lambda x: (x.at, not x.wanted))}
    eligible = {
        key
        for key, row in history.agents.items()
        if row.active
        and row.role == Role.AGENT.value
        and not row.declined
        and latest.get(key, True)
    }
    found = (
        _asked(view, said, eligible)
        or _most_time(view, history.contacts, eligible)
        or _rated(history.ratings, eligible)
        or _solved_most(view, history.tickets, eligible)
    )
    if found is None:
        return None
    return {
        "agent": {
            "ref": view.account.ref(found.agent_id),
            "name": history.agents[found.agent_id].name,
        },
        "reason": {"code": found.code, "times": found.times, "of": found.of},
        "confidence": round(found.confidence, 2),
        "is_you": found.agent_id == you,
    }


def _meant(history: History) -> Iterator[_Request]:
    """Each request with the agent it means.

    A name that several share means the only one of them who had dealt with the customer by then.
    """
    for row in history.requests:
        named = set(agents_in(row.code))
        if len(named) > 1:
            named &= {one.agent_id for one in history.contacts if one.at <= row.said_at}
        if len(named) == 1:
            wanted = not row.code.startswith(_NOT)
            yield _Request(named.pop(), wanted, row.ticket_id, row.said_at)


def _asked(view: View, requests: Iterable[_Request], eligible: set[str]) -> _Choice | None:
    """One ticket that names an agent twice asks once; of two asked for as often the later."""
    asks = [
        one for one in requests if one.wanted and 0 <= view.days_ago(one.at) <= _ASKED_WITHIN_DAYS
    ]
    times = Counter(agent for agent, _ in {(one.agent_id, one.ticket_id) for one in asks})
    last: dict[str, datetime] = {}
    for one in asks:
        last[one.agent_id] = max(one.at, last.get(one.agent_id, one.at))
    named = last.keys() & eligible
    if not named:
        return None
    agent_id = max(named, key=lambda key: (times[key], last[key], key))
    most, total = times[agent_id], times.total()
    sure = (most + 1) / (total + 1) * (1 - 0.5 ** (most + 1))
    return _Choice(agent_id, "asked_by_name", most, total, sure)


def _most_time(view: View, contacts: Iterable[Stored], eligible: set[str]) -> _Choice | None:
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
    if agent_id not in eligible or talks[agent_id] < _FEWEST or share <= _MOST:
        return None
    return _Choice(agent_id, "contact_time", talks[agent_id], talks.total(), share)


def _rated(ratings: Iterable[Stored], eligible: set[str]) -> _Choice | None:
    """Good ratings and no bad one; of a ticket that was rated anew the last rating stands."""
    stands = {row.ticket_id: row for row in sorted(ratings, key=lambda row: (row.at, row.id))}
    good = Counter(row.agent_id for row in stands.values() if row.score == "good")
    bad = {row.agent_id for row in stands.values() if row.score != "good"}
    last = {row.agent_id: row.at for row in stands.values()}
    well = {key for key, count in good.items() if count >= _FEWEST} & eligible - bad
    if not well:
        return None
    agent_id = max(well, key=lambda key: (good[key], last[key], key))
    times, total = good[agent_id], len(stands)
    return _Choice(agent_id, "rated", times, total, (times + 1) / (total + 2))


def _solved_most(view: View, tickets: Iterable[Stored], eligible: set[str]) -> _Choice | None:
    solved = Counter(
        row.assignee_id
        for row in tickets
        if row.status in _SOLVED and (row.solved_at is None or row.solved_at <= view.as_of)
    )
    total = solved.total()
    for agent_id, times in solved.most_common(1):
        if agent_id in eligible and times >= _FEWEST and times / total > _MOST:
            return _Choice(agent_id, "solved", times, total, (times + 1) / (total + 2))
    return None
