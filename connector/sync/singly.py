"""Reads what comes one ticket or one person at a time, while exports bring more of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from connector.errors import MissingError
from connector.sync.intake import in_flight
from memory.record import due
from memory.record.whole import WholeTicket

if TYPE_CHECKING:
    from connector.sync.helpdesk import Helpdesk
    from connector.sync.intake import Intake
    from memory.entities import Identity
    from memory.record.stored import Stored

COMMENTS, IDENTITIES = "comments", "identities"
_AT_ONCE = 100


class Singly:
    """Reads the messages of tickets that are due, and the identities of people that are."""

    def __init__(self, intake: Intake, helpdesk: Helpdesk, *, limit: int | None = None) -> None:
        """Nothing is read yet.

        Args:
            intake: Where pages go.
            helpdesk: Where they come from.
            limit: Of how many tickets to read the messages; then identities are left, too.
        """
        self._intake = intake
        self._helpdesk = helpdesk
        self._limit = limit
        self._read = 0
        self._identities_offered = True
        self._asked: set[str] = set()
        self._exported = asyncio.Event()

    def exported(self) -> None:
        """No export will bring anything more."""
        self._exported.set()
        self._intake.arrived.set()

    async def run(self) -> None:
        """Read until exports have ended and nothing more is due."""
        self._asked.clear()
        while True:
            exported = self._exported.is_set()
            self._intake.arrived.clear()
            if await self._some_messages() or await self._some_identities():
                continue
            if exported:
                break
            await self._intake.arrived.wait()
        for name in (COMMENTS, IDENTITIES):
            state = self._intake.tally.state(name)
            state.done = True
            self._intake.listener.stream(state)

    async def _some_messages(self) -> bool:
        wanted = _AT_ONCE if self._limit is None else min(_AT_ONCE, self._limit - self._read)
        with self._intake.record.reading() as connection:
            number = self._intake.account.number
            tickets = due.tickets_to_read(connection, number, max(wanted, 0))
            total = due.counts_due(connection, number)
        state = self._intake.tally.state(COMMENTS)
        state.steps = self._read + self._intake.tally.replayed
        state.total = state.steps + total
        await in_flight([partial(self.ticket, row) for row in tickets])
        return bool(tickets)

    async def ticket(self, row: Stored) -> None:
        """Read all messages of a ticket.

        Args:
            row: With the ticket's `id`, and the `version` that is known of it.
        """
        found: set[str] = set()
        async for page in self._helpdesk.messages(row.id):
            found.update(message.id for message in page.messages)
            read = {row.id: WholeTicket(row.version, frozenset(found))}
            await self._intake.page(COMMENTS, page, read)
        self._read += 1
        state = self._intake.tally.state(COMMENTS)
        state.steps = self._read + self._intake.tally.replayed
        self._intake.listener.stream(state)

    async def _some_identities(self) -> bool:
        if not self._identities_offered or self._limit is not None:
            return False
        with self._intake.record.reading() as connection:
            # Whose list could not be read whole stays due, for the next run.
            most = _AT_ONCE + len(self._asked)
            found = due.people_to_identify(connection, self._intake.account.number, most)
        people = [one for one in found if one not in self._asked]
        try:
            await in_flight([partial(self.person, one) for one in people])
        except MissingError:
            self._intake.listener.warn("The helpdesk offers no lists of identities; profiles only.")
            self._identities_offered = False
            return False
        return bool(people)

    async def person(self, person_id: str) -> None:
        """Read all identities of a person; they replace those that are known once all are read."""
        self._asked.add(person_id)
        known: tuple[Identity, ...] = ()
        whole = True
        async for page in self._helpdesk.identities(person_id):
            known += page.identities
            whole = whole and not page.unreadable
            told = page.identified if whole else ()
            await self._intake.page(IDENTITIES, replace(page, identities=known, identified=told))
        self._intake.listener.stream(self._intake.tally.state(IDENTITIES))
