"""What must not arrive twice is tried again only where it surely did not arrive."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from connector.careful import carefully
from connector.clock import ManualClock
from connector.errors import (
    HelpdeskError,
    LimitedError,
    MalformedError,
    RetryableError,
    UnsentError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

NOON = datetime(2026, 7, 7, 12, tzinfo=UTC)


def _sender(*failures: HelpdeskError) -> tuple[list[int], Callable[[], Awaitable[str]]]:
    """Something that fails so often before it answers, and how often it was asked."""
    asked = [0]

    async def send() -> str:
        asked[0] += 1
        if asked[0] <= len(failures):
            raise failures[asked[0] - 1]
        return "done"

    return asked, send


def _send(*failures: HelpdeskError, patience: float = 60.0) -> tuple[int, str | HelpdeskError]:
    asked, send = _sender(*failures)
    try:
        told: str | HelpdeskError = asyncio.run(
            carefully(ManualClock(NOON), send, patience=patience)
        )
    except HelpdeskError as error:
        told = error
    return asked[0], told


@pytest.mark.parametrize("failure", [UnsentError("no one there"), LimitedError("wait", seconds=2)])
def test_what_surely_did_not_arrive_is_sent_again(failure: HelpdeskError) -> None:
    """No connection, or refused by a rate limit: once more."""
    assert _send(failure, failure) == (3, "done")


@pytest.mark.parametrize("failure", [RetryableError("silent"), MalformedError("a web page")])
def test_what_may_have_arrived_is_not(failure: HelpdeskError) -> None:
    """Whoever asked has to look first."""
    assert _send(failure) == (1, failure)


def test_patience_ends() -> None:
    """A wait longer than that is not begun."""
    failure = LimitedError("wait", seconds=90)
    assert _send(failure, patience=60) == (1, failure)
