"""What has to be known of an account and of its tickets to read them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from connector.errors import MissingError
from connector.freshdesk import codes, pages
from connector.freshdesk.client import ForbiddenError, InvalidError, record, rows
from connector.freshdesk.session import API, TICKETS
from memory.entities import Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.freshdesk.session import Session
    from memory.entities import Status

KEPT = 10_000
"""Tickets of which it is kept at hand whose they are and where they stand."""


@dataclass(frozen=True, slots=True)
class Head:
    """Whose a ticket is, and whether it has been put away."""

    requester_id: str | None = None
    archived: bool = False


class Tickets:
    """Reads tickets: of lists as they come, single ones by asking for them."""

    def __init__(self, session: Session) -> None:
        """Nothing is known yet."""
        self._session = session
        self._statuses: dict[int, Status] | None = None
        self._heads: OrderedDict[str, Head] = OrderedDict()

    async def page(self, stream: str, found: list[Any], *, gone: bool = False) -> Page:
        """Tickets as a page; what the account's own states mean is asked for when one turns up.

        Args:
            stream: What they belong to.
            found: The rows.
            gone: Whether these are deleted or spam.
        """
        if self._statuses is None and pages.unknown_status(found):
            self._statuses = await self._account_statuses()
        page = pages.tickets(found, stream, self._statuses or codes.STATUSES, gone=gone)
        self._keep({one.id: Head(one.requester_id, one.archived) for one in page.tickets})
        return page

    async def one(self, ticket_id: str) -> Page:
        """One ticket as it is now; in `gone_tickets` where Freshdesk has none, archived or not."""
        for path in self.paths(ticket_id):
            params = {} if "/archived/" in path else {"include": "requester,stats"}
            told = {"archived": True} if "/archived/" in path else {}
            try:
                answer = await self._session.get("tickets", path, params)
            except MissingError:
                continue
            return await self.page("tickets", [record(answer, "tickets") | told])
        return Page(gone_tickets=(ticket_id,))

    def paths(self, ticket_id: str) -> Sequence[str]:
        """Where a ticket may be found, the likelier place first."""
        here = quote(ticket_id, safe="")
        places = [f"{TICKETS}/{here}", f"{TICKETS}/archived/{here}"]
        head = self._heads.get(ticket_id)
        return places[::-1] if head is not None and head.archived else places

    async def requester(self, ticket_id: str) -> str | None:
        """Whose ticket it is, asked for where no list has told lately."""
        if ticket_id not in self._heads:
            await self.one(ticket_id)
        return self._heads.get(ticket_id, Head()).requester_id

    async def _account_statuses(self) -> dict[int, Status]:
        try:
            answer = await self._session.get(
                "ticket_fields", f"{API}/ticket_fields", {"type": "default_status"}
            )
        except (ForbiddenError, InvalidError, MissingError):
            return codes.STATUSES
        return pages.statuses(rows(answer, "ticket_fields"))

    def _keep(self, heads: Mapping[str, Head]) -> None:
        self._heads.update(heads)
        while len(self._heads) > KEPT:
            self._heads.popitem(last=False)
