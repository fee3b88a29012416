"""Search by words: stems, and BM25 over passages that hear a little of their neighbours.

A question and its answer seldom share words, but they stand beside each other. So a passage is
found by the words of the passages before and after it as well, the less the farther they are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import Stemmer

from memory.words import sections, straight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SATURATION: Final = 1.2
_LENGTH: Final = 0.75
"""The constants k1 and b of BM25, at the values that are usual everywhere."""

NEIGHBOURS: Final = (0.75, 0.5, 0.25)
"""How much of its words a passage hears of those one, two and three places away."""

# Scripts without spaces give one word per character.
_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_STOP_WORDS: Final = {
    language: frozenset(" ".join(lines).split()) for language, lines in sections("stop_words")
}
_NORWEGIAN: Final = frozenset({"nb", "nn"})
_MOST_KNOWN: Final = 50_000


class Words:
    """How words of one language are compared: by their stems, without those that tell nothing.

    Args:
        language: A tag such as `en` or `pt-BR`. Of a language that has no stemmer, and where
            none is known, words are compared as they are written.
    """

    def __init__(self, language: str | None) -> None:
        code = re.split(r"[-_]", (language or "").casefold())[0]
        code = "no" if code in _NORWEGIAN else code
        self._stop = _STOP_WORDS.get(code, frozenset())
        try:
            self._stemmer = Stemmer.Stemmer(code)
        except KeyError:
            self._stemmer = None
        self._known: dict[str, str] = {}

    def stems(self, text: str) -> list[str]:
        """The stems of the words of a text, in order, without stop words."""
        known, found = self._known, []
        for word in _WORD.findall(straight(text).casefold()):
            stem = known.get(word)
            if stem is None:
                stem = self._learn(word)
            if stem:
                found.append(stem)
        return found

    def standing_in(self, text: str, stems: frozenset[str]) -> list[str]:
        """The words of a text that have one of these stems, as they stand there, each once."""
        found = {
            word.casefold(): word
            for word in reversed(_WORD.findall(straight(text)))
            if (self._known.get(word.casefold()) or self._learn(word.casefold())) in stems
        }
        return list(reversed(found.values()))

    def _learn(self, word: str) -> str:
        """The stem without accents, since some writers leave them out; none of a stop word."""
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        stem = word
        if word in self._stop:
            stem = ""
        elif self._stemmer is not None:
            stem = self._stemmer.stemWord(word)
        if not stem.isascii():
            plain = unicodedata.normalize("NFKD", stem)
            stem = "".join(c for c in plain if not unicodedata.combining(c)) or stem
        self._known[word] = stem
        return stem


@lru_cache(maxsize=16)
def words_of(language: str | None) -> Words:
    """The words of a language; what was stemmed once is known the next time."""
    return Words(language)


def with_neighbours(values: NDArray[np.float64], groups: NDArray[np.intp]) -> NDArray[np.float64]:
    """Values of passages, with a share of those of their neighbours within the same group.

    Args:
        values: Shape (…, passages), in the order in which they were said.
        groups: The ticket of each passage, as a number; a ticket's passages stand together.
    """
    heard = values.astype(np.float64)
    for distance, share in enumerate(NEIGHBOURS, start=1):
        if distance >= len(groups):
            break
        together = groups[distance:] == groups[:-distance]
        heard[..., distance:] += share * values[..., :-distance] * together
        heard[..., :-distance] += share * values[..., distance:] * together
    return heard


def bm25(counts: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """How well each passage answers to the words of a question (Okapi BM25).

    The rarity of a word is that of Lucene's formula, which is never negative.

    Args:
        counts: How often each word of the question stands in each passage: (words, passages).
        lengths: How many words each passage has.

    Returns:
        A score per passage; 0 where none of the words stands.
    """
    passages = lengths.shape[0]
    if counts.size == 0:
        return np.zeros(passages)
    standing = np.count_nonzero(counts, axis=1)
    rarity = np.log1p((passages - standing + 0.5) / (standing + 0.5))
    usual = max(float(lengths.mean()), 1.0)
    damping = _SATURATION * (1 - _LENGTH + _LENGTH * lengths / usual)
    scores: NDArray[np.float64] = rarity @ (counts * (_SATURATION + 1) / (counts + damping))
    return scores


def frequencies(said: Sequence[Sequence[str]], asked: Sequence[str]) -> NDArray[np.float64]:
    """How often each stem of a question stands in each text, in shape (asked, said)."""
    rows = {stem: row for row, stem in enumerate(asked)}
    counts = np.zeros((len(asked), len(said)))
    for column, stems in enumerate(said):
        for stem in stems:
            row = rows.get(stem)
            if row is not None:
                counts[row, column] += 1
    return counts
