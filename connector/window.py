"""One limit of a helpdesk's: its present window, what was sent in it, and what is left.

A window ends when the helpdesk says so, or slides where it does not say. What is sent while the
helpdesk may be turning over counts in both windows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

UNTOLD_WINDOW = 60.0
"""Seconds of a window whose end no header tells; both helpdesks document limits per minute.

https://developer.zendesk.com/api-reference/introduction/rate-limits/
https://developers.freshdesk.com/api/#ratelimit
"""


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


@dataclass(slots=True, eq=False)
class Sent:
    """A request that counts in a window. Times are the clock's monotonic seconds."""

    family: str
    at: float
    cost: int
    answered: float = math.inf


@dataclass(slots=True)
class Window:
    """What we know of one limit's present window. Times are the clock's monotonic seconds.

    Attributes:
        total: Credits granted per window.
        number: Of the window; it grows.
        sent: The requests that may count in it.
        spent: What they cost together.
        waiting: What those without an answer cost together.
        remaining: Credits left for all who use the account, by the answers of this window.
        answers: That were surely given in this window.
        told_by: When the request was sent whose answer told that.
        told_at: When that was told.
        earliest_end: The window ends no sooner.
        latest_end: The window ends no later; None where no answer tells.
        last_sent: When the last request was sent that counted here.
    """

    total: int
    number: int = 0
    sent: list[Sent] = field(default_factory=list)
    spent: int = 0
    waiting: int = 0
    remaining: int | None = None
    answers: int = 0
    told_by: float = -math.inf
    told_at: float = -math.inf
    earliest_end: float | None = None
    latest_end: float | None = None
    last_sent: float = -math.inf
    _next_free: float = -math.inf

    def add(self, sent: Sent) -> None:
        """A request counts here."""
        self.sent.append(sent)
        self.spent += sent.cost
        self.last_sent = sent.at

    def recount(self, sent: Sent, cost: int) -> None:
        """A request has cost something else than expected."""
        self.spent += cost - sent.cost if sent in self.sent else 0
        sent.cost = cost

    def take_from(self, other: Window, family: str) -> None:
        """The family's answered requests count here and no longer there."""
        moved = [one for one in other.sent if one.family == family and one.answered < math.inf]
        other._keep([one for one in other.sent if one not in moved])
        self._keep([*self.sent, *moved])

    def roll(self, now: float) -> None:
        """Begin the next window once this one must be over; one of untold end slides.

        What was sent when the helpdesk may have turned over already counts in the new one too.
        """
        end = self.latest_end
        if end is not None:
            if now >= end:
                self._turn(end if self.earliest_end is None else self.earliest_end)
            return
        if now >= self._next_free:
            self._keep([one for one in self.sent if one.answered + UNTOLD_WINDOW > now])
            # What has no answer yet counts for a whole window from now on at least.
            ends = (min(one.answered, now) + UNTOLD_WINDOW for one in self.sent)
            self._next_free = min(ends, default=now)
        if now >= self.told_at + UNTOLD_WINDOW:
            self.remaining = None

    def _turn(self, since: float) -> None:
        self._keep([one for one in self.sent if one.at >= since])
        self.number += 1
        self.remaining = self.earliest_end = self.latest_end = None
        self.answers = 0
        self.told_by = self.told_at = -math.inf

    def _keep(self, sent: list[Sent]) -> None:
        self.sent, self.spent = sent, sum(one.cost for one in sent)

    def ours(self, share: float) -> int:
        """Our share of the total."""
        return max(1, math.floor(self.total * share))

    def has_room(self, cost: int, share: float, kept: int = 0) -> bool:
        """Whether a request of this cost may be sent now; the first one always may.

        Args:
            cost: Its credits.
            share: How much of the total is ours.
            kept: Credits to be left for others of ours.
        """
        if self.spent and self.spent + cost + kept > self.ours(share):
            return False
        left = self.remaining
        return left is None or left - self.waiting - kept >= min(cost, max(self.total, 1))

    def free_at(self, now: float) -> float:
        """When there may be room again, once there is none."""
        if self.latest_end is not None:
            return self.latest_end
        ends = [one.answered + UNTOLD_WINDOW for one in self.sent]
        if self.remaining is not None:
            ends.append(self.told_at + UNTOLD_WINDOW)
        return min(ends, default=now)

    def most_left(self) -> int:
        """What at most is left once a request that is sent now is answered in this window."""
        known = self.total - self.answers
        return max(known if self.remaining is None else min(known, self.remaining), 1) - 1

    def is_another(self, limit: Limit, number: int, most_left: int, sent: float) -> bool:
        """Whether an answer shows that its limit is not this one.

        One limit has one total, and every request leaves less of it until the window ends.

        Args:
            limit: What the answer says.
            number: Of the window when its request was sent.
            most_left: What could be left at most.
            sent: When that was.
        """
        if limit.total != self.total:
            return True
        if limit.remaining is None or number != self.number or self._is_later(limit, sent):
            return False
        return limit.remaining > most_left

    def _is_later(self, limit: Limit, sent: float) -> bool:
        """Whether an answer speaks of a later window than the present one."""
        earliest = _earliest_end(limit, sent)
        return earliest is not None and self.latest_end is not None and earliest > self.latest_end

    def learn(self, limit: Limit, sent: float, now: float) -> None:
        """Take in what an answer to a request of this window says."""
        self.total = limit.total
        if limit.resets is None and self.latest_end is None:
            # Without an end to go by, what the youngest request was told is the present state.
            if limit.remaining is not None and sent >= self.told_by:
                self._left(limit.remaining, sent, now)
            return
        if self._is_later(limit, sent):
            # When the next window began is known to a second, unless the helpdesk started over;
            # then all that was sent may count in it.
            began = self.latest_end if self.earliest_end is None else self.earliest_end
            self._turn(began if began is not None and began <= now else -math.inf)
        if limit.remaining is not None:
            known = self.remaining
            left = limit.remaining if known is None else min(known, limit.remaining)
            self._left(left, sent, now)
        self.answers += limit.resets is not None
        latest = None if limit.resets is None else now + limit.resets + _slack(limit)
        self.latest_end = _nearest(min, self.latest_end, latest)
        self.earliest_end = _nearest(max, self.earliest_end, _earliest_end(limit, sent))

    def _left(self, remaining: int, sent: float, now: float) -> None:
        self.remaining, self.told_by, self.told_at = remaining, sent, now


def _slack(limit: Limit) -> float:
    return 0.0 if limit.exact else 1.0


def _earliest_end(limit: Limit, sent: float) -> float | None:
    return None if limit.resets is None else sent + limit.resets - _slack(limit)


def _nearest(
    choose: Callable[[float, float], float], known: float | None, told: float | None
) -> float | None:
    if known is None or told is None:
        return told if known is None else known
    return choose(known, told)
