"""Looks again at what a helpdesk does not report: what is gone, moved, edited or redacted.

Within half of `RECHECK_DAYS` every list is read anew, and so is every ticket's every message; half,
so that a sync which comes late still keeps the whole. What the record shows and no list has is
asked for by itself. All of it is resumable: a run that stops anywhere goes on there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from connector.sync.helpdesk import Checkpoint
from connector.sync.intake import in_flight
from memory.entities import Page
from memory.record import due

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sync.helpdesk import Helpdesk
    from connector.sync.intake import Intake
    from connector.sync.singly import Singly
    from memory.record import Writer

UNLISTED = "unlisted"
"""What no list has and is asked for by itself, as a stream of the report."""

REREAD = "comments_recheck"
"""The tickets whose messages are made due for another reading, as a stream of the report."""


class Recheck:
    """The rechecks of one account's runs."""

    def __init__(self, intake: Intake, helpdesk: Helpdesk, singly: Singly, *, days: float) -> None:
        """Nothing is looked at yet.

        Args:
            intake: Where pages go.
            helpdesk: Where they come from.
            singly: Reads the messages of a ticket.
            days: Within how many days everything is looked at again; 0 is in every sync.
        """
        self._intake = intake
        self._helpdesk = helpdesk
        self._singly = singly
        self._every = timedelta(days=days) / 2
        self._began = intake.clock.now()

    def stamp(self, writer: Writer) -> None:
        """A backfill begins, which looks at everything."""
        for name in (*self._helpdesk.rechecks, UNLISTED):
            writer.begin(name, Checkpoint(began=_second(self._began), done=True).to_text())
        writer.begin(REREAD, Checkpoint(_second(self._began), done=True).to_text())

    async def reread(self) -> None:
        """Make so many tickets due that all are read anew in time: those read longest ago.

        How many is in proportion to the time since this was last done.
        """
        with self._intake.record.reading() as connection:
            number = self._intake.account.number
            total = due.counts_tickets(connection, number)
            last = self._intake.checkpoint(REREAD)
            passed = self._began.timestamp() - (last.start if last else self._began.timestamp())
            every = self._every.total_seconds()
            count = min(total, int(total * max(passed, 0) / every)) if every else total
            tickets = due.tickets_read_longest_ago(connection, number, count)
        if last is not None and not count:
            return
        # What is less than a whole ticket counts towards the next one.
        spent = every * count / total if total and passed < every else passed
        place = Checkpoint(int(self._began.timestamp() - passed + spent), done=True)

        def write(writer: Writer) -> None:
            writer.store(Page(stale_tickets=tuple(tickets)))
            writer.checkpoint(REREAD, place.to_text(), done=True, rows=len(tickets))

        await self._intake.write(write)
        state = self._intake.tally.state(REREAD)
        state.rows, state.done = len(tickets), True
        self._intake.listener.stream(state)

    async def lists(self, oldest: int) -> None:
        """Read the lists whose last reading began long enough ago.

        Args:
            oldest: The second (Unix) before which nothing is wanted of dated lists.
        """
        for name in self._helpdesk.rechecks:
            place = self._intake.checkpoint(name)
            if place is not None and not place.done:
                await self._walk(name, place)
                place = self._intake.checkpoint(name)
            if place is None or self._is_due(place):
                start = 0 if name in self._helpdesk.undated else oldest
                await self._walk(name, Checkpoint(start, began=_second(self._began)))

    def _is_due(self, place: Checkpoint) -> bool:
        began = datetime.fromtimestamp(place.began, UTC)
        return began + self._every <= self._began and place.began < _second(self._began)

    async def _walk(self, name: str, start: Checkpoint) -> None:
        """Read a list from a place to its end."""
        state = self._intake.tally.state(name)
        async for batch in self._helpdesk.stream(name, start):
            place = replace(batch.checkpoint, began=start.began)
            state.done = place.done
            await self._intake.batch(
                name,
                replace(batch, checkpoint=place),
                reread=self._helpdesk.replay is None,
                then=_as_read_before(name, place),
            )

    async def unlisted(self) -> None:
        """Ask for the tickets and people one by one that the lists did not have.

        What the lists brought has to be read whole before: who is gone may have become another,
        which their tickets and identities show.
        """
        places = [self._intake.checkpoint(name) for name in self._helpdesk.rechecks]
        if not places or any(place is None or not place.done for place in places):
            return
        began = min(place.began for place in places if place is not None)
        asked = self._intake.checkpoint(UNLISTED)
        if asked is not None and asked.began >= began:
            return
        at = datetime.fromtimestamp(began, UTC)
        with self._intake.record.reading() as connection:
            tickets = due.tickets_unseen(connection, self._intake.account.number, at)
            people = due.people_unseen(connection, self._intake.account.number, at)
            strangers = due.authors_unknown(connection, self._intake.account.number)
        await in_flight([partial(self._ticket, one) for one in tickets])
        await in_flight([partial(self._person, one) for one in people])
        if not self._helpdesk.lists_the_gone:
            await in_flight([partial(self._stranger, one) for one in strangers])
        state = self._intake.tally.state(UNLISTED)
        place = Checkpoint(began=began, done=True).to_text()
        await self._intake.write(
            lambda writer: writer.checkpoint(UNLISTED, place, done=True, rows=state.rows)
        )
        state.done = True
        self._intake.listener.stream(state)

    async def _ticket(self, ticket_id: str) -> None:
        page = await self._helpdesk.ticket(ticket_id)
        await self._intake.page(UNLISTED, replace(page, rows=1))

    async def _person(self, person_id: str) -> None:
        """Of somebody who is gone the tickets are asked for first: whose are they now?"""
        page = await self._helpdesk.person(person_id)
        if person_id in page.gone_people:
            with self._intake.record.reading() as connection:
                tickets = due.tickets_requested(connection, self._intake.account.number, person_id)
            for one in tickets:
                await self._ticket(one)
        await self._intake.page(UNLISTED, replace(page, rows=1))

    async def _stranger(self, person_id: str) -> None:
        """Of somebody who only wrote, and is gone: are these words another's now?"""
        page = await self._helpdesk.person(person_id)
        if person_id in page.gone_people:
            number = self._intake.account.number
            with self._intake.record.reading() as connection:
                tickets = due.tickets_with_words_of(connection, number, person_id)
            for one in tickets:
                await self._ticket(one.id)
                await self._singly.ticket(one)
        await self._intake.page(UNLISTED, replace(page, rows=1))


def _as_read_before(name: str, place: Checkpoint) -> Callable[[Writer], None]:
    """A list that is read again has been read to its end before, wherever this reading is."""
    return lambda writer: writer.checkpoint(name, place.to_text(), done=True)


def _second(at: datetime) -> int:
    return int(at.timestamp())
