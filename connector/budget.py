"""How many requests a helpdesk grants, and how many of them we take.

A limit is a value read from each answer's headers. Every limit has a window that ends when the
helpdesk says so, or slides where it does not say; in each no more than our share of its total is
used, and never what others have left us none of. Limits count credits: most requests cost one.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from connector.errors import LimitedError

if TYPE_CHECKING:
    from connector.clock import Clock

UNTOLD_WINDOW = 60.0
"""Seconds of a window whose end no header tells; both helpdesks document limits per minute.

https://developer.zendesk.com/api-reference/introduction/rate-limits/
https://developers.freshdesk.com/api/#ratelimit
"""
PACE_KEPT = 3600.0
"""Seconds for which the pace learned from a refusal is kept: others may have caused it."""
ACCOUNT = "account"
"""The name of the limit that all requests to an account use up."""
_PACE = "pace of "


@dataclass(frozen=True, slots=True)
class Limit:
    """What an answer says of one limit.

    Attributes:
        name: Which limit it is: `account`, or the end of a bucket header's name.
        total: Credits granted per window.
        remaining: Credits left in this window, for all who use the account.
        resets: Seconds until the window ends.
        exact: Whether `resets` was given with a fraction; otherwise it may be a second short.
        used: Credits that the answered request has cost.
    """

    name: str
    total: int
    remaining: int | None = None
    resets: float | None = None
    exact: bool = False
    used: int | None = None


Number = TypeVar("Number", int, float)


def _least(known: Number | None, told: Number | None) -> Number | None:
    return min((value for value in (known, told) if value is not None), default=None)


@dataclass(slots=True, eq=False)
class _Sent:
    """A request that counts in a window. Times are the clock's monotonic seconds."""

    at: float
    cost: int
    answered: float = math.inf


@dataclass(slots=True)
class _Window:
    """What we know of one limit's present window. Times are the clock's monotonic seconds."""

    total: int
    number: int = 0
    sent: list[_Sent] = field(default_factory=list)
    waiting: int = 0
    remaining: int | None = None
    told_by: float = -math.inf
    told_at: float = -math.inf
    earliest_end: float | None = None
    latest_end: float | None = None

    def roll(self, now: float) -> None:
        """Begin the next window once this one must be over; one of untold end slides.

        What was sent when the helpdesk may have turned over already counts in the new one too.
        """
        end = self.latest_end
        if end is None:
            self.sent = [one for one in self.sent if one.answered + UNTOLD_WINDOW > now]
            if now >= self.told_at + UNTOLD_WINDOW:
                self.remaining = None
        elif now >= end:
            self._turn(end if self.earliest_end is None else self.earliest_end)

    def _turn(self, since: float) -> None:
        self.sent = [one for one in self.sent if one.at >= since]
        self.number += 1
        self.remaining = self.earliest_end = self.latest_end = None
        self.told_by = self.told_at = -math.inf

    def has_room(self, cost: int, share: float) -> bool:
        """Whether a request of this cost may be sent now; the first one always may."""
        ours = max(1, math.floor(self.total * share))
        used = sum(one.cost for one in self.sent)
        if used and used + cost > ours:
            return False
        left = self.remaining
        return left is None or left - self.waiting >= min(cost, max(self.total, 1))

    def free_at(self, now: float) -> float:
        """When there may be room again, once there is none."""
        if self.latest_end is not None:
            return self.latest_end
        ends = [one.answered + UNTOLD_WINDOW for one in self.sent]
        if self.remaining is not None:
            ends.append(self.told_at + UNTOLD_WINDOW)
        return min(ends, default=now)

    def learn(self, limit: Limit, sent: float, now: float) -> None:
        """Take in what an answer to a request of this window says."""
        self.total = limit.total
        if limit.resets is None and self.latest_end is None:
            # Without an end to go by, what the youngest request was told is the present state.
            if limit.remaining is not None and sent >= self.told_by:
                self.remaining, self.told_by, self.told_at = limit.remaining, sent, now
            return
        slack = 0.0 if limit.exact else 1.0
        earliest = None if limit.resets is None else sent + limit.resets - slack
        latest = None if limit.resets is None else now + limit.resets + slack
        if earliest is not None and self.latest_end is not None and earliest > self.latest_end:
            # This answer is of the next window. When that began is known to a second, unless the
            # helpdesk started over; then all that was sent may count in it.
            began = self.latest_end if self.earliest_end is None else self.earliest_end
            self._turn(began if began <= now else -math.inf)
        self.remaining = _least(self.remaining, limit.remaining)
        self.latest_end = _least(self.latest_end, latest)
        if earliest is not None:
            known = self.earliest_end
            self.earliest_end = earliest if known is None else max(known, earliest)


@dataclass(slots=True)
class Lease:
    """Leave to send one request; to be given back with its answer."""

    family: str
    sent: float
    cost: int
    windows: dict[str, tuple[int, _Sent]]


