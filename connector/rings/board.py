"""The state of all rings: told by phone systems, heard by agents, kept in the record.

Delivery comes first: an agent hears of a ring before anything is looked up or written. Whoever
told of it is answered only once it is written, so that what was lost is told again.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from connector.rings.hearing import Ears, Hearing
from connector.rings.keeping import Keeping
from connector.rings.ring import Ring, claimed, given_up
from connector.rings.roll import Roll
from connector.rings.understanding import Understanding
from memory.errors import NotFoundError, RememberError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.clock import Clock
    from connector.rings.agents import AgentMap
    from connector.rings.event import RingEvent
    from memory.record import Record

__all__ = ["Board", "ClaimedError", "Hearing", "Listener", "Ring"]

HEARTBEAT = 15.0
"""Seconds after which a silent stream gives a sign of life, lest a proxy take it for dead."""
RINGS_FOR = timedelta(hours=2)
"""A phone that rings longer has stopped, and nobody said so."""
TALKS_FOR = timedelta(hours=12)
"""The same, of a call that was answered."""
KEPT = timedelta(hours=12)
"""How long the board knows a ring after its end: a shift."""
_TEND = 60.0
_SWEEP = 3600.0

_log = logging.getLogger(__name__)


class ClaimedError(RememberError):
    """Another agent has the call."""

    exit_code = 1
    title = "Another agent has this call"


class Listener(Protocol):
    """Who wants to know of rings besides the agents' streams."""

    async def heard(self, account: str, ring: Ring) -> None:
        """A ring changed, or it became known who calls. Returns at once; the work is done later."""
        ...

    async def close(self) -> None:
        """Hear no more."""
        ...


