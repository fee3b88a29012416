"""Asks Zendesk one thing at a time, or twenty: signed, within the budget, tried again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from connector.budget import Budget, limits
from connector.errors import HelpdeskError, LimitedError, MalformedError
from connector.retry import pause
from connector.sync.helpdesk import Usage
from connector.zendesk.auth import TOKEN_PATH, Authorization, Credentials
from connector.zendesk.client import Answer, RefusedError, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.clock import Clock
    from connector.http import Response, Wire

SMALLEST_PAGE = 100
N = TypeVar("N", int, float)


class Session:
    """Requests to one Zendesk account."""

    def __init__(
        self,
        wire: Wire,
        site: str,
        credentials: Credentials,
        *,
        clock: Clock,
        share: float,
        retry_seconds: float,
    ) -> None:
        self.usage = Usage()
        self._wire = wire
        self._site = site
        self._clock = clock
        self._retry_seconds = retry_seconds
        self._budget = Budget(clock, share, retry_seconds)
        self._authorization = Authorization(credentials, clock, self._new_token)

    async def get(
        self,
        stream: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        patience: float | None = None,
    ) -> Answer:
        """Ask for a document; a page of an export that keeps failing is asked for smaller.

        Args:
            stream: What it belongs to, for the budget, the usage and errors.
            path: Its path on the account's host.
            params: The query, in which no customer's phone, name or word may stand.
            patience: Seconds to spend without success where that differs from the session's; the
                wait that a rate limit asks for is not cut short by it.

        Raises:
            connector.errors: What `read` raises, once trying again does not help.
        """
        failures: Counter[bool] = Counter()
        failing_since = 0.0
        while True:
            try:
                return await self._signed(stream, path, params)
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
                if limited:
                    _add(self.usage.waited, stream, seconds)
                elif params and "per_page" in params:
                    # Exports fail on pages that take Zendesk too long to put together.
                    size = max(int(params["per_page"]) // 2, SMALLEST_PAGE)
                    params = {**params, "per_page": str(size)}
                await self._clock.sleep(seconds)

    def share_a_limit(self, stream: str, other: str) -> bool:
        """Whether the answers so far show that two streams use up one limit of their own."""
        return self._budget.share(stream, other)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._wire.close()

    async def _signed(self, stream: str, path: str, params: Mapping[str, str] | None) -> Answer:
        header = await self._authorization.header()
        try:
            return await self._once(stream, "GET", path, params=params, header=header)
        except RefusedError:
            if not self._authorization.renew(header):
                raise
        return await self._once(
            stream, "GET", path, params=params, header=await self._authorization.header()
        )

    async def _once(
        self,
        stream: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
        header: str | None = None,
    ) -> Answer:
        lease, waited = await self._budget.take(stream)
        if waited:
            _add(self.usage.waited, stream, waited)
        response: Response | None = None
        try:
            _add(self.usage.requests, stream, 1)
            response = await self._wire.send(
                method,
                path,
                params=params,
                document=document,
                headers={"Authorization": header} if header else None,
            )
        finally:
            self._budget.give_back(lease, None if response is None else limits(response.headers))
        try:
            return read(response.status, response.headers, response.body, stream, self._site)
        except LimitedError as error:
            _add(self.usage.refused, stream, 1)
            self._budget.hold(stream, error.seconds or 0.0)
            raise

    async def _new_token(self, request: dict[str, str]) -> dict[str, Any]:
        return (await self._once("oauth", "POST", TOKEN_PATH, document=request)).json


def _add(counts: dict[str, N], stream: str, more: N) -> None:
    counts[stream] = counts.get(stream, 0) + more
