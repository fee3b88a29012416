"""How well the cases are answered that were written here: a table of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.evaluation import (
    agent_notes,
    check,
    cleaning,
    model,
    never_kept,
    preferred,
    promises,
    recurring,
    redaction,
    rhythm,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.evaluation.tables import Score


@dataclass(frozen=True, slots=True)
class Goal:
    """How well a table is to be answered."""

    precision: float
    recall: float

    def holds(self, score: Score) -> bool:
        """Whether both are reached."""
        return score.precision >= self.precision and score.recall >= self.recall

    def __str__(self) -> str:
        return f"{self.precision:.2f} and {self.recall:.2f}"


_HEADINGS: Final = (
    f"{'table':<17}{'cases':>6}{'wanted':>8}{'right':>7}{'precision':>11}{'recall':>8}"
    f"{'goal':>15}  holds"
)
_FEWEST: Final = 40
_FEWEST_OF: Final = {agent_notes.NAME: 200}
_GOALS: Final = {agent_notes.NAME: Goal(precision=0.90, recall=0.75)}
_WITHOUT_MODEL: Final[tuple[Callable[[], Score], ...]] = (
    promises.evaluate,
    check.evaluate,
    recurring.evaluate,
    recurring.evaluate_back,
    rhythm.evaluate,
    preferred.evaluate,
    redaction.evaluate,
    cleaning.evaluate,
)


def evaluate() -> Iterator[Score]:
    """Answer all tables; the last two with the model and the head that ship."""
    for measure in _WITHOUT_MODEL:
        yield measure()
    for read in (never_kept.evaluate, agent_notes.evaluate):
        yield read(model.encoder(), model.head())


def table(scores: Sequence[Score], *, wrong: bool = False) -> str:
    """What a person reads.

    Args:
        scores: Of the tables.
        wrong: Whether to name the cases that are not right.
    """
    lines = [
        "Cases of our own",
        "",
        _HEADINGS,
    ]
    for score in scores:
        fewest, goal = _FEWEST_OF.get(score.name, _FEWEST), _GOALS.get(score.name)
        shown = "-" if goal is None else str(goal)
        holds = score.cases >= fewest and (goal is None or goal.holds(score))
        lines.append(
            f"{score.name:<17}{score.cases:>6}{fewest:>8}{score.right:>7}{score.precision:>11.2f}"
            f"{score.recall:>8.2f}{shown:>15}  {'yes' if holds else 'no'}"
        )
    lines += [
        "",
        "Where the goal is '-', holding says only that the table has as many cases as wanted.",
    ]
    if wrong:
        for score in scores:
            lines += ["", f"{score.name}, wrong:"] if score.wrong else []
            lines += [f"  {name}" for name in score.wrong]
    return "\n".join(lines)
