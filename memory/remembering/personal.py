"""Personal context: what customers tell of their lives, sentence by sentence.

What customers say and what agents note is read by two heads alike. Each has two parts, whose
logits are added: a logistic regression per kind over a sentence's embedding and its surface cues,
and a reading of its tokens (`tokens.py`). Each kind is calibrated by itself: what speaks for a
bereavement and what for a hobby have nothing in common, and one output for "anything personal" was
found to blur both. They were fitted by `training/train.py` on sentences written for it, and
`training/FIGURES.md` says how well they do. At run time it is a few matrix products. Two
kinds have rules beside them: "please e-mail me instead of calling" and, of an agent, "needs
Spanish" are too short and plain to be left to a probability.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import numpy as np

from memory.errors import RememberError
from memory.policy import NEVER_KEPT_KIND, never_kept_words
from memory.remembering.cues import NAMES, TOGETHER, cues, together
from memory.remembering.pronunciation import pronunciation_in
from memory.remembering.relation import relation_of
from memory.remembering.tokens import ARRAYS, TokenPooling
from memory.text.english import reads_as_english
from memory.words import expressions, fold

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
"""The outputs of the head, in its order."""

VOICES: Final[tuple[Role, ...]] = ("customer", "agent")
"""Whose sentences are read, each with weights and a calibration of their own."""

ENCODER: Final = "all-MiniLM-L6-v2"
VERSION: Final = 4
CUE_WEIGHT: Final = 0.5
"""Cues are 0 or 1, the 384 numbers of a unit vector about 0.05: this brings them into one scale."""


BESIDE_THE_VECTOR: Final = 2 * len(NAMES) + len(TOGETHER)
"""How many numbers the head reads of a sentence, its embedding (twice) aside."""


RULE_CONFIDENCE: Final = 0.95
"""Of a contact rule in set words: in our own text all of 46 tell how to be reached."""
SURE_NEVER_KEPT: Final = 0.6
"""From where on a sentence is dropped that says how a name is said: the head takes who corrects
others about themselves for who tells what they are."""
_RULES: Final = expressions("contact_rules")
_CONTACT_RULE: Final = re.compile("|".join(words for name, words in _RULES if name != "once"))
_NOTED_NEED: Final = re.compile("|".join(words for _, words in expressions("noted_needs")))
_ONCE: Final = re.compile("|".join(words for name, words in _RULES if name == "once"))


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
        customers: That a customer's sentence tells something of a kind.
        notes: The same of an agent's note.
        feeling: The same of a feeling, whoever tells of it: most moods are about the matter.
        never_kept: That a sentence is of a never-kept class, whatever else speaks against it.
        never_kept_beside: The same of a sentence that tells something of another kind.
        never_kept_words: That it tells anything at all, when a word list finds such a class; low,
            since dropping errs to the safe side.
    """

    customers: float
    notes: float
    feeling: float
    never_kept: float
    never_kept_beside: float
    never_kept_words: float


def features(
    sentences: Sequence[str], vectors: NDArray[np.float32], roles: Sequence[Role]
) -> NDArray[np.float32]:
    """What the head reads: embedding and cues, both once more of notes only, and pairs of cues.

    Notes drop "I" and "my", so that the same words weigh differently in them.
    """
    surface = CUE_WEIGHT * cues(sentences)
    pairs = CUE_WEIGHT * together(surface / CUE_WEIGHT)
    agents = np.array([role == "agent" for role in roles], dtype=np.float32)[:, None]
    parts = [vectors, vectors * agents, surface, surface * agents, pairs]
    return np.hstack(parts).astype(np.float32)


class Head(Protocol):
    """Finds personal context in sentences.

    Attributes:
        reader: What it has to see of the encoder's tokens; None where it reads none.
        languages: Of which languages it knows how people speak of their lives (ISO 639-1).
    """

    @property
    def reader(self) -> TokenPooling | None:
        """What reads the tokens."""

    @property
    def languages(self) -> Sequence[str]:
        """Which it reads."""

    def find(
        self,
        sentences: Sequence[str],
        vectors: NDArray[np.float32],
        readings: NDArray[np.float32],
        roles: Sequence[Role],
    ) -> list[list[Finding]]:
        """The personal matters of each sentence; none for a sentence that is not English.

        A sentence of a never-kept class yields that one finding, whatever else it tells.

        Args:
            sentences: As they were said, without the role in front.
            vectors: Their embeddings with the role in front, shape (sentences, 384), unit length.
            readings: What `reader` made of the same, shape (sentences, voices * kinds).
            roles: Who said each: the customer, or an agent in a private note.
        """


class WordHead:
    """What set words tell, for an encoder that no head was fitted to."""

    reader: None = None
    languages: Sequence[str] = ()
    _limits: Final = Thresholds(1.0, 1.0, 1.0, 1.0, 1.0, 0.0)

    def find(
        self,
        sentences: Sequence[str],
        vectors: NDArray[np.float32],  # noqa: ARG002 - as `Head` has it
        readings: NDArray[np.float32],  # noqa: ARG002
        roles: Sequence[Role],
    ) -> list[list[Finding]]:
        """As `Head` says, by words alone."""
        nothing = np.zeros(len(KINDS), dtype=np.float32)
        return [
            _findings(sentence, nothing, role, self._limits)
            for sentence, role in zip(sentences, roles, strict=True)
        ]