class Board:
    """All rings of all accounts of one service. It is used from one event loop.

    `ring` and `of_agent` may be asked from any thread.

    Attributes:
        listeners: Who else hears of rings.
    """

    def __init__(
        self,
        record: Record,
        agents: AgentMap,
        clock: Clock,
        *,
        region: str | None = None,
        listeners: Iterable[Listener] = (),
    ) -> None:
        """Nothing is read yet.

        Args:
            record: Where rings are kept.
            agents: Who of a phone system is which agent.
            clock: Tells the time and waits.
            region: Where phone numbers without a country code are from.
            listeners: Who else hears of rings.
        """
        self.listeners = list(listeners)
        self._keeping = Keeping(record, clock)
        self._understanding = Understanding(agents, self._keeping.agents, clock, region)
        self._clock = clock
        self._roll = Roll()
        self._ears = Ears()
        self._sequence = 0

    @property
    def sequence(self) -> int:
        """What the ring that changed last has; the next one has more."""
        return self._sequence

    async def load(self) -> None:
        """Read the rings that were going on when the service stopped.

        Raises:
            RecordError: The record cannot be read.
        """
        rings, newest = await self._keeping.load(self._clock.now() - max(KEPT, TALKS_FOR))
        self._sequence = max(self._sequence, newest)
        for ring in rings:
            self._roll.hold(ring, None)

    async def run(self) -> None:
        """Give signs of life, and end and forget what is old, until cancelled."""
        tended, swept = self._clock.monotonic(), None
        while True:
            await self._clock.sleep(HEARTBEAT)
            self.beat()
            now = self._clock.monotonic()
            if now - tended < _TEND:
                continue
            tended = now
            try:
                await self.tend()
                if swept is None or now - swept >= _SWEEP:
                    await self.sweep()
                    swept = now
            except RememberError as error:
                _log.warning("Rings could not be kept: %s", error.detail)

    async def close(self) -> None:
        """End every stream and all listening, and write what is not yet written.

        Raises:
            RecordError: The record cannot be written.
        """
        self._ears.close()
        for listener in self.listeners:
            await listener.close()
        await self._write()

    async def tell(self, account: str, event: RingEvent) -> Ring | None:
        """Take in what a phone system says of a call.

        Args:
            account: Whose call it is.
            event: What it says.

        Returns:
            The ring as it is now; None of an end of something that never rang.

        Raises:
            RecordError: It was delivered but could not be written; it may be told again.
        """
        moment = await self._understanding.moment(account, event)
        ring, is_news = self._roll.taken(account, moment)
        if ring is None:
            return None
        if is_news:
            ring = self._change(ring)
            await self._tell_listeners(ring)
        if not self._keeping.is_settled(ring):
            await self._find_caller(ring)
        await self._write()
        return self.ring(account, ring.key) or ring

    def ring(self, account: str, key: str) -> Ring | None:
        """A ring of an account, while the board knows it."""
        held = self._roll.get(account, key)
        return None if held is None else held.ring

    def of_agent(self, account: str, agent_id: str, after: int | None = None) -> list[Ring]:
        """The rings that concern an agent, in the order in which they changed.

        Args:
            account: The agent's.
            agent_id: Whom they concern.
            after: Those that changed since this sequence; those that are live unless given.
        """
        return list(self._roll.of_agent(account, agent_id, after))

    def subscribe(self, account: str, agent_id: str, after: int | None = None) -> Hearing:
        """Hear of an agent's rings: first what `of_agent` tells, then every change.

        It is to be closed by whoever opened it.
        """
        return self._ears.open(account, agent_id, self.of_agent(account, agent_id, after))

    async def claim(self, account: str, key: str, agent_id: str) -> Ring:
        """Let an agent have a call for which nobody is named; the first one has it.

        Of a call that rings the agent by name, nothing changes.

        Raises:
            ClaimedError: Another agent has it.
            NotFoundError: There is no such ring for this agent, or nobody answered it in time.
            RecordError: It is claimed but could not be written.
        """
        ring = self.ring(account, key)
        if ring is None or not ring.concerns(agent_id):
            raise NotFoundError("There is no such ring.", "Its call may have ended long ago.")
        if ring.agent_id not in {None, agent_id}:
            raise ClaimedError(
                "Another agent has this call.", "Ask for the customer where you need the brief."
            )
        if ring.is_missed:
            raise NotFoundError(
                "The call ended before anybody answered it.", "Ask for the customer in its place."
            )
        if ring.unclaimed:
            ring = self._change(claimed(ring, agent_id))
            await self._tell_listeners(ring)
            await self._write()
        return ring

    async def caller_is(self, account: str, key: str, customer_id: str) -> None:
        """An agent made sure who calls, which counts for more than whose number it is.

        Raises:
            RecordError: It could not be written.
        """
        held = self._roll.get(account, key)
        if held is None or held.ring.customer_id == customer_id:
            return
        held.ring = replace(held.ring, customer_id=customer_id)
        self._keeping.due(held.ring)
        await self._write()

    def asked(self, account: str, key: str) -> float | None:
        """Somebody was given the brief of a ring.

        Returns:
            The seconds since its first webhook, the first time; None ever after.
        """
        held = self._roll.get(account, key)
        if held is None or held.heard_at is None:
            return None
        seconds, held.heard_at = self._clock.monotonic() - held.heard_at, None
        return seconds

    async def name(self, account: str, customer_id: str) -> str | None:
        """A customer's name, for listeners that show it."""
        return await self._keeping.name(account, customer_id)

    def beat(self) -> None:
        """Let every stream give a sign of life."""
        self._ears.beat()

    async def tend(self) -> None:
        """End rings whose end was not told, forget old ones, and follow the record.

        Raises:
            RecordError: The record cannot be read or written.
        """
        self._end_stale()
        settled = [x for x in self._roll.all() if self._keeping.is_settled(x.ring)]
        whose = await self._keeping.customers([held.ring for held in settled])
        for held in settled:
            place = (held.ring.account, held.ring.key)
            if place not in whose:
                self._forget(held.ring)
            elif self._keeping.is_settled(held.ring):
                held.ring = replace(held.ring, customer_id=whose[place])
        self._forget_old()
        await self._write()

    async def sweep(self) -> int:
        """Drop callers' numbers that the record need not know any more; of how many rings.

        Raises:
            RecordError: The record cannot be written.
        """
        return await self._keeping.sweep()

    def _change(self, ring: Ring) -> Ring:
        """Keep a ring as it is now, and let agents hear of it."""
        # The time is in it, so that after a crash no number is given twice.
        microseconds = int(self._clock.now().timestamp() * 1e6)
        self._sequence = max(self._sequence + 1, microseconds)
        ring = replace(ring, sequence=self._sequence)
        oldest = self._roll.hold(ring, self._clock.monotonic())
        if oldest is not None:
            self._keeping.forget(oldest)
        self._ears.tell(ring)
        self._keeping.due(ring)
        return ring

    def _forget(self, ring: Ring) -> None:
        self._roll.forget(ring)
        self._keeping.forget(ring)

    def _end_stale(self) -> None:
        now = self._clock.now()
        for held in self._roll.all():
            lasts = TALKS_FOR if held.ring.answered_at is not None else RINGS_FOR
            if held.ring.is_live and held.ring.at < now - lasts:
                self._change(given_up(held.ring))

    def _forget_old(self) -> None:
        until = self._clock.now() - KEPT
        for held in self._roll.all():
            ring = held.ring
            is_old = not ring.is_live and (ring.ended_at or ring.at) < until
            if is_old and self._keeping.is_settled(ring):
                self._forget(ring)

    async def _find_caller(self, ring: Ring) -> None:
        """Find whose number it is, where it is one person's; agents' streams need not know."""
        if ring.caller is None or ring.customer_id is not None:
            return
        customer_id = await self._keeping.caller(ring)
        held = self._roll.get(ring.account, ring.key)
        if customer_id is None or held is None or held.ring.caller != ring.caller:
            return
        held.ring = replace(held.ring, customer_id=customer_id)
        self._keeping.due(held.ring)
        await self._tell_listeners(held.ring)

    async def _tell_listeners(self, ring: Ring) -> None:
        for listener in self.listeners:
            try:
                await listener.heard(ring.account, ring)
            except Exception as error:  # noqa: BLE001  a ring goes to all who can take it
                _log.warning("A listener failed to hear a ring: %s", type(error).__name__)

    async def _write(self) -> None:
        for lost in await self._keeping.write():
            self._forget(lost)
