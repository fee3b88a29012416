"""Puts what a phone system says into the helpdesk's words: who its agents are, which number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.rings.ring import Moment
from memory.phones import normalise

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from connector.clock import Clock
    from connector.rings.agents import Agent, AgentMap
    from connector.rings.event import RingEvent

_KEPT = 300.0
"""Seconds after which the helpdesk's agents are read again."""
_SOONEST = 5.0
"""The same, where a phone system names somebody who is not among them."""

_AHEAD = timedelta(minutes=5)
"""How far a phone system's clock may be ahead of ours."""


@dataclass(slots=True)
class _Agents:
    rows: Sequence[Agent]
    read_at: float


class Understanding:
    """Knows the agents of every account, and reads them again now and then."""

    def __init__(
        self,
        agents: AgentMap,
        read: Callable[[str], Awaitable[Sequence[Agent]]],
        clock: Clock,
        region: str | None,
    ) -> None:
        """Nothing is read yet.

        Args:
            agents: Who of a phone system is which agent.
            read: Brings the agents of an account.
            clock: Tells the time.
            region: Where phone numbers without a country code are from.
        """
        self._map = agents
        self._read = read
        self._clock = clock
        self._region = region
        self._known: dict[str, _Agents] = {}

    async def moment(self, account: str, event: RingEvent) -> Moment:
        """What an event says.

        Raises:
            RecordError: The account's agents cannot be read.
        """
        phone = normalise(event.caller, self._region)
        rows = await self._agents(account, event)
        by_group = not event.agents and not event.left
        where = (event.group, event.called)
        return Moment(
            provider=event.provider,
            call_id=event.call_id,
            caller=None if phone is None else phone.e164,
            called=event.called,
            direction=event.direction,
            agents=self._map.resolve(event.provider, event.agents, rows),
            members=self._map.members(event.provider, where, rows) if by_group else (),
            state=event.state,
            at=self._time(event.at),
            left=self._map.resolve(event.provider, event.left, rows),
            order=event.sequence or 0,
        )

    def _time(self, told: datetime) -> datetime:
        """When it was; nothing has happened yet that is to happen, or it would never be over."""
        now = self._clock.now()
        return told if told <= now + _AHEAD else now

    async def _agents(self, account: str, event: RingEvent) -> Sequence[Agent]:
        known, now = self._known.get(account), self._clock.monotonic()
        if known is not None:
            names = (*event.agents, *event.left)
            found = self._map.resolve(event.provider, names, known.rows)
            if now - known.read_at < (_KEPT if found or not names else _SOONEST):
                return known.rows
        rows = await self._read(account)
        self._known[account] = _Agents(rows, now)
        return rows
