"""Asks a helpdesk one thing at a time, or twenty: within the budget, counted, tried again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from connector.budget import Budget, Limit
from connector.errors import HelpdeskError, LimitedError, MalformedError
from connector.retry import pause
from connector.sync.helpdesk import Usage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from connector.clock import Clock
    from connector.http import Response, Wire

_TOO_MANY = 429
A = TypeVar("A")
N = TypeVar("N", int, float)


class Session(Generic[A]):
    """Requests to one account, whichever helpdesk it is; an answer is what `read` makes of it."""

    def __init__(
        self,
        wire: Wire,
        *,
        read: Callable[[Response, str], A],
        limits: Callable[[Mapping[str, str]], tuple[Limit, ...]],
        clock: Clock,
        share: float,
        retry_seconds: float,
    ) -> None:
        """Nothing is sent yet.

        Args:
            wire: What takes the requests there.
            read: Reads the answer to a request for a stream, or raises one of `connector.errors`.
            limits: Reads what an answer's headers say of rate limits.
            clock: Tells the time and waits.
            share: How much of the account's rate limits we may use, between 0 and 1.
            retry_seconds: How long to go on without progress.
        """
        self.usage = Usage()
        self._wire = wire
        self._read = read
        self._limits = limits
        self._clock = clock
        self._retry_seconds = retry_seconds
        self._budget = Budget(clock, share, retry_seconds)
        self._waited_until: dict[str, float] = {}

    async def patiently(
        self,
        stream: str,
        ask: Callable[[], Awaitable[A]],
        *,
        patience: float | None = None,
        failed: Callable[[], None] | None = None,
    ) -> A:
        """Ask until there is an answer, or trying again does not help.

        Args:
            stream: What it belongs to, for the usage.
            ask: Sends the request once.
            patience: Seconds to spend without success where that differs from the session's; the
                wait that a rate limit asks for is not cut short by it.
            failed: Told of each failure that is to be tried again, but for rate limits.

        Raises:
            connector.errors: What `ask` raised last.
        """
        failures: Counter[bool] = Counter()
        failing_since = 0.0
        while True:
            try:
                return await ask()
            except HelpdeskError as error:
                now = self._clock.monotonic()
                failing_since = failing_since if failures else now
                is_garbled = isinstance(error, MalformedError)
                failures[is_garbled] += 1
                limited = isinstance(error, LimitedError)
                seconds = pause(
                    error,
                    failures=failures[is_garbled],
                    elapsed=now - failing_since,
                    most=self._retry_seconds if patience is None or limited else patience,
                )
                if seconds is None:
                    raise
                if failed is not None and not limited:
                    failed()
                await self._clock.sleep(seconds)
                if limited:
                    self._has_waited(stream, seconds)

    async def once(
        self,
        stream: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
        header: str | None = None,
        family: str | None = None,
        cost: int = 1,
    ) -> A:
        """Send one request as soon as the budget allows.

        Args:
            stream: What it belongs to, for the usage and errors.
            method: The HTTP method.
            path: Its path on the account's host.
            params: The query, in which no customer's phone, name or word may stand.
            document: What to send as JSON.
            header: The `Authorization` header.
            family: Requests that fall under the same rate limits; the stream's own unless given.
            cost: The credits it is expected to use up.
        """
        family = family or stream
        lease, waited = await self._budget.take(family, cost)
        if waited:
            self._has_waited(stream, waited)
        response: Response | None = None
        told: tuple[Limit, ...] | None = None
        try:
            _add(self.usage.requests, stream, 1)
            response = await self._wire.send(
                method,
                path,
                params=params,
                document=document,
                headers={"Authorization": header} if header else None,
            )
            told = self._limits(response.headers)
        finally:
            refused = response is not None and response.status == _TOO_MANY
            self._budget.give_back(lease, told, refused=refused)
        try:
            return self._read(response, stream)
        except LimitedError as error:
            _add(self.usage.refused, stream, 1)
            self._budget.hold(family, error.seconds or 0.0)
            if told and all(limit.remaining for limit in told):
                # None of the limits that the answer tells of is used up: it was another.
                self._budget.slow_down(family)
            raise

    def _has_waited(self, stream: str, seconds: float) -> None:
        """Count a wait that is over; of those of one stream side by side, the time they cover."""
        now = self._clock.monotonic()
        counted = self._waited_until.get(stream, now - seconds)
        _add(self.usage.waited, stream, min(seconds, max(now - counted, 0.0)))
        self._waited_until[stream] = now

    def share_a_limit(self, stream: str, other: str) -> bool:
        """Whether the answers so far show that two streams use up one limit of their own."""
        return self._budget.share(stream, other)

    def totals(self, family: str) -> dict[str, int]:
        """The credits a window that each limit of a family grants to all who use the account."""
        return self._budget.totals(family)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._wire.close()


def _add(counts: dict[str, N], stream: str, more: N) -> None:
    counts[stream] = counts.get(stream, 0) + more
