"""Rhythms are found as well as they once were."""

from __future__ import annotations

from tests.evaluation.rhythm import evaluate


def test_every_life_of_the_table_has_the_rhythm_that_was_expected() -> None:
    """All 71 lives: those with a rhythm have it, the others have none."""
    score = evaluate()
    assert score.wrong == []
    assert score.cases == 71
