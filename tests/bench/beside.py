"""Whether a brief is slower while a backfill with its remembering runs beside it.

The backfill takes the packaged story over HTTP into the very record that is asked. It is stopped
and continued in turns (SIGSTOP, SIGCONT to its process group), so that both kinds of brief see the
same record, caches and machine.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from threading import Event

from tests.bench import stock
from tests.bench.briefs import brief_of, open_memory, seconds
from tests.bench.outcome import Bound, Outcome, quantile

_AT_ONCE = 25
_WARM_UP = 40
_PAUSE = 0.01
_SLOWER = 2.0


def measure(customers: int, times: int) -> Outcome:
    """Time briefs in a copy of a crowd's record, alone and beside the backfill.

    Args:
        customers: Of the record.
        times: Briefs of each kind; fewer when the backfill ends before.
    """
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        shutil.copytree(stock.crowd_record(customers), home)
        alone, beside, ended = _measure(home, customers, times)
    outcome = Outcome(
        "Brief while a backfill runs beside it",
        ("what", "customers", "p50 ms", "p95 ms", "p99 ms", "times"),
        bounds=[
            Bound(
                "brief p95, beside a backfill / alone",
                quantile(beside, 0.95) / quantile(alone, 0.95),
                most=_SLOWER,
            )
        ],
        notes=[
            "Backfill: another process that takes the packaged story over HTTP into this record,",
            "and remembers it in its child; the simulated helpdesk runs in it too.",
            f"In turns of {_AT_ONCE} briefs, one every {_PAUSE * 1000:g} ms; the backfill stands",
            "still during every other turn." + (" It ended before the last." if ended else ""),
        ],
    )
    for what, values in (("alone", alone), ("beside a backfill", beside)):
        figures = [1000 * quantile(values, share) for share in (0.5, 0.95, 0.99)]
        outcome.rows.append((what, customers, *figures, len(values)))
    return outcome


def _measure(home: Path, customers: int, times: int) -> tuple[list[float], list[float], bool]:
    alone: list[float] = []
    beside: list[float] = []
    dice = random.Random(3)
    ended = False
    with open_memory(home) as memory:

        def briefs() -> list[float]:
            taken = []
            for _ in range(_AT_ONCE):
                Event().wait(_PAUSE)
                taken.append(seconds(partial(brief_of, memory, dice.randrange(customers))))
            return taken

        for _ in range(_WARM_UP):
            brief_of(memory, dice.randrange(customers))
        process = _start(home)
        try:
            while len(beside) < times and not ended:
                Event().wait(_PAUSE)
                during = briefs()
                ended = process.poll() is not None
                if ended:
                    break
                os.killpg(process.pid, signal.SIGSTOP)
                alone += briefs()
                os.killpg(process.pid, signal.SIGCONT)
                beside += during
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode not in {0, -signal.SIGKILL} or not beside:
        raise RuntimeError(f"the backfill ended with {process.returncode} after {len(beside)}")
    return alone, beside, ended


def _start(home: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.backfilling", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process
