"""Personal context: what customers tell of their lives, sentence by sentence.

The head is a multi-label logistic regression over a sentence's embedding and its surface cues. It
was fitted by `training/train.py` on sentences written for it, and `training/FIGURES.md` says how
well it does. At run time it is one matrix product in numpy.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from memory.errors import RememberError
from memory.policy import NEVER_KEPT_KIND, never_kept_words
from memory.remembering.cues import NAMES, cues
from memory.remembering.english import reads_as_english
from memory.remembering.relation import relation_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    from numpy.typing import NDArray

    from memory.remembering.relation import Relation

Role = Literal["customer", "agent"]

KINDS: Final = (
    "bereavement",
    "health",
    "access_need",
    "family_care",
    "life_event",
    "hardship",
    "feeling",
    "work",
    "interest",
    "preference",
    "contact_rule",
    "loyalty",
    NEVER_KEPT_KIND,
)
"""The outputs of the head, in its order, after a first one: whether anything personal is told."""

ENCODER: Final = "all-MiniLM-L6-v2"
VERSION: Final = 1
CUE_WEIGHT: Final = 0.5
"""Cues are 0 or 1, the 384 numbers of a unit vector about 0.05: this brings them into one scale."""


class HeadError(RememberError):
    """The trained head is missing, damaged or made for something else."""

    title = "The personal context head cannot be used"


@dataclass(frozen=True, slots=True)
class Finding:
    """One personal matter that a sentence tells.

    Attributes:
        kind: One of `KINDS`; `never_kept` is to be counted and dropped.
        relation: Whose matter it is, where the sentence says so; None for `never_kept`.
        confidence: The calibrated probability, from 0 to 1, that this is worth remembering.
    """

    kind: str
    relation: Relation | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on something is found.

    Attributes:
        personal: That the sentence tells anything personal.
        kind: That it is of a further kind, beside its likeliest.
        never_kept: That it is of a never-kept class; low, since dropping errs to the safe side.
        never_kept_words: That it is personal at all, when a word list finds such a class.
    """

    personal: float
    kind: float
    never_kept: float
    never_kept_words: float


def features(
    sentences: Sequence[str], vectors: NDArray[np.float32], roles: Sequence[Role]
) -> NDArray[np.float32]:
    """What the head reads: embedding, cues, and the cues again for agents' notes only.

    Notes drop "I" and "my", so the same cue weighs differently in them.
    """
    surface = CUE_WEIGHT * cues(sentences)
    agents = np.array([role == "agent" for role in roles], dtype=np.float32)[:, None]
    return np.hstack([vectors, surface, surface * agents]).astype(np.float32)


class PersonalHead:
    """Finds personal context in embedded sentences.

    Attributes:
        encoder: The name of the model whose vectors it reads.
        calibration: Platt's slope and offset of the first output.
        thresholds: From where on something is found.
    """

    def __init__(
        self,
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        calibration: tuple[float, float],
        thresholds: Thresholds,
        encoder: str = ENCODER,
    ) -> None:
        self._weights = weights
        self._bias = bias
        self.calibration = calibration
        self.thresholds = thresholds
        self.encoder = encoder

    @classmethod
    def load(cls, folder: Traversable | None = None) -> PersonalHead:
        """The head of the package, or of a folder with `head.json` and `head.npz`.

        Raises:
            HeadError: It cannot be read, or was fitted for other features or another version.
        """
        folder = folder or files("memory.remembering") / "heads"
        try:
            about = json.loads((folder / "head.json").read_text(encoding="utf-8"))
            packed = io.BytesIO((folder / "head.npz").read_bytes())
            with np.load(packed, allow_pickle=False) as arrays:
                weights, bias = arrays["weights"], arrays["bias"]
            _check(about, weights, bias)
            calibration = (about["calibration"]["slope"], about["calibration"]["offset"])
            return cls(
                weights, bias, calibration, Thresholds(**about["thresholds"]), about["encoder"]
            )
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise HeadError(
                f"the files of the head cannot be read ({type(error).__name__})",
                "reinstall remember-them",
            ) from error

    def probabilities_of(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits (sentences, 1 + len(KINDS)) as probabilities, the first of them calibrated."""
        slope, offset = self.calibration
        scaled = logits.copy()
        scaled[:, 0] = slope * scaled[:, 0] + offset
        return (1 / (1 + np.exp(-np.clip(scaled, -30, 30)))).astype(np.float32)

    def find(
        self, sentences: Sequence[str], vectors: NDArray[np.float32], roles: Sequence[Role]
    ) -> list[list[Finding]]:
        """The personal matters of each sentence; none for a sentence that is not English.

        A sentence of a never-kept class yields that one finding, whatever else it tells.

        Args:
            sentences: As they were said, without the role in front.
            vectors: Their embeddings with the role in front, shape (sentences, 384), unit length.
            roles: Who said each: the customer, or an agent in a private note.
        """
        if not len(sentences) == len(vectors) == len(roles):
            raise ValueError("sentences, vectors and roles must be equally many")
        if not sentences:
            return []
        logits = features(sentences, vectors, roles) @ self._weights + self._bias
        return [
            self.findings(sentence, row, role)
            for sentence, row, role in zip(
                sentences, self.probabilities_of(logits), roles, strict=True
            )
        ]

    def findings(self, sentence: str, row: NDArray[np.float32], role: Role) -> list[Finding]:
        """What one sentence tells, given its row of `probabilities_of`."""
        limits = self.thresholds
        personal, kinds = float(row[0]), row[1:]
        if personal < limits.never_kept_words or not reads_as_english(sentence):
            return []
        forbidden = float(kinds[-1]) >= limits.never_kept or never_kept_words(sentence)
        if forbidden:
            return [Finding(NEVER_KEPT_KIND, None, personal)]
        if personal < limits.personal:
            return []
        likeliest = int(np.argmax(kinds[:-1]))
        chosen = {likeliest, *np.flatnonzero(kinds[:-1] >= limits.kind).tolist()}
        return [
            Finding(
                KINDS[index],
                relation_of(sentence, KINDS[index], role),
                personal if index == likeliest else min(personal, float(kinds[index])),
            )
            for index in sorted(chosen, key=lambda index: -kinds[index])
        ]


def _check(about: dict[str, Any], weights: NDArray[Any], bias: NDArray[Any]) -> None:
    expected = {"version": VERSION, "encoder": ENCODER, "kinds": list(KINDS), "cues": list(NAMES)}
    for name, value in expected.items():
        if about[name] != value:
            raise HeadError(
                f"the head was fitted with another {name}",
                "fit it again: python -m memory.remembering.training.train",
            )
    shape = (about["dimensions"] + 2 * len(NAMES), 1 + len(KINDS))
    if weights.shape != shape or bias.shape != shape[1:]:
        raise HeadError("the weights of the head do not fit its description", "reinstall it")
