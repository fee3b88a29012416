"""How exactly the author's own words are found in what mail programs send."""

from __future__ import annotations

from memory.text.clean import clean
from tests.evaluation.tables import Score, read


def evaluate() -> Score:
    """Compare every case of the table `cleaning` with what cleaning leaves.

    Precision counts the lines that are left, recall the lines that were to be left.
    """
    wrong: list[str] = []
    found, expected, both = 0, 0, 0
    cases = read("cleaning")
    for case in cases:
        left = clean(case["text"])
        if left != case["expect"] or clean(left) != left:
            wrong.append(case["name"])
        here, there = set(left.splitlines()), set(case["expect"].splitlines())
        found, expected, both = found + len(here), expected + len(there), both + len(here & there)
    return Score(
        "cleaning", len(cases), len(cases) - len(wrong), both / found, both / expected, wrong
    )
