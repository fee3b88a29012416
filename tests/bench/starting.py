"""What it costs to say what the commands are."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.briefs import seconds
from tests.bench.outcome import Bound, Outcome

_COSTS = 3.0


def measure(times: int) -> Outcome:
    """Time `remember --help` and the import of what every command line needs, in turns."""
    remember = str(Path(sys.executable).with_name("remember"))
    commands = {
        "remember --help": [remember, "--help"],
        'python -c "import typer, rich"': [sys.executable, "-c", "import typer, rich"],
    }
    for command in commands.values():
        _run(command)
    taken: dict[str, list[float]] = {what: [] for what in commands}
    for _ in range(times):
        for what, command in commands.items():
            taken[what].append(seconds(partial(_run, command)))
    ours, theirs = (median(values) for values in taken.values())
    return Outcome(
        "Starting",
        ("what", "median ms", "times"),
        rows=[(what, 1000 * median(values), len(values)) for what, values in taken.items()],
        bounds=[Bound("remember --help / import typer, rich", ours / theirs, most=_COSTS)],
    )


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)
