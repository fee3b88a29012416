"""Whether to ask again, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import (
    ConfigurationError,
    CredentialsError,
    HelpdeskError,
    LimitedError,
    MalformedError,
    MissingError,
    RetryableError,
)
from connector.retry import ATTEMPTS, LONGEST_PAUSE, pause

BUSY = RetryableError("busy")


@pytest.mark.parametrize(
    ("error", "failures", "elapsed", "expected"),
    [
        (BUSY, 1, 0.0, 0.25),
        (BUSY, 2, 0.0, 0.5),
        (BUSY, 5, 0.0, 4.0),
        (BUSY, 11, 0.0, 16.0),
        (BUSY, ATTEMPTS, 0.0, None),
        (BUSY, 1, 299.9, None),
        (LimitedError("limited", seconds=30.0), 1, 0.0, 30.0),
        (LimitedError("limited", seconds=30.0), 1, 271.0, None),
        (LimitedError("limited", seconds=301.0), 1, 0.0, None),
        (LimitedError("limited", seconds=300.0), 1, 0.0, 300.0),
        (LimitedError("limited", seconds=0.0), 3, 0.0, 0.0),
        (LimitedError("limited"), 1, 0.0, 0.25),
        (RetryableError("maintenance", seconds=120.0), 1, 0.0, 120.0),
        (MalformedError("garbled"), 1, 0.0, 0.25),
        (MalformedError("garbled"), 2, 0.0, 0.5),
        (MalformedError("garbled"), 3, 0.0, None),
        (MissingError("gone"), 1, 0.0, None),
        (CredentialsError("refused"), 1, 0.0, None),
        (ConfigurationError("wrong"), 1, 0.0, None),
        (HelpdeskError("no"), 1, 0.0, None),
        (ValueError("a bug"), 1, 0.0, None),
    ],
)
def test_each_error_has_its_answer(
    error: Exception, failures: int, elapsed: float, expected: float | None
) -> None:
    """What passes is waited for, as long as asked; what does not pass, or not in time, is not."""
    decided = pause(error, failures=failures, elapsed=elapsed, most=300.0, chance=0.0)
    assert decided == expected


@given(st.integers(1, ATTEMPTS), st.floats(0, 400), st.none() | st.floats(0, 400), st.floats(0, 1))
def test_a_pause_is_never_shorter_than_asked_nor_begun_beyond_the_cap(
    failures: int, elapsed: float, asked: float | None, chance: float
) -> None:
    """Jitter only adds to what the helpdesk asks, and no wait is begun that the cap would cut."""
    error = RetryableError("busy", seconds=asked)
    seconds = pause(error, failures=failures, elapsed=elapsed, most=300.0, chance=chance)
    if seconds is None:
        return
    assert elapsed + (seconds if asked is None else asked) <= 300.0
    assert seconds <= LONGEST_PAUSE if asked is None else seconds >= asked


def test_requests_that_failed_together_do_not_come_back_together() -> None:
    """Without a given chance, pauses differ."""
    pauses = {pause(BUSY, failures=4, elapsed=0.0, most=300.0) for _ in range(20)}
    assert len(pauses) > 1
