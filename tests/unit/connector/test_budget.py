"""The budget: our share of a helpdesk's limits is used and kept."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.budget import ACCOUNT, PACE_KEPT, Budget, Lease, Limit
from connector.clock import ManualClock
from connector.errors import LimitedError
from connector.zendesk.limits import limits

START = datetime(2026, 7, 7, 9, tzinfo=UTC)


@dataclass
class Server:
    """A rate limiter with fixed windows that counts what it is asked for."""

    clock: ManualClock
    total: int
    window: float
    decimals: bool = False
    others: int = 0
    offset: float = 0.0
    used: Counter[int] = field(default_factory=Counter)
    refused: int = 0

    def answer(self) -> dict[str, str]:
        """Count a request and tell the limit."""
        now = self.clock.monotonic() + self.offset
        number = math.floor(now / self.window)
        self.used[number] += 1
        left = self.total - self.others - self.used[number]
        if left < 0:
            self.refused += 1
        resets = (number + 1) * self.window - now
        shown = f"{resets:.3f}" if self.decimals else str(math.floor(resets))
        return {
            "zendesk-ratelimit-exports": f"total={self.total}; remaining={max(left, 0)};"
            f" resets={shown}"
        }


async def spend(
    budget: Budget, server: Server, requests: int, *, latency: float, at_once: int = 20
) -> float:
    """Send requests, so many at once; returns the seconds waited for windows."""
    waited = 0.0
    left = iter(range(requests))

    async def worker() -> None:
        nonlocal waited
        for _ in left:
            lease, seconds = await budget.take("tickets")
            waited += seconds
            await server.clock.sleep(latency / 2)
            told = limits(server.answer())
            await server.clock.sleep(latency / 2)
            budget.give_back(lease, told)

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return waited


@pytest.mark.parametrize("decimals", [True, False])
@pytest.mark.parametrize("offset", [0.0, 17.3, 59.9])
@pytest.mark.parametrize(
    ("total", "window", "share", "latency"),
    [
        (700, 60.0, 0.5, 0.2),
        (10, 60.0, 0.5, 0.8),
        (400, 60.0, 0.25, 3.0),
        (100, 20.0, 1.0, 0.3),
        (40, 7.0, 0.5, 0.05),
    ],
)
def test_the_share_is_kept_in_every_window_and_used(
    total: int, window: float, share: float, latency: float, offset: float, *, decimals: bool
) -> None:
    """Twenty requests at once never use more than the share of any window, nor much less."""
    clock = ManualClock(START)
    server = Server(clock, total, window, decimals, offset=offset)
    budget = Budget(clock, share, 300)
    asyncio.run(spend(budget, server, int(total * share * 6), latency=latency))
    ours = total * share
    assert max(server.used.values()) <= ours * 1.05
    assert server.refused == 0
    middle = sorted(server.used)[1:-1]
    reachable = min(ours, 20 * window / latency / 1.5)
    assert all(server.used[number] >= reachable * 0.8 for number in middle)


def test_what_others_use_is_left_to_them() -> None:
    """When another program has taken most of the limit, we stop at what remains."""
    clock = ManualClock(START)
    server = Server(clock, 100, 60.0, others=80)
    asyncio.run(spend(Budget(clock, 0.5, 300), server, 60, latency=0.2))
    assert server.refused == 0
    assert max(server.used.values()) == 20


def test_waiting_goes_through_the_clock_and_is_told() -> None:
    """The seconds returned are those slept for windows to end."""
    clock = ManualClock(START)
    server = Server(clock, 10, 60.0, decimals=True)
    waited = asyncio.run(spend(Budget(clock, 0.5, 300), server, 15, latency=0.0, at_once=1))
    assert waited == pytest.approx(120, abs=0.1)
    assert clock.monotonic() == pytest.approx(waited)


def test_the_first_answer_is_awaited_before_a_second_request() -> None:
    """Before anything is known of a family, its requests go out one by one."""
    clock = ManualClock(START)
    budget = Budget(clock, 0.5, 300)

    async def scenario() -> None:
        first, _ = await budget.take("tickets")
        second = asyncio.create_task(budget.take("tickets"))
        other, _ = await budget.take("users")
        await asyncio.sleep(0.01)
        assert not second.done()
        budget.give_back(first, ())
        lease, _ = await second
        third, _ = await budget.take("tickets")
        for each in (other, lease, third):
            budget.give_back(each, ())

    asyncio.run(scenario())


def test_a_request_without_an_answer_lets_the_next_one_go() -> None:
    """A broken connection teaches nothing and blocks nobody."""
    budget = Budget(ManualClock(START), 0.5, 300)

    async def scenario() -> Lease:
        first, _ = await budget.take("tickets")
        waiting = asyncio.create_task(budget.take("tickets"))
        await asyncio.sleep(0)
        budget.give_back(first, None)
        lease, _ = await asyncio.wait_for(waiting, 1)
        return lease

    assert asyncio.run(scenario()).family == "tickets"


def test_a_helpdesk_without_limits_is_not_slowed_down() -> None:
    """When answers tell no limits, requests go out as they come."""
    clock = ManualClock(START)
    budget = Budget(clock, 0.5, 300)

    async def scenario() -> None:
        for _ in range(1000):
            lease, waited = await budget.take("tickets")
            assert waited == 0
            budget.give_back(lease, ())

    asyncio.run(scenario())
    assert clock.monotonic() == 0


def test_a_limit_that_tells_no_reset_is_per_minute() -> None:
    """As documented; the only window that is assumed."""
    clock = ManualClock(START)
    budget = Budget(clock, 0.5, 300)

    async def scenario() -> float:
        total = 0.0
        for _ in range(11):
            lease, waited = await budget.take("tickets")
            total += waited
            budget.give_back(lease, (Limit("account", 20, 15),))
        return total

    assert asyncio.run(scenario()) == 60


def test_a_window_that_ends_too_late_stops_the_run() -> None:
    """Nobody sleeps blindly for longer than they said they would."""
    budget = Budget(ManualClock(START), 0.5, 300)

    async def scenario() -> None:
        lease, _ = await budget.take("tickets")
        budget.give_back(lease, (Limit("sample", 2, 0, 1200.0),))
        await budget.take("tickets")

    with pytest.raises(LimitedError) as caught:
        asyncio.run(scenario())
    assert caught.value.seconds is not None
    assert caught.value.seconds > 1199


def test_a_refusal_holds_the_whole_family() -> None:
    """After a 429 no request of that family goes out before the time the helpdesk named."""
    clock = ManualClock(START)
    budget = Budget(clock, 0.5, 300)

    async def scenario() -> tuple[float, float]:
        lease, _ = await budget.take("tickets")
        budget.give_back(lease, ())
        budget.hold("tickets", 30)
        _, other = await budget.take("users")
        _, waited = await budget.take("tickets")
        return other, waited

    assert asyncio.run(scenario()) == (0, 30)


def test_a_window_that_is_begun_anew_is_noticed() -> None:
    """A helpdesk that starts its minute over, after a restart, is believed at once."""
    clock = ManualClock(START)
    server = Server(clock, 20, 60.0, decimals=True, offset=50.0)
    budget = Budget(clock, 0.5, 300)
    asyncio.run(spend(budget, server, 2, latency=0.1, at_once=1))
    server.offset -= clock.monotonic() + 50
    server.used.clear()
    asyncio.run(spend(budget, server, 40, latency=0.1))
    assert max(server.used.values()) <= 10


def test_a_limit_grows_and_shrinks_with_what_the_helpdesk_says() -> None:
    """A new total counts from the answer that tells it."""
    clock = ManualClock(START)
    server = Server(clock, 10, 60.0, decimals=True)
    budget = Budget(clock, 0.5, 300)
    asyncio.run(spend(budget, server, 5, latency=0.1, at_once=1))
    server.total = 40
    asyncio.run(spend(budget, server, 60, latency=0.1))
    assert max(server.used.values()) == 20


@given(
    total=st.integers(1, 60),
    share=st.floats(0.05, 1.0),
    window=st.floats(5.0, 90.0),
    offset=st.floats(0.0, 100.0),
    decimals=st.booleans(),
    at_once=st.integers(1, 20),
)
def test_no_helpdesk_is_ever_asked_too_often(
    *, total: int, share: float, window: float, offset: float, decimals: bool, at_once: int
) -> None:
    """Whatever the window, its phase and its rounding, the share holds."""
    clock = ManualClock(START)
    server = Server(clock, total, window, decimals, offset=offset)
    budget = Budget(clock, share, 300)
    allowed = max(1, math.floor(total * share))
    asyncio.run(spend(budget, server, allowed * 3 + 2, latency=0.1, at_once=at_once))
    assert max(server.used.values()) <= allowed


@dataclass
class Minute:
    """A limiter of credits per clock minute that never says when the minute ends.

    `hidden` requests of the family are granted per minute whatever the headers say.
    """

    clock: ManualClock
    total: int
    hidden: int | None = None
    offset: float = 0.0
    used: Counter[int] = field(default_factory=Counter)
    asked: Counter[int] = field(default_factory=Counter)
    refused: int = 0

    def answer(self, cost: int) -> tuple[bool, tuple[Limit, ...], float]:
        """Whether it is granted, what the headers tell, and the seconds to the minute's end."""
        now = self.clock.monotonic() + self.offset
        minute = math.floor(now / 60)
        self.used[minute] += cost
        self.asked[minute] += 1
        left = self.total - self.used[minute]
        granted = left >= 0 and (self.hidden is None or self.asked[minute] <= self.hidden)
        self.refused += not granted
        limit = Limit(ACCOUNT, self.total, max(left, 0), used=cost)
        return granted, (limit,), (minute + 1) * 60 - now


