"""How regularly someone gets in touch."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from memory.asking.document import Rhythm

_FEWEST = 6
_LATEST = 16
_LONGEST_DAYS = 45
_MOST_SPREAD = 0.35
_SAME_WEEKDAY = 0.6
_SILENT_AFTER = 4


def rhythm_of(days: Sequence[date], today: date) -> Rhythm | None:
    """The rhythm of the latest contacts, or None when there is none.

    There is one when at least six contacts lie about equally far apart, at most 45 days, and it
    has not stopped: the spread is the median deviation from the median gap.

    Args:
        days: The days of contact, oldest first.
        today: The day it is.
    """
    latest = sorted(set(days))[-_LATEST:]
    if len(latest) < _FEWEST:
        return None
    gaps = [(after - before).days for before, after in pairwise(latest)]
    usual = median(gaps)
    spread = median(abs(gap - usual) for gap in gaps)
    silent = (today - latest[-1]).days
    if usual > _LONGEST_DAYS or spread > _MOST_SPREAD * usual or silent > _SILENT_AFTER * usual:
        return None
    weekday, times = Counter(day.isoweekday() for day in latest).most_common(1)[0]
    same = times >= _SAME_WEEKDAY * len(latest)
    return {"every_days": max(round(usual), 1), "weekday": weekday if same else None}
