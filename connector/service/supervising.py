"""Keeps the parts of the service running, each in a process of its own.

The process that answers requests does nothing else, so that a brief is as quick while a backfill
runs. A part that ends is started again, after a while that grows with every failure.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from connector.service.standing import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connector.clock import Clock
    from connector.service.standing import Name, Standing
    from memory.errors import RememberError

LOOK_SECONDS = 0.25
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
STEADY_SECONDS = 60.0
"""Whoever ran for so long is started again at once when it ends."""

_log = logging.getLogger(__name__)


class Child(Protocol):
    """A part's process, seen from here."""

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        ...

    @property
    def doing(self) -> str:
        """What it is at, for people."""
        ...

    def look(self) -> Trouble | None:
        """Hear what it reports; what keeps it from its work, if anything does."""
        ...

    def ended(self) -> RememberError:
        """Take leave of it once it has ended; why it has."""
        ...

    def stop(self, seconds: float) -> None:
        """Let it end, and end it after so many seconds; it must not be asked of one that ended."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is to run all the time.

    Attributes:
        name: What it is called.
        account: Whose it is.
        start: Starts its process.
        patience: Seconds it is given to end.
    """

    name: Name
    account: str
    start: Callable[[], Child]
    patience: float


class Supervisor:
    """Keeps parts running, and says how they do."""

    def __init__(self, parts: Sequence[Part], standing: Standing, clock: Clock) -> None:
        self._parts = parts
        self._standing = standing
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Start every part."""
        self._tasks = [asyncio.create_task(self._keep(part)) for part in self._parts]

    async def close(self) -> None:
        """End every part, all at the same time."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _keep(self, part: Part) -> None:
        failures = 0
        while True:
            began = self._clock.monotonic()
            with deaf():
                child = part.start()
            await self._attend(part, child)
            lived = self._clock.monotonic() - began
            failures = 0 if lived >= STEADY_SECONDS else failures + 1
            pause = min(FIRST_PAUSE * 2 ** max(failures - 1, 0), LONGEST_PAUSE)
            self._tell(part, up=False, trouble=Trouble.of(child.ended()), doing="")
            await self._clock.sleep(pause)

    async def _attend(self, part: Part, child: Child) -> None:
        """Look after a process until it has ended."""
        try:
            while child.running:
                self._tell(part, up=True, trouble=child.look(), doing=child.doing)
                await self._clock.sleep(LOOK_SECONDS)
        except asyncio.CancelledError:
            if child.running:
                await asyncio.to_thread(child.stop, part.patience)
            raise

    def _tell(self, part: Part, *, up: bool, trouble: Trouble | None, doing: str) -> None:
        changed = self._standing.tell(
            part.name, part.account, self._clock.now(), up=up, trouble=trouble, doing=doing
        )
        if changed:
            _log.log(
                logging.INFO if trouble is None else logging.WARNING,
                "%s %s",
                part.name,
                ("is down" if not up else "is in trouble") if trouble else "runs",
                extra={"account": part.account, "why": trouble.detail if trouble else None},
            )


@contextmanager
def deaf() -> Iterator[None]:
    """A process that is started meanwhile hears neither Ctrl-C nor a request to end.

    Both may reach the whole group; when a child ends is for its parent to say.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
