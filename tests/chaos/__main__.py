"""Plays many seeds, or one again: `python -m tests.chaos --seeds 200`, `--seed 17`."""

from __future__ import annotations

import argparse
import sys
import time

from tests.chaos.seed import Outcome, play
from tests.support import peeking


def main() -> int:
    """Play the seeds that are asked for; 1 where the truth was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seeds", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--first", type=int, default=1, help="the first of them (default: 1)")
    parser.add_argument("--seed", type=int, help="only this one, telling what is done")
    asked = parser.parse_args()
    peeking.allow()
    only = asked.seed is not None
    seeds = [asked.seed] if only else range(asked.first, asked.first + asked.seeds)
    began, failed, kills = time.monotonic(), 0, 0
    for seed in seeds:
        outcome = play(seed)
        kills += outcome.kills
        failed += bool(outcome.wrong)
        if only or outcome.wrong:
            _tell(outcome)
    seconds = time.monotonic() - began
    _say(f"{len(seeds)} seeds, {failed} failed, {kills} kills, {seconds:.0f} s.")
    return 1 if failed else 0


def _tell(outcome: Outcome) -> None:
    lines = [f"Seed {outcome.seed} ({outcome.provider}):", *outcome.told]
    if outcome.wrong:
        lines += ["Not the truth:", *outcome.wrong]
        lines.append(f"Again: python -m tests.chaos --seed {outcome.seed}")
    _say("\n  ".join(lines))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
