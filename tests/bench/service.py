"""How long the service takes for a brief under load, alone and beside a backfill.

The service is `remember serve` as a process; whoever asks is another. A second service answers
five hundred open streams.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from tests.bench import stock
from tests.bench.outcome import Bound, Outcome, quantile

if TYPE_CHECKING:
    from collections.abc import Iterator

RING_SECRET = "a-secret-of-the-bench"
_REMEMBER = Path(sys.executable).with_name("remember")
_UP_SECONDS = 60.0
_SPREAD = 5.0
_UNDER_WAY_SECONDS = 10.0
"""After which a backfill reads, stores and brings the index in step with the record."""


@dataclass(frozen=True, slots=True)
class Served:
    """A service that runs.

    Attributes:
        url: Its address.
        bearer: A token with every scope an agent needs.
        home: Its data folder.
        environment: What its commands are run with.
        pid: Its process.
    """

    url: str
    bearer: str
    home: Path
    environment: dict[str, str]
    pid: int = 0

    def command(self, *arguments: str) -> dict[str, object]:
        """The JSON document of a command on the same data folder."""
        done = subprocess.run(
            [_REMEMBER, *arguments, "--json"],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        document: dict[str, object] = json.loads(done.stdout)
        return document


@contextmanager
def serving(customers: int) -> Iterator[Served]:
    """`remember serve`, without sync and worker, on a copy of a crowd's record."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        shutil.copytree(stock.crowd_record(customers), home)
        port = free_port()
        environment = {
            **os.environ,
            "REMEMBER_HOME": str(home),
            "REMEMBER_DEFAULT_REGION": stock.story().default_region,
            "REMEMBER_TIME_ZONE": stock.story().time_zone,
            "REMEMBER_RING_GENERIC_SECRET": RING_SECRET,
            "REMEMBER_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        served = Served(f"http://127.0.0.1:{port}", "", home, environment)
        made = served.command("token", "create", "bench", "--scope", "brief:read")
        process = subprocess.Popen(
            [_REMEMBER, "serve", "--port", str(port), "--no-sync", "--no-worker"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_up(served.url, process)
            yield Served(served.url, str(made["secret"]), home, environment, process.pid)
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def measure(customers: int, seconds: int, rate: int = 50) -> Outcome:
    """Ask for briefs at a steady rate, alone and then while a backfill runs into the same record.

    Args:
        customers: Of the record.
        seconds: How long, each.
        rate: Requests a second.
    """
    outcome = Outcome(
        "POST /v1/briefs, over HTTP, at a steady rate",
        ("what", "customers", "p50 ms", "p95 ms", "p99 ms", "p99 / p50", "answers", "errors"),
        notes=[
            f"{rate} requests a second for {seconds} s from a second process, which keeps its rate",
            "whatever the answers take. `remember serve --no-sync --no-worker`, one process.",
            "Backfill: a third process takes the packaged story over HTTP into the same record,",
            "and remembers it in its child; the simulated helpdesk runs in it too.",
        ],
    )
    with serving(customers) as served:
        _load(served, customers, 5, rate)
        alone = _load(served, customers, seconds, rate)
        _row(outcome, "alone", customers, alone)
        backfill = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.backfilling", str(served.home)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,  # within this session, where the system weighs by nice
        )
        try:
            Event().wait(_UNDER_WAY_SECONDS)
            beside = _load(served, customers, seconds, rate)
            ended = backfill.poll() is not None
        finally:
            if backfill.poll() is None:
                os.killpg(backfill.pid, 9)
            backfill.wait()
        _row(outcome, "beside a backfill", customers, beside)
        if ended:
            outcome.notes.append("The backfill ended before the last request.")
    return outcome


def _row(
    outcome: Outcome, what: str, customers: int, load: tuple[list[float], dict[str, int]]
) -> None:
    taken, wrong = load
    p50, p95, p99 = (quantile(taken, share) for share in (0.5, 0.95, 0.99))
    errors = sum(wrong.values())
    outcome.rows.append((what, customers, p50, p95, p99, p99 / p50, len(taken), errors))
    outcome.bounds.append(Bound(f"service p99 / p50, {what}", p99 / p50, most=_SPREAD))
    outcome.bounds.append(Bound(f"service errors, {what}", errors, most=0))


def _load(
    served: Served, customers: int, seconds: int, rate: int
) -> tuple[list[float], dict[str, int]]:
    asked = [
        *(sys.executable, "-m", "tests.bench.load", served.url),
        *("--rate", str(rate), "--seconds", str(seconds), "--customers", str(customers)),
        *("--as-of", stock.story().as_of.strftime("%Y-%m-%dT%H:%M:%SZ")),
    ]
    done = subprocess.run(
        asked, input=served.bearer + "\n", check=True, capture_output=True, text=True
    )
    told = json.loads(done.stdout)
    return told["milliseconds"], told["wrong"]


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    pause = Event()
    for _ in range(int(_UP_SECONDS / 0.1)):
        if process.poll() is not None:
            raise RuntimeError(f"the service ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            pause.wait(0.1)
    raise RuntimeError("the service does not answer")
