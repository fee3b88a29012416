"""Remembering as a child process, so that a brief is no slower while a backfill runs.

The child ends when it is told that no more tickets will come and the outbox is empty, when it is
told to stop, or when its parent has gone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory.errors import RecordError, RememberError
from memory.remembering.drain import Remembering
from memory.remembering.remember import Progress

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

    from memory.workplace import Workplace

_POLL_SECONDS = 0.2
_NICE = 10
"""Whoever asks for a brief meanwhile has the processor first."""


class Worker:
    """A child process that remembers, seen from its parent."""

    def __init__(self, workplace: Workplace, account: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._finish = context.Event()
        self._stop = context.Event()
        self._reports, theirs = context.Pipe(duplex=False)
        self._process = context.Process(
            target=_run,
            args=(workplace, account, _Tether(self._finish, self._stop, theirs, os.getpid())),
            name="remembering",
            daemon=True,
        )
        # A child that is still starting would answer Ctrl-C with a traceback.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self.progress = Progress()
        self.error: RememberError | None = None

    def poll(self) -> Progress:
        """The latest progress the child has reported."""
        with suppress(EOFError):
            while self._reports.poll():
                report = self._reports.recv()
                if isinstance(report, RememberError):
                    self.error = report
                else:
                    self.progress = report
        return self.progress

    @property
    def running(self) -> bool:
        """Whether the child is still at work."""
        return self._process.is_alive()

    def finish(self) -> None:
        """No more tickets will come: the child ends when the outbox is empty."""
        self._finish.set()

    def stop(self, seconds: float = 0.5) -> None:
        """End the child soon; what it has not stored is done again by the next one."""
        self._stop.set()
        self._process.join(seconds)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._reports.close()

    def close(self) -> Progress:
        """Take leave of a child that has ended.

        Raises:
            RememberError: What ended it early.
        """
        self._process.join()
        progress = self.poll()
        self._reports.close()
        if self.error is not None:
            raise self.error
        if self._process.exitcode:
            raise RecordError(
                f"Remembering ended early (exit {self._process.exitcode}).",
                "Run the same command again; it goes on where it stopped.",
            )
        return progress


class _LeftError(Exception):
    """The parent has gone or wants the child to."""


@dataclass(slots=True)
class _Tether:
    """What ties the child to its parent.

    Attributes:
        finish: Set when no more tickets will come.
        stop: Set when the child is to leave at once.
        reports: Takes progress, or the error that ends the work.
        parent: Its process id.
    """

    finish: Event
    stop: Event
    reports: Connection
    parent: int
    last_look: bool = False

    @property
    def cut(self) -> bool:
        return self.stop.is_set() or os.getppid() != self.parent

    def wait(self) -> bool:
        """Whether to look for more; what came just before the end is looked for once more."""
        if self.cut or self.last_look:
            return False
        self.last_look = self.finish.is_set()
        if not self.last_look:
            self.stop.wait(_POLL_SECONDS)
        return True

    def report(self, progress: Progress) -> None:
        if self.cut:
            raise _LeftError
        self.reports.send(progress)


def _run(workplace: Workplace, account_name: str, tether: _Tether) -> None:
    """The child's whole life.

    Ctrl-C reaches the whole process group, but the child was born with it blocked: the parent
    decides when the child ends.
    """
    os.nice(_NICE)
    try:
        with (
            suppress(_LeftError, BrokenPipeError),
            Remembering.open(workplace, account_name) as remembering,
        ):
            remembering.drain(wait=tether.wait, report=tether.report)
    except RememberError as error:
        with suppress(BrokenPipeError):
            tether.reports.send(error)
