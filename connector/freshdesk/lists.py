"""Freshdesk's lists as streams with checkpoints."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from connector.errors import MissingError
from connector.freshdesk import pages
from connector.freshdesk.client import ForbiddenError, InvalidError, record
from connector.freshdesk.session import AGENTS, COMPANIES, CONTACTS, RATINGS
from connector.freshdesk.walks import Place, Since, by_change, by_page, moment
from connector.sync.helpdesk import Batch, Checkpoint
from memory.entities import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from connector.freshdesk.session import Session
    from connector.freshdesk.tickets import Tickets

OVERLAP = 60
"""Seconds of changes read again, for what was being written while a list was read."""
RATINGS_OVERLAP = 86_400
"""Seconds of ratings read again: one may be changed after it was given."""

_WHOLE = "stats,description"
TICKET_STREAMS: dict[str, dict[str, str]] = {
    "tickets_recent": {"include": f"requester,{_WHOLE}"},
    "tickets": {"include": f"requester,{_WHOLE}"},
    "tickets_recheck": {"include": _WHOLE},
    "tickets_deleted": {"filter": "deleted"},
    "tickets_deleted_recheck": {"filter": "deleted"},
    "tickets_spam": {"filter": "spam"},
    "tickets_spam_recheck": {"filter": "spam"},
}
"""What is asked for in each; deleted and spam tickets are in lists of their own."""
CONTACT_STREAMS: dict[str, dict[str, str]] = {
    "contacts": {},
    "contacts_recheck": {},
    "contacts_deleted": {"state": "deleted"},
    "contacts_deleted_recheck": {"state": "deleted"},
    "contacts_blocked": {"state": "blocked"},
    "contacts_blocked_recheck": {"state": "blocked"},
}
"""The plain list has neither deleted nor blocked contacts."""
AGENT_STREAMS = ("agents", "agents_recheck")
RATING_STREAMS = ("satisfaction_ratings", "satisfaction_ratings_recheck")


class Lists:
    """The lists of one account.

    Attributes:
        names_agents: Whether the key may list the agents; None before that was asked.
    """

    def __init__(self, session: Session, tickets: Tickets, present: Callable[[], int]) -> None:
        """Nothing is read yet; `present` tells the second (Unix) by Freshdesk's own clock."""
        self.names_agents: bool | None = None
        self._session = session
        self._tickets = tickets
        self._present = present
        self._since = {name: Since("_updated_since", "updated_since") for name in CONTACT_STREAMS}
        self._since["companies"] = Since("updated_since", "_updated_since")

    def stream(self, name: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """The pages of a stream from a checkpoint on."""
        if name in TICKET_STREAMS:
            params = TICKET_STREAMS[name]
            read = partial(self._tickets.page, name, gone="filter" in params)
            return by_change(self._session, name, params, checkpoint, read)
        if name in CONTACT_STREAMS:
            contacts = partial(pages.contacts, stream=name)
            return self._changed(name, CONTACTS, CONTACT_STREAMS[name], contacts, checkpoint)
        if name == "companies":
            return self._changed(name, COMPANIES, {}, pages.companies, checkpoint)
        if name in AGENT_STREAMS:
            return self._agents(name, checkpoint)
        if name in RATING_STREAMS:
            return self._ratings(name, checkpoint)
        raise ValueError(f"Freshdesk has no stream {name}.")

    async def may_name_agents(self) -> bool:
        """Whether the key may list the agents; asked once."""
        if self.names_agents is None:
            try:
                await self._session.get("agents", AGENTS, {"per_page": "1"})
            except ForbiddenError:
                self.names_agents = False
            else:
                self.names_agents = True
        return self.names_agents

    async def _changed(
        self,
        stream: str,
        path: str,
        params: Mapping[str, str],
        read: Callable[[list[Any]], Page],
        checkpoint: Checkpoint,
    ) -> AsyncIterator[Batch]:
        """A list in no order of changes; read whole where its changes cannot be asked for."""
        since = self._since[stream]
        while True:
            asked = {**params, **since.params(checkpoint.start)}
            try:
                async for batch in self._paged(stream, path, asked, read, checkpoint):
                    yield batch
            except InvalidError as error:
                if since.is_refused(error):
                    continue
                raise
            return

    async def _paged(
        self,
        stream: str,
        path: str,
        params: Mapping[str, str],
        read: Callable[[list[Any]], Page],
        checkpoint: Checkpoint,
        *,
        overlap: int = OVERLAP,
    ) -> AsyncIterator[Batch]:
        """A list, page by page. The cursor carries when it began: the next reading starts there."""
        place = Place.of(checkpoint) if checkpoint.cursor else Place(self._present())
        async for found, following in by_page(self._session, stream, path, params, page=place.page):
            if following is None:
                after = Checkpoint(max(place.since - overlap, 0), done=True)
            else:
                after = Checkpoint(checkpoint.start, Place(place.since, following).text())
            yield Batch(read(found), after)

    async def _agents(self, stream: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """All agents, each time anew; with a key that may not, its owner alone."""
        if not await self.may_name_agents():
            me = record(await self._session.get("me", f"{AGENTS}/me"), "me")
            yield Batch(pages.agents([me]), Checkpoint(self._present(), done=True))
            return
        async for batch in self._paged(stream, AGENTS, {}, pages.agents, checkpoint):
            yield batch

    async def _ratings(self, stream: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """Ratings, which not every plan has: without them there is nothing to read."""
        params = {"created_since": moment(checkpoint.start)} if checkpoint.start else {}
        try:
            async for batch in self._paged(
                stream, RATINGS, params, pages.ratings, checkpoint, overlap=RATINGS_OVERLAP
            ):
                yield batch
        except (ForbiddenError, MissingError):
            what = RATING_STREAMS[0]
            warning = f"This Freshdesk account does not let us read {what}; going on without."
            yield Batch(Page(), Checkpoint(checkpoint.start, done=True), warning=warning)
