"""Word lists, and the one way they are read.

A list is a text file beside this module: sections in brackets, comments after `#`, and lines of
alternatives of one regular expression (lines are joined by `|`). A section `[kin =]` defines what
`@kin@` stands for. Lists are written over *folded* text (`fold`): lower case, no accents. They err
towards hiding: a neutral title where none was needed costs the agent one click, a shown diagnosis
cannot be taken back.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from memory.words.factor import factored

if TYPE_CHECKING:
    from collections.abc import Iterable

_INVISIBLE: Final = frozenset({"Cf", "Mn"})
_QUOTES: Final = str.maketrans("\u2018\u2019\u02bc\u00b4\u2010\u2011", "''''--")


def fold(text: str) -> str:
    """Lower-case `text` without accents or invisible characters, apostrophes straight."""
    plain = straight(text)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        for letter in set(plain):  # never a string for each: one Arabic ligature is eighteen
            if unicodedata.category(letter) in _INVISIBLE:
                plain = plain.replace(letter, "")
    return " ".join(plain.casefold().split())


def straight(text: str) -> str:
    """The text with its apostrophes and hyphens straight, every character in its place."""
    return text.translate(_QUOTES)


def sections(name: str) -> list[tuple[str, list[str]]]:
    """The sections of a list in its order, each with its lines; a name may stand twice."""
    text = (files(__name__) / f"{name}.txt").read_text(encoding="utf-8")
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            found.append((line[1:-1], []))
        elif line and not line.startswith("#"):
            found[-1][1].append(line)
    return found


def expressions(name: str) -> list[tuple[str, str]]:
    """The sections of a list of regular expressions, each with its one expression."""
    meanings: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    for section, lines in sections(name):
        expression = "(?:" + "|".join(lines) + ")"
        for word, meaning in meanings.items():
            expression = expression.replace(f"@{word}@", meaning)
        if section.endswith(" ="):
            meanings[section.removesuffix(" =")] = expression
        else:
            found.append((section, expression))
    return found


@cache
def whole_words(*names: str) -> re.Pattern[str]:
    """One pattern that finds any expression of the lists between word boundaries.

    It is made when it is first asked for: that takes longer than most commands that need none.
    """
    return _any_of(expression for name in names for _, expression in expressions(name))


def _any_of(alternatives: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9])(?:{factored('|'.join(alternatives))})(?![a-z0-9])")


@cache
def sensitive_by_kind() -> dict[str, re.Pattern[str]]:
    """What finds each kind of sensitive matter, in all languages: the sections of `sensitive`."""
    found: dict[str, list[str]] = {}
    for section, expression in expressions("sensitive"):
        found.setdefault(section.rpartition(" ")[2], []).append(expression)
    return {kind: _any_of(each) for kind, each in found.items()}


def without_benign(folded: str) -> str:
    """Folded text with the phrases that only sound grave ("phone died") blanked."""
    return whole_words("benign").sub(" , ", folded)
