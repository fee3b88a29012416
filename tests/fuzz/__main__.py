"""Fuzzes for minutes: `python -m tests.fuzz --minutes 10`; again: `--seed 17 --rounds 1`."""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from threading import Event, Timer
from typing import Final

_HERE: Final = Path(__file__).parent
_PATIENCE: Final = 60.0
"""Seconds that a round has to end; one that was begun in the background hears no interrupt."""

_NOTHING_TO_DO: Final = 5
"""What pytest ends with where no test was chosen."""


def main() -> int:
    """Go round after round, each with another seed, until the time is over; 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=10.0, help="for how long (default: 10)")
    parser.add_argument("--seed", type=int, help="of the first round (default: any)")
    parser.add_argument("--rounds", type=int, help="no more than so many")
    parser.add_argument("--only", default="", help="an expression that pytest takes as -k")
    asked = parser.parse_args()
    first = random.SystemRandom().randrange(1 << 31) if asked.seed is None else asked.seed
    ends = time.monotonic() + 60 * asked.minutes
    for number in count():
        left = ends - time.monotonic()
        if left <= 0 or number == asked.rounds:
            return 0
        seed = first + number
        _say(f"Round {number + 1}, seed {seed}, {left / 60:.1f} minutes left.")
        code = _round(seed, left, asked.only)
        if code is None:
            _say("The time is over.")
            return 0
        if code:
            _say(f"Again: python -m tests.fuzz --seed {seed} --rounds 1")
            return 1
    return 0


def _round(seed: int, seconds: float, only: str) -> int | None:
    """All tests once: 1 where one failed, and None where the time was over before they were."""
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "long", "FUZZ_SEED": str(seed)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "2", "--dist", "loadgroup"]
    command += ["--timeout", "1200", "-p", "no:randomly", f"--hypothesis-seed={seed}", str(_HERE)]
    command += ["-k", only] if only else []
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    over = Event()

    def stop() -> None:
        over.set()
        process.send_signal(signal.SIGINT)  # so that a database of the tests' own is ended, too

    timers = [Timer(seconds, stop), Timer(seconds + _PATIENCE, process.kill)]
    for one in timers:
        one.start()
    failed = False
    assert process.stdout is not None
    for line in process.stdout:
        failed = failed or line.startswith(("FAILED ", "ERROR "))
        _say(line.rstrip("\n"))
    for one in timers:
        one.cancel()
    code = process.wait()
    if failed:
        return 1
    return None if over.is_set() else int(code not in {0, _NOTHING_TO_DO})


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
