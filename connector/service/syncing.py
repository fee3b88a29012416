"""Syncs one account again and again, as a child process; begins with the backfill where it must.

A line joins parent and child: reports go up it, and the child ends when it is cut, because the
parent wants it to or has gone.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from connector.clock import SystemClock
from connector.errors import ConfigurationError, CredentialsError
from connector.service import logs
from connector.service.standing import Trouble
from connector.sync.helpdesk import Checkpoint
from connector.sync.together import Together
from memory.errors import RecordError, RememberError, UsageError
from memory.processor import give_way
from memory.record import Record, due
from memory.record.traces import has_leavings, is_due
from memory.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from connector.clock import Clock
    from connector.settings import Settings
    from connector.sync.report import Report, StreamState
    from memory.record import Account

SLOWLY_SECONDS = 300.0
"""Between tries where only a person can help; a helpdesk may lock out who tries too often."""

_TELL_SECONDS = 2.0
_SINCE = "since"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SyncJob:
    """What a sync child is to do.

    Attributes:
        settings: Where everything is.
        database_url: The record.
        account: The account's name; the record has it already.
        every: Seconds between two syncs.
        open_helpdesk: From settings, clock and account to the helpdesk's client; importable by
            its name.
    """

    settings: Settings
    database_url: str
    account: str
    every: float
    open_helpdesk: Callable[[Settings, Clock, str], Any]


@dataclass(frozen=True, slots=True)
class News:
    """What a sync child reports.

    Attributes:
        doing: What it is at, for people.
        trouble: Why the last try failed; None once one succeeds.
    """

    doing: str
    trouble: Trouble | None = None


class SyncChild:
    """The child, seen from its parent."""

    def __init__(self, job: SyncJob) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(
            target=_live, args=(job, theirs), name="syncing", daemon=True
        )
        self._process.start()
        theirs.close()
        self._news = News("Starting.")

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._process.is_alive()

    @property
    def doing(self) -> str:
        """What it is at, for people."""
        return self._news.doing

    def look(self) -> Trouble | None:
        """Hear what it reports; why its last try failed, if it has."""
        with suppress(EOFError, OSError):
            while self._line.poll():
                self._news = self._line.recv()
        return self._news.trouble

    def ended(self) -> RememberError:
        """Take leave of it; a sync child never ends of itself."""
        self._process.join()
        self._line.close()
        return RecordError(
            f"The sync has ended early (exit {self._process.exitcode}).",
            "It is started again by itself; if that goes on, look into the log.",
        )

    def let_go(self) -> None:
        """Let it store what it has begun to; what is left is taken by the next one."""
        self._line.close()

    def kill(self) -> None:
        """End it at once; one that has ended is fine."""
        self._process.kill()
        self._process.join()


def _live(job: SyncJob, line: Connection) -> None:
    """The child's whole life."""
    give_way()
    logs.configure(job.settings)
    try:
        asyncio.run(_until_cut(job, line))
    except (asyncio.CancelledError, BrokenPipeError):
        return
    except Exception as error:  # noqa: BLE001  a traceback may quote a customer
        _log.error("A fault: %s", logs.where(error))
        sys.exit(1)


async def _until_cut(job: SyncJob, line: Connection) -> None:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def cut() -> None:
        loop.remove_reader(line.fileno())
        if task is not None:
            task.cancel()

    # The parent never says a word: whatever can be read is the end of the line.
    loop.add_reader(line.fileno(), cut)
    record = Record.open(job.database_url, job.settings.keys)
    try:
        await Syncing(job, record, line.send, SystemClock()).run()
    finally:
        record.close()


