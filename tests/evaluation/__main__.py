"""Quality, measured: `python -m tests.evaluation [--personal FILE] [--locomo FILE] [--json]`.

The text it measures on is other people's and no part of the repository. With a file named, what it
is for is measured; without any, both are looked for in `shared/data` beside the checkout.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.evaluation import locomo, personal

if TYPE_CHECKING:
    from collections.abc import Callable

    Measure = Callable[[Path], tuple[dict[str, Any], str]]

BESIDE = Path(__file__).parents[3] / "shared" / "data"
PERSONAL = BESIDE / "personal-context-dev.jsonl"
LOCOMO = BESIDE / "locomo-dev.json"


def main(arguments: list[str] | None = None) -> int:
    """Measure and print.

    Returns:
        0 when measured or when there was nothing to measure on, 1 when a file cannot be used.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument("--personal", type=Path, metavar="FILE", help="labelled messages")
    parser.add_argument("--locomo", type=Path, metavar="FILE", help="conversations and questions")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    named = {"personal": options.personal, "recall": options.locomo}
    beside = {"personal": PERSONAL, "recall": LOCOMO}
    wanted = {part: file for part, file in named.items() if file is not None}
    document: dict[str, Any] = {}
    for part, file in (wanted or beside).items():
        if not wanted and not file.exists():
            option = "--personal" if part == "personal" else "--locomo"
            said = (
                f"{_NAMES[part]} was not measured: there is no {file.name} in {file.parent}."
                f" Name a file: {option} FILE\n"
            )
            (sys.stderr if options.json else sys.stdout).write(said)
            document[part] = None
            continue
        try:
            document[part], shown = _MEASURES[part](file)
        except (OSError, personal.UnreadableError, locomo.UnreadableError) as error:
            sys.stderr.write(f"{_NAMES[part]} was not measured: {error}\n")
            return 1
        if not options.json:
            sys.stdout.write(f"{shown}\n")
    if options.json:
        sys.stdout.write(json.dumps(document) + "\n")
    return 0


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


_NAMES = {"personal": "Personal context", "recall": "Recall"}
_MEASURES: dict[str, Measure] = {"personal": _personal, "recall": _recall}


if __name__ == "__main__":
    sys.exit(main())
