"""The budget with several families at once: which limits they share, others' use, refusals."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from connector.budget import ACCOUNT, Budget, Limit
from connector.clock import ManualClock

START = datetime(2026, 7, 7, 9, tzinfo=UTC)
NAMES = {"tickets": "exports-cursor", "events": "exports", "users": "exports-cursor"}


@dataclass
class Helpdesk:
    """Grants requests per clock minute, by limits that several families may use up.

    Attributes:
        totals: Of each limit.
        limits: Which limits a family uses up.
        offset: Seconds by which its minute began earlier than the clock.
        others: Requests a second that somebody else sends to the account.
        latency: Seconds to an answer.
    """

    clock: ManualClock
    totals: dict[str, int]
    limits: dict[str, tuple[str, ...]]
    offset: float = 0.0
    others: float = 0.0
    latency: float = 0.3
    used: Counter[tuple[str, int]] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def answer(self, family: str) -> tuple[bool, tuple[Limit, ...], float]:
        """Whether it is granted, what the headers tell, and the seconds to the minute's end."""
        now = self.clock.monotonic() + self.offset
        minute = math.floor(now / 60)
        resets = 60 * (minute + 1) - math.floor(now)
        theirs = math.floor((now - 60 * minute) * self.others)
        self.asked[family] += 1
        told, granted = [], True
        for name in self.limits[family]:
            taken = self.used[name, minute] + (theirs if name == ACCOUNT else 0)
            left = self.totals[name] - taken - 1
            granted = granted and left >= 0
            shown = ACCOUNT if name == ACCOUNT else NAMES[family]
            told.append(Limit(shown, self.totals[name], max(left, 0), float(resets)))
        for name in self.limits[family] if granted else ():
            self.used[name, minute] += 1
        self.refused[family] += not granted
        return granted, tuple(told), resets

    def minutes(self, name: str) -> list[int]:
        """What was granted of a limit in each whole minute once all is known of it."""
        return [count for (one, _), count in sorted(self.used.items()) if one == name][2:-1]


async def work(budget: Budget, desk: Helpdesk, family: str, requests: int, at_once: int) -> None:
    """Get so many answers, so many at once, asking again after the time a refusal names."""
    left = iter(range(requests))

    async def worker() -> None:
        for _ in left:
            granted = False
            while not granted:
                lease, _ = await budget.take(family)
                await desk.clock.sleep(desk.latency / 2)
                granted, told, seconds = desk.answer(family)
                await desk.clock.sleep(desk.latency / 2)
                budget.give_back(lease, told, refused=not granted)
                if not granted:
                    budget.hold(family, seconds)
                    await desk.clock.sleep(seconds)

    await asyncio.gather(*(worker() for _ in range(at_once)))


def backfill(desk: Helpdesk, share: float, minutes: int) -> Budget:
    """Single tickets beside two exports, for about so many minutes; the budget they kept to."""
    budget = Budget(desk.clock, share, 300)
    singles = int(desk.totals[ACCOUNT] * share * minutes)
    pages = max(int(desk.totals["one"] * share * minutes / 2), 1)

    async def scenario() -> None:
        await asyncio.gather(
            work(budget, desk, "comments", singles, 20),
            work(budget, desk, "tickets", pages, 1),
            work(budget, desk, "events", pages, 1),
        )

    asyncio.run(scenario())
    return budget


def zendesk(share_one: bool, **more: Any) -> Helpdesk:  # noqa: FBT001 - read at a glance
    """An account of 700 and 10 a minute, whose exports share a limit or have one each."""
    return Helpdesk(
        ManualClock(START),
        {ACCOUNT: 700, "one": 10, "two": 10},
        {
            "comments": (ACCOUNT,),
            "tickets": (ACCOUNT, "one"),
            "events": (ACCOUNT, "one" if share_one else "two"),
        },
        **more,
    )


