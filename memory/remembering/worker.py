"""Remembering as a child process, so that a brief is no slower while a backfill runs.

A line joins parent and child. The child ends when it is told that no more tickets will come and
the outbox is empty, or when the line is cut: because the parent wants it to stop, or has gone.
"""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Literal

from memory.errors import RecordError, RememberError
from memory.processor import give_way
from memory.remembering.drain import Remembering
from memory.remembering.remember import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from memory.workplace import Workplace

_POLL_SECONDS = 0.2


class Worker:
    """A child process that remembers, seen from its parent."""

    def __init__(self, workplace: Workplace, account: str) -> None:
        context = multiprocessing.get_context("spawn")
        # Not an event that both wait for: one whose waiter is killed holds up whoever sets it.
        self._line, theirs = context.Pipe()
        self._process = context.Process(
            target=_run,
            args=(workplace, account, _Tether(theirs)),
            name="remembering",
            daemon=True,
        )
        # A child that is still starting would answer Ctrl-C with a traceback. Python's own helper
        # lets go of the signal when it starts, so that it is to run beforehand.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self.progress = Progress()
        self.error: RememberError | None = None

    def poll(self) -> Progress:
        """The latest progress the child has reported; call it often, or the child waits."""
        with suppress(EOFError, OSError):
            while self._line.poll():
                report = self._line.recv()
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
        self._tell("finish")

    def tidy(self) -> None:
        """Take out of the index what the record no longer has, once nothing waits."""
        self._tell("tidy")

    def let_go(self) -> None:
        """Let the child end as soon as it can; what it has not stored the next one does again."""
        self._line.close()

    def stop(self, seconds: float = 0.5) -> None:
        """End the child, and wait until it has; it is killed after so many seconds."""
        self.let_go()
        self._process.join(seconds)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def close(self) -> Progress:
        """Take leave of a child that has ended.

        Raises:
            RememberError: What ended it early.
        """
        self._process.join()
        progress = self.poll()
        self._line.close()
        if self.error is not None:
            raise self.error
        if self._process.exitcode:
            raise RecordError(
                f"Remembering ended early (exit {self._process.exitcode}).",
                "Run the same command again; it goes on where it stopped.",
            )
        return progress

    def _tell(self, word: _Word) -> None:
        with suppress(OSError):  # it has ended
            self._line.send(word)


_Word = Literal["finish", "tidy"]


class _LeftError(Exception):
    """The parent has gone or wants the child to."""


@dataclass(slots=True)
class _Tether:
    """What ties the child to its parent.

    Attributes:
        line: Brings the parent's words; takes progress, or the error that ends the work.
        finishing: No more tickets will come.
        untidy: The index is to be put in order.
    """

    line: Connection
    finishing: bool = False
    untidy: bool = False
    last_look: bool = False

    def hear(self, seconds: float = 0.0) -> None:
        """Take in what the parent says, waiting so long for a first word."""
        try:
            while self.line.poll(seconds):
                word: _Word = self.line.recv()
                self.finishing |= word == "finish"
                self.untidy |= word == "tidy"
                seconds = 0.0
        except (EOFError, OSError):
            raise _LeftError from None

    def wait(self, tidy: Callable[[], None]) -> bool:
        """Whether to look for more; what came just before the end is looked for once more."""
        self.hear()
        if self.last_look:
            return False
        self.last_look = self.finishing
        if not self.last_look:
            if self.untidy:
                tidy()
                self.untidy = False
            self.hear(_POLL_SECONDS)
        return True

    def report(self, progress: Progress) -> None:
        """Tell the parent, unless it has gone."""
        self.hear()
        self.line.send(progress)


def _run(workplace: Workplace, account_name: str, tether: _Tether) -> None:
    """The child's whole life.

    Ctrl-C reaches the whole process group, but the child was born with it blocked: the parent
    decides when the child ends.
    """
    give_way()
    try:
        with (
            suppress(_LeftError, BrokenPipeError),
            Remembering.open(workplace, account_name) as remembering,
        ):
            remembering.drain(wait=lambda: tether.wait(remembering.tidy), report=tether.report)
    except RememberError as error:
        _tell_end(tether, error)
    except Exception as error:  # noqa: BLE001  a traceback may quote a customer
        _tell_end(tether, _fault(error))


def _tell_end(tether: _Tether, error: RememberError) -> None:
    with suppress(OSError):
        tether.line.send(error)


def _fault(error: Exception) -> RecordError:
    """A fault of ours: its kind and its place, not its words."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.filename.rpartition('/')[2]}:{place.lineno}"
    return RecordError(
        f"Remembering met a fault of its own ({type(error).__name__} at {where}).",
        "Run the same command again; if it comes back, report it with this line.",
    )
