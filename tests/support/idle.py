"""A clock that stands still while anyone is at work, and moves on once everybody waits."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from connector.http import Response, Wire
    from memory.record import Account, Record, Writer

_QUIET = 0.1
_LOOK = 0.005


class IdleClock:
    """Time passes only in waits: to the nearest waker, once nothing has been under way for long.

    However slow the machine, work then takes no time by this clock, and limits all of it.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._elapsed = 0.0
        self._wakes: list[float] = []
        self._busy = 0
        self._lock = Lock()
        self._last = time.monotonic()

    def now(self) -> datetime:
        """The time of day, aware and in UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds that passed in waits."""
        return self._elapsed

    def begin(self) -> None:
        """Something is on its way."""
        with self._lock:
            self._busy += 1

    def end(self) -> None:
        """It has arrived."""
        with self._lock:
            self._busy -= 1
            self._last = time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait until everybody waits, and it is this one's turn."""
        wake = self._elapsed + max(seconds, 0.0)
        self._wakes.append(wake)
        try:
            while self._elapsed < wake:
                await asyncio.sleep(_LOOK)
                quiet = not self._busy and time.monotonic() - self._last > _QUIET
                if quiet and wake == min(self._wakes):
                    self._elapsed = wake
                    self._last = time.monotonic()
        finally:
            self._wakes.remove(wake)


class WatchedRecord:
    """A record whose transactions keep the clock from moving on."""

    def __init__(self, record: Record, clock: IdleClock) -> None:
        self._record = record
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)

    @contextmanager
    def writing(self, account: Account) -> Iterator[Writer]:
        """One transaction of writes."""
        self._clock.begin()
        try:
            with self._record.writing(account) as writer:
                yield writer
        finally:
            self._clock.end()


class WatchedWire:
    """A wire whose requests keep the clock from moving on."""

    def __init__(self, wire: Wire, clock: IdleClock) -> None:
        self._wire = wire
        self._clock = clock

    async def send(self, method: str, path: str, **more: Any) -> Response:
        """Send a request."""
        self._clock.begin()
        try:
            return await self._wire.send(method, path, **more)
        finally:
            self._clock.end()

    async def close(self) -> None:
        """Let go of all connections."""
        await self._wire.close()