class PersonalHead:
    """Finds personal context in embedded sentences.

    Attributes:
        reader: The part that reads tokens.
        calibration: Platt's slopes and offsets, shape (2, voices, kinds).
        thresholds: From where on something is found.
        encoder: The name of the model whose vectors and tokens it reads.
    """

    languages: Sequence[str] = ("en",)

    def __init__(
        self,
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        reader: TokenPooling,
        calibration: NDArray[np.float32],
        *,
        thresholds: Thresholds,
        encoder: str = ENCODER,
    ) -> None:
        self._weights = weights
        self._bias = bias
        self.reader = reader
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
                weights, bias = arrays["weights"].astype(np.float32), arrays["bias"]
                reader = TokenPooling(about["layers"], {name: arrays[name] for name in ARRAYS})
            _check(about, weights, bias, reader)
            calibration = np.array([about["slopes"], about["offsets"]], dtype=np.float32)
            limits = Thresholds(**about["thresholds"])
            return cls(
                weights, bias, reader, calibration, thresholds=limits, encoder=about["encoder"]
            )
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise HeadError(
                f"the files of the head cannot be read ({type(error).__name__})",
                "reinstall remember-them",
            ) from error

    def probabilities_of(
        self, logits: NDArray[np.float32], voices: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """Logits (sentences, kinds) as calibrated probabilities, given whose each sentence is."""
        slopes, offsets = self.calibration[:, voices]
        scaled = np.clip(slopes * logits + offsets, -30, 30)
        probabilities: NDArray[np.float32] = (1 / (1 + np.exp(-scaled))).astype(np.float32)
        return probabilities

    def find(
        self,
        sentences: Sequence[str],
        vectors: NDArray[np.float32],
        readings: NDArray[np.float32],
        roles: Sequence[Role],
    ) -> list[list[Finding]]:
        """As `Head` says."""
        if not len(sentences) == len(vectors) == len(readings) == len(roles):
            raise ValueError("sentences, vectors, readings and roles must be equally many")
        if not sentences:
            return []
        voices = np.array([VOICES.index(role) for role in roles])
        surface = features(sentences, vectors, roles)
        logits = readings.reshape(len(sentences), len(VOICES), -1) + self._bias
        for voice, weights in enumerate(self._weights):
            logits[voices == voice, voice] += surface[voices == voice] @ weights
        probabilities = self.probabilities_of(logits[np.arange(len(voices)), voices], voices)
        return [
            self.findings(sentence, row, role)
            for sentence, row, role in zip(sentences, probabilities, roles, strict=True)
        ]

    def findings(self, sentence: str, row: NDArray[np.float32], role: Role) -> list[Finding]:
        """What one sentence tells, given its row of `probabilities_of`."""
        return _findings(sentence, row, role, self.thresholds)


def head_for(encoder: str) -> Head:
    """Who finds personal context in what an encoder of this name makes.

    Raises:
        HeadError: The packaged head cannot be used.
    """
    head = PersonalHead.load()
    return head if encoder.partition(":")[0] == head.encoder else WordHead()


def _findings(
    sentence: str, row: NDArray[np.float32], role: Role, limits: Thresholds
) -> list[Finding]:
    """What one sentence tells, given its row of probabilities."""
    if not reads_as_english(sentence):
        return []
    kinds, never_kept = row[:-1].copy(), float(row[-1])
    least = np.full(len(kinds), limits.notes if role == "agent" else limits.customers)
    least[KINDS.index("feeling")] = limits.feeling
    found = np.flatnonzero(kinds >= least).tolist()
    rule = KINDS.index("contact_rule")
    folded = fold(sentence)
    if rule in found and _ONCE.search(folded):
        found.remove(rule)
    if role == "agent" and _NOTED_NEED.search(folded):
        need = KINDS.index("access_need")
        kinds[need] = max(kinds[need], RULE_CONFIDENCE)
        found = sorted({*found, need})
    drops = never_kept >= limits.never_kept
    drops |= bool(found) and never_kept >= limits.never_kept_beside
    if pronunciation_in(sentence) is not None:
        drops = never_kept >= SURE_NEVER_KEPT
    if drops or (row.max() >= limits.never_kept_words and never_kept_words(sentence)):
        return [Finding(NEVER_KEPT_KIND, None, float(row.max()))]
    if (rule in found or not found) and _CONTACT_RULE.search(folded):
        kinds[rule] = max(kinds[rule], RULE_CONFIDENCE)
        found = found or [rule]
    return [
        Finding(KINDS[index], relation_of(sentence, KINDS[index], role), float(kinds[index]))
        for index in sorted(found, key=lambda index: -kinds[index])
    ]


def _check(
    about: dict[str, Any],
    weights: NDArray[Any],
    bias: NDArray[Any],
    reader: TokenPooling,
) -> None:
    expected = {"version": VERSION, "encoder": ENCODER, "kinds": list(KINDS), "cues": list(NAMES)}
    for name, value in expected.items():
        if about[name] != value:
            raise HeadError(
                f"the head was fitted with another {name}",
                "fit it again: python -m memory.remembering.training.train",
            )
    shape = (len(VOICES), 2 * about["dimensions"] + BESIDE_THE_VECTOR, len(KINDS))
    states = len(reader.layers) * about["dimensions"]
    reads = (reader.width, reader.outputs) == (states, len(VOICES) * len(KINDS))
    if not reads or weights.shape != shape or bias.shape != (len(VOICES), len(KINDS)):
        raise HeadError("the weights of the head do not fit its description", "reinstall it")
