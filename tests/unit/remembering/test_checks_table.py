"""The table of cases: details to double-check, and look-alikes."""

from __future__ import annotations

from tests.evaluation.check import evaluate


def test_the_table_is_answered_as_well_as_ever() -> None:
    """All 59 tickets: what is in doubt in which words, and what is not."""
    score = evaluate()
    assert score.wrong == []
    assert score.cases == 59
