"""Sends what must not arrive twice: tried again only where it surely did not arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from connector.errors import LimitedError, UnsentError
from connector.retry import pause

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from connector.clock import Clock

A = TypeVar("A")

PATIENCE = 60.0
"""Seconds to go on trying to write something: it can also be written in the next run."""


async def carefully(clock: Clock, send: Callable[[], Awaitable[A]], *, patience: float) -> A:
    """Send a request that changes something, once.

    It is tried again where no connection was made or a rate limit refused it. After anything else
    that went wrong, such as an answer that did not come, it may have been done: the caller has to
    look before asking again.

    Args:
        clock: Tells the time and waits.
        send: Sends the request once.
        patience: Seconds to spend on trying again.

    Raises:
        connector.errors: What `send` raised last.
    """
    failures, began = 0, clock.monotonic()
    while True:
        try:
            return await send()
        except (LimitedError, UnsentError) as error:
            failures += 1
            seconds = pause(
                error,
                failures=failures,
                elapsed=clock.monotonic() - began,
                most=patience,
            )
            if seconds is None:
                raise
            await clock.sleep(seconds)
