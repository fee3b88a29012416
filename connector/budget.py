"""How many requests a helpdesk grants, and how many of them we take.

A limit is a value read from each answer's headers. Every limit has a window that ends when the
helpdesk says so; in each window no more than our share of its total is used, and never what others
have left us none of.
"""

from __future__ import annotations

import asyncio
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from connector.errors import LimitedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.clock import Clock

UNTOLD_WINDOW = 60.0
"""Seconds of a window whose end no header tells; Zendesk documents its limits per minute.

https://developer.zendesk.com/api-reference/introduction/rate-limits/
"""

_ACCOUNT = "account"
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?")
_BUCKET = re.compile(r"zendesk-rate-?limit-(.+)")
_PLAIN = re.compile(r"(?:x-)?rate-?limit(?:-(limit|remaining|reset))?")


@dataclass(frozen=True, slots=True)
class Limit:
    """What an answer says of one limit.

    Attributes:
        name: Which limit it is: `account`, or the end of a bucket header's name.
        total: Requests granted per window.
        remaining: Requests left in this window, for all who use the account.
        resets: Seconds until the window ends.
        exact: Whether `resets` was given with a fraction; otherwise it may be a second short.
    """

    name: str
    total: int
    remaining: int | None = None
    resets: float | None = None
    exact: bool = False


def limits(headers: Mapping[str, str]) -> tuple[Limit, ...]:
    """Read the limits of an answer; headers that cannot be read are passed over.

    Zendesk sends two families at once: `x-rate-limit…` and `ratelimit-…` for the account, and
    `zendesk-ratelimit-<bucket>: total=…; remaining=…; resets=…` for an endpoint; older spellings
    have a hyphen more.
    https://developer.zendesk.com/documentation/api-basics/best-practices/best-practices-for-avoiding-rate-limiting
    """
    told: dict[str, dict[str, str]] = {}
    for raw, value in headers.items():
        name = raw.lower()
        if bucket := _BUCKET.fullmatch(name):
            pairs = (part.partition("=") for part in value.split(";"))
            told[bucket[1]] = {key.strip().lower(): number.strip() for key, _, number in pairs}
        elif plain := _PLAIN.fullmatch(name):
            key = {"remaining": "remaining", "reset": "resets"}.get(plain[1] or "", "total")
            told.setdefault(_ACCOUNT, {})[key] = value.strip()
    found = (_limit(name, values) for name, values in told.items())
    return tuple(limit for limit in found if limit is not None)


def _limit(name: str, values: Mapping[str, str]) -> Limit | None:
    numbers = {key: float(text) for key, text in values.items() if _NUMBER.fullmatch(text)}
    if "total" not in numbers:
        return None
    remaining = numbers.get("remaining")
    return Limit(
        name=name,
        total=int(numbers["total"]),
        remaining=None if remaining is None else int(remaining),
        resets=numbers.get("resets"),
        exact="." in values.get("resets", ""),
    )


Number = TypeVar("Number", int, float)


def _least(known: Number | None, told: Number | None) -> Number | None:
    return min((value for value in (known, told) if value is not None), default=None)


@dataclass(slots=True)
class _Window:
    """What we know of one limit's present window. Times are the clock's monotonic seconds."""

    total: int
    number: int = 0
    sent: list[float] = field(default_factory=list)
    waiting: int = 0
    remaining: int | None = None
    earliest_end: float | None = None
    latest_end: float | None = None

    def roll(self, now: float) -> None:
        """Begin the next window once this one must be over.

        What was sent when the helpdesk may have turned over already counts in the new one too.
        """
        end = self.latest_end
        if end is None and self.sent and not self.waiting:
            end = self.sent[0] + UNTOLD_WINDOW
        if end is not None and now >= end:
            self._turn(end if self.earliest_end is None else self.earliest_end)

    def _turn(self, since: float) -> None:
        self.sent = [at for at in self.sent if at >= since]
        self.number += 1
        self.remaining = self.earliest_end = self.latest_end = None

    def room(self, share: float) -> int:
        """How many more requests we may send in this window."""
        ours = max(1, math.floor(self.total * share)) - len(self.sent)
        if self.remaining is None:
            return ours
        return min(ours, self.remaining - self.waiting)

    def learn(self, limit: Limit, sent: float, now: float) -> None:
        """Take in what an answer to a request of this window says."""
        self.total = limit.total
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
    windows: dict[str, int]


class Budget:
    """Keeps all requests to one account within our share of its limits.

    Which limits a family of requests falls under is learned from its answers; until the first one,
    a family's requests go out one by one. Safe for many requests in flight.
    """

    def __init__(self, clock: Clock, share: float, longest_wait: float) -> None:
        self._clock = clock
        self._part = share
        self._longest_wait = longest_wait
        self._windows: dict[str, _Window] = {}
        self._limits_of: dict[str, set[str]] = {}
        self._in_flight: dict[str, int] = {}
        self._held_until: dict[str, float] = {}
        self._news = asyncio.Event()

    async def take(self, family: str) -> tuple[Lease, float]:
        """Wait until a request of the family may be sent.

        Returns:
            The leave to send it, and the seconds waited for a window to end.

        Raises:
            LimitedError: The wait would be longer than we are willing to wait.
        """
        waited = 0.0
        while True:
            seconds = self._wait(family)
            if seconds is None:
                return self._lease(family), waited
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
        for name in lease.windows:
            self._windows[name].waiting -= 1
        if told is not None:
            known = self._limits_of.setdefault(lease.family, set())
            for limit in told:
                known.add(limit.name)
                window = self._windows.setdefault(limit.name, _Window(limit.total))
                if limit.name not in lease.windows:
                    window.sent.append(lease.sent)
                if lease.windows.get(limit.name, window.number) == window.number:
                    window.learn(limit, lease.sent, now)
        self._news.set()
        self._news = asyncio.Event()

    def share(self, family: str, other: str) -> bool:
        """Whether answers have shown a limit that two families use up, besides the account's."""
        known = self._limits_of.get(family, set()) & self._limits_of.get(other, set())
        return bool(known - {_ACCOUNT})

    def hold(self, family: str, seconds: float) -> None:
        """Send nothing of this family for a while: the helpdesk has refused it."""
        until = self._clock.monotonic() + seconds
        self._held_until[family] = max(until, self._held_until.get(family, 0.0))

    def _wait(self, family: str) -> float | None:
        """None to send now, seconds to wait, or infinity to wait for an answer of another."""
        now = self._clock.monotonic()
        if (held := self._held_until.get(family, 0.0)) > now:
            return held - now
        if family not in self._limits_of and self._in_flight.get(family):
            return math.inf
        longest: float | None = None
        for name in self._names(family):
            window = self._windows[name]
            window.roll(now)
            if window.room(self._part) > 0:
                continue
            if window.waiting:
                return math.inf
            end = window.latest_end
            left = (window.sent[0] + UNTOLD_WINDOW if window.sent else now) if end is None else end
            longest = max(longest or 0.0, left - now)
        return longest

    def _names(self, family: str) -> set[str]:
        return self._limits_of.get(family, {_ACCOUNT} & self._windows.keys())

    def _lease(self, family: str) -> Lease:
        now = self._clock.monotonic()
        names = self._names(family)
        for name in names:
            self._windows[name].sent.append(now)
            self._windows[name].waiting += 1
        self._in_flight[family] = self._in_flight.get(family, 0) + 1
        return Lease(family, now, {name: self._windows[name].number for name in names})
