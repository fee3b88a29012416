"""Freshdesk, read stream by stream: the `Helpdesk` that backfill and sync know.

https://developers.freshdesk.com/api/
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connector.clock import Clock, SystemClock
from connector.errors import ConfigurationError, CredentialsError, MissingError
from connector.freshdesk import singly
from connector.freshdesk.client import record
from connector.freshdesk.lists import CONTACT_STREAMS, TICKET_STREAMS, Lists
from connector.freshdesk.session import AGENTS, CONTACTS, TICKETS, Session, share_a_list
from connector.freshdesk.sizes import sizes
from connector.freshdesk.tickets import Tickets
from connector.http import Transport, Wire, base_url
from connector.sync.helpdesk import Access, Batch, Checkpoint, Sizes, Usage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from typing import Self

    from connector.freshdesk.auth import ApiKey
    from memory.entities import Page

LARGEST_SKEW = 60
FIRST_PATIENCE = 15.0
"""Seconds to try for the very first answer, for which a person is waiting."""

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
        *CONTACT_STREAMS,
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
        "satisfaction_ratings_recheck",
    )
    lists_the_gone = False

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
        self._share = share
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
        self._tickets = Tickets(self._session)
        self._lists = Lists(self._session, self._tickets, self._second)

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
            answer = await self._session.get("me", f"{AGENTS}/me", patience=self._first_patience)
        except MissingError:
            raise _stranger(self._url) from None
        me = record(answer, "me")
        if "id" not in me:
            raise _stranger(self._url)
        name = me.get("id")
        if isinstance(name, bool) or not isinstance(name, int | str) or not name:
            raise CredentialsError(
                f"{self._url} does not know this API key.", "Check the API key in the settings."
            )
        now = self._clock.now()
        self._ahead = (answer.server_time or now) - now
        warnings = [*self._skew(), *_scope(me)]
        if not await self._lists.may_name_agents():
            warnings.append(_NO_AGENTS)
        return Access(str(name), answer.server_time or now, tuple(warnings))

    @property
    def share(self) -> float:
        """How much of the account's limits we may use, between 0 and 1."""
        return self._share

    async def sizes(self) -> Sizes:
        """Count what a backfill would read, in as few requests as that takes."""
        return await sizes(self._session, TICKET_STREAMS["tickets"])

    def stream(self, name: str, checkpoint: Checkpoint) -> AsyncIterator[Batch]:
        """The pages of a stream from the checkpoint to its present end.

        The last batch's checkpoint has `done` set and is where the next run goes on.
        """
        return self._lists.stream(name, checkpoint)

    def messages(self, ticket_id: str) -> AsyncIterator[Page]:
        """All conversations of a ticket; the last page names it in `whole_tickets`.

        Its first text comes with the ticket. A ticket that Freshdesk no longer has yields one page
        naming it in `gone_tickets`.
        """
        named = self._lists.names_agents is not False
        return singly.conversations(self._session, self._tickets, ticket_id, name_agents=not named)

    async def identities(self, person_id: str) -> AsyncIterator[Page]:
        """All that a contact can be reached by, as one page that names them in `identified`."""
        yield await singly.identities(self._session, person_id)

    async def ticket(self, ticket_id: str) -> Page:
        """One ticket as it is now; in `gone_tickets` where Freshdesk has none, archived or not."""
        return await self._tickets.one(ticket_id)

    async def person(self, person_id: str) -> Page:
        """One contact or agent as they are now; in `gone_people` where Freshdesk has neither."""
        return await singly.person(self._session, person_id)

    async def organization(self, organization_id: str) -> Page:
        """One company as it is now; an empty page when there is none."""
        return await singly.company(self._session, organization_id)

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
        return await singly.add_note(self._session, ticket_id, text)

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


def _stranger(url: str) -> ConfigurationError:
    return ConfigurationError(
        f"{url} does not speak Freshdesk's API.",
        "Check that the address is the account's own, https://<domain>.freshdesk.com.",
    )


def _path(stream: str) -> str:
    if stream in TICKET_STREAMS:
        return TICKETS
    return CONTACTS if stream in CONTACT_STREAMS else stream


def _domain(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.endswith(".freshdesk.com"):
        return host.removesuffix(".freshdesk.com")
    return f"{host}-{parts.port}" if parts.port else host
