"""Whether a sentence may be read by rules and heads that know English only."""

from __future__ import annotations

import re
from typing import Final

from memory.words import fold, sections

_SMALL_WORDS: Final = {
    language: frozenset(" ".join(lines).split()) for language, lines in sections("small_words")
}
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_FOREIGN_SCRIPT_SHARE: Final = 0.3


def reads_as_english(sentence: str) -> bool:
    """Whether the sentence looks English: Latin letters, and no more small words of other tongues.

    A sentence without any small word at all (an agent's shorthand) counts as English.
    """
    folded = fold(sentence)
    letters = sum(c.isalpha() for c in folded)
    latin = sum(c.isascii() and c.isalpha() for c in folded)
    if letters - latin > _FOREIGN_SCRIPT_SHARE * letters:
        return False
    words = _WORD.findall(folded)
    english = sum(word in _SMALL_WORDS["english"] for word in words)
    return sum(word in _SMALL_WORDS["other"] for word in words) <= english
