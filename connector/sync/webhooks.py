"""Applies what a helpdesk tells by webhook: what an event is about is read again, and stored.

An event's own words are not trusted: they may be old, doubled, cut short or out of order. Whatever
it says, the helpdesk is asked how the ticket or person is now. Webhooks lose events, so that the
exports stay the source of truth: no checkpoint moves here.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from connector.errors import MissingError
from connector.sync.singly import Singly
from memory.entities import Merge, Page
from memory.record import queries
from memory.record.events import authors_of, count_ignored

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from connector.sync.helpdesk import Helpdesk
    from connector.sync.intake import Intake
    from memory.record import Writer

STREAM = "webhooks"
"""What pages are counted and quarantined under."""
MOST_STRANGERS = 50
"""People read for one ticket; more than that only a mailing has."""

_Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """What an event is about, whichever helpdesk sent it.

    Attributes:
        name: Its type, as the helpdesk names it.
        tickets: Ids of tickets to read again.
        people: Ids of people to read again.
        organizations: Ids of organizations to read again.
        merged: Two people who have become one; which of them is left, the helpdesk tells.
    """

    name: str
    tickets: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    merged: tuple[str, str] | None = None

    @property
    def is_ignored(self) -> bool:
        """Whether nothing is to be read for it."""
        return not (self.tickets or self.people or self.organizations)


class Webhooks:
    """Applies the events of one account; many may be applied at the same time."""

    def __init__(self, intake: Intake, helpdesk: Helpdesk) -> None:
        """Nothing is read yet.

        Args:
            intake: Where pages go.
            helpdesk: Where they come from.
        """
        self._intake = intake
        self._helpdesk = helpdesk
        self._locks: dict[_Key, asyncio.Lock] = {}
        self._waiting: dict[_Key, int] = {}
        self._read_at: dict[_Key, int] = {}
        self._moment = 0

    async def apply(self, event: Event) -> None:
        """Bring what an event is about up to date, and put it in the outbox.

        Args:
            event: As the helpdesk's own module read it, from a request whose sender was verified.

        Raises:
            connector.errors: The helpdesk cannot be asked now; the event may be applied again.
        """
        if event.is_ignored:
            number = self._intake.account.number

            def count(writer: Writer) -> None:
                count_ignored(writer.connection, number, event.name)

            await self._intake.write(count)
        for one in event.organizations:
            await self._once(("organization", one), self._organization)
        for one in event.people:
            await self._once(("person", one), self._person)
        if event.merged is not None:
            await self._merge(*event.merged)
        for one in event.tickets:
            await self._once(("ticket", one), self._ticket)

    async def _once(self, key: _Key, read: Callable[[str], Awaitable[None]]) -> None:
        """Read one thing, unless a reading that began later than this was asked has ended.

        A change of a ticket comes as a handful of events; they are read together.
        """
        asked = self._tick()
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            async with lock:
                if self._read_at.get(key, 0) > asked:
                    return
                began = self._tick()
                await read(key[1])
                self._read_at[key] = began
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                for kept in (self._locks, self._waiting, self._read_at):
                    kept.pop(key, None)

    def _tick(self) -> int:
        self._moment += 1
        return self._moment

    async def _ticket(self, ticket_id: str) -> None:
        page = await self._helpdesk.ticket(ticket_id)
        # A ticket may bring the names of its people, which is not all there is to know of them.
        strangers = self._strangers(_named_in(page))
        await self._intake.page(STREAM, page)
        with self._intake.record.reading() as connection:
            number = self._intake.account.number
            row = queries.ticket(connection, number, ticket_id)
        if row is None:
            return
        await Singly(self._intake, self._helpdesk).ticket(row)
        with self._intake.record.reading() as connection:
            strangers |= self._strangers(authors_of(connection, number, ticket_id))
        for one in sorted(strangers)[:MOST_STRANGERS]:
            await self._once(("person", one), self._person)

    def _strangers(self, ids: Iterable[str]) -> set[str]:
        """Which of these people are not in the record."""
        wanted = set(ids)
        with self._intake.record.reading() as connection:
            known = queries.people(connection, self._intake.account.number, sorted(wanted))
        return wanted - {row.id for row in known}

    async def _person(self, person_id: str) -> None:
        page = await self._helpdesk.person(person_id)
        await self._intake.page(STREAM, page)
        if not any(one.active and not one.identities_known for one in page.people):
            return
        try:
            await Singly(self._intake, self._helpdesk).person(person_id)
        except MissingError:
            # Not every plan lists identities; the profile's are stored.
            return

    async def _organization(self, organization_id: str) -> None:
        await self._intake.page(STREAM, await self._helpdesk.organization(organization_id))

    async def _merge(self, one: str, other: str) -> None:
        """Which of two merged people is left shows in who is still active."""
        with self._intake.record.reading() as connection:
            people = queries.people(connection, self._intake.account.number, (one, other))
        active = {row.id for row in people if row.active}
        if len(active) == 1:
            [winner] = active
            loser = other if winner == one else one
            await self._intake.page(STREAM, Page(merges=(Merge(loser, winner),)))


def _named_in(page: Page) -> set[str]:
    """The people whom a page's tickets name."""
    named = {one.requester_id for one in page.tickets} | {one.assignee_id for one in page.tickets}
    return {one for one in named if one is not None}
