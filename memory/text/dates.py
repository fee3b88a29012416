"""The days that a sentence names: "by Friday", "within 48 hours", "on the 5th", "5 July".

English, as agents write it. What is too vague for a day ("last spring", "soon", "early next month")
names none. Own rules rather than dateparser: of the phrases that promises are made of, dateparser
1.5 does not read "within 48 hours", "3-5 business days", "end of the month" or "tmrw", reads "next
Thursday" as this one and "the 5th" as May, and takes a millisecond for each phrase; with those
ruled here nothing was left for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from memory.text.date_readings import Now, clock
from memory.text.date_words import CLOCK, RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from memory.text.date_readings import Reading

FARTHEST_BACK: Final = timedelta(days=366)
FARTHEST_AHEAD: Final = timedelta(days=731)
"""What lies outside of this window around the day of speaking is no day that anybody meant."""

_GATE: Final = re.compile(
    r"[0-9]|day|week|month|\bmo\b|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug"
    r"|sep|oct|nov|dec|within|in|close|end|eo|co[bp]|tm[rw])|tom|2mor|tonight|morning|noon|evening"
    r"|from now",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a sentence names.

    Attributes:
        on: The day; of several ("3-5 days", "next week") the last.
        start: Where its words begin in the sentence.
        stop: Where they end.
        ahead: Whether it is looked forward to; false for "since Monday", "two days ago".
    """

    on: date
    start: int
    stop: int
    ahead: bool


def days_in(sentence: str, said: datetime, zone: tzinfo) -> list[Day]:
    """The days that a sentence names, in the order of its words.

    A weekday is the next of its name, never the day of speaking; "this Friday" is in this calendar
    week and "next Friday" in the next; a week ends on its Friday; business days are Monday to
    Friday, counted from the day after; hours run by the clock; a time of day without a day is
    tomorrow's once it has passed. Figures are read month first in American time zones, day first
    elsewhere.

    Args:
        sentence: The words.
        said: When they were said; aware.
        zone: Whose "Friday" it is.
    """
    if _GATE.search(sentence) is None:
        return []
    now = Now(said, zone)
    found: list[Day] = []
    left = sentence
    for pattern, read in RULES:
        left = pattern.sub(partial(_take, read=read, now=now, found=found), left)
    if not found:
        CLOCK.sub(partial(_take, read=clock, now=now, found=found), left)
    return sorted(found, key=lambda day: day.start)


def _take(
    match: re.Match[str],
    *,
    read: Callable[[re.Match[str], Now], Reading],
    now: Now,
    found: list[Day],
) -> str:
    """Note the day that was found, and blank its words so that no later rule reads them."""
    words = match.group()
    try:
        reading = read(match, now)
    except (ValueError, OverflowError):  # no such day, as 30 February
        reading = None
    if reading is not None and -FARTHEST_BACK <= reading[0] - now.today <= FARTHEST_AHEAD:
        start = match.start() + len(words) - len(words.lstrip("\0 ,("))
        found.append(Day(reading[0], start, match.start() + len(words.rstrip()), reading[1]))
    return "\0" * len(words)
