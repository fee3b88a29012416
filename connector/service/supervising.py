"""Keeps the parts of the service running, each in a process of its own.

The process that answers requests does nothing else, so that a brief is as quick while a backfill
runs. A part that ends is started again, after a while that grows with every failure.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Protocol

from connector.service.standing import Trouble
from memory.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connector.clock import Clock
    from connector.service.standing import Name, Standing
    from memory.errors import RememberError

LOOK_SECONDS = 0.25
LEAVE_SECONDS = 0.05
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

    def ended(self) -> RememberError | None:
        """Take leave of it once it has ended; why it has, or None where it was done."""
        ...

    def let_go(self) -> None:
        """Let it end as soon as it can."""
        ...

    def kill(self) -> None:
        """End it at once, whatever it does; one that has ended is fine."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is to run all the time, or whenever there is work.

    Attributes:
        name: What it is called.
        account: Whose it is.
        start: Starts its process.
        patience: Seconds it is given to end.
        wanted: Whether there is work, where it does not run all the time; asked in a thread.
        turns: Held while it runs, by parts that must not run side by side.
    """

    name: Name
    account: str
    start: Callable[[], Child]
    patience: float
    wanted: Callable[[], bool] | None = None
    turns: AbstractAsyncContextManager[object] = field(default_factory=nullcontext)


class Supervisor:
    """Keeps parts running, and says how they do."""

    def __init__(self, parts: Sequence[Part], standing: Standing, clock: Clock) -> None:
        self._parts = parts
        self._standing = standing
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []
        self._hurried = False

    def open(self) -> None:
        """Start every part."""
        self._tasks = [asyncio.create_task(self._keep(part)) for part in self._parts]

    async def close(self) -> None:
        """End every part, all at the same time."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def hurry(self) -> None:
        """Let `close` wait for nobody."""
        self._hurried = True

    async def _keep(self, part: Part) -> None:
        """Run a part again and again.

        What goes wrong here itself, such as a process that cannot be started, is a failure of the
        part like any other.
        """
        failures = 0
        while True:
            began = self._clock.monotonic()
            try:
                async with part.turns:
                    why = await self._run_once(part)
            except OSError as error:
                why = RecordError(
                    f"No process can be started ({error.strerror}).",
                    "Look at the machine's memory and its limit of processes.",
                )
            if why is None:
                failures = 0
                await self._clock.sleep(LOOK_SECONDS)
                continue
            lived = self._clock.monotonic() - began
            failures = 1 if lived >= STEADY_SECONDS else failures + 1
            self._tell(part, up=False, trouble=Trouble.of(why), doing="")
            await self._clock.sleep(min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE))

    async def _run_once(self, part: Part) -> RememberError | None:
        """Run a part until it ends; why it has, or None where it was done or had nothing to do."""
        if part.wanted is not None and not await asyncio.to_thread(part.wanted):
            self._tell(part, up=True, trouble=None, doing="Nothing waits.")
            return None
        with deaf():
            child = part.start()
        try:
            while child.running:
                self._tell(part, up=True, trouble=child.look(), doing=child.doing)
                await self._clock.sleep(LOOK_SECONDS)
        except BaseException:
            child.let_go()
            await self._gone(child, part.patience)
            raise
        return child.ended()

    async def _gone(self, child: Child, patience: float) -> None:
        """Wait until a process has ended; see to it that it has."""
        until = self._clock.monotonic() + patience
        while child.running and self._clock.monotonic() < until and not self._hurried:
            await self._clock.sleep(LEAVE_SECONDS)
        child.kill()

    def _tell(self, part: Part, *, up: bool, trouble: Trouble | None, doing: str) -> None:
        changed = self._standing.tell(
            part.name, part.account, self._clock.now(), up=up, trouble=trouble, doing=doing
        )
        if not changed:
            return
        extra = {"part": part.name, "account": part.account}
        if trouble is None:
            _log.info("part runs", extra=extra)
        else:
            what = "part is in trouble" if up else "part has ended"
            _log.warning(what, extra={**extra, "why": trouble.detail, "hint": trouble.hint})


@contextmanager
def deaf() -> Iterator[None]:
    """A process that is started meanwhile hears neither Ctrl-C nor a request to end.

    Both may reach the whole group; when a child ends is for its parent to say.
    """
    # Python's own helper of processes lets go of both when it starts: it is to run beforehand.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
