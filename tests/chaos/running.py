"""One run of a connector in a process of its own, which may be killed at any statement."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from connector.clock import ScaledClock
from connector.lock import hold
from connector.sync.report import Silent
from connector.sync.together import Together
from memory.errors import RememberError
from memory.record import Record
from memory.remembering.drain import Remembering
from memory.workplace import Workplace
from tests.contract.held import REGION
from tests.contract.kinds import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from connector.sync.report import Report

SPEED = 200
"""How many of a run's seconds pass in one of ours, so that no pause costs any time."""

RETRY_SECONDS = 60.0
KILLED = -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Job:
    """What a process is to do.

    Attributes:
        provider: Which helpdesk it reads.
        url: Where that is served.
        home: The data folder.
        now: The helpdesk's present time; the machine's own is `skew` seconds beside it.
        command: `backfill` or `sync`.
        limit: Of a backfill.
        recheck_days: Of a sync.
        remember: Whether everything is remembered afterwards.
        dies_at: At which statement, counted from the first one, the process is killed.
    """

    provider: str
    url: str
    home: Path
    now: datetime
    skew: int = 0
    command: str = "backfill"
    limit: int | None = None
    recheck_days: float = 7
    remember: bool = False
    dies_at: int | None = None

    @property
    def database_url(self) -> str:
        """The record in the data folder."""
        return f"sqlite:///{self.home / 'record.sqlite'}"


def run(job: Job) -> int:
    """Run a job in a process of its own.

    Returns:
        0, an error's exit code, `KILLED`, or 99 for what is no error of the project's.
    """
    context = multiprocessing.get_context("forkserver")
    # Imported once, for all processes: what takes most of the time in which each remembers.
    context.set_forkserver_preload([__name__, "sentence_transformers"])
    process = context.Process(target=_work, args=(job,))
    process.start()
    process.join()
    return process.exitcode or 0


def _work(job: Job) -> None:
    logging.disable(logging.CRITICAL)
    if job.dies_at is not None:
        _die_at(job.dies_at)
    try:
        asyncio.run(_go(job))
        if job.remember:
            _remember(job)
    except RememberError as error:
        sys.exit(error.exit_code)
    except BaseException:  # noqa: BLE001 - whatever it is, it is none of the project's errors
        sys.excepthook(*sys.exc_info())
        os._exit(99)


def _die_at(statement: int) -> None:
    """Have this process killed before a statement or a commit of its record."""
    left = statement

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)


async def _go(job: Job) -> Report:
    clock = ScaledClock(SPEED, job.now + timedelta(seconds=job.skew))
    kind = next(one for one in KINDS if one.provider == job.provider)
    client: Any = kind.connect(job.url, clock, retry_seconds=RETRY_SECONDS)
    with (
        hold(job.home, job.command, clock),
        contextlib.closing(Record.open(job.database_url)) as record,
    ):
        account = record.add_account(kind.account, job.url)
        together = Together(
            record,
            account,
            client,
            None,
            clock=clock,
            listener=Silent(),
            region=REGION,
            recheck_days=job.recheck_days,
        )
        async with client:
            if job.command == "sync":
                return await together.sync()
            return await together.backfill(limit=job.limit)


def _remember(job: Job) -> None:
    kind = next(one for one in KINDS if one.provider == job.provider)
    workplace = Workplace(job.database_url, job.home / "index", threads=1)
    with Remembering.open(workplace, kind.account) as remembering:
        remembering.drain(wait=lambda: False, report=lambda _: None)
