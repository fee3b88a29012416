"""Asks Freshdesk: signed, and within what its limits count a request as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.careful import PATIENCE, carefully
from connector.freshdesk.client import Answer, read
from connector.freshdesk.limits import limits
from connector.session import Session as Requests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.clock import Clock
    from connector.freshdesk.auth import ApiKey
    from connector.http import Response, Wire
    from connector.sync.helpdesk import Usage

API = "/api/v2"
TICKETS, CONTACTS = f"{API}/tickets", f"{API}/contacts"
AGENTS, COMPANIES = f"{API}/agents", f"{API}/companies"
RATINGS = f"{API}/surveys/satisfaction_ratings"

_LISTS = {TICKETS: "the ticket list", CONTACTS: "the contact list"}
"""Lists with a rate limit of their own.

https://support.freshdesk.com/support/solutions/articles/225439-what-are-the-rate-limits-for-the-api-calls-to-freshdesk
"""
_LIST_INCLUDES, _ONE_INCLUDES = 2, 1
"""Credits of each thing to include: in a list, in a single record.

https://developers.freshdesk.com/api/#list_all_tickets
"""


class Session:
    """Requests to one Freshdesk account."""

    def __init__(
        self,
        wire: Wire,
        site: str,
        key: ApiKey,
        *,
        clock: Clock,
        share: float,
        retry_seconds: float,
    ) -> None:
        def read_response(response: Response, stream: str) -> Answer:
            return read(response.status, response.headers, response.body, stream, site)

        self._key = key
        self._clock = clock
        self._patience = min(PATIENCE, retry_seconds)
        self._requests = Requests(
            wire,
            read=read_response,
            limits=limits,
            clock=clock,
            share=share,
            retry_seconds=retry_seconds,
        )

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
        """Ask for a document.

        Args:
            stream: What it belongs to, for the usage and errors.
            path: Its path on the account's host.
            params: The query, in which no customer's phone, name or word may stand.
            patience: Seconds to spend without success where that differs from the session's.

        Raises:
            connector.errors: What `read` raises, once trying again does not help.
        """
        asked = dict(params or {})
        return await self._requests.patiently(
            stream,
            lambda: self._requests.once(
                stream,
                "GET",
                path,
                params=asked,
                header=self._key.header(),
                family=_LISTS.get(path, stream),
                cost=cost(path, asked),
            ),
            patience=patience,
        )

    async def post(self, stream: str, path: str, document: Mapping[str, Any]) -> Answer:
        """Send a document, once: whether it has arrived is not known when this fails.

        Raises:
            connector.errors: What `read` raises.
        """
        return await carefully(
            self._clock,
            lambda: self._requests.once(
                stream, "POST", path, document=document, header=self._key.header()
            ),
            patience=self._patience,
        )

    def totals(self, path: str, stream: str) -> dict[str, int]:
        """The credits a minute that each limit of a path grants to all who use the account."""
        return self._requests.totals(_LISTS.get(path, stream))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._requests.close()


def cost(path: str, params: Mapping[str, str]) -> int:
    """The credits a request uses up."""
    included = [one for one in params.get("include", "").split(",") if one]
    return 1 + len(included) * (_LIST_INCLUDES if path in _LISTS else _ONE_INCLUDES)


def share_a_list(path: str, other: str) -> bool:
    """Whether two paths are of the same list, which has a rate limit of its own."""
    return path == other and path in _LISTS
