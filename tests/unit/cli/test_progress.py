"""How far a run is: plain lines when piped, bars in a terminal, always on standard error."""

from __future__ import annotations

import io
from contextlib import redirect_stderr
from datetime import UTC, datetime

import pytest

from connector.cli.progress import shown
from connector.clock import ManualClock
from connector.sync.helpdesk import Usage
from connector.sync.report import StreamState


class _Terminal(io.StringIO):
    """A standard error that a person watches."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.fixture
def clock() -> ManualClock:
    """Stands still until told."""
    return ManualClock(datetime(2026, 7, 7, 9, 0, tzinfo=UTC))


def test_piped_lines_come_at_most_every_five_seconds_and_at_the_end(
    clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first, one after a while, the last; each stream for itself."""
    with shown(Usage(), clock) as listener:
        for rows in range(10):
            listener.stream(StreamState("tickets", rows))
            clock.advance(1)
        listener.stream(StreamState("users", 1200))
        listener.stream(StreamState("tickets", 1234, done=True))
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "tickets: 0",
        "tickets: 5",
        "users: 1,200",
        "tickets: 1,234 done",
    ]


def test_a_piped_line_tells_the_total_and_what_the_limit_costs(
    clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where they are known."""
    usage = Usage(waited={"comments": 12.4})
    with shown(usage, clock) as listener:
        listener.stream(StreamState("comments", rows=900, steps=300, total=994))
    assert capsys.readouterr().err == "comments: 300 of 994 (rate limit cost 12 s)\n"


def test_a_piped_note_is_a_line(clock: ManualClock, capsys: pytest.CaptureFixture[str]) -> None:
    """What the user should read."""
    with shown(Usage(), clock) as listener:
        listener.warn("API tokens end.")
    assert capsys.readouterr().err == "Note: API tokens end.\n"


def test_a_terminal_shows_a_bar_for_each_stream(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name, how many of how many, what the limit costs; notes above the bars."""
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setenv("TERM", "xterm-256color")
    usage = Usage(waited={"tickets_recent": 61.0})
    terminal = _Terminal()
    with redirect_stderr(terminal), shown(usage, clock) as listener:
        listener.warn("API tokens [all] end.")
        listener.stream(StreamState("tickets_recent", 47, total=100))
        listener.stream(StreamState("comments", 3))
        listener.stream(StreamState("tickets_recent", 100, done=True))
    seen = terminal.getvalue()
    assert "Note:" in seen
    assert "API tokens [all] end." in seen
    assert "recent: tickets" in seen
    assert "100/100" in seen
    assert "rate limit cost 61 s" in seen
    assert "comments, newest first" in seen
