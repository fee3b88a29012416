"""The table of our own tables: goals, and the names of wrong cases."""

from __future__ import annotations

import pytest

from tests.evaluation import agent_notes, model, never_kept, own
from tests.evaluation.tables import Score


def score(name: str, cases: int, share: float, *wrong: str) -> Score:
    """As precise as complete."""
    return Score(name, cases, cases - len(wrong), share, share, list(wrong))


def holding(measured: Score) -> bool:
    """What the table says of it."""
    (line,) = [one for one in own.table([measured]).splitlines() if one.startswith(measured.name)]
    return line.endswith("yes")


@pytest.mark.parametrize(
    ("measured", "holds"),
    [
        (score("check", 40, 0.5), True),
        (score("check", 39, 1.0), False),
        (score("agent_notes", 200, 0.9), True),
        (score("agent_notes", 199, 0.9), False),
        (score("agent_notes", 325, 0.89), False),
    ],
)
def test_goals_are_held_where_there_are_any(measured: Score, holds: bool) -> None:  # noqa: FBT001
    """Every table has enough cases; notes have to be as precise and complete as the goal says."""
    assert holding(measured) is holds


def test_wrong_cases_are_named_when_asked_for() -> None:
    """Each under its table; a table without any is not named again."""
    scores = [score("check", 50, 0.9, "a spelled name"), score("rhythm", 50, 1.0)]
    assert "a spelled name" not in own.table(scores)
    named = own.table(scores, wrong=True)
    assert "check, wrong:\n  a spelled name" in named
    assert "rhythm, wrong" not in named


@pytest.mark.xdist_group("model")
@pytest.mark.slow
def test_all_tables_are_answered() -> None:
    """One score each, the two with the model among them, as good as they were at least."""
    scores = {one.name: one for one in own.evaluate()}
    assert list(scores) == [
        "promises",
        "check",
        "recurring",
        "recurring: back",
        "rhythm",
        "preferred",
        "redaction",
        "cleaning",
        never_kept.NAME,
        agent_notes.NAME,
    ]
    notes, dropped = scores[agent_notes.NAME], scores[never_kept.NAME]
    assert (notes.cases, dropped.cases) == (325, 196)
    assert min(notes.precision, notes.recall) >= 0.55
    assert dropped.precision >= 0.70
    assert len(notes.wrong) == notes.cases - notes.right
    assert model.encoder() is model.encoder()
