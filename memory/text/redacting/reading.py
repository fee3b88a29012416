"""A text as a reader of numbers sees it, with every character at its place, and spans in it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

MARKS = ("[card]", "[iban]", "[national id]", "[cvv]", "[password]", "[token]")
MARK = "(?:" + "|".join(map(re.escape, MARKS)) + ")"
"""A pattern of what stands where something was redacted before."""

_SPACES = (
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_FULL_WIDTH = range(0xFF01, 0xFF5F)  # Unicode block "Halfwidth and Fullwidth Forms"
_TO_ASCII = 0xFEE0


class _Plain(dict[int, str]):
    """What a character reads as, looked up when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.category(character) == "Nd":
            character = str(unicodedata.decimal(character))
        elif code in _FULL_WIDTH:
            character = chr(code - _TO_ASCII)
        elif character in _SPACES:
            character = " "
        elif character in _DASHES:
            character = "-"
        self[code] = character
        return character


_PLAIN = _Plain()


class Span(NamedTuple):
    """A piece of a text that gives way to a mark."""

    start: int
    stop: int
    mark: str


def plain(text: str) -> str:
    """The text with ASCII digits, spaces and dashes for all their kin; of the same length."""
    if text.isascii():
        return text
    return text.translate(_PLAIN)


def replaced(text: str, spans: Iterable[Span]) -> str:
    """The text with marks in place of the spans, which come in order and do not overlap."""
    parts: list[str] = []
    at = 0
    for start, stop, mark in spans:
        parts += (text[at:start], mark)
        at = stop
    return "".join([*parts, text[at:]])


def digits_of(said: str) -> str:
    """The digits alone."""
    return "".join(character for character in said if character.isdigit())
