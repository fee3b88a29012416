"""A call as the board knows it: what it becomes with each moment that is told of it.

Phone systems tell late, twice and in any order. So what is known of a call only ever grows, and
the same moments make the same ring in whatever order they come.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from connector.rings.event import Direction, State

_ORDER: tuple[State, ...] = ("ringing", "answered", "ended")


@dataclass(frozen=True, slots=True)
class Moment:
    """A phone system's event, in the helpdesk's words.

    Attributes:
        caller: The other end as E.164; None where it is withheld or no number.
        agents: Ids of the helpdesk's agents whom it names.
        left: Ids of those whom it says it rings no more.
        members: Ids of who may claim the call: nobody where it names somebody; None: every agent.
        order: Its place among moments of one time, where the phone system counts them.
    """

    provider: str
    call_id: str
    caller: str | None = field(repr=False)
    called: str | None
    direction: Direction
    agents: tuple[str, ...]
    members: tuple[str, ...] | None
    state: State
    at: datetime
    left: tuple[str, ...] = ()
    order: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """The last that was said of an agent: whether a call rings them, or has left them."""

    at: datetime
    order: int
    has_left: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """A call, from its first ring to its end.

    Attributes:
        account: Such as `zendesk:acme`.
        key: The opaque key by which the outside knows it; says nothing by itself.
        caller: The other end as E.164; None where hidden.
        called: Our line, as the phone system names it.
        agents: Ids of the agents whom it rang, or rings still, in order.
        members: Ids of who may claim it while nobody is named; None: every agent.
        agent_id: Who answered or claimed it.
        customer_id: Who called, once that is one person.
        at: When it began to ring, as far as told.
        ended_at: When the phone system said that it ended; None too where the board gave it up.
        sequence: Grows with every change, over all rings.
        taken_at: When, by the phone system, `agent_id` answered; None for a claim.
        words: The last that was said of each agent.
    """

    account: str
    key: str
    provider: str
    call_id: str
    direction: Direction
    caller: str | None = field(repr=False)
    called: str | None
    state: State
    agents: tuple[str, ...]
    members: tuple[str, ...] | None
    agent_id: str | None
    customer_id: str | None
    at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    sequence: int
    taken_at: datetime | None = None
    words: Mapping[str, Word] = field(default_factory=dict)

    @property
    def hidden(self) -> bool:
        """Whether the caller's number is not known."""
        return self.caller is None

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.state != "ended"

    @property
    def unclaimed(self) -> bool:
        """Whether nobody was named, nobody claimed it, and somebody may."""
        return not self.agents and self.agent_id is None and self.members != ()

    @property
    def is_missed(self) -> bool:
        """Whether a customer rang and nobody answered."""
        return (
            self.direction == "inbound"
            and self.ended_at is not None
            and self.answered_at is None
            and self.agent_id is None
        )

    def concerns(self, agent_id: str) -> bool:
        """Whether an agent may know of it: it rang them, or they might have claimed it."""
        return (
            agent_id == self.agent_id
            or agent_id in self.agents
            or self.members is None
            or agent_id in self.members
        )

    def is_of(self, agent_id: str) -> bool:
        """Whether it is this agent's: they have it, or it rings them and nobody has it yet."""
        if self.agent_id is not None:
            return agent_id == self.agent_id
        word = self.words.get(agent_id)
        return agent_id in self.agents and not (word is not None and word.has_left)


def begun(account: str, key: str, moment: Moment, sequence: int) -> Ring:
    """The ring that a first moment makes; of an end alone there is none."""
    ring = Ring(
        account=account,
        key=key,
        provider=moment.provider,
        call_id=moment.call_id,
        direction=moment.direction,
        caller=moment.caller,
        called=moment.called,
        state="ringing",
        agents=(),
        members=(),
        agent_id=None,
        customer_id=None,
        at=moment.at,
        answered_at=None,
        ended_at=None,
        sequence=sequence,
    )
    return after(ring, moment)


def after(ring: Ring, moment: Moment) -> Ring:
    """The ring once this moment is known, too; equal to it when that says nothing new."""
    if moment.state == "ended":
        return ended(ring, moment.at)
    told = replace(
        ring,
        direction=min(ring.direction, moment.direction),
        caller=_one(ring.caller, moment.caller),
        called=_one(ring.called, moment.called),
        state=max(ring.state, moment.state, key=_ORDER.index),
        agents=tuple(sorted({*ring.agents, *moment.agents, *moment.left})),
        members=_either(ring.members, moment.members),
        at=min(ring.at, moment.at),
        words=_words(ring.words, moment),
    )
    return _answered(told, moment) if moment.state == "answered" else told


def ended(ring: Ring, at: datetime) -> Ring:
    """The ring once it is known when it ended."""
    first = min(ring.ended_at or at, at)
    # Nobody answers after the end: the clocks of a phone system's parts differ.
    answered_at = None if ring.answered_at is None else min(ring.answered_at, first)
    return replace(ring, state="ended", ended_at=first, answered_at=answered_at)


def claimed(ring: Ring, agent_id: str) -> Ring:
    """The ring once an agent said that it is theirs."""
    return replace(ring, agent_id=agent_id)


def given_up(ring: Ring) -> Ring:
    """The ring whose end was never told; whether it was answered is not known."""
    return replace(ring, state="ended")


def _answered(ring: Ring, moment: Moment) -> Ring:
    """Whoever answered last has the call; before whom an agent only claimed to be."""
    first = min(x for x in (ring.answered_at, ring.ended_at, moment.at) if x is not None)
    ring = replace(ring, answered_at=first)
    if len(moment.agents) != 1:
        return ring
    agent_id = moment.agents[0]
    known = None if ring.taken_at is None else (ring.taken_at, ring.agent_id or "")
    if known is not None and known >= (moment.at, agent_id):
        return ring
    return replace(ring, agent_id=agent_id, taken_at=moment.at)


def _words(known: Mapping[str, Word], moment: Moment) -> Mapping[str, Word]:
    told = {agent_id: Word(moment.at, moment.order, False) for agent_id in moment.agents}
    told |= {agent_id: Word(moment.at, moment.order, True) for agent_id in moment.left}
    newest = {
        agent_id: max((x for x in (known.get(agent_id), word) if x is not None), key=_place)
        for agent_id, word in told.items()
    }
    return {**known, **newest}


def _place(word: Word) -> tuple[datetime, int, bool]:
    return word.at, word.order, word.has_left


def _one(known: str | None, told: str | None) -> str | None:
    return min((x for x in (known, told) if x is not None), default=None)


def _either(one: Iterable[str] | None, other: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if one is None or other is None else tuple(sorted({*one, *other}))
