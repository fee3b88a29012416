"""The tables of FIGURES.md, from what heads said of sentences they had not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memory.policy import NEVER_KEPT_KIND
from memory.remembering.personal import KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from memory.remembering.personal import PersonalHead


@dataclass(frozen=True, slots=True)
class Trial:
    """Labelled sentences.

    Attributes:
        labels: Shape (sentences, kinds).
        ordinary: Which are everyday talk.
        shares: What each weighs when they stand for a customer's sentences, in all 1.
    """

    sentences: list[str]
    roles: list[Any]
    labels: NDArray[np.bool_]
    ordinary: NDArray[np.bool_]
    shares: NDArray[np.float64]


def any_kind(labels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each row of (sentences, kinds) has any kind at all."""
    anything: NDArray[np.bool_] = np.logical_or.reduce(labels, axis=1)
    return anything


def scores(found: NDArray[np.bool_], true: NDArray[np.bool_]) -> str:
    """Precision, recall, F1 and the number of true ones, as cells of a Markdown table."""
    right = int((found & true).sum())
    precision, recall = right / max(1, found.sum()), right / max(1, true.sum())
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"{precision:.2f} | {recall:.2f} | {f1:.2f} | {int(true.sum())}"


def found_kinds(
    trial: Trial, probabilities: NDArray[np.float32], head: PersonalHead
) -> NDArray[np.bool_]:
    """The kinds that the head's rules find, given probabilities (sentences, kinds)."""
    said = zip(trial.sentences, probabilities, trial.roles, strict=True)
    found = [[one.kind for one in head.findings(*each)] for each in said]
    return np.array([[kind in each for kind in KINDS] for each in found])


def reliability(probability: NDArray[np.float32], trial: Trial) -> list[str]:
    """Per fifth of the scale: the mean confidence, and the share that was personal."""
    personal = any_kind(trial.labels)
    rows = []
    for low in np.arange(0, 1, 0.2):
        inside = (probability >= low) & (probability < low + 0.2 + (low > 0.7))
        if inside.any():
            weights = trial.shares[inside]
            said = np.average(probability[inside], weights=weights)
            was = np.average(personal[inside], weights=weights)
            rows.append(
                f"| {low:.1f} to {low + 0.2:.1f} | {said:.2f} | {was:.2f} | {inside.sum()} |"
            )
    return rows


def figures(
    trial: Trial,
    probabilities: NDArray[np.float32],
    head: PersonalHead,
    folds: int,
    speed: float,
) -> str:
    """The tables, for out-of-fold probabilities and the head that is shipped."""
    found = found_kinds(trial, probabilities, head)
    personal, hit = any_kind(trial.labels), any_kind(found)
    dropped = found[:, KINDS.index(NEVER_KEPT_KIND)]
    agent, ordinary = np.array(trial.roles) == "agent", trial.ordinary
    nearly = ~personal & ~ordinary
    table = [
        ("all", hit, personal),
        ("customers' sentences", hit[~agent], personal[~agent]),
        ("agents' notes", hit[agent], personal[agent]),
        *((f"`{kind}`", found[:, i], trial.labels[:, i]) for i, kind in enumerate(KINDS)),
    ]
    limits = head.thresholds
    counts = (
        f"Sentences: {len(personal)}, personal {personal.sum()}, nearly {nearly.sum()},",
        f"ordinary {ordinary.sum()}; agents' notes {agent.sum()}.",
        f"Thresholds {limits.customers}, of notes {limits.notes};",
        f"{folds} folds, scenarios kept whole.",
    )
    return "\n".join(
        [
            *counts,
            "",
            "| | precision | recall | F1 | n |",
            "|---|---|---|---|---|",
            *(f"| {name} | {scores(f, t)} |" for name, f, t in table),
            "",
            "| found by mistake, per 1,000 | | of them as never kept |",
            "|---|---|---|",
            *(
                f"| {name} | {1000 * hit[these].mean():.1f} | {1000 * dropped[these].mean():.1f} |"
                for name, these in (("ordinary", ordinary), ("nearly personal", nearly))
            ),
            "",
            "| confidence | mean | was personal | n |",
            "|---|---|---|---|",
            *reliability(probabilities.max(axis=1), trial),
            "",
            f"Without the encoder the head reads {round(speed, -2):,.0f} sentences a second.",
        ]
    )
