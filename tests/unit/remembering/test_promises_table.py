"""The table of cases: promises, who made them, their days and what became of them."""

from __future__ import annotations

from tests.evaluation.promises import evaluate


def test_the_table_is_answered_as_well_as_ever() -> None:
    """All 82 tickets: those that expect a promise and the look-alikes."""
    score = evaluate()
    assert score.wrong == []
    assert score.cases == 82
