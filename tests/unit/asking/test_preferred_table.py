"""The table of cases: whom customers would rather speak to, from the tickets up."""

from __future__ import annotations

from tests.evaluation.preferred import evaluate


def test_the_table_is_answered_as_well_as_ever() -> None:
    """At least 97 of 100 cases are right, and of what is found and expected as many."""
    score = evaluate()
    assert score.right / score.cases >= 0.97, score.wrong
    assert min(score.precision, score.recall) >= 0.97, score.wrong
