"""Rate limits by the server's clock, told in both of Zendesk's header families.

An account has a limit per minute; the incremental exports share one of their own, the users'
cursor export has another, so have updates of tickets and notices to apps; samples of exports have
theirs in twenty minutes (reference page "Rate limits").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from connector.demo.windows import MINUTE, Window
from connector.demo.zendesk.problems import RefusedError, limited

Bucket = Literal["requests", "exports", "users_export", "samples", "updates", "notices"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests per minute: of the account, of the exports together, of the users' export, updates.

    `samples` of exports are per twenty minutes, `notices` to apps per minute.
    """

    requests: int = 700
    exports: int = 10
    users_export: int = 20
    updates: int = 100
    samples: int = 10
    notices: int = 100


UNLIMITED = Limits(10**9, 10**9, 10**9, 10**9, 10**9, 10**9)
"""Limits nobody meets, so that a test need not wait."""


class Budgets:
    """What is left of the limits in this minute."""

    def __init__(self, limits: Limits) -> None:
        self._account = Window(limits.requests)
        self._own: dict[Bucket, Window] = {
            "exports": Window(limits.exports),
            "users_export": Window(limits.users_export),
            "updates": Window(limits.updates),
            "samples": Window(limits.samples, 20 * MINUTE),
            "notices": Window(limits.notices),
        }

    def spend(self, bucket: Bucket, now: int, name: str = "") -> dict[str, str]:
        """Takes one request at Unix second `now` and returns the headers that tell of the limits.

        Args:
            bucket: The endpoint's own limit; ``requests`` has none but the account's.
            now: Unix second.
            name: What the endpoint's own limit is called in its header.

        Raises:
            RefusedError: 429, with the same headers and ``Retry-After``.
        """
        reset = self._account.resets(now)
        left = self._account.spend(now)
        headers = _headers(self._account.total, left or 0, reset)
        if left is None:
            raise _limited(reset, headers)
        own = self._own.get(bucket)
        if own is None:
            return headers
        left, reset = own.spend(now), own.resets(now)
        told = f"total={own.total}; remaining={left or 0}; resets={reset}"
        headers[f"zendesk-ratelimit-{name}"] = told
        if left is None:
            raise _limited(reset, headers)
        return headers


def _headers(total: int, left: int, reset: int) -> dict[str, str]:
    return {
        "X-Rate-Limit": str(total),
        "X-Rate-Limit-Remaining": str(left),
        "ratelimit-limit": str(total),
        "ratelimit-remaining": str(left),
        "ratelimit-reset": str(reset),
    }


def _limited(reset: int, headers: dict[str, str]) -> RefusedError:
    refused = limited(reset)
    refused.headers |= headers
    return refused
