"""How many requests a helpdesk grants, and how many of them we take.

A limit is a value read from each answer's headers. Every limit has a window; in each no more than
our share of its total is used, and never what others have left us none of. Limits count credits:
most requests cost one.

Headers name limits, but not reliably: two exports may use up one limit under two names, or two
limits under one. What the answers count is believed. Families whose limits have one total are
taken to share one until an answer to one tells no less left than an earlier answer to the other.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.errors import LimitedError
from connector.retry import FIRST_PAUSE, LONGEST_PAUSE
from connector.window import UNTOLD_WINDOW, Limit, Sent, Window

if TYPE_CHECKING:
    from connector.clock import Clock

__all__ = ["ACCOUNT", "UNTOLD_WINDOW", "Budget", "Lease", "Limit"]

PACE_KEPT = 3600.0
"""Seconds for which the pace learned from a refusal is kept: others may have caused it."""
ACCOUNT = "account"
"""The name of the limit that all requests to an account use up."""
_PACE = "pace of "
_BUSY_SECONDS = 2 * UNTOLD_WINDOW
"""A limit that was used within these seconds is likely to be used again."""


@dataclass(slots=True)
class Lease:
    """Leave to send one request; to be given back with its answer.

    Attributes:
        windows: Those it counts in, each with its number.
        most_left: Of every window its number, and what it can have left at most once this request
            is answered, should it count there.
    """

    family: str
    sent: float
    cost: int
    windows: dict[str, tuple[int, Sent]]
    most_left: dict[str, tuple[int, int]]


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
        self._windows: dict[str, Window] = {}
        self._limits_of: dict[str, dict[str, str]] = {}
        self._in_flight: dict[str, int] = {}
        self._held_until: dict[str, float] = {}
        self._refusals: dict[str, int] = {}
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

    def give_back(
        self, lease: Lease, told: tuple[Limit, ...] | None, *, refused: bool = False
    ) -> None:
        """Take in the answer to a request.

        Args:
            lease: The leave it was sent with.
            told: Its limits, or None when there was no answer.
            refused: Whether the helpdesk had enough of us (429).
        """
        now = self._clock.monotonic()
        self._in_flight[lease.family] -= 1
        for name, (_, sent) in lease.windows.items():
            sent.answered = now
            self._windows[name].waiting -= sent.cost
        if told is not None:
            self._limits_of.setdefault(lease.family, {})
            for limit in told:
                self._learn(lease, limit, now)
            if not refused and lease.sent >= self._held_until.get(lease.family, 0.0):
                self._refusals.pop(lease.family, None)
        self._news.set()
        self._news = asyncio.Event()

    def share(self, family: str, other: str) -> bool:
        """Whether two families use up one limit besides the account's, as far as answers tell."""
        known = set(self._limits_of.get(family, {}).values())
        return bool(known & set(self._limits_of.get(other, {}).values()) - {ACCOUNT})

    def totals(self, family: str) -> dict[str, int]:
        """The credits a window that each limit of a family grants to all who use the account."""
        return {key: self._windows[key].total for key in self._limits_of.get(family, {}).values()}

    def hold(self, family: str, seconds: float) -> None:
        """Send nothing of this family for a while: the helpdesk has refused it.

        A family that is refused again and again waits longer each time, and until one request
        has gone through, they go out one by one.
        """
        now = self._clock.monotonic()
        known = self._held_until.get(family, -math.inf)
        if now >= known:
            self._refusals[family] = self._refusals.get(family, 0) + 1
        times = self._refusals.setdefault(family, 1)
        least = min(FIRST_PAUSE * 2 ** (times - 1), LONGEST_PAUSE)
        self._held_until[family] = max(now + max(seconds, least), known)

    def slow_down(self, family: str) -> None:
        """The family was refused by a limit that no header tells of: learn it from what we sent."""
        now = self._clock.monotonic()
        lately = self._recent(family, now)
        if lately:
            lately.pop()  # the refused request itself
        went_through = max(len(lately), 1)
        window = self._windows.setdefault(_PACE + family, Window(went_through))
        is_known = self._is_paced(family, now)
        window.total = min(window.total, went_through) if is_known else went_through
        self._paced_until[family] = now + PACE_KEPT

    def _learn(self, lease: Lease, limit: Limit, now: float) -> None:
        key = self._key(lease, limit, now)
        window = self._windows[key]
        if key in lease.windows:
            number, sent = lease.windows[key]
        else:
            number, sent = window.number, Sent(lease.family, lease.sent, lease.cost, now)
            window.add(sent)
        if limit.used is not None and limit.used != sent.cost:
            window.recount(sent, limit.used)
        if number == window.number:
            window.learn(limit, lease.sent, now)

    def _key(self, lease: Lease, limit: Limit, now: float) -> str:
        """Which of our windows the limit is that an answer tells of."""
        if limit.name == ACCOUNT:
            self._windows.setdefault(ACCOUNT, Window(limit.total))
            return self._limits_of[lease.family].setdefault(ACCOUNT, ACCOUNT)
        limits = self._limits_of[lease.family]
        known = limits.get(limit.name)
        if known is not None and (
            self._is_own(known, lease.family) or not self._is_another(known, lease, limit)
        ):
            return known
        key = self._alike(lease, limit, now) if known is None else None
        if key is None:
            key = f"{limit.name} of {lease.family} {len(self._windows)}"
            self._windows[key] = Window(limit.total)
        if known is not None:
            self._windows[key].take_from(self._windows[known], lease.family)
        limits[limit.name] = key
        return key

    def _alike(self, lease: Lease, limit: Limit, now: float) -> str | None:
        """The first window that may be this limit, those of the same name before others."""
        told = {key for limits in self._limits_of.values() for key in limits.values()} - {ACCOUNT}
        for key in sorted(told, key=lambda one: (not one.startswith(f"{limit.name} of "), one)):
            self._windows[key].roll(now)
            if not self._is_another(key, lease, limit):
                return key
        return None

    def _is_another(self, key: str, lease: Lease, limit: Limit) -> bool:
        """Whether an answer shows that it speaks of another limit than this window's."""
        number, most_left = lease.most_left.get(key, (-1, 0))
        return self._windows[key].is_another(limit, number, most_left, lease.sent)

    def _is_own(self, key: str, family: str) -> bool:
        """Whether nobody but this family uses a window."""
        users = (one for one, limits in self._limits_of.items() if key in limits.values())
        return not any(one != family for one in users)

    def _wait(self, family: str, cost: int) -> float | None:
        """None to send now, seconds to wait, or infinity to wait for an answer of another."""
        now = self._clock.monotonic()
        if (held := self._held_until.get(family, 0.0)) > now:
            return held - now
        one_by_one = family not in self._limits_of or family in self._refusals
        if one_by_one and self._in_flight.get(family):
            return math.inf
        longest: float | None = None
        for name in self._names(family, now):
            window = self._windows[name]
            window.roll(now)
            kept = self._kept(family, now) if name == ACCOUNT else 0
            if window.has_room(_cost(name, cost), self._part, kept):
                continue
            if window.waiting:
                return math.inf
            longest = max(longest or 0.0, window.free_at(now) - now)
        return longest

    def _kept(self, family: str, now: float) -> int:
        """What single requests leave of the account's limit to families with a limit of their own.

        Those bring more with each answer, and would come too late for their own limit's window.
        """
        if set(self._limits_of.get(family, {})) - {ACCOUNT}:
            return 0
        own = {key for limits in self._limits_of.values() for key in limits.values()} - {ACCOUNT}
        windows = [self._windows[key] for key in own]
        busy = [one for one in windows if one.last_sent > now - _BUSY_SECONDS]
        kept = sum(max(one.ours(self._part) - one.spent, 0) for one in busy)
        return min(kept, self._windows[ACCOUNT].ours(self._part) // 2)

    def _names(self, family: str, now: float) -> set[str]:
        limits = self._limits_of.get(family)
        told = {ACCOUNT} & self._windows.keys() if limits is None else set(limits.values())
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
        windows: dict[str, tuple[int, Sent]] = {}
        for name in self._names(family, now):
            window, sent = self._windows[name], Sent(family, now, _cost(name, cost))
            window.add(sent)
            window.waiting += sent.cost
            windows[name] = (window.number, sent)
        self._in_flight[family] = self._in_flight.get(family, 0) + 1
        for window in self._windows.values():
            window.roll(now)
        most_left = {key: (one.number, one.most_left()) for key, one in self._windows.items()}
        return Lease(family, now, cost, windows, most_left)


def _cost(name: str, cost: int) -> int:
    """What a request counts in a window: a learned pace counts requests, not credits."""
    return 1 if name.startswith(_PACE) else cost
