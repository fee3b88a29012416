"""What a sentence says on its surface: features that stand beside its embedding.

A sentence embedding knows what a sentence is about and hardly who it is about. "My dog died" and
"My phone died", "I'm a nurse" and "Do nurses get a discount?" lie close together; a few plain
cues (the first person, a question, a thing that breaks) tell them apart. The cues are English, as
is the head that reads them; their names and order are part of the head.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from memory.words import expressions, fold, without_benign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PATTERN_OF: Final = {name: re.compile(words) for name, words in expressions("cues")}
NAMES: Final = (*PATTERN_OF, "benign_idiom", "length")
_WHO: Final = (
    "first_person",
    "own_kin",
    "service",
    "question",
    "hypothetical",
    "shorthand_customer",
    "somebody_else",
)
_MATTER: Final = (
    "bereavement",
    "health",
    "access",
    "family_care",
    "life_event",
    "hardship",
    "feeling",
    "work",
    "interest",
    "preference",
    "contact_rule",
    "loyalty",
)
TOGETHER: Final = tuple(f"{who} {matter}" for who in _WHO for matter in _MATTER)
"""Pairs of cues: a surgery weighs differently beside "my mother" and in a question."""


def cues(sentences: Sequence[str]) -> NDArray[np.float32]:
    """The cues of each sentence: an array (sentences, len(NAMES)) of values between 0 and 1."""
    rows = np.zeros((len(sentences), len(NAMES)), dtype=np.float32)
    for row, sentence in zip(rows, sentences, strict=True):
        folded = fold(sentence)
        plain = without_benign(folded)
        row[: len(PATTERN_OF)] = [found.search(plain) is not None for found in PATTERN_OF.values()]
        row[-2] = plain != folded
        row[-1] = min(len(folded.split()), 40) / 40
    return rows


def together(found: NDArray[np.float32]) -> NDArray[np.float32]:
    """Which of `TOGETHER` stand in one sentence, given `cues`: (sentences, len(TOGETHER))."""
    who = found[:, [NAMES.index(name) for name in _WHO]]
    matter = found[:, [NAMES.index(name) for name in _MATTER]]
    return (who[:, :, None] * matter[:, None, :]).reshape(len(found), len(TOGETHER))
