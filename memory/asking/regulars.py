"""The customers an agent knows, those they spent most time with of late first."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from memory.asking.document import VERSION, Candidate
from memory.asking.identity import candidates_of
from memory.asking.notable import by
from memory.asking.preferred import HALF_LIFE_DAYS, History, agents_in, preferred_agent
from memory.record import kept, of_agent, of_customer, of_customers, queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from memory.asking.view import View
    from memory.record.stored import Stored

MOST: Final = 50
_FEWEST_TALKS: Final = 2
"""Whoever was there once is no regular."""

_WEIGHED: Final = 3 * MOST
"""So many are weighed to the day, of those that weigh most by the month."""


class RegularCustomer(Candidate):
    """A customer, and where their page is."""

    url: str


class _Standing(TypedDict):
    """How an agent stands with a customer.

    Attributes:
        times: How often they talked.
        minutes: How long altogether.
        preferred: Whether the customer would rather speak to this agent than to others.
        offered: Whether the agent may be offered to them.
    """

    times: int
    last_on: str
    minutes: float
    preferred: bool
    offered: bool


class Regular(_Standing):
    """A customer whom an agent knows."""

    customer: RegularCustomer


class Regulars(TypedDict):
    """The customers whom one agent knows."""

    version: int
    agent: str
    regulars: list[Regular]


@dataclass(frozen=True, slots=True)
class _Agent:
    """An agent as one customer may have them."""

    name: str | None
    role: str
    active: bool
    declined: bool


def regulars_of(connection: sa.Connection, view: View, agent: Stored) -> Regulars:
    """The customers an agent knows; recent time weighs more, as for the preferred agent.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        agent: Whose regulars.
    """
    number = view.account.number
    ids = of_agent.warmest(
        connection,
        number,
        agent.id,
        view.as_of,
        half_life=timedelta(days=HALF_LIFE_DAYS),
        fewest=_FEWEST_TALKS,
        limit=_WEIGHED,
    )
    own = by(
        (
            row
            for row in of_agent.contacts_with(connection, number, agent.id, ids)
            if row.at <= view.as_of
        ),
        "customer_id",
    )
    known = sorted(own, key=lambda who: (-_warmth(view, own[who]), who))[:MOST]
    histories = _histories(connection, view, known)
    rows = {row.id: row for row in of_customers.named(connection, number, known)}
    candidates = candidates_of(connection, view, [rows[who] for who in known])
    return {
        "version": VERSION,
        "agent": view.account.ref(agent.id),
        "regulars": [
            {
                "customer": {**candidate, "url": view.customer_url(who)},
                **_standing(view, agent, own[who], histories[who]),
            }
            for who, candidate in zip(known, candidates, strict=True)
        ],
    }


def _warmth(view: View, contacts: Sequence[Stored]) -> float:
    warmth: float = sum(
        row.minutes * 0.5 ** (view.days_ago(row.at) / HALF_LIFE_DAYS) for row in contacts
    )
    return warmth


def _standing(view: View, agent: Stored, own: Sequence[Stored], history: History) -> _Standing:
    preferred = preferred_agent(view, history, agent.id)
    return {
        "times": sum(row.talks for row in own),
        "last_on": view.day(own[-1].at),
        "minutes": round(sum(row.minutes for row in own), 1),
        "preferred": preferred is not None and preferred["is_you"],
        "offered": not history.agents[agent.id].declined,
    }


def _histories(connection: sa.Connection, view: View, people: Sequence[str]) -> dict[str, History]:
    """What each of these customers and the agents have had to do with each other."""
    number = view.account.number
    contacts = by(of_customers.contacts_of(connection, number, people), "customer_id")
    requests = _requests(connection, view, people)
    tickets = by(of_customers.tickets_of(connection, number, people), "customer_id")
    ratings = by(of_customers.ratings_of(connection, number, people), "customer_id")
    wanted = {row.agent_id for who in people for row in (*contacts[who], *ratings[who])}
    wanted |= {row.assignee_id for who in people for row in tickets[who]}
    wanted |= {one for who in people for row in requests[who] for one in agents_in(row.code)}
    agents = queries.people(connection, number, sorted(wanted - {None}))
    declined: dict[str, set[str]] = defaultdict(set)
    for row in of_agent.not_offered_to(connection, number, people):
        declined[row.customer_id].add(row.agent_id)
    return {
        who: History(
            requests=requests[who],
            contacts=[row for row in contacts[who] if row.at <= view.as_of],
            tickets=[row for row in tickets[who] if row.created_at <= view.as_of],
            ratings=[row for row in ratings[who] if row.at <= view.as_of],
            agents={
                one.id: _Agent(
                    one.name, one.role, one.active, one.declined or one.id in declined[who]
                )
                for one in agents
            },
        )
        for who in people
    }


def _requests(
    connection: sa.Connection, view: View, people: Sequence[str]
) -> dict[str, list[Stored]]:
    """Whom these customers asked for, as far as it stands."""
    number = view.account.number
    rows = of_customers.memories_of(connection, number, people, ["agent_request"])
    ids = [row.id for row in rows]
    verdicts = kept.verdicts(connection, number, ids)
    rested = Counter(row.memory_id for row in of_customer.evidence_of(connection, number, ids))
    return by(
        (
            row
            for row in rows
            if row.id not in verdicts and rested[row.id] and row.said_at <= view.as_of
        ),
        "customer_id",
    )
