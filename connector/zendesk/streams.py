"""Zendesk, read stream by stream: the `Helpdesk` that backfill and sync know.

https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from connector.clock import Clock, SystemClock
from connector.errors import ConfigurationError, CredentialsError, MissingError
from connector.http import Transport, Wire, base_url
from connector.sync.helpdesk import Access, Batch, Checkpoint, Sizes, Usage
from connector.zendesk import pages, talk
from connector.zendesk.auth import (
    API_TOKENS_END,
    ApiToken,
    Credentials,
    how_to_allow,
    lacking,
)
from connector.zendesk.client import NotOfferedError, RefusedError, wanted
from connector.zendesk.session import Session
from connector.zendesk.sizes import sizes
from connector.zendesk.walks import Export, by_cursor, by_time, listed
from memory.entities import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Self

WITHHELD = 61
"""Seconds before the present for which exports are not to be asked."""
LARGEST_SKEW = 60
RATINGS_OVERLAP = 86_400
"""Seconds of ratings read again: a rating keeps its time when its score is changed."""
FIRST_PATIENCE = 15.0
"""Seconds to try for the very first answer, for which a person is waiting."""

_TICKETS = {"support_type_scope": "all", "include": "users,metric_sets"}
_USERS = {"include": "organizations,identities"}
_TICKET_STREAMS = ("tickets_recent", "tickets", "tickets_recheck")
_USER_STREAMS = ("users", "users_recheck")
_RATING_STREAMS = ("satisfaction_ratings", "satisfaction_ratings_recheck")
_BY_CURSOR = {
    **{name: Export(name, "tickets", pages.tickets, _TICKETS) for name in _TICKET_STREAMS},
    **{name: Export(name, "users", pages.users, _USERS) for name in _USER_STREAMS},
}
_ORGANIZATIONS = Export("organizations", "organizations", pages.organizations, {})
_COMMENT_EVENTS = {"support_type_scope": "all", "include": "comment_events"}
_EVENTS = {
    name: Export(name, "ticket_events", pages.events, _COMMENT_EVENTS)
    for name in ("ticket_events", "ticket_events_replay")
}
_TALK = {
    "calls": Export("calls", "calls", pages.calls, {}),
    "legs": Export("legs", "legs", pages.legs, {}),
}


class Zendesk:
    """A Zendesk account.

    Use it as an async context manager, or call `close` at the end. Up to twenty of its requests
    may be in flight at once.
    """

    recent = ("tickets_recent",)
    history = ("users", "organizations", "tickets", "satisfaction_ratings", *_TALK)
    undated = ("users", "organizations", "users_recheck")
    changes = ("users", "organizations", "tickets", "ticket_events", "satisfaction_ratings", *_TALK)
    replay = "ticket_events_replay"
    rechecks = ("users_recheck", "tickets_recheck", "satisfaction_ratings_recheck")
    lists_the_gone = True

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
        self._share = share
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
            ConfigurationError: This is no Zendesk account.
        """
        try:
            answer = await self._session.get(
                "me", "/api/v2/users/me", patience=self._first_patience
            )
        except MissingError:
            raise ConfigurationError(
                f"{self._url} does not speak Zendesk's API.",
                "Check that the address is the account's own, https://<subdomain>.zendesk.com.",
            ) from None
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

    @property
    def share(self) -> float:
        """How much of the account's limits we may use, between 0 and 1."""
        return self._share

    async def sizes(self) -> Sizes:
        """Count what a backfill would read, in as few requests as that takes."""
        return await sizes(self._session, self._latest(), self.replay, _COMMENT_EVENTS)

    def stream(self, name: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """The pages of a stream from the checkpoint to its present end.

        Raises:
            ValueError: There is no stream of this name.
        """
        if name in _RATING_STREAMS:
            return self._if_offered(_RATING_STREAMS[0], self._ratings(name, checkpoint), checkpoint)
        if name in _BY_CURSOR:
            return by_cursor(self._session, _BY_CURSOR[name], checkpoint, self._latest)
        if name in _EVENTS:
            return by_time(self._session, _EVENTS[name], checkpoint, self._latest)
        if name == "organizations":
            batches = by_time(self._session, _ORGANIZATIONS, checkpoint, self._latest)
            return self._if_offered(name, batches, checkpoint)
        if name in _TALK:
            batches = talk.walk(self._session, _TALK[name], checkpoint, self._latest)
            return self._if_offered(name, batches, checkpoint)
        raise ValueError(f"Zendesk has no stream {name}.")

    async def messages(self, ticket_id: str) -> AsyncIterator[Page]:
        """All comments of a ticket, a hundred a page; the last page names it in `whole_tickets`.

        A ticket that Zendesk no longer has yields one page naming it in `gone_tickets`.
        """
        path = f"/api/v2/tickets/{quote(ticket_id, safe='')}/comments"
        try:
            async for document, cursor in listed(
                self._session, "comments", path, {"sort": "created_at"}
            ):
                yield pages.comments(document, ticket_id, last=cursor is None)
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
            async for document, cursor in listed(self._session, "identities", path):
                yield pages.identities(document, person_id, last=cursor is None)
        except NotOfferedError:
            raise
        except MissingError:
            yield Page(identified=(person_id,))

    async def ticket(self, ticket_id: str) -> Page:
        """One ticket as it is now; in `gone_tickets` where Zendesk has none."""
        path = f"/api/v2/tickets/{quote(ticket_id, safe='')}"
        try:
            answer = await self._session.get("tickets", path, {"include": "users,metric_sets"})
        except NotOfferedError:
            raise
        except MissingError:
            return Page(gone_tickets=(ticket_id,))
        found = wanted(answer, "ticket", dict, "tickets")
        return pages.tickets({**answer.json, "tickets": [found]})

    async def person(self, person_id: str) -> Page:
        """One user as they are now; in `gone_people` where Zendesk has none."""
        path = f"/api/v2/users/{quote(person_id, safe='')}"
        try:
            answer = await self._session.get("users", path)
        except NotOfferedError:
            raise
        except MissingError:
            return Page(gone_people=(person_id,))
        return pages.users({"users": [wanted(answer, "user", dict, "users")]})

    async def organization(self, organization_id: str) -> Page:
        """One organization as it is now; an empty page where Zendesk has none."""
        path = f"/api/v2/organizations/{quote(organization_id, safe='')}"
        try:
            answer = await self._session.get("organizations", path)
        except MissingError:
            return Page()
        found = wanted(answer, "organization", dict, "organizations")
        return pages.organizations({"organizations": [found]})

    async def add_note(self, ticket_id: str, text: str) -> str:
        """Write an internal note to a ticket; the id of the comment it has become.

        https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket
        """
        path = f"/api/v2/tickets/{quote(ticket_id, safe='')}"
        # Without `public` a comment is as public as the ticket's last one.
        comment = {"body": text, "public": False}
        answer = await self._session.put("notes", path, {"ticket": {"comment": comment}})
        return pages.note_id(answer.json)

    def share_a_limit(self, stream: str, other: str) -> bool:
        """Whether the answers so far show that two streams use up one limit of their own."""
        return self._session.share_a_limit(stream, other)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _ratings(self, stream: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """Ratings, by cursor. The cursor carries when the run began: the next one starts there."""
        begun, after = self._latest(), None
        if checkpoint.cursor is not None:
            begun_text, _, after = checkpoint.cursor.partition(" ")
            begun = int(begun_text)
        params = {"start_time": str(checkpoint.start)} if checkpoint.start else {}
        key = _RATING_STREAMS[0]
        path = f"/api/v2/{key}"
        async for document, cursor in listed(
            self._session, stream, path, params, key=key, after=after
        ):
            if cursor is None:
                place = Checkpoint(max(begun - RATINGS_OVERLAP, 0), done=True)
            else:
                place = Checkpoint(checkpoint.start, f"{begun} {cursor}")
            yield Batch(pages.ratings(document), place)

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
            warning = f"This Zendesk account does not let us read {stream}; going on without."
            yield Batch(Page(), replace(place, done=True), warning=warning)

    def _latest(self) -> int:
        """The latest second that exports may be asked from, by Zendesk's own clock."""
        return int((self._clock.now() + self._ahead).timestamp()) - WITHHELD

    def _warnings(self) -> list[str]:
        found = []
        if isinstance(self._credentials, ApiToken):
            found.append(API_TOKENS_END)
        found += [f"{lacking(scope)} {how_to_allow(scope)}" for scope in self._session.lacks]
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
