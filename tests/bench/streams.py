"""What many open pages cost one service: how soon all of them hear a ring, and how much memory.

The pages are sockets of a second process, `tests.bench.listening`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import IO, TYPE_CHECKING, Any, Final

import httpx

from tests.bench.outcome import Bound, Outcome
from tests.bench.ringing import agents
from tests.bench.service import RING_SECRET, serving

if TYPE_CHECKING:
    from tests.bench.service import Served

MOST_POSTS: Final = 60.0
"""In how many times the time of one ring's webhook all of them have heard it."""

MOST_KB: Final = 150.0
"""Of the service's memory, for each."""

_SPARE_SECONDS: Final = 60.0


def measure(customers: int, streams: int, rings: int) -> Outcome:
    """Open streams, ring all agents, and look when the last has heard.

    Args:
        customers: Of the record.
        streams: How many, of all the agents in turn.
        rings: How many calls, one after the other.
    """
    outcome = Outcome(
        f"{streams} open streams on one process",
        ("what", "p50 ms", "most ms"),
        notes=[
            "Each call is for every agent, so that each stream has to be told; every stream is a",
            "connection of a second process, which also sends the ring. A webhook alone: before",
            "any stream is open.",
        ],
    )
    with serving(customers) as served:
        told, before, after = _listened(served, streams, rings)
    post, last = median(told["post_ms"]), median(told["last_ms"])
    per_stream = (after - before) / streams
    outcome.rows += [
        ("webhook of a ring, no stream open", post, max(told["post_ms"])),
        ("webhook to the first that hears", median(told["first_ms"]), max(told["first_ms"])),
        ("webhook to the last that hears", last, max(told["last_ms"])),
    ]
    outcome.notes.append(
        f"Memory of the service: {before / 1000:,.0f} MB before, {after / 1000:,.0f} MB with all "
        f"open, {per_stream:.0f} kB each."
    )
    deaf = rings * streams - told["heard"]
    outcome.bounds += [
        Bound("streams: the last hears / one webhook", last / post, most=MOST_POSTS),
        Bound("streams: memory each, kB", per_stream, most=MOST_KB),
        Bound("streams: rings not heard", deaf, most=0),
        Bound("streams: errors", told["errors"], most=0),
    ]
    return outcome


def _listened(served: Served, streams: int, rings: int) -> tuple[dict[str, Any], int, int]:
    """What the second process measured, and the service's kB before and with all open."""
    secrets = {"ring": RING_SECRET, "bearers": _sessions(served)}
    listening = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.listening", served.url, str(streams), str(rings)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert listening.stdin is not None
    assert listening.stdout is not None
    try:
        _say(listening.stdin, json.dumps(secrets))
        _hear(listening.stdout, "warm")
        before = _resident(served.pid)
        _say(listening.stdin, "open")
        _hear(listening.stdout, "open")
        after = _resident(served.pid)
        _say(listening.stdin, "ring")
        told: dict[str, Any] = json.loads(listening.stdout.readline())
        return told, before, after
    finally:
        listening.stdin.close()
        try:
            listening.wait(_SPARE_SECONDS)
        except subprocess.TimeoutExpired:
            listening.kill()
            listening.wait()


def _sessions(served: Served) -> list[str]:
    """A bearer of each agent, as the helpdesk's app opens them."""
    asked = ("token", "create", "app", "--scope", "brief:read")
    headers = {"Authorization": f"Bearer {served.command(*asked)['secret']}"}
    bearers = []
    with httpx.Client(base_url=served.url, headers=headers, trust_env=False, timeout=30) as client:
        for agent in agents(served.home):
            proof = {"proof": "asserted", "agent": agent}
            answer = client.post("/v1/sessions", json=proof).raise_for_status()
            bearers.append(answer.json()["bearer"])
    return bearers


def _resident(pid: int) -> int:
    """The kB of memory that a process has."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1])


def _say(pipe: IO[str], line: str) -> None:
    pipe.write(line + "\n")
    pipe.flush()


def _hear(pipe: IO[str], wanted: str) -> None:
    line = pipe.readline().strip()
    if line != wanted:
        raise RuntimeError(f"the listeners said {line!r} instead of {wanted!r}")