async def read_lists(
    budget: Budget, server: Minute, requests: int, *, expected: int = 1, cost: int = 1
) -> None:
    """Get so many answers, twenty at once, asking again after the time a refusal names."""
    left = iter(range(requests))

    async def worker() -> None:
        for _ in left:
            granted = False
            while not granted:
                lease, _ = await budget.take("ticket list", expected)
                await server.clock.sleep(0.1)
                granted, told, seconds = server.answer(cost)
                await server.clock.sleep(0.1)
                budget.give_back(lease, told)
                if not granted:
                    budget.hold("ticket list", seconds)
                    budget.slow_down("ticket list")
                    await server.clock.sleep(seconds)

    await asyncio.gather(*(worker() for _ in range(20)))


@given(
    total=st.integers(14, 200),
    share=st.floats(0.1, 1.0),
    offset=st.floats(0.0, 60.0),
    expected=st.integers(1, 7),
    cost=st.integers(1, 7),
)
def test_where_no_end_is_told_any_minute_keeps_to_the_share(
    *, total: int, share: float, offset: float, expected: int, cost: int
) -> None:
    """Whenever the helpdesk's minute begins, and though requests cost more than was thought."""
    server = Minute(ManualClock(START), total, offset=offset)
    allowed = max(1, math.floor(total * share))
    budget = Budget(server.clock, share, 300)
    asyncio.run(read_lists(budget, server, allowed // cost * 2 + 2, expected=expected, cost=cost))
    unforeseen = 20 * max(cost - expected, 0)
    assert max(server.used.values()) <= max(allowed, cost) + unforeseen
    if not unforeseen:
        assert server.refused == 0


def test_a_request_that_cost_less_than_thought_leaves_its_room() -> None:
    """What the answer says it cost is what counts."""
    clock = ManualClock(START)
    budget = Budget(clock, 1.0, 300)

    async def scenario() -> float:
        total = 0.0
        for _ in range(20):
            lease, waited = await budget.take("tickets", 7)
            total += waited
            budget.give_back(lease, (Limit(ACCOUNT, 30, used=1),))
        return total

    assert asyncio.run(scenario()) == 0


def test_a_request_dearer_than_the_whole_share_is_still_sent() -> None:
    """Alone in its window, or nothing would ever be read."""
    clock = ManualClock(START)
    budget = Budget(clock, 0.5, 300)

    async def scenario() -> list[float]:
        waits = []
        for _ in range(3):
            lease, waited = await budget.take("tickets", 7)
            waits.append(waited)
            budget.give_back(lease, (Limit(ACCOUNT, 10, 10),))
        return waits

    assert asyncio.run(scenario()) == [0, 60, 60]


def test_a_limit_that_no_header_tells_of_is_learned_from_the_first_refusal() -> None:
    """The family then keeps to our share of what went through; it is not refused again."""
    server = Minute(ManualClock(START), 400, hidden=40)
    asyncio.run(read_lists(Budget(server.clock, 0.5, 300), server, 160))
    minutes = sorted(server.asked)
    assert server.refused <= 20, "only what was in flight at the first refusal"
    assert all(server.asked[one] <= 20 for one in minutes[1:])
    assert all(server.asked[one] >= 18 for one in minutes[2:-1])


def test_a_learned_pace_is_forgotten_after_an_hour() -> None:
    """Others may have caused the refusal; their work ends some day."""
    clock = ManualClock(START)
    budget = Budget(clock, 0.5, 300)

    async def one() -> float:
        lease, waited = await budget.take("ticket list")
        budget.give_back(lease, (Limit(ACCOUNT, 1000, 900),))
        return waited

    async def scenario() -> tuple[list[float], list[float]]:
        for _ in range(5):
            await one()
        budget.slow_down("ticket list")
        slow = [await one() for _ in range(4)]
        await clock.sleep(PACE_KEPT)
        return slow, [await one() for _ in range(4)]

    slow, again = asyncio.run(scenario())
    assert slow == [0, 0, 60, 0]
    assert again == [0, 0, 0, 0]


def test_another_family_is_not_slowed_down_by_a_learned_pace() -> None:
    """Only what was refused goes slower."""
    clock = ManualClock(START)
    budget = Budget(clock, 0.5, 300)

    async def scenario() -> float:
        lease, _ = await budget.take("ticket list")
        budget.give_back(lease, ())
        budget.slow_down("ticket list")
        total = 0.0
        for _ in range(50):
            lease, waited = await budget.take("comments")
            budget.give_back(lease, ())
            total += waited
        return total

    assert asyncio.run(scenario()) == 0
