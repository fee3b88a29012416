"""Remembering as a child process, so that a brief is no slower while a backfill runs.

The child ends when it is told that no more tickets will come and the outbox is empty, when it is
told to stop, or when its parent has gone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from memory.errors import RecordError, RememberError
from memory.remembering.drain import Remembering, Workplace
from memory.remembering.remember import Progress

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

_POLL_SECONDS = 0.2


class Worker:
    """A child process that remembers, seen from its parent."""

    def __init__(self, workplace: Workplace, account: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._finish = context.Event()
        self._stop = context.Event()
        self._reports, theirs = context.Pipe(duplex=False)
        self._process = context.Process(
            target=_run,
            args=(workplace, account, self._finish, self._stop, theirs, os.getpid()),
            name="remembering",
            daemon=True,
        )
        self._process.start()
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


def _run(
    workplace: Workplace,
    account_name: str,
    finish: Event,
    stop: Event,
    reports: Connection,
    parent: int,
) -> None:
    """The child's whole life."""
    # Ctrl-C reaches the whole process group; the parent decides when the child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def left() -> bool:
        return stop.is_set() or os.getppid() != parent

    def wait() -> bool:
        if finish.is_set():
            return False
        stop.wait(_POLL_SECONDS)
        return not left()

    class _LeftError(Exception):
        pass

    def report(progress: Progress) -> None:
        if left():
            raise _LeftError
        reports.send(progress)

    try:
        with (
            suppress(_LeftError, BrokenPipeError),
            Remembering.open(workplace, account_name) as remembering,
        ):
            remembering.drain(wait=wait, report=report)
    except RememberError as error:
        with suppress(BrokenPipeError):
            reports.send(error)
