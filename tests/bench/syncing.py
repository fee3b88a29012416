"""A backfill of a busy account under enforced limits: how near it comes to what they allow.

Helpdesk and client are processes of their own whose clocks run fast alike, so that an hour passes
in minutes. What counts is the client's time by that clock against the least that the limits allow.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.bench.outcome import Bound, Outcome
from tests.support.busy import EVENTS, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

PER_ANSWER = 1_000
_REPLAY = "/incremental/ticket_events"
_TICKETS = "/incremental/tickets/cursor"
_KILL_AFTER = 0.4
"""Of the minutes that a whole backfill takes at least."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the simulated helpdesk grants a minute, and how much of it the client may use."""

    requests: int
    exports: int
    users: int
    share: float = 1.0

    def at(self, share: float) -> Limits:
        """The same limits at another share."""
        return Limits(self.requests, self.exports, self.users, share)


@dataclass(frozen=True, slots=True)
class Helpdesk:
    """A running simulation."""

    process: subprocess.Popen[str]
    url: str

    def seen(self) -> dict[str, Any]:
        """What was asked of it so far."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        document: dict[str, Any] = json.loads(self.process.stdout.readline())
        return document


def measure(tickets: int, limits: Limits, speed: float) -> Outcome:
    """Backfill once at each share, and once more with a `kill -9` on the way.

    Args:
        tickets: How many the account has.
        limits: What it grants.
        speed: Of the clocks; a machine that is too slow for it misses the floor.
    """
    outcome = Outcome(
        f"Backfill of {tickets:,} tickets at {limits.requests} and {limits.exports} a minute",
        ("share", "minutes", "floor", "ratio", "refused %", "MB", "comments", "events", "tickets"),
    )
    for share in (1.0, 0.5):
        _whole(outcome, tickets, limits.at(share), speed / share)
    _killed(outcome, tickets, limits, speed)
    clocks = f"Clocks {speed:g} times as fast as the machine's, twice that at half the share"
    outcome.notes += [
        f"{clocks}; answers take 0.2 s by them.",
        "The floor: (tickets + 1,000 P / e) / (R + 1,000 I / e) / share; P pages of tickets.",
    ]
    return outcome


def _whole(outcome: Outcome, tickets: int, limits: Limits, speed: float) -> None:
    with tempfile.TemporaryDirectory() as home, _served(tickets, limits, speed) as helpdesk:
        told = json.loads(_backfill(Path(home), helpdesk, limits.share, speed).communicate()[0])
        seen = helpdesk.seen()
    streams = {one["name"]: one for one in told["report"]["streams"]}
    least = floor(tickets, limits, seen)
    minutes = told["report"]["seconds"] / 60
    asked = sum(seen["status"].values())
    refused = 100 * seen["status"].get("429", 0) / asked
    outcome.rows.append(
        (
            f"{limits.share:g}",
            minutes,
            least,
            minutes / least,
            refused,
            told["megabytes"],
            streams["comments"]["requests"],
            streams.get("ticket_events_replay", {"requests": 0})["requests"],
            streams["tickets"]["requests"],
        )
    )
    name = f"at a share of {limits.share:g}"
    outcome.bounds += [
        Bound(f"minutes / floor {name}", minutes / least, most=1.1),
        Bound(f"refused % {name}", refused, most=1.0),
        Bound(f"MB {name}", told["megabytes"], most=400),
    ]
    if told["report"]["messages"] != tickets * MESSAGES:
        raise RuntimeError("The backfill has not brought every message.")


def _killed(outcome: Outcome, tickets: int, limits: Limits, speed: float) -> None:
    """Kill a backfill on its way, run it again, and count what is asked for twice."""
    with tempfile.TemporaryDirectory() as home, _served(tickets, limits, speed) as helpdesk:
        least = tickets / (limits.requests + PER_ANSWER * limits.exports / EVENTS)
        first = _backfill(Path(home), helpdesk, limits.share, speed)
        try:
            first.communicate(timeout=_KILL_AFTER * least * 60 / speed)
        except subprocess.TimeoutExpired:
            first.kill()
            first.communicate()
        before = helpdesk.seen()
        _backfill(Path(home), helpdesk, limits.share, speed).communicate()
        again = helpdesk.seen()
    pages = max(_twice(before["exports"], again["exports"], path) for path in (_REPLAY, _TICKETS))
    comments = len(again["comments"]) - len(set(again["comments"]))
    outcome.notes.append(
        f"Killed on the way and run again: {pages} page of a stream and {comments} tickets were "
        "asked for twice."
    )
    outcome.bounds += [
        Bound("pages of a stream asked for again", pages, most=1),
        Bound("tickets asked for again", comments, most=20),
    ]


def _twice(before: list[list[str]], after: list[list[str]], path: str) -> int:
    """How many pages of an export were asked for both before the kill and after it."""
    places = [_place(query) for one, query in after if path in one]
    old = sum(path in one for one, _ in before)
    return len(set(places[:old]) & set(places[old:]))


def _place(query: str) -> str:
    known = parse_qs(query)
    return (known.get("cursor") or known.get("start_time") or [""])[0]


def floor(tickets: int, limits: Limits, seen: dict[str, Any]) -> float:
    """The least minutes that the limits allow, whatever the client does.

    Args:
        tickets: How many there are.
        limits: What is granted; the tickets export shares the limit of the events.
        seen: What was asked of the helpdesk.
    """
    pages = sum(_TICKETS in path for path, _ in seen["exports"])
    each = PER_ANSWER / EVENTS
    both = limits.requests + limits.exports * each
    return (tickets + pages * each) / both / limits.share


@contextmanager
def _served(tickets: int, limits: Limits, speed: float) -> Iterator[Helpdesk]:
    told = [str(one) for one in (limits.requests, limits.exports, limits.users)]
    command = [sys.executable, "-m", "tests.bench.account", str(tickets), "--speed", str(speed)]
    with subprocess.Popen(
        [*command, "--limits", *told], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Helpdesk(process, process.stdout.readline().strip())
        finally:
            process.kill()


def _backfill(home: Path, desk: Helpdesk, share: float, speed: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.filling", str(home), desk.url]
    return subprocess.Popen(
        [*command, "--share", str(share), "--speed", str(speed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
