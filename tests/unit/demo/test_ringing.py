"""The demo's phone rings whoever has the page open, and nobody else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

from connector.clock import ManualClock
from connector.demo.phone import DemoCall, DemoPhone
from connector.demo.ringing import (
    FIRST_PAUSE,
    LOOK_SECONDS,
    PAUSE_SECONDS,
    RINGING_SECONDS,
    TALKING_SECONDS,
    Ringing,
)
from tests.support.book import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable

MARA, IDA = "+12125550101", "+12125550102"
DANIEL = "daniel@acme.example"
ALONE = 120.0


class Phone(DemoPhone):
    """A phone that writes down what it would send, and when."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__("http://127.0.0.1:9", "a secret", clock)
        self._at = clock.monotonic
        self.told: list[tuple[float, DemoCall, str]] = []

    async def tell(self, call: DemoCall, state: Literal["ringing", "answered", "ended"]) -> int:
        """Write it down."""
        self.told.append((self._at(), call, state))
        return 204


def played(open_pages: Callable[[float], int]) -> tuple[Phone, float]:
    """What the phone told until it went away, and when that was.

    Args:
        open_pages: How many pages are open at a time of the clock.
    """
    clock = ManualClock(AS_OF)
    phone = Phone(clock)
    ringing = Ringing(
        phone, [MARA, IDA], DANIEL, open_pages=lambda: open_pages(clock.monotonic()), clock=clock
    )
    asyncio.run(ringing.run(ALONE))
    return phone, clock.monotonic()


def test_nobody_at_the_page_is_waited_for_but_not_for_ever() -> None:
    """Without a page nothing rings, and after a while it is over."""
    phone, end = played(lambda _: 0)
    assert phone.told == []
    assert ALONE <= end <= ALONE + LOOK_SECONDS


def test_calls_ring_are_answered_and_end_one_after_the_other() -> None:
    """Each caller in turn, and the first again after the last; a call keeps its name."""
    one = FIRST_PAUSE + RINGING_SECONDS + TALKING_SECONDS + PAUSE_SECONDS
    phone, _ = played(lambda at: at < 3 * one)
    assert [(call.caller, state) for _, call, state in phone.told[:9]] == [
        (caller, state)
        for caller in (MARA, IDA, MARA)
        for state in ("ringing", "answered", "ended")
    ]
    assert {call.agent_email for _, call, _ in phone.told} == {DANIEL}
    names = [call.call_id for _, call, _ in phone.told]
    assert [names.count(name) for name in dict.fromkeys(names)] == [3, 3, 3]
    ringing, answered, ended = (at for at, _, _ in phone.told[:3])
    assert RINGING_SECONDS <= answered - ringing <= RINGING_SECONDS + LOOK_SECONDS
    assert TALKING_SECONDS <= ended - answered <= TALKING_SECONDS + LOOK_SECONDS


def test_a_page_that_closes_ends_the_call_at_once() -> None:
    """Nobody talks to an empty chair; and the next page is waited for."""
    closed = FIRST_PAUSE + 3
    phone, end = played(lambda at: at < closed)
    assert [state for _, _, state in phone.told] == ["ringing", "answered", "ended"]
    assert phone.told[-1][0] <= closed + LOOK_SECONDS
    assert closed + ALONE <= end <= closed + ALONE + 2 * LOOK_SECONDS
