"""Freshdesk, read stream by stream: the `Helpdesk` that backfill and sync know.

https://developers.freshdesk.com/api/
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from connector.clock import Clock, SystemClock
from connector.errors import ConfigurationError, CredentialsError, MalformedError, MissingError
from connector.freshdesk import codes, pages
from connector.freshdesk.client import ForbiddenError, InvalidError, record, rows
from connector.freshdesk.session import API, CONTACTS, TICKETS, Session, share_a_list
from connector.freshdesk.walks import Place, Since, by_change, by_page, moment
from connector.http import Transport, Wire, base_url
from connector.sync.helpdesk import Access, Batch, Checkpoint, Usage
from memory.entities import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from typing import Self

    from connector.freshdesk.auth import ApiKey
    from memory.entities import Status

LARGEST_SKEW = 60
OVERLAP = 60
"""Seconds of changes read again, for what was being written while a list was read."""
RATINGS_OVERLAP = 86_400
"""Seconds of ratings read again: one may be changed after it was given."""
FIRST_PATIENCE = 15.0
"""Seconds to try for the very first answer, for which a person is waiting."""
REQUESTERS_KEPT = 10_000
"""Tickets whose requester is kept at hand, in case a conversation names no author."""

_AGENTS, _COMPANIES = f"{API}/agents", f"{API}/companies"
_RATINGS = f"{API}/surveys/satisfaction_ratings"
_WHOLE = "stats,description"
_TICKET_STREAMS: dict[str, dict[str, str]] = {
    "tickets_recent": {"include": f"requester,{_WHOLE}"},
    "tickets": {"include": f"requester,{_WHOLE}"},
    "tickets_recheck": {"include": _WHOLE},
    "tickets_deleted": {"filter": "deleted"},
    "tickets_deleted_recheck": {"filter": "deleted"},
    "tickets_spam": {"filter": "spam"},
    "tickets_spam_recheck": {"filter": "spam"},
}
_CONTACT_STREAMS: dict[str, dict[str, str]] = {
    "contacts": {},
    "contacts_recheck": {},
    "contacts_deleted": {"state": "deleted"},
    "contacts_deleted_recheck": {"state": "deleted"},
    "contacts_blocked": {"state": "blocked"},
    "contacts_blocked_recheck": {"state": "blocked"},
}
_AGENT_STREAMS = ("agents", "agents_recheck")
_NO_AGENTS = (
    "This API key may not list the agents: it needs to be an admin's. Going on with the agents "
    "that tickets show, without their names."
)
_SOME_TICKETS = (
    "The API key's owner sees only some of the tickets; the others will not be remembered. Use the "
    "key of an agent with global access."
)
_GLOBAL = 1


class Freshdesk:
    """A Freshdesk account.

    Use it as an async context manager, or call `close` at the end. Up to twenty of its requests
    may be in flight at once.
    """

    recent = ("tickets_recent",)
    history = (
        "agents",
        "contacts",
        "contacts_deleted",
        "contacts_blocked",
        "companies",
        "tickets",
        "tickets_deleted",
        "tickets_spam",
        "satisfaction_ratings",
    )
    undated = (
        "agents",
        "agents_recheck",
        "companies",
        *_CONTACT_STREAMS,
    )
    changes = history
    replay = None
    rechecks = (
        "agents_recheck",
        "contacts_recheck",
        "contacts_deleted_recheck",
        "contacts_blocked_recheck",
        "tickets_recheck",
        "tickets_deleted_recheck",
        "tickets_spam_recheck",
    )

    def __init__(
        self,
        url: str,
        key: ApiKey,
        *,
        share: float = 0.5,
        retry_seconds: float = 300.0,
        clock: Clock | None = None,
        wire: Wire | None = None,
        account: str | None = None,
    ) -> None:
        """Connect to an account; nothing is sent yet.

        Args:
            url: The account's address, `https://acme.freshdesk.com`; http on this machine only.
            key: Who we are.
            share: How much of the account's rate limits we may use, between 0 and 1.
            retry_seconds: How long to go on without progress.
            clock: Tells the time and waits.
            wire: What takes the requests there; HTTP unless given.
            account: What to call the account, where the address does not tell.

        Raises:
            ConfigurationError: The address cannot be used.
        """
        self._url = base_url(url, "REMEMBER_FRESHDESK_URL")
        self._account = account or f"freshdesk:{_domain(self._url)}"
        self._clock = clock or SystemClock()
        self._ahead = timedelta()
        self._session = Session(
            wire or Transport(self._url),
            self._url,
            key,
            clock=self._clock,
            share=share,
            retry_seconds=retry_seconds,
        )
        self._first_patience = min(FIRST_PATIENCE, retry_seconds)
        self._since = {name: Since("_updated_since", "updated_since") for name in _CONTACT_STREAMS}
        self._since["companies"] = Since("updated_since", "_updated_since")
        self._statuses: dict[int, Status] | None = None
        self._requesters: OrderedDict[str, str | None] = OrderedDict()
        self._lists_agents: bool | None = None

    @property
    def account(self) -> str:
        """`freshdesk:` and the domain; for an address that has none, the host, and its port."""
        return self._account

    @property
    def url(self) -> str:
        """The account's address; an agent finds a ticket at `/a/tickets/{id}` under it."""
        return self._url

    @property
    def usage(self) -> Usage:
        """What was spent so far, per stream; others as comments, identities, me, ticket_fields."""
        return self._session.usage

    async def check(self) -> Access:
        """Ask who we are, and whether we may list the agents.

        Raises:
            CredentialsError: The key is refused, or its owner is nobody.
            ConfigurationError: This is no Freshdesk account.
        """
        try:
            answer = await self._session.get("me", f"{_AGENTS}/me", patience=self._first_patience)
        except MissingError:
            raise ConfigurationError(
                f"{self._url} does not speak Freshdesk's API.",
                "Check that the address is the account's own, https://<domain>.freshdesk.com.",
            ) from None
        me = record(answer, "me")
        name = me.get("id")
        if isinstance(name, bool) or not isinstance(name, int | str) or not name:
            raise CredentialsError(
                f"{self._url} does not know this API key.", "Check the API key in the settings."
            )
        now = self._clock.now()
        self._ahead = (answer.server_time or now) - now
        warnings = [*self._skew(), *_scope(me)]
        if not await self._may_list_agents():
            warnings.append(_NO_AGENTS)
        return Access(str(name), answer.server_time or now, tuple(warnings))

    def stream(self, name: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """The pages of a stream from the checkpoint to its present end.

        The last batch's checkpoint has `done` set and is where the next run goes on.
        """
        if name in _TICKET_STREAMS:
            params = _TICKET_STREAMS[name]
            read = partial(self._tickets, name, gone="filter" in params)
            return by_change(self._session, name, params, checkpoint, read)
        if name in _CONTACT_STREAMS:
            contacts = partial(pages.contacts, stream=name)
            return self._changed(name, CONTACTS, _CONTACT_STREAMS[name], contacts, checkpoint)
        if name == "companies":
            return self._changed(name, _COMPANIES, {}, pages.companies, checkpoint)
        if name in _AGENT_STREAMS:
            return self._agents(name, checkpoint)
        if name == "satisfaction_ratings":
            return self._ratings(name, checkpoint)
        raise ValueError(f"Freshdesk has no stream {name}.")

    async def messages(self, ticket_id: str) -> AsyncIterator[Page]:
        """All conversations of a ticket; the last page names it in `whole_tickets`.

        Its first text comes with the ticket. A ticket that Freshdesk no longer has yields one page
        naming it in `gone_tickets`.
        """
        here = f"{TICKETS}/{quote(ticket_id, safe='')}"
        archived = f"{TICKETS}/archived/{quote(ticket_id, safe='')}"
        for path in (here, archived):
            try:
                async for found, following in by_page(
                    self._session, "comments", f"{path}/conversations"
                ):
                    yield pages.conversations(
                        found,
                        ticket_id,
                        await self._requester(ticket_id) if pages.needs_requester(found) else None,
                        last=following is None,
                        name_agents=self._lists_agents is False,
                    )
            except MissingError:
                continue
            else:
                return
        yield Page(gone_tickets=(ticket_id,))

    async def identities(self, person_id: str) -> AsyncIterator[Page]:
        """All that a contact can be reached by, as one page that names them in `identified`.

        A contact whom Freshdesk no longer has has none.
        """
        try:
            answer = await self._session.get(
                "identities", f"{CONTACTS}/{quote(person_id, safe='')}"
            )
        except MissingError:
            yield Page(identified=(person_id,))
            return
        page = pages.contacts([record(answer, "identities")], "identities")
        unread = () if page.unreadable else (person_id,)
        yield Page(
            identities=page.identities, identified=unread, unreadable=page.unreadable, rows=1
        )

    async def ticket(self, ticket_id: str) -> Page:
        """One ticket as it is now; in `gone_tickets` where Freshdesk has none, archived or not."""
        here = quote(ticket_id, safe="")
        for path, params, archived in (
            (f"{TICKETS}/{here}", {"include": "requester,stats"}, False),
            (f"{TICKETS}/archived/{here}", {}, True),
        ):
            try:
                answer = await self._session.get("tickets", path, params)
            except MissingError:
                continue
            found = record(answer, "tickets")
            return await self._tickets(
                "tickets", [found | ({"archived": True} if archived else {})]
            )
        return Page(gone_tickets=(ticket_id,))

    async def person(self, person_id: str) -> Page:
        """One contact or agent as they are now; in `gone_people` where Freshdesk has neither."""
        here = quote(person_id, safe="")
        reads: tuple[tuple[str, Callable[[list[Any]], Page]], ...] = (
            (f"{CONTACTS}/{here}", pages.contacts),
            (f"{_AGENTS}/{here}", pages.agents),
        )
        for path, read in reads:
            try:
                answer = await self._session.get("people", path)
            except MissingError:
                continue
            except ForbiddenError:
                # Whether an agent is there is for admins to know: nothing follows from this.
                return Page()
            return read([record(answer, "people")])
        return Page(gone_people=(person_id,))

    async def organization(self, organization_id: str) -> Page:
        """One company as it is now; an empty page when there is none."""
        path = f"{_COMPANIES}/{quote(organization_id, safe='')}"
        try:
            answer = await self._session.get("companies", path)
        except MissingError:
            return Page()
        return pages.companies([record(answer, "companies")])

    async def add_note(self, ticket_id: str, text: str) -> str:
        """Write a private note to a ticket; the id of the conversation it has become.

        Nothing is sent twice: where the request may have arrived, what went wrong is raised, and
        the ticket's conversations tell whether the note stands there.

        Raises:
            CredentialsError: We may not write.
            RetryableError: It may have been written, or not.
            MalformedError: It was written, but as what the answer does not tell.
            MissingError: There is no such ticket.
            HelpdeskError: The ticket does not take it, such as one in the trash.
        """
        body = escape(text, quote=False).replace("\n", "<br>")
        path = f"{TICKETS}/{quote(ticket_id, safe='')}/notes"
        answer = await self._session.post("notes", path, {"body": body, "private": True})
        number = record(answer, "notes").get("id")
        if isinstance(number, bool) or not isinstance(number, int | str) or not number:
            raise MalformedError(
                "Freshdesk's answer to a new note does not name it.",
                "Look at the ticket: the note may stand there.",
            )
        return str(number)

    def share_a_limit(self, stream: str, other: str) -> bool:
        """Whether two streams use up one limit of their own: those of one list do."""
        return share_a_list(_path(stream), _path(other))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _tickets(self, stream: str, found: list[Any], *, gone: bool = False) -> Page:
        """Tickets as a page; what the account's own states mean is asked for when one turns up."""
        if self._statuses is None and pages.unknown_status(found):
            try:
                answer = await self._session.get(
                    "ticket_fields", f"{API}/ticket_fields", {"type": "default_status"}
                )
                self._statuses = pages.statuses(rows(answer, "ticket_fields"))
            except (ForbiddenError, InvalidError, MissingError):
                self._statuses = codes.STATUSES
        page = pages.tickets(found, stream, self._statuses or codes.STATUSES, gone=gone)
        self._keep({one.id: one.requester_id for one in page.tickets})
        return page

    def _keep(self, requesters: Mapping[str, str | None]) -> None:
        self._requesters.update(requesters)
        while len(self._requesters) > REQUESTERS_KEPT:
            self._requesters.popitem(last=False)

    async def _requester(self, ticket_id: str) -> str | None:
        """Whose ticket it is, asked for where no list has just told."""
        if ticket_id not in self._requesters:
            page = await self.ticket(ticket_id)
            self._keep({ticket_id: None} | {one.id: one.requester_id for one in page.tickets})
        return self._requesters[ticket_id]

    async def _changed(
        self,
        stream: str,
        path: str,
        params: Mapping[str, str],
        read: Callable[[list[Any]], Page],
        checkpoint: Checkpoint,
    ) -> AsyncIterator[Batch]:
        """A list in no order of changes: where it was begun is where the next reading starts.

        A list whose changes cannot be asked for is read whole.
        """
        since = self._since[stream]
        while True:
            asked = {**params, **since.params(checkpoint.start)}
            try:
                async for batch in self._paged(
                    stream, path, asked, read, checkpoint, overlap=OVERLAP
                ):
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
        overlap: int,
    ) -> AsyncIterator[Batch]:
        """A list, page by page. The cursor carries when the reading began."""
        place = Place.of(checkpoint) if checkpoint.cursor else Place(self._second())
        async for found, following in by_page(self._session, stream, path, params, page=place.page):
            if following is None:
                after = Checkpoint(max(place.since - overlap, 0), done=True)
            else:
                cursor = Place(place.since, following).text()
                after = Checkpoint(checkpoint.start, cursor)
            yield Batch(read(found), after)

    async def _agents(self, stream: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """All agents, each time anew; with a key that may not, its owner alone."""
        start = Checkpoint(cursor=checkpoint.cursor)
        if await self._may_list_agents():
            async for batch in self._paged(
                stream, _AGENTS, {}, pages.agents, start, overlap=OVERLAP
            ):
                yield batch
            return
        me = record(await self._session.get("me", f"{_AGENTS}/me"), "me")
        yield Batch(pages.agents([me]), Checkpoint(self._second(), done=True))

    async def _may_list_agents(self) -> bool:
        if self._lists_agents is None:
            try:
                await self._session.get("agents", _AGENTS, {"per_page": "1"})
            except ForbiddenError:
                self._lists_agents = False
            else:
                self._lists_agents = True
        return self._lists_agents

    async def _ratings(self, stream: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """Ratings, which not every plan has: without them there is nothing to read."""
        params = {"created_since": moment(checkpoint.start)} if checkpoint.start else {}
        try:
            async for batch in self._paged(
                stream, _RATINGS, params, pages.ratings, checkpoint, overlap=RATINGS_OVERLAP
            ):
                yield batch
        except (ForbiddenError, MissingError):
            warning = f"This Freshdesk account does not let us read {stream}; going on without."
            yield Batch(Page(), Checkpoint(checkpoint.start, done=True), warning=warning)

    def _second(self) -> int:
        """The present second (Unix) by Freshdesk's own clock."""
        return int((self._clock.now() + self._ahead).timestamp())

    def _skew(self) -> Sequence[str]:
        seconds = round(self._ahead.total_seconds())
        if abs(seconds) <= LARGEST_SKEW:
            return ()
        side = "behind" if seconds > 0 else "ahead of"
        told = f"This machine's clock is {abs(seconds)} s {side} Freshdesk's; "
        return (f"{told}set it right, or dates in briefs will be wrong.",)


def _scope(me: Mapping[str, Any]) -> Sequence[str]:
    """What to say of a key that does not see every ticket.

    https://developers.freshdesk.com/api/#agents: 1 is global, 2 a group's, 3 their own.
    """
    scope = me.get("ticket_scope")
    if scope is None or scope == _GLOBAL:
        return ()
    return (_SOME_TICKETS,)


def _path(stream: str) -> str:
    if stream in _TICKET_STREAMS:
        return TICKETS
    return CONTACTS if stream in _CONTACT_STREAMS else stream


def _domain(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.endswith(".freshdesk.com"):
        return host.removesuffix(".freshdesk.com")
    return f"{host}-{parts.port}" if parts.port else host
