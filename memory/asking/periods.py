"""The time that a question asks about: "in May 2023", "last year".

Months and years, since those are what people remember of when a thing was said. It is a hint and
no more: what somebody told in June may be of May.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from memory.words import expressions, fold

if TYPE_CHECKING:
    from datetime import date

_YEAR: Final = re.compile(r"(?<![\w.,])(?:19|20)[0-9]{2}(?![\w%]|[.,][0-9])")
_PERIODS: Final = [
    (name, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for name, words in expressions("periods")
]
_DOUBTFUL: Final = re.compile(r"\b(?:may|march)\b", re.IGNORECASE)
_INDEED: Final = re.compile(
    r"(?<=\w\W)(?:May|March)\b"
    r"|(?i:\b(?:in|of|on|since|until|till|by|during|before|after|last|this) (?:may|march)\b)"
)
"""Where these are months: with a capital that begins no question, or behind such a word."""


@dataclass(frozen=True, slots=True)
class Period:
    """Some months of some years.

    Attributes:
        years: Which years; empty for any.
        months: Which months, from 1; empty for any.
    """

    years: frozenset[int]
    months: frozenset[int]

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        in_year = not self.years or day.year in self.years
        return in_year and (not self.months or day.month in self.months)


def period_of(query: str, today: date) -> Period | None:
    """The time that a question names, if it names any.

    Args:
        query: The question.
        today: What "last year" is said on.
    """
    years = {int(year) for year in _YEAR.findall(query)}
    months: set[int] = set()
    words = fold(query if _INDEED.search(query) else _DOUBTFUL.sub(" ", query))
    for name, pattern in _PERIODS:
        if not pattern.search(words):
            continue
        if name.isdigit():
            months.add(int(name))
            continue
        which, unit = name.split()
        meant = _one_before(today, unit) if which == "last" else today
        years.add(meant.year)
        if unit == "month":
            months.add(meant.month)
    return Period(frozenset(years), frozenset(months)) if years or months else None


def _one_before(today: date, unit: str) -> date:
    """A day in the month or year before that of a day."""
    first = today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
    return first - timedelta(days=1)
