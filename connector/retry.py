"""Whether to ask again, and after how long."""

from __future__ import annotations

import random

from connector.errors import MalformedError, RetryableError

ATTEMPTS = 12
GARBLED_ATTEMPTS = 3
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 32.0
JITTER = 0.1


def pause(
    error: Exception,
    *,
    failures: int,
    elapsed: float,
    most: float,
    chance: float | None = None,
) -> float | None:
    """How many seconds to wait before asking again, or None to give up.

    What the helpdesk asks for is respected; otherwise the pause doubles from half a second on. An
    answer that cannot be read may be a proxy's, so it too is asked for again, twice.

    Args:
        error: What went wrong last.
        failures: How many times in a row it has failed so, this one included.
        elapsed: Seconds since the first of these failures.
        most: The seconds to spend without progress; a longer pause is never begun.
        chance: Between 0 and 1, to spread out requests that failed together; random when None.
    """
    asked = error.seconds if isinstance(error, RetryableError) else None
    if isinstance(error, RetryableError):
        attempts = ATTEMPTS
    elif isinstance(error, MalformedError):
        attempts = GARBLED_ATTEMPTS
    else:
        return None
    if failures >= attempts:
        return None
    spread = random.random() if chance is None else chance  # noqa: S311 - no secret hangs on it
    if asked is not None:
        seconds = asked + min(asked * JITTER, 1.0) * spread
        return seconds if elapsed + asked <= most else None
    seconds = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE) * (0.5 + spread / 2)
    return seconds if elapsed + seconds <= most else None
