"""How far a run is: bars in a terminal, plain lines when piped. Both on standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.clock import Clock
    from connector.sync.helpdesk import Usage
    from connector.sync.report import Listener, StreamState

_LINE_EVERY_SECONDS = 5.0
_LABELS = {
    "tickets_recent": "recent: tickets",
    "ticket_events_replay": "replay, oldest first",
    "comments": "comments, newest first",
}
"""What a bar says of a stream whose name does not tell what is going on."""


@contextmanager
def shown(usage: Usage, clock: Clock) -> Iterator[Listener]:
    """A listener that shows progress as long as the block runs.

    Args:
        usage: What the run spends, for what the rate limit costs.
        clock: For the rate of the plain lines.
    """
    if not sys.stderr.isatty():
        yield _Lines(usage, clock)
        return
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description:<22}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("[dim]{task.fields[limit]}[/dim]"),
    )
    with Progress(*columns, console=Console(stderr=True, highlight=False)) as bars:
        yield _Bars(bars, usage)


class _Bars:
    def __init__(self, bars: Progress, usage: Usage) -> None:
        self._bars = bars
        self._usage = usage
        self._tasks: dict[str, TaskID] = {}

    def stream(self, state: StreamState) -> None:
        if state.name not in self._tasks:
            name = _LABELS.get(state.name, state.name.replace("_", " "))
            self._tasks[state.name] = self._bars.add_task(name, total=None, rate="", limit="")
        task = self._tasks[state.name]
        waited = self._usage.waited.get(state.name, 0)
        elapsed = self._bars.tasks[task].elapsed or 0
        self._bars.update(
            task,
            completed=state.passed,
            total=state.passed if state.done else state.total,
            rate=f"{state.passed / elapsed:,.0f}/s" if elapsed > 1 else "",
            limit=f"rate limit cost {waited:.0f} s" if waited >= 1 else "",
        )

    def warn(self, sentence: str) -> None:
        self._bars.console.print(Text.assemble(("Note: ", "yellow"), sentence))


class _Lines:
    def __init__(self, usage: Usage, clock: Clock) -> None:
        self._usage = usage
        self._clock = clock
        self._said: dict[str, float] = {}

    def stream(self, state: StreamState) -> None:
        now = self._clock.monotonic()
        if not state.done and now - self._said.get(state.name, now - 1e9) < _LINE_EVERY_SECONDS:
            return
        self._said[state.name] = now
        waited = self._usage.waited.get(state.name, 0)
        parts = [
            f"{state.name}: {state.passed if state.total else state.rows:,}",
            f"of {state.total:,}" if state.total and not state.done else "",
            "done" if state.done else "",
            f"(rate limit cost {waited:.0f} s)" if waited >= 1 else "",
        ]
        sys.stderr.write(" ".join(part for part in parts if part) + "\n")

    def warn(self, sentence: str) -> None:
        sys.stderr.write(f"Note: {sentence}\n")
