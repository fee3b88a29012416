"""Notices of rings: as often as they are let, the newest ring first, never in the way."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from connector.clock import ManualClock
from connector.errors import CredentialsError, LimitedError
from connector.rings.notify import EVERYBODY, Notices, named, who_may
from connector.rings.ring import Moment, Ring, begun, ended

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from connector.rings.notify import Outcome

NOON = datetime(2026, 7, 7, 12, 0, tzinfo=UTC)
ACME = "zendesk:acme"


def ring(key: str, *agents: str, members: tuple[str, ...] | None = ()) -> Ring:
    """A ring that rings."""
    told = Moment("aircall", key, "+12125550101", None, "inbound", agents, members, "ringing", NOON)
    return begun(ACME, key, told, 1)


class Herald:
    """Writes down what it was to tell, and refuses what it is told to refuse."""

    account: str | None = ACME

    def __init__(self, clock: ManualClock, per_minute: int = 100) -> None:
        self.per_minute = per_minute
        self.told: list[tuple[str, str, float]] = []
        self.refusals: list[Exception] = []
        self.closed = False
        self._clock = clock

    def targets(self, ring: Ring) -> Iterable[str]:
        """Whoever may have the call."""
        return who_may(ring)

    async def tell(self, target: str, ring: Ring) -> None:
        """Write it down, or refuse."""
        if self.refusals:
            raise self.refusals.pop(0)
        self.told.append((target, ring.key, self._clock.monotonic()))

    async def close(self) -> None:
        """Say so."""
        self.closed = True

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Whom it told of what."""
        return [(target, key) for target, key, _ in self.told]


def run(*rings: Ring, per_minute: int = 100, refusals: Iterable[Exception] = ()) -> Outcomes:
    """Tell of these rings, all before the first notice can go out."""
    clock = ManualClock(NOON)
    herald = Herald(clock, per_minute)
    herald.refusals = list(refusals)
    counted: Counter[Outcome] = Counter()

    async def work() -> None:
        notices = Notices(herald, clock, lambda outcome: counted.update([outcome]))
        for one in rings:
            await notices.heard(one.account, one)
        while notices._tasks:  # noqa: ASYNC110 - the clock stands still but for them
            await asyncio.sleep(0)
        await notices.close()

    asyncio.run(work())
    return Outcomes(herald, counted)


class Outcomes:
    """What was told, and how it was counted."""

    def __init__(self, herald: Herald, counted: Counter[Outcome]) -> None:
        self.herald = herald
        self.counted = counted


def test_each_agent_is_told_of_each_ring_once() -> None:
    """The same ring again, answered or not, is no news to whoever was told of it."""
    one = ring("k1", "11", "12")
    found = run(one, one, replace(one, state="answered"))

    assert sorted(found.herald.pairs) == [("11", "k1"), ("12", "k1")]
    assert found.counted == {"sent": 2}


def test_ten_rings_at_once_for_one_agent_are_one_notice_of_the_newest() -> None:
    """Whoever hears of it pulls the live ring; the older ones would only cost."""
    found = run(*(ring(f"k{number}", "11") for number in range(10)))

    assert found.herald.pairs == [("11", "k9")]
    assert found.counted == {"sent": 1, "coalesced": 9}


def test_no_minute_sees_more_notices_than_are_let() -> None:
    """What does not fit waits, and those who waited longest come first."""
    found = run(*(ring(f"k{number}", str(number)) for number in range(7)), per_minute=3)

    assert [key for _, key in found.herald.pairs] == [f"k{number}" for number in range(7)]
    assert [seconds for *_, seconds in found.herald.told] == [0, 0, 0, 60, 60, 60, 120]


def test_a_ring_that_has_ended_is_not_told_any_more() -> None:
    """By the time there is room for it, nobody has any use for it."""
    waits = ring("k2", "12")
    found = run(ring("k1", "11"), waits, ended(waits, NOON))

    assert found.herald.pairs == [("11", "k1")]
    assert found.counted == {"sent": 1, "dropped": 1}


def test_those_whose_call_it_is_not_are_not_told_any_more() -> None:
    """One of two has answered before the other was told."""
    one = ring("k1", "11", "12")
    found = run(one, replace(one, state="answered", agent_id="12"))

    assert found.herald.pairs == [("12", "k1")]


def test_a_refusal_for_now_is_waited_out() -> None:
    """Nothing goes out before the helpdesk wants more of it, and nothing is lost."""
    refusal = LimitedError("Enough.", seconds=30)
    found = run(ring("k1", "11"), ring("k2", "12"), refusals=[refusal])

    assert sorted(found.herald.pairs) == [("11", "k1"), ("12", "k2")]
    assert {seconds for *_, seconds in found.herald.told} == {30}
    assert found.counted == {"sent": 2, "limited": 1}


def test_what_fails_is_counted_and_logged_without_a_word_of_the_call(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The next agent is told all the same."""
    refusal = CredentialsError("Zendesk refuses.", "Allow the scope.")
    found = run(ring("k1", "11"), ring("k2", "12"), refusals=[refusal])

    assert found.herald.pairs == [("12", "k2")]
    assert found.counted == {"sent": 1, "failed": 1}
    assert "Allow the scope." in caplog.text
    assert not {"5550", "k1", "k2"} & set(caplog.text.split())


def test_another_accounts_rings_are_not_told() -> None:
    """A herald is one account's."""
    found = run(replace(ring("k1", "11"), account="freshdesk:beta"))

    assert found.herald.pairs == []


def test_who_is_closed_tells_no_more() -> None:
    """Closing ends what waits, and lets go of the connections."""
    clock = ManualClock(NOON)
    herald = Herald(clock)

    async def work() -> None:
        notices = Notices(herald, clock, lambda _: None)
        await notices.heard(ACME, ring("k1", "11"))
        await notices.close()
        await notices.heard(ACME, ring("k2", "11"))
        await asyncio.sleep(0)

    asyncio.run(work())

    assert (herald.pairs, herald.closed) == ([], True)


def test_whom_a_ring_is_for() -> None:
    """Whoever is named; else the group; else everybody; nobody where the one named is unknown."""
    assert list(named(ring("k", "11", "12"))) == ["11", "12"]
    assert list(who_may(ring("k", members=("11",)))) == ["11"]
    assert list(who_may(ring("k", members=None))) == [EVERYBODY]
    assert list(who_may(ring("k"))) == []