@pytest.mark.parametrize("share", [0.5, 1.0])
@pytest.mark.parametrize("offset", [0.0, 17.3, 59.6])
@pytest.mark.parametrize("latency", [0.2, 1.4])
def test_twenty_in_flight_keep_and_use_the_share(
    share: float, offset: float, latency: float
) -> None:
    """Within five in a hundred, in every minute, whenever that begins; hardly ever refused."""
    desk = zendesk(share_one=True, offset=offset, latency=latency)
    backfill(desk, share, 6)
    assert sum(desk.refused.values()) <= 0.01 * sum(desk.asked.values())
    granted = desk.minutes(ACCOUNT)
    assert len(granted) >= 3
    assert max(granted) <= 700 * share * 1.05
    assert min(granted[:-1]) >= 700 * share * 0.95


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_two_names_of_one_limit_are_one(share: float) -> None:
    """What the answers count shows it: together the exports keep to the share."""
    desk = zendesk(share_one=True)
    budget = backfill(desk, share, 6)
    assert max(desk.minutes("one")) <= 10 * share
    assert min(desk.minutes("one")[:-1]) >= 10 * share - 1
    assert desk.refused["tickets"] + desk.refused["events"] <= 1
    assert budget.share("tickets", "events")


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_two_limits_of_one_size_are_used_side_by_side(share: float) -> None:
    """An answer that tells more left than the other export was told shows that they are two."""
    desk = zendesk(share_one=False)
    budget = backfill(desk, share, 12)
    assert not budget.share("tickets", "events")
    for name in ("one", "two"):
        assert max(desk.minutes(name)) <= 10 * share
        assert min(desk.minutes(name)[:-1]) >= 10 * share - 1
    assert sum(desk.refused.values()) == 0


def test_one_name_of_two_limits_is_two() -> None:
    """Limits of other totals are other limits, whatever they are called."""
    desk = Helpdesk(
        ManualClock(START),
        {"one": 10, "two": 20},
        {"tickets": ("one",), "users": ("two",)},
    )
    budget = Budget(desk.clock, 0.5, 300)

    async def scenario() -> None:
        await asyncio.gather(
            work(budget, desk, "tickets", 20, 2), work(budget, desk, "users", 40, 2)
        )

    asyncio.run(scenario())
    assert not budget.share("tickets", "users")
    assert budget.totals("tickets") != budget.totals("users")
    assert max(desk.minutes("one")) == 5
    assert max(desk.minutes("two")) == 10


@pytest.mark.parametrize("share", [0.5, 1.0])
@pytest.mark.parametrize("others", [1.0, 6.0, 9.0])
def test_somebody_else_may_use_the_account_too(share: float, others: float) -> None:
    """Whatever they send, we take no more than is left and are hardly ever refused."""
    desk = zendesk(share_one=True, others=others)
    backfill(desk, share, 6)
    assert sum(desk.refused.values()) <= 0.01 * sum(desk.asked.values())
    left = 700 - others * 60
    assert min(desk.minutes(ACCOUNT)[:-1]) >= min(700 * share, left) * 0.95


def test_a_refusal_is_not_hammered() -> None:
    """Twenty in flight are refused once; then one goes first, and later each time it fails."""
    clock = ManualClock(START)
    budget = Budget(clock, 1.0, 300)
    asked: list[float] = []

    async def worker() -> None:
        for _ in range(30):
            lease, _ = await budget.take("comments")
            asked.append(clock.monotonic())
            await clock.sleep(0.3)
            refused = 10 < lease.sent < 70
            budget.give_back(lease, (), refused=refused)
            if refused:
                budget.hold("comments", 0.0)
            await clock.sleep(1)

    async def scenario() -> None:
        await asyncio.gather(*(worker() for _ in range(20)))

    asyncio.run(scenario())
    during = [at for at in asked if 10 < at < 70]
    assert len([at for at in during if at > 12]) <= 8
    pauses = [later - at for at, later in pairwise(during[20:])]
    assert all(longer > 1.5 * pause for pause, longer in pairwise(pauses))


def test_after_a_refusal_one_success_lets_everybody_go() -> None:
    """The first answer that is none ends the trial."""
    clock = ManualClock(START)
    budget = Budget(clock, 1.0, 300)

    async def scenario() -> None:
        lease, _ = await budget.take("comments")
        budget.give_back(lease, (), refused=True)
        budget.hold("comments", 2)
        first, waited = await budget.take("comments")
        assert waited == 2
        second = asyncio.create_task(budget.take("comments"))
        await asyncio.sleep(0)
        assert not second.done()
        budget.give_back(first, ())
        leases = [(await second)[0], *[(await budget.take("comments"))[0] for _ in range(5)]]
        for each in leases:
            budget.give_back(each, ())

    asyncio.run(scenario())
