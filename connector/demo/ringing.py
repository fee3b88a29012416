"""Rings an agent again and again while they have the page open, as a busy day would."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Literal

from connector.demo.phone import DemoCall

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connector.clock import Clock
    from connector.demo.phone import DemoPhone

LOOK_SECONDS = 0.25
FIRST_PAUSE = 2.0
"""From the page's opening to the first ring: enough to see the page without one."""

RINGING_SECONDS, TALKING_SECONDS, PAUSE_SECONDS = 6.0, 50.0, 12.0
"""A call rings, is spoken in, and leaves the agent a moment."""

_LATER: tuple[tuple[float, Literal["answered", "ended"]], ...] = (
    (RINGING_SECONDS, "answered"),
    (TALKING_SECONDS, "ended"),
)


class Ringing:
    """Calls from the same few people in turn, one after the other."""

    def __init__(
        self,
        phone: DemoPhone,
        callers: Sequence[str],
        agent_email: str,
        *,
        open_pages: Callable[[], int],
        clock: Clock,
    ) -> None:
        """Nobody calls yet.

        Args:
            phone: What rings.
            callers: The numbers that call, in turn.
            agent_email: Whom they ring.
            open_pages: How many pages listen now.
            clock: Waits.
        """
        self._phone = phone
        self._callers = callers
        self._agent_email = agent_email
        self._open_pages = open_pages
        self._clock = clock

    async def run(self, leave_after: float | None = None) -> None:
        """Ring as long as a page is open, and wait while none is.

        Args:
            leave_after: Seconds without a page after which to return; None waits for ever.
        """
        for caller in cycle(self._callers):
            if not await self._page(leave_after):
                return
            await self._clock.sleep(FIRST_PAUSE)
            call = DemoCall(caller, self._agent_email)
            await self._phone.tell(call, "ringing")
            for seconds, state in _LATER:
                await self._while_open(seconds)
                await self._phone.tell(call, state)
            await self._while_open(PAUSE_SECONDS)

    async def _page(self, leave_after: float | None) -> bool:
        """Wait for a page; False when none came in time."""
        began = self._clock.monotonic()
        while not self._open_pages():
            if leave_after is not None and self._clock.monotonic() - began >= leave_after:
                return False
            await self._clock.sleep(LOOK_SECONDS)
        return True

    async def _while_open(self, seconds: float) -> None:
        """Wait, but not for nobody."""
        until = self._clock.monotonic() + seconds
        while self._clock.monotonic() < until and self._open_pages():
            await self._clock.sleep(LOOK_SECONDS)
