"""Zendesk, read stream by stream: the `Helpdesk` that backfill and sync know.

https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from connector.clock import Clock, SystemClock
from connector.errors import CredentialsError, MalformedError, MissingError
from connector.http import Transport, Wire, base_url
from connector.paging import Trail, query_value
from connector.sync.helpdesk import Access, Batch, Checkpoint, Usage
from connector.zendesk import pages
from connector.zendesk.auth import API_TOKENS_END, ApiToken, Credentials
from connector.zendesk.client import NotOfferedError, RefusedError, wanted
from connector.zendesk.session import Session
from memory.entities import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from types import TracebackType
    from typing import Self

PER_EXPORT_PAGE = "1000"
PER_PAGE = "100"
WITHHELD = 61
"""Seconds before the present for which exports are not to be asked."""
LARGEST_SKEW = 60
RATINGS_OVERLAP = 86_400
"""Seconds of ratings read again: a rating keeps its time when its score is changed."""
FIRST_PATIENCE = 15.0
"""Seconds to try for the very first answer, for which a person is waiting."""

_TICKETS = {"support_type_scope": "all", "include": "users,metric_sets"}
_USERS = {"include": "organizations,identities"}
_EVENTS = {"support_type_scope": "all", "include": "comment_events"}
_log = logging.getLogger(__name__)


class Zendesk:
    """A Zendesk account.

    Use it as an async context manager, or call `close` at the end. Up to twenty of its requests
    may be in flight at once.
    """

    recent = ("tickets_recent",)
    history = ("users", "organizations", "tickets", "satisfaction_ratings")
    changes = ("users", "organizations", "tickets", "ticket_events", "satisfaction_ratings")

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        share: float = 0.5,
        retry_seconds: float = 300.0,
        clock: Clock | None = None,
        wire: Wire | None = None,
        account: str | None = None,
    ) -> None:
        """Connect to an account; nothing is sent yet.

        Args:
            url: The account's address, `https://acme.zendesk.com`; http on this machine only.
            credentials: Who we are.
            share: How much of the account's rate limits we may use, between 0 and 1.
            retry_seconds: How long to go on without progress.
            clock: Tells the time and waits.
            wire: What takes the requests there; HTTP unless given.
            account: What to call the account, where the address does not tell.

        Raises:
            ConfigurationError: The address cannot be used.
        """
        self._url = base_url(url, "REMEMBER_ZENDESK_URL")
        self._account = account or f"zendesk:{_subdomain(self._url)}"
        self._credentials = credentials
        self._clock = clock or SystemClock()
        self._ahead = timedelta()
        self._session = Session(
            wire or Transport(self._url),
            self._url,
            credentials,
            clock=self._clock,
            share=share,
            retry_seconds=retry_seconds,
        )
        self._first_patience = min(FIRST_PATIENCE, retry_seconds)

    @property
    def account(self) -> str:
        """`zendesk:` and the subdomain; for an address that has none, the host, and its port."""
        return self._account

    @property
    def url(self) -> str:
        """The account's address; an agent finds a ticket at `/agent/tickets/{id}` under it."""
        return self._url

    @property
    def usage(self) -> Usage:
        """What was spent so far, per stream; other requests as comments, identities, me, oauth."""
        return self._session.usage

    async def check(self) -> Access:
        """Ask who we are.

        Zendesk answers this request with 200 and an anonymous user when it does not know us.

        Raises:
            CredentialsError: We are nobody, or no admin: only admins may read exports.
        """
        answer = await self._session.get("me", "/api/v2/users/me", patience=self._first_patience)
        user = wanted(answer, "user", dict, "me")
        name, role = user.get("id"), user.get("role")
        if not isinstance(name, int | str) or not name:
            raise CredentialsError(
                f"{self._url} does not know these credentials.",
                "Check the client id and secret, or the token, in the settings.",
            )
        if role != "admin":
            raise CredentialsError(
                f"The Zendesk user {name} is no admin; only admins may read exports.",
                "Use an OAuth client or token made by an admin.",
            )
        here = self._clock.now()
        server_time = answer.server_time or here
        self._ahead = server_time - here
        return Access(str(name), server_time, tuple(self._warnings()))

    def stream(self, name: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """The pages of a stream from the checkpoint to its present end.

        Raises:
            ValueError: There is no stream of this name.
        """
        if name in {"tickets", "tickets_recent"}:
            return self._by_cursor(name, "tickets", pages.tickets, _TICKETS, checkpoint)
        if name == "users":
            return self._by_cursor(name, "users", pages.users, _USERS, checkpoint)
        if name == "organizations":
            whole = self._by_time(name, pages.organizations, {}, checkpoint)
            return self._if_offered(name, whole, checkpoint)
        if name == "ticket_events":
            return self._by_time(name, pages.events, _EVENTS, checkpoint)
        if name == "satisfaction_ratings":
            return self._if_offered(name, self._ratings(name, checkpoint), checkpoint)
        raise ValueError(f"Zendesk has no stream {name}.")

    async def messages(self, ticket_id: str) -> AsyncIterator[Page]:
        """All comments of a ticket, a hundred a page; the last page names it in `whole_tickets`.

        A ticket that Zendesk no longer has yields one page naming it in `gone_tickets`.
        """
        path = f"/api/v2/tickets/{quote(ticket_id, safe='')}/comments"
        try:
            async for document, last in self._listed("comments", path, {"sort": "created_at"}):
                yield pages.comments(document, ticket_id, last=last)
        except NotOfferedError:
            raise
        except MissingError:
            yield Page(gone_tickets=(ticket_id,))

    async def identities(self, person_id: str) -> AsyncIterator[Page]:
        """All identities of a person; the last page names them in `identified`.

        A person whom Zendesk no longer has has none.
        """
        path = f"/api/v2/users/{quote(person_id, safe='')}/identities"
        try:
            async for document, last in self._listed("identities", path, {}):
                yield pages.identities(document, person_id, last=last)
        except NotOfferedError:
            raise
        except MissingError:
            yield Page(identified=(person_id,))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _by_cursor(
        self,
        stream: str,
        key: str,
        read: Callable[[dict[str, Any]], Page],
        params: dict[str, str],
        checkpoint: Checkpoint,
    ) -> AsyncIterator[Batch]:
        """An export that hands out cursors. Its end is told by `end_of_stream` and nothing else."""
        trail, place = Trail(stream, checkpoint.cursor), checkpoint
        while True:
            start = {"start_time": str(self._start(place.start))}
            where = {"cursor": place.cursor} if place.cursor else start
            answer = await self._session.get(
                stream,
                f"/api/v2/incremental/{key}/cursor",
                {**where, **params, "per_page": PER_EXPORT_PAGE},
            )
            wanted(answer, key, list, stream)
            end = wanted(answer, "end_of_stream", bool, stream)
            cursor = answer.json.get("after_cursor") or query_value(
                answer.json.get("after_url"), "cursor"
            )
            if not end:
                cursor = trail.step(_cursor(cursor, stream))
            place = Checkpoint(place.start, cursor or place.cursor, done=end)
            yield Batch(read(answer.json), place)
            if end:
                return

    async def _by_time(
        self,
        stream: str,
        read: Callable[[dict[str, Any]], Page],
        params: dict[str, str],
        checkpoint: Checkpoint,
    ) -> AsyncIterator[Batch]:
        """An export by time.

        More rows in one second than a page holds would repeat that page for ever. What it brought
        is taken, the tickets it speaks of are to be read again, and reading goes on a second later.
        """
        place = checkpoint
        while True:
            start = self._start(place.start)
            answer = await self._session.get(
                stream,
                f"/api/v2/incremental/{stream}",
                {"start_time": str(start), **params, "per_page": PER_EXPORT_PAGE},
            )
            wanted(answer, stream, list, stream)
            end = wanted(answer, "end_of_stream", bool, stream)
            after = _next_start(answer.json, start)
            page = read(answer.json)
            if not end and after <= start:
                after = start + 1
                again = dict.fromkeys((*page.stale_tickets, *pages.ticket_ids(answer.json)))
                page = replace(page, stale_tickets=tuple(again))
            place = Checkpoint(max(after, start), done=end)
            yield Batch(page, place)
            if end:
                return

    async def _ratings(self, stream: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """Ratings, by cursor. The cursor carries when the run began: the next one starts there."""
        begun = self._start(None)
        cursor = None
        if checkpoint.cursor is not None:
            begun_text, _, cursor = checkpoint.cursor.partition(" ")
            begun = int(begun_text)
        params = {"start_time": str(checkpoint.start)} if checkpoint.start else {}
        path = f"/api/v2/{stream}"
        trail = Trail(stream)
        while True:
            answer = await self._session.get(stream, path, _paged(params, cursor))
            wanted(answer, stream, list, stream)
            cursor = _next_cursor(answer.json, stream)
            if cursor is None:
                place = Checkpoint(max(begun - RATINGS_OVERLAP, 0), done=True)
            else:
                trail.step(cursor)
                place = Checkpoint(checkpoint.start, f"{begun} {cursor}")
            yield Batch(pages.ratings(answer.json), place)
            if cursor is None:
                return

    async def _if_offered(
        self, stream: str, batches: AsyncIterator[Batch], checkpoint: Checkpoint
    ) -> AsyncIterator[Batch]:
        """A stream that not every plan has: without it there is nothing to read."""
        place = checkpoint
        try:
            async for batch in batches:
                place = batch.checkpoint
                yield batch
        except RefusedError:
            raise
        except (MissingError, CredentialsError):
            _log.warning("This Zendesk account does not let us read %s; going on without.", stream)
            yield Batch(Page(), replace(place, done=True))

    async def _listed(
        self, stream: str, path: str, params: dict[str, str]
    ) -> AsyncIterator[tuple[dict[str, Any], bool]]:
        """The pages of a list, each with whether it is the last."""
        trail, cursor = Trail(stream), None
        while True:
            answer = await self._session.get(stream, path, _paged(params, cursor))
            wanted(answer, stream, list, stream)
            cursor = _next_cursor(answer.json, stream)
            yield answer.json, cursor is None
            if cursor is None:
                return
            trail.step(cursor)

    def _start(self, start: int | None) -> int:
        """A time that exports may be asked from, by Zendesk's own clock."""
        latest = int((self._clock.now() + self._ahead).timestamp()) - WITHHELD
        return latest if start is None else max(min(start, latest), 0)

    def _warnings(self) -> list[str]:
        found = []
        if isinstance(self._credentials, ApiToken):
            found.append(API_TOKENS_END)
        seconds = round(self._ahead.total_seconds())
        if abs(seconds) > LARGEST_SKEW:
            side = "behind" if seconds > 0 else "ahead of"
            found.append(
                f"This machine's clock is {abs(seconds)} s {side} Zendesk's; "
                "set it right, or dates in briefs will be wrong."
            )
        return found


def _subdomain(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.endswith(".zendesk.com"):
        return host.removesuffix(".zendesk.com")
    return f"{host}-{parts.port}" if parts.port else host


def _cursor(value: object, stream: str) -> str:
    if not isinstance(value, str) or not value:
        raise MalformedError(
            f"Zendesk's answer for {stream} does not say where its next page is.",
            "Run the command again later; it goes on where it stopped.",
        )
    return value


def _paged(params: dict[str, str], cursor: str | None) -> dict[str, str]:
    paged = {**params, "page[size]": PER_PAGE}
    return {**paged, "page[after]": cursor} if cursor else paged


def _next_cursor(document: dict[str, Any], stream: str) -> str | None:
    """Where a list goes on; None at its end, which only `has_more` tells."""
    meta = document.get("meta")
    if not isinstance(meta, dict) or not isinstance(meta.get("has_more"), bool):
        return None if document.get("next_page") is None else _cursor(None, stream)
    if not meta["has_more"]:
        return None
    links = document.get("links")
    following = links.get("next") if isinstance(links, dict) else None
    return _cursor(meta.get("after_cursor") or query_value(following, "page[after]"), stream)


def _next_start(document: dict[str, Any], start: int) -> int:
    """The second a time-based export goes on from; the present one where it names none."""
    named = document.get("end_time")
    if isinstance(named, int) and not isinstance(named, bool):
        return named
    text = query_value(document.get("next_page"), "start_time")
    return int(text) if text and text.isascii() and text.isdigit() else start
