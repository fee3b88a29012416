"""Quality, measured: `python -m tests.evaluation [--personal FILE] [--json]`.

The text it measures on is other people's and no part of the repository; without a file named, it
is looked for in `shared/data` beside the checkout.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.evaluation import personal

BESIDE = Path(__file__).parents[3] / "shared" / "data"
PERSONAL = BESIDE / "personal-context-dev.jsonl"


def main(arguments: list[str] | None = None) -> int:
    """Measure and print.

    Returns:
        0 when measured or when there was nothing to measure on, 1 when a file cannot be used.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument("--personal", type=Path, metavar="FILE", help="labelled messages")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    file = options.personal or PERSONAL
    if options.personal is None and not file.exists():
        said = (
            f"Personal context was not measured: there is no {file.name} in {BESIDE}."
            " Name a file: --personal FILE\n"
        )
        (sys.stderr if options.json else sys.stdout).write(said)
        if options.json:
            sys.stdout.write(json.dumps({"personal": None}) + "\n")
        return 0
    try:
        messages, head = personal.evaluate(file)
    except (OSError, personal.UnreadableError) as error:
        sys.stderr.write(f"Personal context was not measured: {error}\n")
        return 1
    threshold = head.thresholds.customers
    scores = personal.score(messages)
    document = {
        "precision": round(scores.precision, 4),
        "recall": round(scores.recall, 4),
        "f1": round(scores.f1, 4),
        "threshold": threshold,
        "n": scores.n,
    }
    shown = personal.table(messages, threshold)
    sys.stdout.write((json.dumps({"personal": document}) if options.json else shown) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
