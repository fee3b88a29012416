"""What a backfill or sync did, for people while it runs and for programs at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, TypedDict

VERSION = 1


@dataclass(slots=True)
class StreamState:
    """How far one stream is.

    Attributes:
        rows: Read in this run.
        steps: What is counted against `total`; the rows unless told.
        total: How many steps there will be, where that is known.
        done: Whether it has reached its present end.
    """

    name: str
    rows: int = 0
    total: int | None = None
    checkpoint: str = ""
    done: bool = False
    steps: int | None = None

    @property
    def passed(self) -> int:
        """How many steps are behind."""
        return self.rows if self.steps is None else self.steps


class Listener(Protocol):
    """Whoever wants to know how a run goes on."""

    def stream(self, state: StreamState) -> None:
        """A stream has moved."""

    def warn(self, sentence: str) -> None:
        """Something the user should read."""


class StreamReport(TypedDict):
    """One stream of the report."""

    name: str
    rows: int
    requests: int
    refused: int
    checkpoint: str
    done: bool


class Report(TypedDict):
    """The answer of `remember backfill` and `remember sync`.

    `tickets`, `messages` and `customers` are what the record now holds; the rest is this run's.
    """

    version: int
    account: str
    streams: list[StreamReport]
    tickets: int
    messages: int
    customers: int
    quarantined: int
    requests: int
    refused: int
    seconds: float
    remembered: int
    encoded: int
    skipped: int


@dataclass(slots=True)
class Tally:
    """What is counted during a run.

    Attributes:
        replayed: Tickets whose messages came all by the replay.
    """

    streams: dict[str, StreamState] = field(default_factory=dict)
    quarantined: int = 0
    replayed: int = 0

    def state(self, name: str) -> StreamState:
        """A stream's state, made when it is first asked for."""
        return self.streams.setdefault(name, StreamState(name))


def stream_reports(
    tally: Tally, requests: dict[str, int], refused: dict[str, int]
) -> list[StreamReport]:
    """Each stream with what it cost."""
    return [
        {
            "name": one.name,
            "rows": one.rows,
            "requests": requests.get(one.name, 0),
            "refused": refused.get(one.name, 0),
            "checkpoint": one.checkpoint,
            "done": one.done,
        }
        for one in tally.streams.values()
    ]


class Silent:
    """A listener that wants to know nothing."""

    def stream(self, state: StreamState) -> None:
        """Heard and forgotten."""

    def warn(self, sentence: str) -> None:
        """Heard and forgotten."""
