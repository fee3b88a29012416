"""Tells others than our own streams of rings: as often as they let us, and never in the way.

Whoever is told pulls the live ring by its key, so that the newest ring is all that need be told.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Literal, Protocol

from connector.errors import LimitedError
from memory.errors import RememberError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from connector.clock import Clock
    from connector.rings.ring import Ring

Outcome = Literal["sent", "coalesced", "limited", "failed", "dropped"]
EVERYBODY = ""
"""The target that stands for every agent of an account."""

_WINDOW = 60.0
_AT_ONCE = 4
"""Notices that are under way together: one that hangs does not hold up the next agent's."""
_MOST_KNOWN = 10_000
_PATIENCE_OF_LIMIT = 60.0

_log = logging.getLogger(__name__)


class Herald(Protocol):
    """Brings notices to one place."""

    account: str | None
    """The account whose rings it wants; None: all."""
    per_minute: int
    """How many notices it takes."""

    def targets(self, ring: Ring) -> Iterable[str]:
        """To whom a live ring is to be told; each is told of one ring once."""
        ...

    async def tell(self, target: str, ring: Ring) -> None:
        """Tell a target of a ring.

        Raises:
            LimitedError: There is no room for it now.
            RememberError: It cannot be told.
        """
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...


class Notices:
    """Has a herald tell of rings, a listener of the board.

    At most so many in any minute. While there is no room, the newest ring of each target waits
    and older ones are dropped; so are those that have ended.
    """

    def __init__(self, herald: Herald, clock: Clock, told: Callable[[Outcome], None]) -> None:
        """Nothing is told yet.

        Args:
            herald: Brings the notices.
            clock: Tells the time and waits.
            told: Hears how each notice ended.
        """
        self._herald = herald
        self._clock = clock
        self._count = told
        self._waiting: dict[str, Ring] = {}
        self._known: dict[tuple[str, str], set[str]] = {}
        self._sent: deque[float] = deque()
        self._held_until = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def heard(self, account: str, ring: Ring) -> None:
        """Take in what became of a ring; told of it is later."""
        if self._closed or self._herald.account not in {None, account}:
            return
        place = (account, ring.key)
        if not ring.is_live:
            self._known.pop(place, None)
            self._drop(ring, set())
            return
        targets = list(self._herald.targets(ring))
        self._drop(ring, set(targets))
        known = self._known.setdefault(place, set())
        for target in targets:
            if target not in known:
                known.add(target)
                self._put(target, ring)
        while len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        if self._waiting and len(self._tasks) < _AT_ONCE:
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Tell no more."""
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._herald.close()

    def _put(self, target: str, ring: Ring) -> None:
        if self._waiting.pop(target, None) is not None:
            self._count("coalesced")
        self._waiting[target] = ring

    def _drop(self, ring: Ring, still: set[str]) -> None:
        """Of a ring that is over, or that another has, nobody need be told."""
        for target, waiting in list(self._waiting.items()):
            if (waiting.account, waiting.key) == (ring.account, ring.key) and target not in still:
                del self._waiting[target]
                self._count("dropped")

    async def _work(self) -> None:
        """Tell whoever waits, the one who has waited longest first."""
        while self._waiting:
            seconds = self._seconds_to_room()
            if seconds > 0:
                await self._clock.sleep(seconds)
                continue
            target = next(iter(self._waiting))
            ring = self._waiting.pop(target)
            self._sent.append(self._clock.monotonic())
            await self._tell(target, ring)

    async def _tell(self, target: str, ring: Ring) -> None:
        try:
            await self._herald.tell(target, ring)
        except LimitedError as error:
            self._count("limited")
            pause = min(error.seconds or 1.0, _PATIENCE_OF_LIMIT)
            self._held_until = max(self._held_until, self._clock.monotonic() + pause)
            if (ring.account, ring.key) in self._known:
                self._waiting.setdefault(target, ring)
        except RememberError as error:
            self._count("failed")
            _log.warning("An agent was not told of a ring: %s %s", error.detail, error.hint)
        else:
            self._count("sent")

    def _seconds_to_room(self) -> float:
        now = self._clock.monotonic()
        while self._sent and self._sent[0] <= now - _WINDOW:
            self._sent.popleft()
        full = len(self._sent) >= self._herald.per_minute
        room_at = self._sent[0] + _WINDOW if full else now
        return max(room_at, self._held_until) - now


def named(ring: Ring) -> Iterable[str]:
    """The agents whose call it is, or whom it rings."""
    concerned = ring.agents if ring.agent_id is None else (ring.agent_id,)
    return (agent_id for agent_id in concerned if ring.is_of(agent_id))


def who_may(ring: Ring) -> Iterable[str]:
    """Whose call it is; while nobody is named, those who may claim it, or `EVERYBODY`."""
    if not ring.unclaimed:
        return named(ring)
    return (EVERYBODY,) if ring.members is None else ring.members
