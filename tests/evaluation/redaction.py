"""How exactly secrets are taken out of text, and nothing else."""

from __future__ import annotations

import re
from collections import Counter

from memory.text.clean import clean
from memory.text.redact import redact
from memory.text.redacting.reading import MARK
from tests.evaluation.tables import Score, read

_MARK = re.compile(MARK)


def evaluate() -> Score:
    """Compare every case of the table `redaction` with what would be stored.

    A case is right when its text is exactly as expected, also when redacted again. Precision and
    recall count the marks, each sort for itself.
    """
    wrong: list[str] = []
    found, expected, both = 0, 0, 0
    cases = read("redaction")
    for case in cases:
        stored = redact(clean(case["text"]))
        if stored != case["expect"] or redact(stored) != stored:
            wrong.append(case["name"])
        here, there = Counter(_MARK.findall(stored)), Counter(_MARK.findall(case["expect"]))
        found, expected, both = (
            found + here.total(),
            expected + there.total(),
            both + (here & there).total(),
        )
    return Score(
        "redaction", len(cases), len(cases) - len(wrong), both / found, both / expected, wrong
    )
