"""The events of a helpdesk on their way into the record: taken at once, applied beside the service.

What cannot be applied is left to the next sync, which reads everything that changed.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from connector.errors import HelpdeskError, MissingError
from connector.service.logs import where
from memory.errors import RecordError, RememberError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from connector.clock import Clock
    from connector.service.metrics import Metrics
    from connector.sync.webhooks import Event

MOST = 1000
"""Events that may wait: a thousand tickets, since the same event waits once."""

AT_ONCE = 4
PAUSES = (1.0, 5.0, 25.0)
"""Seconds between the tries of one event; the helpdesk's client has tried for long each time."""

_log = logging.getLogger(__name__)


class Inbox:
    """Takes events of one account, and applies a few at a time.

    An event that already waits is not taken twice: what it is about is read when its turn comes.
    """

    def __init__(
        self,
        helpdesk: str,
        apply: Callable[[Event], Awaitable[None]],
        *,
        clock: Clock,
        metrics: Metrics,
        most: int = MOST,
    ) -> None:
        """Nothing waits yet.

        Args:
            helpdesk: Whose events they are, for what is counted.
            apply: Brings what an event is about up to date.
            clock: Waits between tries.
            metrics: Counts what becomes of each event.
            most: How many may wait.
        """
        self._helpdesk = helpdesk
        self._apply = apply
        self._clock = clock
        self._metrics = metrics
        self._most = most
        self._waiting: dict[Event, None] = {}
        self._at_work = 0
        self._closing = False
        self._stirred = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    async def put(self, event: Event) -> bool:
        """Take an event; False when there is no room for it, or no more time."""
        async with self._stirred:
            if self._closing:
                return False
            if event not in self._waiting and len(self._waiting) >= self._most:
                return False
            self._waiting[event] = None
            self._stirred.notify_all()
            return True

    def open(self) -> None:
        """Begin to apply what waits."""
        self._tasks = [asyncio.create_task(self._work()) for _ in range(AT_ONCE)]

    async def close(self, seconds: float = 0.0) -> None:
        """Apply what waits, as far as the time suffices, and end.

        Args:
            seconds: What is not applied by then is left to the next sync.
        """
        self._closing = True
        try:
            async with asyncio.timeout(seconds), self._stirred:
                await self._stirred.wait_for(lambda: not self._waiting and not self._at_work)
        except TimeoutError:
            _log.warning(
                "events left to the next sync",
                extra={"helpdesk": self._helpdesk, "events": len(self._waiting) + self._at_work},
            )
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _work(self) -> None:
        while True:
            async with self._stirred:
                await self._stirred.wait_for(lambda: self._waiting)
                event = next(iter(self._waiting))
                del self._waiting[event]
                self._at_work += 1
            try:
                outcome = await self._applied(event)
            finally:
                self._at_work -= 1
            self._metrics.webhook(self._helpdesk, outcome)
            async with self._stirred:
                self._stirred.notify_all()

    async def _applied(self, event: Event) -> str:
        for pause in (*PAUSES, None):
            try:
                await self._apply(event)
            except MissingError:
                return "applied"  # it has gone since; the sync hears of it
            except (HelpdeskError, RecordError) as error:
                if pause is None:
                    return self._failed(event, error)
                await self._clock.sleep(pause)
            except RememberError as error:
                return self._failed(event, error)
            except Exception as error:  # noqa: BLE001  one event must not end the others
                _log.error("A fault: %s", where(error))
                return "failed"
            else:
                break
        return "ignored" if event.is_ignored else "applied"

    def _failed(self, event: Event, error: RememberError) -> str:
        _log.warning(
            "event left to the next sync",
            extra={"helpdesk": self._helpdesk, "type": event.name, "error": error.detail},
        )
        return "failed"
