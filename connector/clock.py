"""The time and waiting, handed to whoever needs them, so that no test has to wait."""

from __future__ import annotations

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> datetime:
        """The time of day, aware and in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for so many of this clock's seconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The time of day, aware and in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        await asyncio.sleep(seconds)


class ScaledClock:
    """A clock that goes `speed` times as fast as the machine's, from `start` on.

    It may be shared between threads: a simulated helpdesk and its reader then agree on the time.
    """

    def __init__(self, speed: float, start: datetime | None = None) -> None:
        self._speed = speed
        self._start = start or datetime.now(UTC)
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The time of day, aware and in UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """This clock's seconds since it was made."""
        return (time.monotonic() - self._began) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait for so many of this clock's seconds."""
        await asyncio.sleep(seconds / self._speed)


class ManualClock:
    """A clock that stands still until someone sleeps, and then is at once where they wake.

    Several sleepers of one event loop wake in the order of their times.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._elapsed = 0.0
        self._wakes: list[float] = []

    def now(self) -> datetime:
        """The time of day, aware and in UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds slept since the clock was made."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self._elapsed += seconds

    async def sleep(self, seconds: float) -> None:
        """Let the other tasks go on, then be so many seconds later."""
        wake = self._elapsed + max(seconds, 0.0)
        heapq.heappush(self._wakes, wake)
        try:
            await asyncio.sleep(0)
            while self._wakes[0] < wake:  # noqa: ASYNC110 - the others' turn is all it waits for
                await asyncio.sleep(0)
            self._elapsed = max(self._elapsed, wake)
        finally:
            self._wakes.remove(wake)
            heapq.heapify(self._wakes)
