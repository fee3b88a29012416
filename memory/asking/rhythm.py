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
_REVIVED_BY = 3
_BURST_GAP = 1
_SHORT_GAP, _LONGEST_BURST = 2, 14


def rhythm_of(days: Sequence[date], today: date) -> Rhythm | None:
    """The rhythm of the latest contacts, or None when there is none.

    There is one when at least six contacts lie about equally far apart, at most 45 days, and it
    has not stopped. Calls on days that follow each other count as one where that is what makes
    them regular, and where a fault of some days stands out from an older habit.

    Args:
        days: The days of contact, oldest first.
        today: The day it is.
    """
    every = sorted(set(days))
    found = _found_in(every, today)
    if found is None or _may_be_a_burst(found, every):
        return _found_in(_bursts_as_one(every), today) or found
    return found


def _found_in(every: Sequence[date], today: date) -> Rhythm | None:
    """The habit of the latest contacts that agree, else of the latest altogether."""
    if len(every) < _FEWEST:
        return None
    latest = every[-_LATEST:]
    window = _agreeing(latest) or latest
    gaps = _gaps(window)
    usual = median(gaps)
    spread = median(abs(gap - usual) for gap in gaps)
    silent = (today - window[-1]).days
    if usual > _LONGEST_DAYS or spread > _MOST_SPREAD * usual or silent > _SILENT_AFTER * usual:
        return None
    if not _lives(latest, usual):
        return None
    return {"every_days": max(round(usual), 1), "weekday": _weekday(window)}


def _agreeing(latest: Sequence[date]) -> Sequence[date]:
    """The longest run of six or more latest days whose gaps are all alike; empty without one."""
    gaps = _gaps(latest)
    usual = median(gaps[1 - _FEWEST :])
    run = 0
    for gap in reversed(gaps):
        if abs(gap - usual) > _MOST_SPREAD * usual:
            break
        run += 1
    return latest[-run - 1 :] if run >= _FEWEST - 1 else ()


def _lives(latest: Sequence[date], usual: float) -> bool:
    """Whether six once came without a long pause, and three since the last one."""
    stretches = [1]
    for gap in _gaps(latest):
        if gap > _SILENT_AFTER * usual:
            stretches.append(0)
        stretches[-1] += 1
    return max(stretches) >= _FEWEST and stretches[-1] >= _REVIVED_BY


def _weekday(window: Sequence[date]) -> int | None:
    """The weekday of the latest six where they agree, else of three in five; 1 is Monday."""
    for some, least in ((window[-_FEWEST:], 1.0), (window, _SAME_WEEKDAY)):
        weekday, times = Counter(day.isoweekday() for day in some).most_common(1)[0]
        if times >= least * len(some):
            return weekday
    return None


def _may_be_a_burst(found: Rhythm, every: Sequence[date]) -> bool:
    """Whether the days that make someone a daily caller are too few to be a habit."""
    if found["every_days"] > _SHORT_GAP:
        return False
    start = every[-1]
    for day in reversed(every):
        if (start - day).days > _SILENT_AFTER * found["every_days"]:
            break
        start = day
    return (every[-1] - start).days < _LONGEST_BURST


def _bursts_as_one(every: Sequence[date]) -> list[date]:
    """The first of days that follow each other, and all others."""
    return [
        *every[:1],
        *(day for before, day in pairwise(every) if (day - before).days > _BURST_GAP),
    ]


def _gaps(days: Sequence[date]) -> list[int]:
    return [(after - before).days for before, after in pairwise(days)]
