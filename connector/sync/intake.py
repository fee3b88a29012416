"""Takes pages into the record, each with its checkpoint in one transaction."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from connector.sync.helpdesk import Checkpoint
from connector.sync.report import Tally
from memory.entities import Page
from memory.record import due

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from connector.clock import Clock
    from connector.sync.helpdesk import Batch
    from connector.sync.report import Listener
    from memory.record import Account, Record, Writer
    from memory.record.whole import WholeTicket

IN_FLIGHT = 20
"""Requests for single tickets and people that are on their way at once."""


@dataclass(slots=True)
class _Group:
    """Pages that wait to be written together."""

    pages: list[Page] = field(default_factory=list)
    read: dict[str, WholeTicket] = field(default_factory=dict)
    failed: BaseException | None = None


class Intake:
    """Where the parts of a run put what they have read.

    Attributes:
        tally: What was done so far.
        arrived: Set whenever something new is in the record.
    """

    def __init__(
        self,
        record: Record,
        account: Account,
        *,
        clock: Clock,
        listener: Listener,
        region: str | None = None,
    ) -> None:
        self.record = record
        self.account = account
        self.clock = clock
        self.listener = listener
        self.region = region
        self.tally = Tally()
        self.arrived = asyncio.Event()
        self._writing = asyncio.Lock()
        self._group = _Group()
        self._said: set[str] = set()

    def checkpoint(self, stream: str) -> Checkpoint | None:
        """Where a stream stands, or None before its first page."""
        with self.record.reading() as connection:
            stored = due.checkpoints(connection, self.account.number).get(stream)
        return Checkpoint.from_text(stored.value) if stored else None

    async def batch(
        self,
        stream: str,
        batch: Batch,
        *,
        reread: bool,
        then: Callable[[Writer], None] | None = None,
    ) -> None:
        """Store a page of a stream with its checkpoint.

        Args:
            stream: Its name.
            batch: The page and the checkpoint.
            reread: Whether tickets that changed are to be read again.
            then: What else to write in the same transaction.
        """
        page, place = batch.page, batch.checkpoint

        def write(writer: Writer) -> None:
            now = self.clock.now()
            writer.store(page, region=self.region, reread=reread, at=now)
            writer.quarantine(page.unreadable, now)
            if batch.untold_second is not None:
                writer.mark_untold_second(batch.untold_second)
            writer.checkpoint(stream, place.to_text(), done=place.done, rows=page.rows)
            if then is not None:
                then(writer)

        await self.write(write)
        if batch.warning and batch.warning not in self._said:
            self._said.add(batch.warning)
            self.listener.warn(batch.warning)
        self.count(stream, page)
        state = self.tally.state(stream)
        state.checkpoint = place.cursor or str(place.start)
        self.listener.stream(state)

    async def page(
        self, stream: str, page: Page, read: Mapping[str, WholeTicket] | None = None
    ) -> None:
        """Store a page that has no checkpoint: of one ticket, of one person.

        Pages that come while another is being written are written together.

        Args:
            stream: What it is counted under.
            page: What was read.
            read: For `page.whole_tickets`, what was known of each ticket when reading began.
        """
        group = self._group
        group.pages.append(page)
        group.read.update(read or {})
        async with self._writing:
            if group is self._group:
                self._group = _Group()
                await self._write_group(group)
            elif group.failed is not None:
                raise group.failed
        self.count(stream, page)

    async def _write_group(self, group: _Group) -> None:
        def write(writer: Writer) -> None:
            now = self.clock.now()
            page = _as_one(group.pages)
            writer.store(page, region=self.region, at=now, read=group.read)
            writer.quarantine(page.unreadable, now)

        try:
            await self._write(write)
        except BaseException as error:
            group.failed = error
            raise

    def count(self, stream: str, page: Page) -> None:
        """Count a page that was stored."""
        self.tally.state(stream).rows += page.rows
        self.tally.quarantined += len(page.unreadable)
        self.arrived.set()

    async def write(self, write: Callable[[Writer], None]) -> None:
        """Write in a thread; once begun, a write ends even when the run is stopped."""
        async with self._writing:
            await self._write(write)

    async def _write(self, write: Callable[[Writer], None]) -> None:
        def transaction() -> None:
            with self.record.writing(self.account) as writer:
                write(writer)

        await asyncio.shield(asyncio.to_thread(transaction))


def _as_one(pages: Sequence[Page]) -> Page:
    """Pages of different tickets or people as one."""
    if len(pages) == 1:
        return pages[0]
    lists = [one.name for one in fields(Page) if one.name != "rows"]
    parts = {name: tuple(row for page in pages for row in getattr(page, name)) for name in lists}
    return Page(**parts, rows=sum(page.rows for page in pages))


async def in_flight(jobs: Sequence[Callable[[], Coroutine[object, object, None]]]) -> None:
    """Do many small jobs, `IN_FLIGHT` at a time; the first error stops them all."""
    waiting = iter(jobs)

    async def work() -> None:
        for job in waiting:
            await job()

    await together(*(work() for _ in range(min(IN_FLIGHT, len(jobs)))))


async def together(*parts: Coroutine[object, object, None]) -> None:
    """Run the parts side by side; the first error stops the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(part)
    except BaseExceptionGroup as errors:
        raise _first(errors) from None


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that stopped the others."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
