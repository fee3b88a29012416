"""Returning problems are found as well as they once were."""

from __future__ import annotations

from tests.evaluation.recurring import evaluate, evaluate_back


def test_tickets_of_one_problem_are_found_together() -> None:
    """Of 85 cases all pairs right; few pairs are said to be one problem that are not."""
    score = evaluate()
    assert score.cases == 85
    assert score.right / score.cases >= 0.80
    assert score.precision >= 0.93
    assert score.recall >= 0.84


def test_tickets_that_came_back_are_found() -> None:
    """By the groups that were found, not by those of the table."""
    score = evaluate_back()
    assert score.right / score.cases >= 0.81
    assert score.precision >= 0.91
    assert score.recall >= 0.88
