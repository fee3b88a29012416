"""What the words of a ticket tell of a problem, read from their surface."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from memory.text.english import reads_as_english
from memory.words import expressions, fold

_LISTS: Final = dict(expressions("returning"))
_EMPTY: Final = frozenset(_LISTS.pop("empty").removeprefix("(?:").removesuffix(")").split("|"))
_SIGNS: Final = {name: re.compile(words) for name, words in _LISTS.items()}
_SENTENCE = re.compile(r"[^.!?]+")
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_NUMBER = re.compile(r"\b(?:[a-z]{1,3}-?)?\d(?:[.,]?\d)+\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PIECE = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|[.!?:\n]")
_ENDINGS: Final = tuple("ations ation ings ing edly ed ies es ly er en s e y".split())  # noqa: SIM905
_SHORTEST_STEM = 3
_MOST_CAPITALS = 0.6


@dataclass(frozen=True)
class Signs:
    """The words of one ticket, and what they tell; each is read when it is first asked for.

    Attributes:
        text: Its title and the customer's sentences.
        reply: How an agent answered or ended it.
    """

    text: str
    reply: str = ""

    @cached_property
    def _folded(self) -> str:
        return fold(self.text)

    @cached_property
    def again(self) -> bool:
        """Said to have come back, or never to have gone."""
        return self._say("again") and not self.another

    @cached_property
    def same(self) -> bool:
        """Named by pointing to what was told before."""
        return self._say("same") and not self.another

    @cached_property
    def another(self) -> bool:
        """Said to be something else."""
        return self._say("another")

    @cached_property
    def fault(self) -> bool:
        """Something is wrong."""
        return self._say("fault")

    @cached_property
    def wish(self) -> bool:
        """Something is wanted and nothing said to be wrong."""
        return not self.fault and self._say("wish")

    @cached_property
    def thanks(self) -> bool:
        """All is well, and nothing said to be wrong."""
        return not self.fault and self._say("thanks")

    @cached_property
    def unanswered(self) -> bool:
        """Nobody has answered yet."""
        return self._say("unanswered")

    @cached_property
    def duplicate(self) -> bool:
        """An agent closed it in favour of another ticket."""
        return _SIGNS["duplicate"].search(fold(self.reply)) is not None

    @cached_property
    def fixed(self) -> bool:
        """An agent called it solved."""
        return _SIGNS["fixed"].search(fold(self.reply)) is not None

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of its words that name something."""
        return _stems(self._folded)

    @cached_property
    def reply_stems(self) -> frozenset[str]:
        """The same of the reply, but for what the customer said already."""
        return _stems(fold(self.reply)) - self.stems

    @cached_property
    def conceded(self) -> frozenset[str]:
        """Those of its words that only name what is well: "the line is quick, but the bill"."""
        *parts, matter = _SIGNS["but"].split(self._folded)
        if not parts:
            return frozenset()
        well: list[str] = []
        rest = [matter]
        for part in parts:
            *before, last = _SENTENCE.findall(part.rstrip(" .!?")) or [""]
            (well if _SIGNS["well"].search(last) else rest).append(last)
            rest += before
        return _stems(" ".join(well)) - _stems(" ".join(rest))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Numbers of two digits and more that are no years: orders, models, houses."""
        found = _NUMBER.findall(self._folded)
        return frozenset(one for one in found if not _YEAR.fullmatch(one))

    @cached_property
    def names(self) -> frozenset[str]:
        """Words with a capital inside a sentence: people, streets, products."""
        return frozenset() if self._say("german") else _names(self.text)

    @cached_property
    def english(self) -> bool:
        """Written in the language whose likeness vectors tell."""
        return reads_as_english(self.text)

    def _say(self, sign: str) -> bool:
        return _SIGNS[sign].search(self._folded) is not None


def says_something(title: str) -> bool:
    """Whether a title names anything."""
    return any(not one.isdigit() for one in stems_of(title))


def stems_of(text: str) -> frozenset[str]:
    """The beginnings of the words of a text that name something."""
    return _stems(fold(text))


def _stems(folded: str) -> frozenset[str]:
    words = _WORD.findall(folded)
    return frozenset(_stem(one) for one in words if len(one) > 1 and one not in _EMPTY)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            stem = word[: -len(ending)]
            doubled = (
                len(stem) > _SHORTEST_STEM and stem[-1] == stem[-2] and stem[-1] not in "aeiouls"
            )
            return stem[:-1] if doubled else stem
    return word


def _names(text: str) -> frozenset[str]:
    found, inside, words = set(), False, 0
    for piece in _PIECE.findall(text):
        if piece in ".!?:\n":
            inside = False
            continue
        words += inside
        if inside and piece[0].isupper() and not piece.isupper() and not piece.startswith("I'"):
            name = fold(piece).removesuffix("'s")
            if name not in _EMPTY:
                found.add(name)
        inside = True
    return frozenset(found) if len(found) <= _MOST_CAPITALS * max(words, 4) else frozenset()
