"""Tells messages from the oldest ticket on, many to an answer, until single reading is met.

A helpdesk grants its exports a budget beside that of single requests. While tickets are read one
by one from the newest backward, their events are replayed from the oldest day forward: both
budgets are used up, and where the two meet, everything is told.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from connector.sync.helpdesk import Checkpoint
from memory.record import due

if TYPE_CHECKING:
    from datetime import datetime

    from connector.sync.helpdesk import Batch, Helpdesk
    from connector.sync.intake import Intake
    from memory.record import Writer

WORTH = 2_000
"""Tickets to be read above which a replay begins: fewer are read sooner one by one."""


class Replay:
    """One replay beside the exports and the single reading of a backfill."""

    def __init__(self, intake: Intake, helpdesk: Helpdesk, *, above: int = WORTH) -> None:
        """Nothing is told yet.

        Args:
            intake: Where pages go.
            helpdesk: Where they come from; one that has no replay is left alone.
            above: More tickets than this have to be due.
        """
        self._intake = intake
        self._helpdesk = helpdesk
        self._stream = helpdesk.replay
        self._above = above
        self._place: Checkpoint | None = None
        self._export: str | None = None
        self._exported = False
        self._stirred = asyncio.Event()
        self._walking: asyncio.Task[None] | None = None
        self._storing = self._stopped = False

    def begin(self, oldest: int) -> None:
        """Take up the place of an earlier run, or the second (Unix) to begin from."""
        if self._stream is not None:
            known = self._intake.checkpoint(self._stream)
            self._place = known or Checkpoint(oldest, began=oldest)

    def exporting(self, stream: str) -> None:
        """This stream is exported now; where both use one limit, it goes first."""
        self._export = stream
        self.stir()

    def exported(self) -> None:
        """No export will bring anything more."""
        self._export, self._exported = None, True
        self.stir()

    def stir(self) -> None:
        """More is in the record."""
        self._stirred.set()
        self._stirred = asyncio.Event()

    def finish(self, writer: Writer) -> None:
        """Finish the tickets that were told before they came into the record."""
        if self._place is not None:
            self._finish(writer, self._place.start)

    def reach_back(self, writer: Writer, oldest: int) -> None:
        """Begin anew from an older second (Unix), where a replay has begun before."""
        if self._stream is not None and self._intake.checkpoint(self._stream) is not None:
            place = Checkpoint(oldest, began=oldest)
            writer.checkpoint(self._stream, place.to_text(), done=False)

    def close(self, writer: Writer, at: datetime) -> None:
        """Every ticket was read: a later backfill need not tell anything older."""
        if self._stream is not None:
            now = int(at.timestamp())
            writer.checkpoint(
                self._stream, Checkpoint(now, done=True, began=now).to_text(), done=True
            )

    async def run(self) -> None:
        """Replay as long as that spares single requests, or until `stop`."""
        if self._place is None or self._stream is None:
            return
        self._walking = asyncio.current_task()
        if await self._is_worth_it():
            await self._walk(self._stream, self._place)

    def stop(self) -> None:
        """There is nothing left to tell; what is being stored is still stored."""
        self._stopped = True
        if self._walking is not None and not self._storing:
            self._walking.cancel()

    async def _is_worth_it(self) -> bool:
        while self._left(self._above + 1) <= self._above:
            if self._exported:
                return False
            await self._stirred.wait()
        return True

    async def _walk(self, stream: str, place: Checkpoint) -> None:
        state = self._intake.tally.state(stream)
        async for batch in self._helpdesk.stream(stream, place):
            while batch.untold_second is not None and not self._exported:
                await self._stirred.wait()
            await self._store(stream, batch)
            if batch.checkpoint.done or self._stopped or self._has_met():
                break
            await self._give_way(stream)
        state.done = True
        self._intake.listener.stream(state)

    async def _store(self, stream: str, batch: Batch) -> None:
        until = batch.checkpoint.start if batch.told_until is None else batch.told_until
        began = self._place.began if self._place else 0
        place = replace(batch.checkpoint, start=until, done=False, began=began)
        stored = replace(batch, checkpoint=place)
        self._storing = True
        try:
            await self._intake.batch(
                stream, stored, reread=True, then=lambda writer: self._finish(writer, until)
            )
        finally:
            self._storing = False
        self._place = place

    async def _give_way(self, stream: str) -> None:
        """Single reading begins with the newest, which the exports bring last: they go first."""
        while self._export and self._helpdesk.share_a_limit(stream, self._export):
            await self._stirred.wait()

    def _has_met(self) -> bool:
        return self._exported and not self._left(1)

    def _left(self, most: int) -> int:
        until = self._place.start if self._place else 0
        with self._intake.record.reading() as connection:
            return due.counts_to_tell(connection, self._intake.account.number, until, most)

    def _finish(self, writer: Writer, until: int) -> None:
        began = self._place.began if self._place else 0
        tally = self._intake.tally
        tally.replayed += writer.finish_told(since=began, until=until, at=self._intake.clock.now())
        if self._stream in tally.streams:
            tally.streams[self._stream].steps = tally.replayed
