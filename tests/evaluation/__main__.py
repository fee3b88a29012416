"""Quality, measured: `python -m tests.evaluation [--personal FILE] [--locomo FILE] [--json]`.

With a file named, what it is for is measured. Without any, everything is: the cases of our own
(`--wrong` names those that are not right), the briefs of the packaged story, and what is looked for
in `shared/data` beside the checkout; that text is other people's and no part of the repository.
With `--json` the figures of the two files are all that is measured and printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.evaluation import base_rate, briefs, locomo, own, personal

if TYPE_CHECKING:
    from collections.abc import Callable

    Measure = Callable[[Path], tuple[dict[str, Any], str]]

BESIDE = Path(__file__).parents[3] / "shared" / "data"
PERSONAL = BESIDE / "personal-context-dev.jsonl"
LOCOMO = BESIDE / "locomo-dev.json"
STAR = BESIDE / "star-dev.json.gz"


def main(arguments: list[str] | None = None) -> int:
    """Measure and print.

    Returns:
        0 when measured or when there was nothing to measure on, 1 when a file cannot be used.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument("--personal", type=Path, metavar="FILE", help="labelled messages")
    parser.add_argument("--locomo", type=Path, metavar="FILE", help="conversations and questions")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--wrong", action="store_true", help="name our own cases that are wrong")
    options = parser.parse_args(arguments)
    named = {"personal": options.personal, "recall": options.locomo}
    wanted = {part: file for part, file in named.items() if file is not None}
    beside = {"personal": PERSONAL, "recall": LOCOMO}
    if not wanted and not options.json:
        _say(own.table(list(own.evaluate()), wrong=options.wrong))
        _say(briefs.evaluate().table)
        beside["base rate"] = STAR
    document: dict[str, Any] = {}
    for part, file in (wanted or beside).items():
        if not wanted and not file.exists():
            said = f"{_NAMES[part]} was not measured: there is no {file.name} in {file.parent}."
            (sys.stderr if options.json else sys.stdout).write(f"{said}{_INSTEAD[part]}\n")
            document[part] = None
            continue
        try:
            document[part], shown = _MEASURES[part](file)
        except (OSError, *_UNREADABLE) as error:
            sys.stderr.write(f"{_NAMES[part]} was not measured: {error}\n")
            return 1
        if not options.json:
            _say(shown)
    if options.json:
        sys.stdout.write(json.dumps(document) + "\n")
    return 0


def _say(table: str) -> None:
    """Print a table, at once: the next may take minutes."""
    sys.stdout.write(f"{table}\n\n")
    sys.stdout.flush()


def _personal(file: Path) -> tuple[dict[str, Any], str]:
    messages, head = personal.evaluate(file)
    threshold = head.thresholds.customers
    scores = personal.score(messages)
    document = {
        "precision": round(scores.precision, 4),
        "recall": round(scores.recall, 4),
        "f1": round(scores.f1, 4),
        "threshold": threshold,
        "n": scores.n,
    }
    return document, personal.table(messages, threshold)


def _recall(file: Path) -> tuple[dict[str, Any], str]:
    measured = locomo.evaluate(file)
    return measured.document, measured.table


def _base_rate(file: Path) -> tuple[dict[str, Any], str]:
    return {}, base_rate.evaluate(file)


_NAMES = {"personal": "Personal context", "recall": "Recall", "base rate": "The base rate"}
_INSTEAD = {
    "personal": " Name a file: --personal FILE",
    "recall": " Name a file: --locomo FILE",
    "base rate": " Name a file: python -m tests.evaluation.base_rate --star FILE",
}
_MEASURES: dict[str, Measure] = {"personal": _personal, "recall": _recall, "base rate": _base_rate}
_UNREADABLE = (personal.UnreadableError, locomo.UnreadableError, base_rate.UnreadableError)


if __name__ == "__main__":
    sys.exit(main())
