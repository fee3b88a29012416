"""A backfill or sync with its remembering: one reads and stores, a child process remembers."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from connector.sync.report import VERSION, Report, StreamState, stream_reports
from connector.sync.run import Run
from memory.asking.status import USAGE
from memory.errors import RecordError
from memory.record import queries
from memory.remembering.remember import Progress
from memory.remembering.worker import Worker

if TYPE_CHECKING:
    from datetime import datetime

    from connector.clock import Clock
    from connector.sync.helpdesk import Helpdesk
    from connector.sync.report import Listener
    from memory.record import Account, Record
    from memory.workplace import Workplace

_POLL_SECONDS = 0.2
_REMEMBERING = "remembering"


class Together:
    """Runs against one helpdesk account, each with remembering beside it."""

    def __init__(
        self,
        record: Record,
        account: Account,
        helpdesk: Helpdesk,
        workplace: Workplace | None,
        *,
        clock: Clock,
        listener: Listener,
        region: str | None = None,
        recheck_days: float | None = None,
        notes: bool = False,
    ) -> None:
        """Nothing is read yet.

        Args:
            record: Where everything goes.
            account: Whose helpdesk it is.
            helpdesk: Where it comes from.
            workplace: For remembering; None only syncs.
            clock: Tells the time and waits.
            listener: Hears of progress.
            region: Where phone numbers without a country code are from.
            recheck_days: Within how many days a sync looks again at everything; None never does.
            notes: Whether notes that are due are written to the helpdesk.
        """
        self._notes = notes
        self._recheck_days = recheck_days
        self._record = record
        self._account = account
        self._helpdesk = helpdesk
        self._workplace = workplace
        self._clock = clock
        self._listener = listener
        self._region = region

    async def backfill(self, *, since: datetime | None = None, limit: int | None = None) -> Report:
        """Take the whole history and remember it."""
        return await self._run(since=since, limit=limit, changes=False)

    async def sync(self) -> Report:
        """Take what changed and remember it."""
        return await self._run(since=None, limit=None, changes=True)

    async def write_notes(self) -> None:
        """Write the notes that are due to the helpdesk, and do nothing else."""
        await self._new_run(None).write_notes()

    def _new_run(self, limit: int | None) -> Run:
        return Run(
            self._record,
            self._account,
            self._helpdesk,
            clock=self._clock,
            listener=self._listener,
            region=self._region,
            limit=limit,
            recheck_days=self._recheck_days,
        )

    async def _run(self, *, since: datetime | None, limit: int | None, changes: bool) -> Report:
        began = self._clock.monotonic()
        run = self._new_run(limit)
        worker = Worker(self._workplace, self._account.name) if self._workplace else None
        try:
            await (run.sync() if changes else run.backfill(since))
            if self._notes:
                await run.write_notes()
            progress = await self._remembered(worker)
        except BaseException:
            if worker is not None:
                worker.stop()
            with suppress(RecordError):
                self._keep_usage()
            raise
        self._keep_usage()
        return self._report(run, progress, self._clock.monotonic() - began)

    def _keep_usage(self) -> None:
        """Keep what this run has spent, for `remember status`."""
        usage = self._helpdesk.usage
        spent = {
            "requests": sum(usage.requests.values()),
            "refused": sum(usage.refused.values()),
            "waited": round(sum(usage.waited.values()), 1),
        }
        with self._record.writing(self._account) as writer:
            writer.checkpoint(USAGE, json.dumps(spent), done=True)

    async def _remembered(self, worker: Worker | None) -> Progress:
        if worker is None:
            return Progress()
        worker.finish()
        state = StreamState(_REMEMBERING)
        while worker.running:
            progress = worker.poll()
            state.rows = progress.remembered
            state.total = progress.remembered + progress.waiting
            self._listener.stream(state)
            await self._clock.sleep(_POLL_SECONDS)
        progress = worker.close()
        state.rows, state.done = progress.remembered, True
        self._listener.stream(state)
        return progress

    def _report(self, run: Run, progress: Progress, seconds: float) -> Report:
        usage = self._helpdesk.usage
        with self._record.reading() as connection:
            counts = queries.counts(connection, self._account.number)
        return {
            "version": VERSION,
            "account": self._account.name,
            "streams": stream_reports(run.tally, usage.requests, usage.refused),
            "tickets": counts["tickets"],
            "messages": counts["messages"],
            "customers": counts["customers"],
            "quarantined": run.tally.quarantined,
            "requests": sum(usage.requests.values()),
            "refused": sum(usage.refused.values()),
            "seconds": round(seconds, 1),
            "remembered": progress.remembered,
            "encoded": progress.encoded,
            "skipped": progress.skipped,
        }
