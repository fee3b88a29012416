"""Events on their way into the record: applied side by side, tried again, left to the sync."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from connector.clock import ManualClock
from connector.errors import CredentialsError, MissingError, RetryableError
from connector.service.inbox import AT_ONCE, PAUSES, Inbox
from connector.service.metrics import Metrics
from connector.sync.webhooks import Event
from memory.errors import RecordError
from tests.support.book import AS_OF

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SEVEN, EIGHT = Event("changed", tickets=("7",)), Event("changed", tickets=("8",))
LONG = 60.0


class House:
    """An inbox that is open while a test runs, and what it applied."""

    def __init__(self, apply: Callable[[Event], Awaitable[None]] | None = None) -> None:
        self.clock = ManualClock(AS_OF)
        self.metrics = Metrics()
        self.applied: list[Event] = []
        self._apply = apply
        self.inbox = Inbox("zendesk", self.apply, clock=self.clock, metrics=self.metrics, most=9)

    async def apply(self, event: Event) -> None:
        """Do as the test says, and write it down."""
        if self._apply is not None:
            await self._apply(event)
        self.applied.append(event)

    def counted(self, outcome: str) -> float:
        """How many events ended so."""
        labels = {"helpdesk": "zendesk", "outcome": outcome}
        return self.metrics.registry.get_sample_value("remember_webhooks_total", labels) or 0.0

    def hear(self, *events: Event, seconds: float = LONG) -> None:
        """Take events, and end."""

        async def live() -> None:
            self.inbox.open()
            for event in events:
                assert await self.inbox.put(event)
            await self.inbox.close(seconds)

        asyncio.run(live())


def failing(*errors: Exception) -> Callable[[Event], Awaitable[None]]:
    """Fails with each of these in turn, and then no more."""
    left = list(errors)

    async def apply(_event: Event) -> None:
        if left:
            raise left.pop(0)

    return apply


def test_what_waits_is_applied_before_the_end() -> None:
    """All of it, where there is time."""
    house = House()
    house.hear(SEVEN, EIGHT)
    assert house.applied == [SEVEN, EIGHT]
    assert house.counted("applied") == 2


def test_an_event_that_waits_is_not_taken_twice() -> None:
    """What it is about is read once, as it is then."""
    house = House()
    house.hear(SEVEN, SEVEN, EIGHT, SEVEN)
    assert house.applied == [SEVEN, EIGHT]


def test_an_event_that_comes_while_it_is_applied_is_applied_again() -> None:
    """What changed after the reading must not be missed."""
    reading, read = asyncio.Event(), asyncio.Event()

    async def slowly(_event: Event) -> None:
        reading.set()
        await read.wait()

    house = House(slowly)

    async def live() -> None:
        house.inbox.open()
        await house.inbox.put(SEVEN)
        await reading.wait()
        await house.inbox.put(SEVEN)
        read.set()
        await house.inbox.close(LONG)

    asyncio.run(live())
    assert house.applied == [SEVEN, SEVEN]


def test_no_more_are_under_way_at_once_than_a_few() -> None:
    """The helpdesk's limits are shared with the sync."""
    busiest, now = 0, 0

    async def count(_event: Event) -> None:
        nonlocal busiest, now
        now += 1
        busiest = max(busiest, now)
        await asyncio.sleep(0)
        now -= 1

    House(count).hear(*(Event("changed", tickets=(str(n),)) for n in range(9)))
    assert 1 < busiest <= AT_ONCE


@pytest.mark.parametrize(
    "error", [RetryableError("busy"), RecordError("locked")], ids=["helpdesk", "record"]
)
def test_what_fails_is_tried_again_a_little_later(error: Exception) -> None:
    """Each time after a longer pause."""
    house = House(failing(error, error))
    house.hear(SEVEN)
    assert house.applied == [SEVEN]
    assert house.clock.monotonic() == PAUSES[0] + PAUSES[1]
    assert (house.counted("applied"), house.counted("failed")) == (1, 0)


def test_what_fails_again_and_again_is_left_to_the_sync() -> None:
    """And others are applied."""
    house = House(failing(*[RetryableError("busy")] * (len(PAUSES) + 1)))
    house.hear(SEVEN)
    assert house.applied == []
    assert house.counted("failed") == 1
    house = House(failing(CredentialsError("refused")))
    house.hear(SEVEN, EIGHT)
    assert house.applied == [EIGHT]
    assert house.clock.monotonic() == 0


def test_a_fault_of_ours_ends_no_other_event(caplog: pytest.LogCaptureFixture) -> None:
    """Its place is in the log, its words are not."""
    house = House(failing(*[ValueError("Mara Lindqvist")] * AT_ONCE))
    events = [Event("changed", tickets=(str(n),)) for n in range(AT_ONCE + 2)]
    house.hear(*events)
    assert len(house.applied) == 2
    assert "ValueError at" in caplog.text
    assert "Mara" not in caplog.text


def test_what_is_gone_from_the_helpdesk_counts_as_applied() -> None:
    """The sync hears of it in its own way."""
    house = House(failing(MissingError("gone")))
    house.hear(SEVEN)
    assert house.counted("applied") == 1


def test_at_the_end_what_is_not_done_in_time_is_left_to_the_sync(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The service does not wait for ever; afterwards nothing is taken."""

    async def forever(_event: Event) -> None:
        await asyncio.Event().wait()

    house = House(forever)
    house.hear(SEVEN, EIGHT, seconds=0.01)
    assert house.applied == []
    assert "events left to the next sync" in caplog.text
    assert asyncio.run(house.inbox.put(SEVEN)) is False
