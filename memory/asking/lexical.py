"""Search by words: stems, and BM25 over passages that hear a little of their neighbours.

A question and its answer seldom share words, but they stand beside each other. So a passage is
found by the words of the passages before and after it as well, the less the farther they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import Stemmer

from memory.words import sections

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

_SATURATION: Final = 1.2
_LENGTH: Final = 0.75
"""The constants k1 and b of BM25, at the values that are usual everywhere."""

NEIGHBOURS: Final = (0.75, 0.5, 0.25)
"""How much of its words a passage hears of those one, two and three places away."""

# Scripts without spaces give one word per character.
_WORD: Final = re.compile(r"\0|[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_STOP_WORDS: Final = {
    language: frozenset(" ".join(lines).split()) for language, lines in sections("stop_words")
}
_NORWEGIAN: Final = frozenset({"nb", "nn"})
_END: Final = "\0"
_PARTED: Final = {code: " " for code in range(1, 128) if not chr(code).isalnum()}
"""Parts plain ASCII into the words that `_WORD` finds, in a quarter of the time."""

_BETWEEN: Final = -1
_NO_STEM: Final = 0
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
        self._stems: dict[str, int] = {}
        self._numbers = _Numbers(self._number)

    def stems(self, text: str) -> list[str]:
        """The stems of the words of a text, in order, without stop words."""
        found = map(self._stem, _WORD.findall(text.casefold()))
        return [stem for stem in found if stem]

    def standing_in(self, text: str, stems: frozenset[str]) -> list[str]:
        """The words of a text that have one of these stems, as they stand there, each once."""
        found: dict[str, str] = {}
        for word in _WORD.findall(text):
            if self._stem(word.casefold()) in stems:
                found.setdefault(word.casefold(), word)
        return list(found.values())

    def read(self, texts: Sequence[str]) -> Read:
        """The words of texts, to count in.

        All texts are read as one, since a history has thousands of short ones.
        """
        if len(self._numbers) > _MOST_KNOWN:
            self._numbers.clear()
        plain = [place for place, text in enumerate(texts) if text.isascii()]
        others = [place for place, text in enumerate(texts) if not text.isascii()]
        words = _joined(texts, plain).translate(_PARTED).split()
        words += _WORD.findall(_joined(texts, others))
        numbers = np.fromiter(map(self._numbers.__getitem__, words), np.intp, len(words))
        order = np.array([*plain, *others], dtype=np.intp)
        telling = numbers > _NO_STEM
        places = order[np.cumsum(numbers == _BETWEEN)[telling] - 1]
        return Read(len(texts), numbers[telling], places, self._stems)

    def _number(self, word: str) -> int:
        if word == _END:
            return _BETWEEN
        stem = self._stem(word)
        return self._stems.setdefault(stem, len(self._stems) + 1) if stem else _NO_STEM

    def _stem(self, word: str) -> str:
        """The stem without accents, since some writers leave them out; none of a stop word."""
        if word in self._stop or word == _END:
            return ""
        stem: str = word if self._stemmer is None else self._stemmer.stemWord(word)
        if not stem.isascii():
            plain = unicodedata.normalize("NFKD", stem)
            stem = "".join(c for c in plain if not unicodedata.combining(c)) or stem
        return stem


@dataclass(frozen=True, slots=True)
class Read:
    """The words of texts that were read, as the numbers of their stems.

    Attributes:
        texts: How many texts there are.
        numbers: The words that tell something, one after the other.
        places: In which text each stands.
        stems: Stem to number; those read later join it, and none changes its number.
    """

    texts: int
    numbers: NDArray[np.intp]
    places: NDArray[np.intp]
    stems: Mapping[str, int]

    @property
    def lengths(self) -> NDArray[np.float64]:
        """How many words each text has, without stop words."""
        return np.bincount(self.places, minlength=self.texts).astype(np.float64)

    def count(self, stems: Sequence[str]) -> NDArray[np.float64]:
        """How often stems stand in the texts: shape (stems, texts)."""
        counts = np.zeros((len(stems), self.texts))
        for row, stem in enumerate(stems):
            standing = self.places[self.numbers == self.stems.get(stem, _BETWEEN)]
            counts[row] = np.bincount(standing, minlength=self.texts)
        return counts


class _Numbers(dict[str, int]):
    """Numbers of words, found out when a word is first asked for."""

    def __init__(self, number: Callable[[str], int]) -> None:
        super().__init__()
        self._number = number

    def __missing__(self, word: str) -> int:
        number = self[word] = self._number(word)
        return number


def _joined(texts: Sequence[str], places: Sequence[int]) -> str:
    """Some of the texts without capitals, each behind an end of its own."""
    return "".join(f" {_END} {texts[at].replace(_END, ' ')}" for at in places).casefold()


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
