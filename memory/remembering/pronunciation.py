"""How a name is said, where somebody spells out its sound: "it's MAH-ra", "pronounced shi-VAWN".

A respelling is told from other hyphenated words by its stress: at least one syllable in capitals
and one without, as dictionaries for readers write it.
"""

from __future__ import annotations

import re
from typing import Final

from memory.words import straight

_RESPELLING: Final = (
    r"(?<![\w-])(?=[a-z-]*[A-Z]{2})(?=[A-Z-]*[a-z])[A-Za-z]{1,8}(?:-[A-Za-z]{1,8}){1,5}(?![\w-])"
)
_SPOKEN_OF: Final = (
    r"(?i:\b(?:pronounc\w+|pron\b\.?|sounds? like|rhymes with|is said|(?:you|we|i|they) say|"
    r"say(?:s|ing)?(?: it| her name| his name| my name)?|name(?: is|'s)|it's))"
)
_TOLD: Final = re.compile(rf"{_SPOKEN_OF}[^.!?A-Z]{{0,30}}(?P<name>{_RESPELLING})")


def pronunciation_in(sentence: str) -> str | None:
    """The respelling of a name that a sentence gives, such as "MAH-ra"."""
    found = _TOLD.search(straight(sentence))
    if found is None:
        return None
    syllables = found["name"].split("-")
    stressed = [one for one in syllables if len(one) > 1 and one.isupper()]
    return found["name"] if 0 < len(stressed) < len(syllables) else None
