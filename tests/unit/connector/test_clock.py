"""Clocks: the machine's, a fast one, and one that stands still."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from connector.clock import ManualClock, ScaledClock, SystemClock

START = datetime(2026, 7, 7, 9, tzinfo=UTC)


def test_the_machines_clock_is_aware_and_does_not_go_back() -> None:
    """Times carry their zone, and the monotonic seconds never shrink."""
    clock = SystemClock()
    before = clock.monotonic()
    asyncio.run(clock.sleep(0))
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() >= before


def test_a_scaled_clock_runs_ahead_by_its_speed() -> None:
    """An hour of it passes in a moment."""
    clock = ScaledClock(1_000_000, START)
    asyncio.run(clock.sleep(3600))
    assert clock.now() >= START + timedelta(hours=1)


def test_sleepers_of_a_manual_clock_wake_in_the_order_of_their_times() -> None:
    """Whoever asked for less wakes first, at exactly their time, and nobody waits."""
    clock = ManualClock(START)
    woken: list[tuple[float, datetime]] = []

    async def sleeper(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((seconds, clock.now()))

    async def all_at_once() -> None:
        await asyncio.gather(*(sleeper(seconds) for seconds in (60, 5, 3600, 0.5)))

    asyncio.run(all_at_once())
    assert woken == [(s, START + timedelta(seconds=s)) for s in (0.5, 5, 60, 3600)]


def test_a_manual_clock_goes_on_when_told() -> None:
    """Advancing moves both of its times."""
    clock = ManualClock(START)
    clock.advance(90)
    assert clock.monotonic() == 90
    assert clock.now() == START + timedelta(seconds=90)