class Syncing:
    """Syncs one account until it is cancelled."""

    def __init__(
        self, job: SyncJob, record: Record, report: Callable[[News], None], clock: Clock
    ) -> None:
        self._job = job
        self._record = record
        self._report = report
        self._clock = clock
        self._trouble: Trouble | None = None
        self._warned: set[str] = set()

    async def run(self) -> None:
        """Sync again and again."""
        job = self._job
        await asyncio.to_thread(self._forget)
        async with job.open_helpdesk(job.settings, self._clock, job.account) as helpdesk:
            while True:
                await self._clock.sleep(await self._try(helpdesk))

    async def _try(self, helpdesk: Any) -> float:
        """Bring the account up to date; how many seconds to wait then."""
        try:
            report = await self._once(helpdesk)
        except RememberError as error:
            self._trouble = Trouble.of(error)
            self._report(News("Waiting to try again.", self._trouble))
            hopeless = isinstance(error, CredentialsError | ConfigurationError | UsageError)
            return max(self._job.every, SLOWLY_SECONDS) if hopeless else self._job.every
        self._trouble = None
        await asyncio.to_thread(self._forget)
        self._report(News("Waiting for the next sync."))
        _log.info(
            "synced",
            extra={
                key: report[key]
                for key in ("account", "requests", "refused", "quarantined", "seconds")
            },
        )
        return self._job.every

    def _forget(self) -> None:
        """Remove the bytes of whoever was forgotten, where no worker runs that does.

        The same of what was not wanted, if it is time for that.
        """
        now = self._clock.now()
        if not is_due(self._record) and not has_leavings(self._record, now):
            return
        from memory.forgetting import attempt  # noqa: PLC0415  seldom needed, and brings numpy

        settings = self._job.settings
        folder, url = settings.folder / "index", settings.chroma_url
        place = Workplace(self._job.database_url, folder, url, keys=settings.keys)
        attempt(self._record, place, now, wait=False)

    async def _once(self, helpdesk: Any) -> Report:
        account = self._record.account(self._job.account)
        settings = self._job.settings
        complete = self._is_complete(account, helpdesk)
        together = Together(
            self._record,
            account,
            helpdesk,
            None,
            clock=self._clock,
            listener=_Listener(self, self._clock, "sync" if complete else "backfill"),
            region=settings.default_region,
            recheck_days=settings.recheck_days,
            notes=settings.notes_to_helpdesk == "internal_note",
        )
        if complete:
            return await together.sync()
        return await together.backfill(since=self._since(account))

    def tell(self, doing: str) -> None:
        """Report how far a run is."""
        self._report(News(doing, self._trouble))

    def warn(self, sentence: str) -> None:
        """Log what the operator should know, once: every run finds it again."""
        if sentence not in self._warned:
            self._warned.add(sentence)
            _log.warning("%s", sentence)

    def _is_complete(self, account: Account, helpdesk: Any) -> bool:
        """Whether the whole history has been taken, so that only changes are left."""
        with self._record.reading() as connection:
            known = due.checkpoints(connection, account.number)
        ended = all(name in known and known[name].done for name in helpdesk.history)
        return ended and account.synced_at is not None

    def _since(self, account: Account) -> datetime | None:
        """The bound of a backfill that was begun by command, so that it is not exceeded."""
        with self._record.reading() as connection:
            stored = due.checkpoints(connection, account.number).get(_SINCE)
        start = Checkpoint.from_text(stored.value).start if stored else 0
        return datetime.fromtimestamp(start, UTC) if start else None


class _Listener:
    """Tells now and then how far a run is."""

    def __init__(self, syncing: Syncing, clock: Clock, what: str) -> None:
        self._syncing = syncing
        self._clock = clock
        self._what = what
        self._told_at = clock.monotonic()
        self._rows: dict[str, int] = {}

    def stream(self, state: StreamState) -> None:
        self._rows[state.name] = state.rows
        now = self._clock.monotonic()
        if now - self._told_at >= _TELL_SECONDS:
            self._told_at = now
            self._syncing.tell(f"The {self._what} runs; {sum(self._rows.values()):,} rows so far.")

    def warn(self, sentence: str) -> None:
        self._syncing.warn(sentence)
