"""Fuzzes for minutes: `python -m tests.fuzz --minutes 10`; again: `--seed 17 --rounds 1`."""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE: Final = Path(__file__).parent
_PATIENCE: Final = 60.0
"""Seconds that a round has to end once the time is over."""

_ALL: Final = "all"
_NOTHING_TO_DO: Final = 5
"""What pytest ends with where no test was chosen."""


class Tally:
    """What the rounds have tried so far, by the file of the test."""

    def __init__(self) -> None:
        self._tests: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._seconds: dict[str, float] = defaultdict(float)

    def add(self, report: Path) -> None:
        """Count a round from the report that pytest has written of it, as far as it came."""
        if not report.exists():
            return
        for case in ET.parse(report).iter("testcase"):
            file = case.get("classname", "").rpartition(".test_")[2]
            if not file:  # what was being set up when the time was over
                continue
            bad = case.find("failure") is not None or case.find("error") is not None
            for name in (file.replace("_", " "), _ALL):
                self._tests[name] += 1
                self._failed[name] += bad
                self._seconds[name] += float(case.get("time", 0))

    def rows(self) -> Iterator[str]:
        """A table: what was fuzzed, by how many tests, how many failed, how long it took."""
        yield f"{'fuzzed':<14}{'tests':>8}{'failed':>8}{'seconds':>9}"
        for name in sorted(self._tests, key=lambda one: (one == _ALL, one)):
            numbers = f"{self._tests[name]:>8}{self._failed[name]:>8}{self._seconds[name]:>9.0f}"
            yield f"{name:<14}{numbers}"


def main() -> int:
    """Go round after round, each with another seed, until the time is over; 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=10.0, help="for how long (default: 10)")
    parser.add_argument("--seed", type=int, help="of the first round (default: any)")
    parser.add_argument("--rounds", type=int, help="no more than so many")
    parser.add_argument("--only", default="", help="an expression that pytest takes as -k")
    asked = parser.parse_args()
    # Whoever starts this in the background has interrupts ignored, and so would pytest below.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    tally = Tally()
    code = _rounds(asked, tally)
    _say("")
    for row in tally.rows():
        _say(row)
    return code


def _rounds(asked: argparse.Namespace, tally: Tally) -> int:
    first = random.SystemRandom().randrange(1 << 31) if asked.seed is None else asked.seed
    ends = time.monotonic() + 60 * asked.minutes
    for number in count():
        left = ends - time.monotonic()
        if left <= 0 or number == asked.rounds:
            return 0
        seed = first + number
        _say(f"Round {number + 1}, seed {seed}, {left / 60:.1f} minutes left.")
        with TemporaryDirectory() as folder:
            report = Path(folder, "report.xml")
            code = _round(seed, left, asked.only, report)
            tally.add(report)
        if code is None:
            _say("The time is over.")
            return 0
        if code:
            _say(f"Again: python -m tests.fuzz --seed {seed} --rounds 1")
            return 1
    return 0


def _round(seed: int, seconds: float, only: str, report: Path) -> int | None:
    """All tests once: 1 where one failed, and None where the time was over before they were."""
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "long", "FUZZ_SEED": str(seed)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "2", "--dist", "loadgroup"]
    # In another order each time, so that what is last when the time is over is not always so.
    command += [f"--randomly-seed={seed}", f"--hypothesis-seed={seed}", "--timeout", "1200"]
    command += [
        str(_HERE),
        "--show-capture=no",
        f"--junitxml={report}",
        *(["-k", only] if only else []),
    ]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    over = Event()

    def stop() -> None:
        over.set()
        process.send_signal(signal.SIGINT)  # so that a database of the tests' own is ended, too

    timers = [Timer(seconds, stop), Timer(seconds + _PATIENCE, process.kill)]
    for one in timers:
        one.start()
    failed = False
    told, line = process.stdout, ""
    assert told is not None
    for letter in iter(lambda: told.read(1), ""):  # a line of dots takes minutes
        _say(letter, "")
        line = "" if letter == "\n" else line + letter
        failed = failed or line.startswith(("FAILED ", "ERROR "))
    for one in timers:
        one.cancel()
    code = process.wait()
    if failed:
        return 1
    return None if over.is_set() else int(code not in {0, _NOTHING_TO_DO})


def _say(line: str, end: str = "\n") -> None:
    sys.stdout.write(line + end)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
