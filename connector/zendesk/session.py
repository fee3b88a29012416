"""Asks Zendesk: signed, and for less at a time where a page keeps failing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.careful import PATIENCE, carefully
from connector.errors import HelpdeskError
from connector.session import Session as Requests
from connector.zendesk.auth import TOKEN_PATH, Authorization, Credentials
from connector.zendesk.client import OAUTH, Answer, RefusedError, read
from connector.zendesk.limits import limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.clock import Clock
    from connector.http import Response, Wire
    from connector.sync.helpdesk import Usage

SMALLEST_PAGE = 100
_DONE = frozenset({200, 201, 202, 204})


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
        self._told_only: set[str] = set()

        def read_response(response: Response, stream: str) -> Answer:
            if stream in self._told_only and response.status in _DONE:
                return Answer({}, None)
            return read(response.status, response.headers, response.body, stream, site)

        self._requests = Requests(
            wire,
            read=read_response,
            limits=limits,
            clock=clock,
            share=share,
            retry_seconds=retry_seconds,
        )
        self._clock = clock
        self._patience = min(PATIENCE, retry_seconds)
        self._authorization = Authorization(credentials, clock, self._new_token)

    @property
    def lacks(self) -> tuple[str, ...]:
        """Scopes that were asked for and not granted."""
        return self._authorization.lacks

    @property
    def usage(self) -> Usage:
        """What was spent so far."""
        return self._requests.usage

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
        asked = dict(params or {})

        def ask_for_less() -> None:
            # Exports fail on pages that take Zendesk too long to put together.
            if "per_page" in asked:
                asked["per_page"] = str(max(int(asked["per_page"]) // 2, SMALLEST_PAGE))

        try:
            return await self._requests.patiently(
                stream,
                lambda: self._signed(stream, path, asked, patience=patience),
                patience=patience,
                failed=ask_for_less,
            )
        except _NoTokenError as failed:
            raise failed.error from None

    async def put(self, stream: str, path: str, document: Mapping[str, Any]) -> Answer:
        """Change something, once.

        Args:
            stream: What it belongs to, for the budget, the usage and errors.
            path: Its path on the account's host.
            document: What to send.

        Raises:
            connector.errors: What `read` raises. The change may then have been made, but for a
                rate limit, and where there was no connection.
        """
        return await self._send("PUT", stream, path, document, self._patience)

    async def post(
        self, stream: str, path: str, document: Mapping[str, Any], *, patience: float
    ) -> None:
        """Have something done, once; whatever is answered beside that it is done is not read.

        Args:
            stream: What it belongs to, for the budget, the usage and errors.
            path: Its path on the account's host.
            document: What to send.
            patience: Seconds to try.

        Raises:
            connector.errors: What `read` raises, as with `put`.
        """
        self._told_only.add(stream)
        await self._send("POST", stream, path, document, patience)

    async def _send(
        self, method: str, stream: str, path: str, document: Mapping[str, Any], patience: float
    ) -> Answer:
        try:
            return await carefully(
                self._clock,
                lambda: self._signed(
                    stream, path, document=document, method=method, patience=patience
                ),
                patience=patience,
            )
        except _NoTokenError as failed:
            raise failed.error from None

    def share_a_limit(self, stream: str, other: str) -> bool:
        """Whether the answers so far show that two streams use up one limit of their own."""
        return self._requests.share_a_limit(stream, other)

    def totals(self, stream: str) -> dict[str, int]:
        """The requests a window that each limit of a stream grants to all who use the account."""
        return self._requests.totals(stream)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._requests.close()

    async def _signed(
        self,
        stream: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        document: Mapping[str, Any] | None = None,
        method: str = "GET",
        patience: float | None = None,
    ) -> Answer:
        async def ask(header: str) -> Answer:
            return await self._requests.once(
                stream, method, path, params=params, document=document, header=header
            )

        header = await self._header(patience)
        try:
            return await ask(header)
        except RefusedError:
            if not self._authorization.renew(header):
                raise
        return await ask(await self._header(patience))

    async def _header(self, patience: float | None) -> str:
        try:
            return await self._authorization.header(patience)
        except HelpdeskError as error:
            raise _NoTokenError(error) from error

    async def _new_token(self, request: dict[str, str], patience: float | None) -> dict[str, Any]:
        async def ask() -> Answer:
            return await self._requests.once(OAUTH, "POST", TOKEN_PATH, document=request)

        return (await self._requests.patiently(OAUTH, ask, patience=patience)).json


class _NoTokenError(Exception):
    """There was no token to be had, though it was tried for long enough: `error` says why."""

    def __init__(self, error: HelpdeskError) -> None:
        super().__init__(error.detail)
        self.error = error