class Budget:
    """Keeps all requests to one account within our share of its limits.

    Which limits a family of requests falls under is learned from its answers; until the first one,
    a family's requests go out one by one. A limit that no header tells of shows when a request is
    refused; the family then keeps to our share of what went through before. Safe for many requests
    in flight.
    """

    def __init__(self, clock: Clock, share: float, longest_wait: float) -> None:
        self._clock = clock
        self._part = share
        self._longest_wait = longest_wait
        self._windows: dict[str, _Window] = {}
        self._limits_of: dict[str, set[str]] = {}
        self._in_flight: dict[str, int] = {}
        self._held_until: dict[str, float] = {}
        self._lately: dict[str, deque[float]] = {}
        self._paced_until: dict[str, float] = {}
        self._news = asyncio.Event()

    async def take(self, family: str, cost: int = 1) -> tuple[Lease, float]:
        """Wait until a request of the family may be sent.

        Args:
            family: Requests that fall under the same limits.
            cost: The credits it is expected to use up.

        Returns:
            The leave to send it, and the seconds waited for a window to end.

        Raises:
            LimitedError: The wait would be longer than we are willing to wait.
        """
        waited = 0.0
        while True:
            seconds = self._wait(family, cost)
            if seconds is None:
                return self._lease(family, cost), waited
            if seconds == math.inf:
                await self._news.wait()
                continue
            if seconds > self._longest_wait:
                raise LimitedError(
                    f"The rate limit of {family} is used up for another {seconds:.0f} s.",
                    "Run the command again later; it goes on where it stopped.",
                    seconds=seconds,
                )
            await self._clock.sleep(seconds)
            waited += seconds

    def give_back(self, lease: Lease, told: tuple[Limit, ...] | None) -> None:
        """Take in the answer to a request: its limits, or None when there was no answer."""
        now = self._clock.monotonic()
        self._in_flight[lease.family] -= 1
        for name, (_, sent) in lease.windows.items():
            sent.answered = now
            self._windows[name].waiting -= sent.cost
        if told is not None:
            known = self._limits_of.setdefault(lease.family, set())
            for limit in told:
                known.add(limit.name)
                self._learn(lease, limit, now)
        self._news.set()
        self._news = asyncio.Event()

    def share(self, family: str, other: str) -> bool:
        """Whether answers have shown a limit that two families use up, besides the account's."""
        known = self._limits_of.get(family, set()) & self._limits_of.get(other, set())
        return bool(known - {ACCOUNT})

    def hold(self, family: str, seconds: float) -> None:
        """Send nothing of this family for a while: the helpdesk has refused it."""
        until = self._clock.monotonic() + seconds
        self._held_until[family] = max(until, self._held_until.get(family, 0.0))

    def slow_down(self, family: str) -> None:
        """The family was refused by a limit that no header tells of: learn it from what we sent."""
        now = self._clock.monotonic()
        lately = self._recent(family, now)
        if lately:
            lately.pop()  # the refused request itself
        went_through = max(len(lately), 1)
        window = self._windows.setdefault(_PACE + family, _Window(went_through))
        is_known = self._is_paced(family, now)
        window.total = min(window.total, went_through) if is_known else went_through
        self._paced_until[family] = now + PACE_KEPT

    def _learn(self, lease: Lease, limit: Limit, now: float) -> None:
        window = self._windows.setdefault(limit.name, _Window(limit.total))
        if limit.name in lease.windows:
            number, sent = lease.windows[limit.name]
        else:
            number, sent = window.number, _Sent(lease.sent, lease.cost, now)
            window.sent.append(sent)
        if limit.used is not None:
            sent.cost = limit.used
        if number == window.number:
            window.learn(limit, lease.sent, now)

    def _wait(self, family: str, cost: int) -> float | None:
        """None to send now, seconds to wait, or infinity to wait for an answer of another."""
        now = self._clock.monotonic()
        if (held := self._held_until.get(family, 0.0)) > now:
            return held - now
        if family not in self._limits_of and self._in_flight.get(family):
            return math.inf
        longest: float | None = None
        for name in self._names(family, now):
            window = self._windows[name]
            window.roll(now)
            if window.has_room(_cost(name, cost), self._part):
                continue
            if window.waiting:
                return math.inf
            longest = max(longest or 0.0, window.free_at(now) - now)
        return longest

    def _names(self, family: str, now: float) -> set[str]:
        told = self._limits_of.get(family, {ACCOUNT} & self._windows.keys())
        return told | {_PACE + family} if self._is_paced(family, now) else told

    def _is_paced(self, family: str, now: float) -> bool:
        return self._paced_until.get(family, -math.inf) > now

    def _recent(self, family: str, now: float) -> deque[float]:
        """When the family's requests of the last window went out."""
        lately = self._lately.setdefault(family, deque())
        while lately and lately[0] <= now - UNTOLD_WINDOW:
            lately.popleft()
        return lately

    def _lease(self, family: str, cost: int) -> Lease:
        now = self._clock.monotonic()
        self._recent(family, now).append(now)
        windows: dict[str, tuple[int, _Sent]] = {}
        for name in self._names(family, now):
            window, sent = self._windows[name], _Sent(now, _cost(name, cost))
            window.sent.append(sent)
            window.waiting += sent.cost
            windows[name] = (window.number, sent)
        self._in_flight[family] = self._in_flight.get(family, 0) + 1
        return Lease(family, now, cost, windows)


def _cost(name: str, cost: int) -> int:
    """What a request counts in a window: a learned pace counts requests, not credits."""
    return 1 if name.startswith(_PACE) else cost
