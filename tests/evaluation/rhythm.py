"""How well rhythms are found: `tables/rhythm.jsonl`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from memory.asking.rhythm import rhythm_of
from tests.evaluation.tables import Score, read

if TYPE_CHECKING:
    from memory.asking.document import Rhythm

_ROUGHLY_FROM = 28
"""Days from which on one more or less is as right: months differ in length."""


def evaluate() -> Score:
    """Ask for the rhythm of every life in the table."""
    cases = read("rhythm")
    wrong, said, expected, agreed = [], 0, 0, 0
    for case in cases:
        days = sorted(date.fromisoformat(day) for day in case["days"])
        found = rhythm_of(days, date.fromisoformat(case["today"]))
        right = _same(found, case["expect"])
        said += found is not None
        expected += case["expect"] is not None
        agreed += right and found is not None
        if not right:
            wrong.append(case["name"])
    return Score(
        "rhythm", len(cases), len(cases) - len(wrong), agreed / said, agreed / expected, wrong
    )


def _same(found: Rhythm | None, expect: dict[str, Any] | None) -> bool:
    if found is None or expect is None:
        return found is None and expect is None
    spare = 1 if expect["every_days"] >= _ROUGHLY_FROM else 0
    near: bool = abs(found["every_days"] - expect["every_days"]) <= spare
    weekday: int | None = expect["weekday"]
    return near and found["weekday"] == weekday
