"""Measures what is promised in figures: `python -m tests.bench`.

Machines are shared and differ, so every bound is a ratio of things measured in turns in one run.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console

from tests.bench import (
    beside,
    briefs,
    recalling,
    remembering,
    ringing,
    service,
    starting,
    streams,
    syncing,
    weight,
)
from tests.bench.outcome import show_bounds
from tests.bench.template import CUSTOMERS
from tests.support import peeking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.outcome import Outcome

_SIZES = (1_000, 10_000, 100_000)
_MOST_VECTORS_OF = 10_000
"""Customers beyond which the library is not asked: 20 vectors each take minutes to add."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks asked for; 1 when a bound is missed."""
    asked = _arguments(arguments)
    peeking.allow()
    console = Console(stderr=asked.json)
    outcomes = []
    for name, measure in _benchmarks(asked.customers, quick=asked.quick, speed=asked.speed).items():
        if asked.only in {None, name}:
            outcome = measure()
            outcome.show(console)
            outcomes.append(outcome)
    bounds = [bound for outcome in outcomes for bound in outcome.bounds]
    show_bounds(console, bounds)
    if asked.json:
        document = {"version": 1, "benchmarks": [one.document() for one in outcomes]}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    return 0 if all(bound.holds for bound in bounds) else 1


def _benchmarks(
    sizes: Sequence[int], *, quick: bool, speed: float | None = None
) -> dict[str, Callable[[], Outcome]]:
    searched = [size for size in sizes if size <= _MOST_VECTORS_OF][: 1 if quick else None]
    return {
        "briefs": partial(briefs.measure, sizes, 300 if quick else 500, searched, 20),
        "beside": partial(beside.measure, sizes[0], 200 if quick else 500),
        "recall": partial(recalling.measure, 20_000 if quick else 200_000, 200 if quick else 500),
        "remembering": partial(remembering.throughput, 250 if quick else 700),
        "sizes": remembering.sizes,
        "sync": partial(
            syncing.measure,
            4_000 if quick else 100_000,
            syncing.Limits(700, 10, 20) if not quick else syncing.Limits(140, 2, 4),
            speed or (15.0 if quick else 5.0),
        ),
        "starting": partial(starting.measure, 7 if quick else 15),
        "service": partial(service.measure, sizes[-1], 10 if quick else 60),
        "ring": partial(ringing.measure, sizes[-1], 10 if quick else 30),
        "streams": partial(streams.measure, sizes[0], 500, 5 if quick else 20),
        "weight": weight.measure,
    }


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    names = list(_benchmarks(_SIZES, quick=False))
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--customers",
        type=_sizes,
        metavar="N,N",
        help="the sizes of the records; default: 1000,10000,100000, or 1000,10000 when quick",
    )
    parser.add_argument("--quick", action="store_true", help="fewer and smaller")
    parser.add_argument(
        "--speed", type=float, help="of the clocks of `sync`; lower it on a slow machine"
    )
    parser.add_argument("--json", action="store_true", help="one document on standard output")
    parser.add_argument("--only", choices=names, help="one of them")
    parser.add_argument("one", nargs="?", choices=names, help="the same as --only")
    asked = parser.parse_args(arguments)
    asked.only = asked.only or asked.one
    asked.customers = asked.customers or (_SIZES[:2] if asked.quick else _SIZES)
    return asked


def _sizes(written: str) -> list[int]:
    sizes = sorted({int(size) for size in written.split(",")})
    if not sizes or any(size <= 0 or size % CUSTOMERS for size in sizes):
        raise argparse.ArgumentTypeError(f"each a multiple of {CUSTOMERS}")
    return sizes


if __name__ == "__main__":
    sys.exit(main())
