"""Credits by the server's clock: of the account, and of the two lists with limits of their own.

Every request counts, also one that is refused.
https://developers.freshdesk.com/api/#ratelimit
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from connector.demo.freshdesk import problems
from connector.demo.windows import Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.demo.freshdesk.plan import FreshdeskPlan

Bucket = Literal["requests", "ticket_lists", "contact_lists"]

_CASES: dict[str, Callable[[str], str]] = {
    "documented": str,
    "lower": str.lower,
    "upper": str.upper,
}


class Budgets:
    """What is left of the limits of `plan` in this window of theirs."""

    def __init__(self, plan: FreshdeskPlan) -> None:
        self._plan = plan
        self._account = Window(plan.rates.requests, plan.rates.window)
        self._own: dict[Bucket, Window] = {
            "ticket_lists": Window(plan.rates.ticket_lists, plan.rates.window),
            "contact_lists": Window(plan.rates.contact_lists, plan.rates.window),
        }

    def spend(self, bucket: Bucket, now: int, cost: int) -> dict[str, str]:
        """Takes `cost` credits at Unix second `now`; returns the headers that tell of the limit.

        The headers tell of the account's limit only, also where a list's own is used up.

        Raises:
            RefusedError: 429, with the same headers and ``Retry-After``.
        """
        left = self._account.spend(now, cost)
        own = self._own.get(bucket)
        over = left is None or (own is not None and own.spend(now) is None)
        headers = self._headers(left or 0, cost)
        if over:
            refused = problems.limited(self._account.resets(now))
            refused.headers |= headers
            raise refused
        return headers

    def _headers(self, left: int, cost: int) -> dict[str, str]:
        told = {"Total": self._account.total, "Remaining": left, "Used-CurrentRequest": cost}
        case = _CASES[self._plan.header_case]
        return {
            case(f"X-RateLimit-{name}"): f"{number}.0" if self._plan.decimals else str(number)
            for name, number in told.items()
        }
