"""Backfill and sync: pages go into the record with their checkpoints, recent callers first.

Every page is stored with its stream's checkpoint in one transaction, so that a run that is killed
anywhere goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.sync.helpdesk import Checkpoint
from connector.sync.intake import Intake, together
from connector.sync.notes import write_notes
from connector.sync.recheck import Recheck
from connector.sync.replay import WORTH, Replay
from connector.sync.singly import Singly
from memory.errors import UsageError
from memory.record import due

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from connector.clock import Clock
    from connector.sync.helpdesk import Access, Helpdesk
    from connector.sync.report import Listener, Tally
    from memory.record import Account, Record, Writer
    from memory.record.stored import Stored

RECENT_DAYS = 30
"""Who called within these days is read before everyone else."""

_EVENTS_OVERLAP = timedelta(minutes=5)
_SINCE = "since"


class Run:
    """One backfill or sync of one account."""

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
        recheck_days: float | None = None,
        replay_above: int = WORTH,
    ) -> None:
        self._intake = Intake(record, account, clock=clock, listener=listener, region=region)
        self._replay = Replay(self._intake, helpdesk, above=replay_above)
        self._singly = Singly(self._intake, helpdesk, limit=limit)
        rechecks = limit is None and recheck_days is not None
        self._recheck = (
            Recheck(self._intake, helpdesk, self._singly, days=recheck_days or 0)
            if rechecks
            else None
        )
        self._helpdesk = helpdesk
        self._listener = listener
        self._limit = limit
        self._taken = 0

    @property
    def tally(self) -> Tally:
        """What was done so far."""
        return self._intake.tally

    async def backfill(self, since: datetime | None = None) -> Access:
        """Take the whole history, those who called lately first.

        Args:
            since: Take nothing older.
        """
        access = await self._start()
        now = access.server_time
        changes_from = int((now - _EVENTS_OVERLAP).timestamp())
        await self._intake.write(
            lambda writer: _begin_changes(writer, self._helpdesk, changes_from)
        )
        await self._reach_back(int(since.timestamp()) if since else 0)
        recent = int((now - timedelta(days=RECENT_DAYS)).timestamp())
        oldest = int(since.timestamp()) if since else 0
        starts = [(name, max(recent, oldest)) for name in self._helpdesk.recent]
        undated = self._helpdesk.undated
        starts += [(x, 0 if x in undated else oldest) for x in self._helpdesk.history]
        if self._limit is None:
            self._replay.begin(oldest)
        if self._recheck is not None:
            await self._intake.write(self._recheck.stamp)
        await together(self._exports(starts, reread=True), self._messages())
        await self._settle()
        await self._finish(now, backfilled=True)
        return access

    async def sync(self) -> Access:
        """Take what changed since the checkpoints.

        Raises:
            UsageError: There was no backfill yet.
        """
        with self._intake.record.reading() as connection:
            known = due.checkpoints(connection, self._intake.account.number)
        if not set(known) & set(self._helpdesk.history):
            raise UsageError(
                "Nothing was taken from this helpdesk yet.", "Run `remember backfill`."
            )
        access = await self._start()
        starts = [(name, 0) for name in self._helpdesk.changes]
        reread = self._helpdesk.replay is None
        recheck = self._recheck if _all_read(known, self._helpdesk) else None
        if recheck is not None:
            await recheck.reread()
        exports = self._exports(starts, reread=reread, recheck=recheck)
        await together(exports, self._singly.run())
        if recheck is not None:
            await recheck.unlisted()
        await self._settle()
        await self._finish(access.server_time)
        return access

    async def write_notes(self) -> None:
        """Write the notes that are due to the helpdesk."""
        await write_notes(self._intake, self._helpdesk)

    async def _reach_back(self, oldest: int) -> None:
        """Begin dated streams anew when an earlier backfill was told to take less."""
        stored = self._intake.checkpoint(_SINCE)
        taken = stored.start if stored else None
        dated = [x for x in self._helpdesk.history if x not in self._helpdesk.undated]

        def write(writer: Writer) -> None:
            if taken is not None and oldest < taken:
                for name in dated:
                    writer.checkpoint(name, Checkpoint(oldest).to_text(), done=False)
                self._replay.reach_back(writer, oldest)
            if taken is None or oldest < taken:
                writer.checkpoint(_SINCE, Checkpoint(oldest, done=True).to_text(), done=True)

        await self._intake.write(write)

    async def _start(self) -> Access:
        access = await self._helpdesk.check()
        for sentence in access.warnings:
            self._listener.warn(sentence)
        return access

    async def _finish(self, at: datetime, *, backfilled: bool = False) -> None:
        def write(writer: Writer) -> None:
            writer.synced(at)
            if backfilled:
                self._replay.close(writer, at)

        if self._limit is None:
            await self._intake.write(write)

    async def _messages(self) -> None:
        """Messages one ticket at a time from the newest, many at a time from the oldest."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._replay.run())
            await self._singly.run()
            self._replay.stop()

    async def _settle(self) -> None:
        """Draw conclusions from what was read, and read what they make necessary."""
        await self._intake.write(lambda writer: writer.settle(self._intake.clock.now()))
        await self._singly.run()

    async def _exports(
        self,
        starts: Sequence[tuple[str, int]],
        *,
        reread: bool,
        recheck: Recheck | None = None,
    ) -> None:
        """Exports have limits of their own; single tickets are read beside them."""
        for name, start in starts:
            self._replay.exporting(name)
            await self._export(name, start, reread=reread)
        if recheck is not None:
            since = self._intake.checkpoint(_SINCE)
            await recheck.lists(since.start if since else 0)
        self._replay.exported()
        self._singly.exported()

    async def _export(self, name: str, start: int, *, reread: bool) -> None:
        checkpoint = self._intake.checkpoint(name) or Checkpoint(start)
        ended_before = checkpoint.done
        state = self.tally.state(name)
        async for batch in self._helpdesk.stream(name, checkpoint):
            place = replace(batch.checkpoint, done=batch.checkpoint.done or ended_before)
            state.done = batch.checkpoint.done
            stored = replace(batch, checkpoint=place)
            await self._intake.batch(name, stored, reread=reread, then=self._replay.finish)
            self._replay.stir()
            self._taken += len(batch.page.tickets)
            if self._limit is not None and self._taken >= self._limit:
                return


def _all_read(known: Mapping[str, Stored], helpdesk: Helpdesk) -> bool:
    """Whether the whole history has been taken: only then can it be looked at again."""
    return all(name in known and known[name].done for name in helpdesk.history)


def _begin_changes(writer: Writer, helpdesk: Helpdesk, start: int) -> None:
    """Streams that only bring changes begin where the backfill began."""
    for name in set(helpdesk.changes) - set(helpdesk.history):
        writer.begin(name, Checkpoint(start, done=True).to_text())
