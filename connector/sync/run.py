"""Backfill and sync: pages go into the record with their checkpoints, recent callers first.

Every page is stored with its stream's checkpoint in one transaction, so that a run that is killed
anywhere goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.errors import MissingError
from connector.sync.helpdesk import Batch, Checkpoint
from connector.sync.report import Tally
from memory.errors import UsageError
from memory.record import queries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime

    from connector.clock import Clock
    from connector.sync.helpdesk import Access, Helpdesk
    from connector.sync.report import Listener
    from memory.entities import Page
    from memory.record import Account, Record, Writer

RECENT_DAYS = 30
"""Who called within these days is read before everyone else."""

IN_FLIGHT = 12
"""Tickets whose messages are read at once."""

_AT_ONCE = 100
_EVENTS_OVERLAP = timedelta(minutes=5)
_COMMENTS, _IDENTITIES, _SINCE = "comments", "identities", "since"


class Run:
    """One backfill or sync of one account.

    Attributes:
        tally: What was done so far.
    """

    def __init__(
        self,
        record: Record,
        account: Account,
        helpdesk: Helpdesk,
        *,
        clock: Clock,
        listener: Listener,
        region: str | None = None,
        limit: int | None = None,
    ) -> None:
        self.tally = Tally()
        self._record = record
        self._account = account
        self._helpdesk = helpdesk
        self._clock = clock
        self._listener = listener
        self._region = region
        self._limit = limit
        self._taken = 0
        self._read = 0
        self._exported = asyncio.Event()
        self._arrived = asyncio.Event()
        self._writing = asyncio.Lock()

    async def backfill(self, since: datetime | None = None) -> Access:
        """Take the whole history, those who called lately first.

        Args:
            since: Take nothing older.
        """
        access = await self._start()
        now = access.server_time
        changes_from = int((now - _EVENTS_OVERLAP).timestamp())
        await self._write(lambda writer: _begin_changes(writer, self._helpdesk, changes_from))
        await self._reach_back(int(since.timestamp()) if since else 0)
        recent = int((now - timedelta(days=RECENT_DAYS)).timestamp())
        oldest = int(since.timestamp()) if since else 0
        starts = [(name, max(recent, oldest)) for name in self._helpdesk.recent]
        undated = self._helpdesk.undated
        starts += [(x, 0 if x in undated else oldest) for x in self._helpdesk.history]
        await self._together(starts, reread=True)
        await self._finish(now)
        return access

    async def sync(self) -> Access:
        """Take what changed since the checkpoints.

        Raises:
            UsageError: There was no backfill yet.
        """
        with self._record.reading() as connection:
            known = queries.checkpoints(connection, self._account.number)
        if not set(known) & set(self._helpdesk.history):
            raise UsageError(
                "Nothing was taken from this helpdesk yet.", "Run `remember backfill`."
            )
        access = await self._start()
        starts = [(name, 0) for name in self._helpdesk.changes]
        await self._together(starts, reread=False)
        await self._finish(access.server_time)
        return access

    async def _reach_back(self, oldest: int) -> None:
        """Begin dated streams anew when an earlier backfill was told to take less."""
        with self._record.reading() as connection:
            stored = queries.checkpoints(connection, self._account.number).get(_SINCE)
        taken = Checkpoint.from_text(stored.value).start if stored else None
        dated = [x for x in self._helpdesk.history if x not in self._helpdesk.undated]

        def write(writer: Writer) -> None:
            if taken is not None and oldest < taken:
                for name in dated:
                    writer.checkpoint(name, Checkpoint(oldest).to_text(), done=False)
            if taken is None or oldest < taken:
                writer.checkpoint(_SINCE, Checkpoint(oldest, done=True).to_text(), done=True)

        await self._write(write)

    async def _start(self) -> Access:
        access = await self._helpdesk.check()
        for sentence in access.warnings:
            self._listener.warn(sentence)
        return access

    async def _finish(self, at: datetime) -> None:
        if self._limit is None:
            await self._write(lambda writer: writer.synced(at))

    async def _together(self, starts: Sequence[tuple[str, int]], *, reread: bool) -> None:
        """Read exports and single tickets at once: the two have limits of their own."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._exports(starts, reread=reread))
                group.create_task(self._singly())
        except BaseExceptionGroup as errors:
            raise _first(errors) from None

    async def _exports(self, starts: Sequence[tuple[str, int]], *, reread: bool) -> None:
        for name, start in starts:
            await self._export(name, start, reread=reread)
        self._exported.set()
        self._arrived.set()

    async def _export(self, name: str, start: int, *, reread: bool) -> None:
        with self._record.reading() as connection:
            stored = queries.checkpoints(connection, self._account.number).get(name)
        checkpoint = Checkpoint.from_text(stored.value) if stored else Checkpoint(start)
        ended_before = checkpoint.done
        state = self.tally.state(name)
        async for batch in self._helpdesk.stream(name, checkpoint):
            place = replace(batch.checkpoint, done=batch.checkpoint.done or ended_before)
            await self._store(name, Batch(batch.page, place), reread=reread)
            state.checkpoint = place.cursor or str(place.start)
            state.done = batch.checkpoint.done
            self._listener.stream(state)
            self._taken += len(batch.page.tickets)
            if self._limit is not None and self._taken >= self._limit:
                return

    async def _store(self, name: str, batch: Batch, *, reread: bool) -> None:
        page, place = batch.page, batch.checkpoint

        def write(writer: Writer) -> None:
            writer.store(page, region=self._region, reread=reread)
            writer.quarantine(page.unreadable, self._clock.now())
            writer.checkpoint(name, place.to_text(), done=place.done, rows=page.rows)

        await self._write(write)
        self._count(name, page)

    def _count(self, name: str, page: Page) -> None:
        state = self.tally.state(name)
        state.rows += page.rows
        self.tally.quarantined += len(page.unreadable)
        self._arrived.set()

    async def _singly(self) -> None:
        """Read what comes one ticket or one person at a time, until nothing more is due."""
        while True:
            exported = self._exported.is_set()
            self._arrived.clear()
            if await self._read_some_messages() or await self._read_some_identities():
                continue
            if exported:
                break
            await self._arrived.wait()
        for name in (_COMMENTS, _IDENTITIES):
            state = self.tally.state(name)
            state.done = True
            self._listener.stream(state)

    async def _read_some_messages(self) -> bool:
        wanted = _AT_ONCE if self._limit is None else min(_AT_ONCE, self._limit - self._read)
        with self._record.reading() as connection:
            due = queries.tickets_to_read(connection, self._account.number, max(wanted, 0))
            total = queries.counts_due(connection, self._account.number)
        state = self.tally.state(_COMMENTS)
        state.steps, state.total = self._read, self._read + total
        if not due:
            return False
        await self._in_flight(
            [lambda row=row: self._read_ticket(row.id, row.version) for row in due]  # type: ignore[misc]  # the loop's row
        )
        return True

    async def _read_ticket(self, ticket_id: str, version: int) -> None:
        versions = {ticket_id: version}
        pages = self._helpdesk.messages(ticket_id)
        await self._take(
            _COMMENTS,
            pages,
            lambda writer, page: writer.store(page, region=self._region, read_versions=versions),
        )
        self._read += 1
        state = self.tally.state(_COMMENTS)
        state.steps = self._read
        self._listener.stream(state)

    async def _read_some_identities(self) -> bool:
        if self.tally.state(_IDENTITIES).done or self._limit is not None:
            return False
        with self._record.reading() as connection:
            due = queries.people_to_identify(connection, self._account.number, _AT_ONCE)
        try:
            await self._in_flight(
                [lambda one=one: self._read_person(one) for one in due]  # type: ignore[misc]  # the loop's one
            )
        except MissingError:
            self._listener.warn("The helpdesk offers no lists of identities; profiles only.")
            self.tally.state(_IDENTITIES).done = True
            return False
        return bool(due)

    async def _read_person(self, person_id: str) -> None:
        pages = self._helpdesk.identities(person_id)
        await self._take(
            _IDENTITIES, pages, lambda writer, page: writer.store(page, region=self._region)
        )
        self._listener.stream(self.tally.state(_IDENTITIES))

    async def _take(
        self, name: str, pages: AsyncIterator[Page], store: Callable[[Writer, Page], None]
    ) -> None:
        async for page in pages:

            def write(writer: Writer, page: Page = page) -> None:
                store(writer, page)
                writer.quarantine(page.unreadable, self._clock.now())

            await self._write(write)
            self._count(name, page)

    async def _in_flight(self, jobs: Sequence[Callable[[], object]]) -> None:
        waiting = iter(jobs)

        async def work() -> None:
            for job in waiting:
                await job()  # type: ignore[misc]  # every job is a coroutine function

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(IN_FLIGHT, len(jobs))):
                    group.create_task(work())
        except BaseExceptionGroup as errors:
            raise _first(errors) from None

    async def _write(self, write: Callable[[Writer], None]) -> None:
        """Write in a thread; once begun, a write ends even when the run is stopped."""

        def transaction() -> None:
            with self._record.writing(self._account) as writer:
                write(writer)

        async with self._writing:
            await asyncio.shield(asyncio.to_thread(transaction))


def _begin_changes(writer: Writer, helpdesk: Helpdesk, start: int) -> None:
    """Streams that only bring changes begin where the backfill began."""
    for name in set(helpdesk.changes) - set(helpdesk.history):
        writer.begin(name, Checkpoint(start, done=True).to_text())


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that stopped the others."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
