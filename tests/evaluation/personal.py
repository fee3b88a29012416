"""How well personal context is found in labelled messages that nobody here wrote.

A file holds one JSON object a line: `text`, `p` (2 worth remembering, 1 weak, 0 nothing personal)
and `k` (the kind, or `none`). A message is split and read as remembering does it, and counts as
found when anything of it would be kept. Messages labelled 1 belong to neither side.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memory.policy import NEVER_KEPT_KIND
from memory.remembering.personal import KINDS
from memory.text.sentences import split, spoken
from tests.evaluation import model

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from memory.remembering.personal import PersonalHead, Role
    from memory.text.encoder import Encoder

FEWEST_WORDS = 2
DRAWS = 2000
WORTH, WEAK, NOTHING = 2, 1, 0
GOALS = (0.90, 0.75, None)
"""Of precision, recall and F1."""


class UnreadableError(ValueError):
    """A file is not what is described above."""


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message: how personal, of which kind, and the kinds that were found and kept.

    Attributes:
        confidence: The highest of what was found; 0 where nothing was.
    """

    worth: int
    kind: str
    found: frozenset[str]
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Found against worth remembering, without the weak ones; `n` messages in all."""

    precision: float
    recall: float
    f1: float
    n: int


def read(file: Path) -> list[dict[str, Any]]:
    """The lines of a file.

    Raises:
        UnreadableError: A line is no such object.
        OSError: The file cannot be read.
    """
    lines = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        one = _labelled(line)
        if one is None:
            raise UnreadableError(
                f"line {number} of {file} is not a labelled message: "
                'write {"text": …, "p": 0 to 2, "k": …} on each line'
            )
        lines.append(one)
    if not lines:
        raise UnreadableError(f"{file} holds no message")
    return lines


def _labelled(line: str) -> dict[str, Any] | None:
    try:
        one = json.loads(line)
    except ValueError:
        return None
    if not isinstance(one, dict) or not isinstance(one.get("text"), str):
        return None
    if one.get("p") not in {WORTH, WEAK, NOTHING}:
        return None
    return {"text": one["text"], "p": one["p"], "k": one.get("k", "none")}


def judge(lines: list[dict[str, Any]], encoder: Encoder, head: PersonalHead) -> list[Message]:
    """What the head finds in each message."""
    every = kinds_found([line["text"] for line in lines], ["customer"] * len(lines), encoder, head)
    messages = []
    for line, found in zip(lines, every, strict=True):
        kept = {kind: sure for kind, sure in found.items() if kind != NEVER_KEPT_KIND}
        sure = max(kept.values(), default=0.0)
        messages.append(Message(line["p"], line["k"], frozenset(kept), sure))
    return messages


def kinds_found(
    texts: Sequence[str], roles: Sequence[Role], encoder: Encoder, head: PersonalHead
) -> list[dict[str, float]]:
    """The kinds that are found in each text, split and read as remembering does it.

    Returns:
        Of each text, kind to the highest confidence.
    """
    said = [
        (place, role, span.text)
        for place, (text, role) in enumerate(zip(texts, roles, strict=True))
        for span in split(text)
        if len(span.text.split()) >= FEWEST_WORDS
    ]
    embedded = encoder.encode_and_read(
        [spoken(role, sentence) for _, role, sentence in said], head.reader
    )
    findings = head.find(
        [sentence for _, _, sentence in said], *embedded, [role for _, role, _ in said]
    )
    kinds: list[dict[str, float]] = [{} for _ in texts]
    for (place, _, _), found in zip(said, findings, strict=True):
        for one in found:
            kinds[place][one.kind] = max(one.confidence, kinds[place].get(one.kind, 0.0))
    return kinds


def score(messages: list[Message]) -> Scores:
    """Precision, recall and F1; a share of nothing is 0."""
    judged = [message for message in messages if message.worth != WEAK]
    found = np.array([bool(message.found) for message in judged], dtype=bool)
    worth = np.array([message.worth == WORTH for message in judged], dtype=bool)
    return Scores(*_shares(found, worth), len(judged))


def intervals(messages: list[Message]) -> list[tuple[float, float]]:
    """The 95 % bootstrap intervals of precision, recall and F1, by a fixed seed."""
    judged = [message for message in messages if message.worth != WEAK]
    found = np.array([bool(message.found) for message in judged], dtype=bool)
    worth = np.array([message.worth == WORTH for message in judged], dtype=bool)
    draws = np.random.default_rng(0).integers(0, len(judged), (DRAWS, len(judged)))
    drawn = np.array([_shares(found[draw], worth[draw]) for draw in draws])
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def _shares(found: NDArray[np.bool_], worth: NDArray[np.bool_]) -> tuple[float, float, float]:
    right = int((found & worth).sum())
    precision = right / max(1, int(found.sum()))
    recall = right / max(1, int(worth.sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def table(messages: list[Message], threshold: float) -> str:
    """What a person reads: scores with their intervals, the weak ones, and the kinds."""
    scores, ranges = score(messages), intervals(messages)
    lines = [f"Personal context, threshold {threshold}, {scores.n} messages", ""]
    for name, value, (low, high), goal in zip(
        ("precision", "recall", "f1"),
        (scores.precision, scores.recall, scores.f1),
        ranges,
        GOALS,
        strict=True,
    ):
        wanted = "" if goal is None else f"  goal >= {goal:.2f}: {'yes' if value >= goal else 'no'}"
        lines.append(f"{name:<12}{value:.2f}  ({low:.2f} to {high:.2f}){wanted}")
    weak = [message for message in messages if message.worth == WEAK]
    if weak:
        shown = sum(bool(message.found) for message in weak)
        lines.append(f"{'weak ones':<12}{shown} of {len(weak)} found")
    lines += ["", f"{'kind':<14}{'worth':>6}{'found':>7}{'as that kind':>14}"]
    for kind in KINDS:
        of_it = [m for m in messages if m.worth == WORTH and m.kind == kind]
        if of_it:
            found, right = sum(bool(m.found) for m in of_it), sum(kind in m.found for m in of_it)
            lines.append(f"{kind:<14}{len(of_it):>6}{found:>7}{right:>14}")
    return "\n".join([*lines, "", *_reliability(messages)])


def _reliability(messages: list[Message]) -> list[str]:
    """Of what was found, per fifth of confidence: its mean, and how much of it was worth it."""
    lines = [f"{'confidence':<14}{'mean':>6}{'found':>7}{'worth':>7}{'weak':>6}{'nothing':>9}"]
    for fifth in range(5):
        inside = [m for m in messages if m.found and min(int(m.confidence * 5), 4) == fifth]
        if inside:
            counts = [sum(m.worth == one for m in inside) for one in (WORTH, WEAK, NOTHING)]
            name = f"{fifth / 5:.1f} to {(fifth + 1) / 5:.1f}"
            mean = sum(m.confidence for m in inside) / len(inside)
            lines.append(
                f"{name:<14}{mean:>6.2f}{len(inside):>7}{counts[0]:>7}{counts[1]:>6}{counts[2]:>9}"
            )
    return lines


def evaluate(file: Path) -> tuple[list[Message], PersonalHead]:
    """The judged messages of a file, and the head that judged them."""
    return judge(read(file), model.encoder(), model.head()), model.head()
