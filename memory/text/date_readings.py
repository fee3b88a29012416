"""What the words of a day mean, given when and where they were said.

Each reading takes a match of its rule in `memory.text.date_words`.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import tzinfo

_LATELY: Final = timedelta(days=90)
"""A date without a year that lies so shortly back is meant to lie back."""

_WEEK: Final = 7
_FRIDAY, _SUNDAY = 4, 6
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS: Final = [name.casefold() for name in calendar.month_abbr[1:]]
NUMBERS: Final = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "couple": 2,
    "a couple": 2,
    "couple of": 2,
    "a couple of": 2,
}
"""How many a word is."""

_BEFORE_SHORT_DAYS: Final = frozenset(
    {"on", "by", "before", "b4", "until", "till", "til", "from", "or", "and", "again", "back"}
    | {"cb", "call", "ring", "him", "her", "them", "cust"}
)


class Now(NamedTuple):
    """When and where words were said."""

    said: datetime
    zone: tzinfo

    @property
    def local(self) -> datetime:
        """The time of speaking on the speaker's clock."""
        return self.said.astimezone(self.zone)

    @property
    def today(self) -> date:
        """The day of speaking."""
        return self.local.date()

    @property
    def monday(self) -> date:
        """The first day of the week of speaking."""
        return self.today - timedelta(days=self.today.weekday())

    @property
    def month_first(self) -> bool:
        """Whether dates in figures begin with the month here."""
        return str(self.zone).startswith(("America/", "US/", "Pacific/Honolulu"))


Reading = tuple[date, bool] | None
"""A day and whether it was looked forward to; None where the words name none after all."""


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _dated(now: Now, day: int, month: int, year: str | None) -> Reading:
    """A day and month; without a year the next such day, or one just past."""
    if year:
        on = date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return on, on >= now.today
    for add in range(5):  # four years hold a 29 February
        if day <= calendar.monthrange(now.today.year + add, month)[1]:
            on = date(now.today.year + add, month, day)
            if on >= now.today - _LATELY:
                return on, on >= now.today
    return None


def written(match: re.Match[str], now: Now) -> Reading:
    """5 July, the 14th of July, July 5-7, Jul 5th 2026."""
    day = re.findall(r"[0-9]{1,2}", match["day"])[-1]
    month = _MONTHS.index(match["month"].casefold()[:3]) + 1
    return _dated(now, int(day), month, match["year"])


def figures(match: re.Match[str], now: Now) -> Reading:
    """7/13 or 13/7/26, by the custom of the place; points stand after days."""
    first, second = int(match["first"]), int(match["second"])
    day, month = first, second
    if (now.month_first and match["point"] != ".") or second > 12:
        day, month = second, first
    if month > 12:
        day, month = month, day
    return _dated(now, day, month, match["year"])


def iso(match: re.Match[str], now: Now) -> Reading:
    """2026-07-05."""
    return _dated(now, int(match["day"]), int(match["month"]), match["year"])


def of_month(match: re.Match[str], now: Now) -> Reading:
    """On the 5th: the next day of that number."""
    day, first = int(match["day"]), now.today.replace(day=1)
    for add in range(bool(match["next"]), 4):
        month = _months_on(first, add)
        if day <= _month_end(month).day and month.replace(day=day) > now.today:
            return month.replace(day=day), True
    return None


def weekday(match: re.Match[str], now: Now) -> Reading:
    """Friday, next Friday, Friday of next week, Friday week."""
    word = match["weekday"].casefold()
    before = match.string[max(0, match.start() - 12) : match.start()].casefold().split()[-1:]
    which = (match["of"] or match["which"] or "").casefold()
    if match["beside"] or match["ahead"] or before in (["every"], ["each"]):
        return None
    if word in {"sat", "sun"} and not which and not _is_short_day(match, before):
        return None
    number = _WEEKDAYS.index(word[:3])
    days = (number - now.today.weekday() - 1) % _WEEK + 1
    if which in {"last", "past", "since"}:
        return now.today - timedelta(days=(_WEEK - days) or _WEEK), False
    if match["week"] or match["week_on"]:
        return now.today + timedelta(days=days + _WEEK), True
    if which in {"this", "next"}:
        on = now.monday + timedelta(days=number + _WEEK * (which == "next"))
        return on, on >= now.today
    return now.today + timedelta(days=days), True


def _is_short_day(match: re.Match[str], before: list[str]) -> bool:
    """Whether "sat" or "sun" is a day: nobody sat there, and nothing shines."""
    after = match.string[match.end() : match.end() + 6].split()[:1]
    timed = bool(after) and re.match(r"[0-9]|am\b|pm\b|morn|aft|eve", after[0].casefold())
    return bool(timed) or (bool(before) and before[0] in _BEFORE_SHORT_DAYS)


def length(match: re.Match[str], now: Now) -> Reading:
    """Within 48 hours, in 3-5 business days, a fortnight from now; of a range the last."""
    back = match["ago"] is not None
    within = (match["lead"] or "").casefold().startswith(("within", "inside"))
    led = within if match["least"].casefold() == "the" else match["lead"] or match["next"]
    if not (led or match["business"] or match["on"] or back):
        return None
    count = match["most"] or match["more"] or match["least"]
    number = int(count) if count.isdigit() else NUMBERS.get(" ".join(count.casefold().split()), 1)
    unit = match["unit"].casefold()
    if unit[0] == "h" or unit.startswith("mi"):
        length = timedelta(minutes=number) if unit[0] == "m" else timedelta(hours=number)
        on = now.said + (-length if back else length)
        return on.astimezone(now.zone).date(), not back
    if match["business"] and unit[0] == "d" and not back:
        return _after(now.today, number), True
    if unit[0] == "m":
        return _months_on(now.today, -number if back else number), not back
    length = timedelta(days=number * {"d": 1, "w": _WEEK, "f": 2 * _WEEK}[unit[0]])
    return now.today + (-length if back else length), not back


def _after(day: date, business_days: int) -> date:
    while business_days:
        day += timedelta(days=1)
        business_days -= day.weekday() <= _FRIDAY
    return day


def near(match: re.Match[str], now: Now) -> Reading:
    """Today, tomorrow, yesterday and the days beside them."""
    tomorrow = match["tomorrow"] is not None
    days = tomorrow - (match["yesterday"] is not None)
    if match["beyond"]:
        days += 1 if tomorrow else -1
    if match["week"]:
        days += _WEEK
    return now.today + timedelta(days=days), days >= 0


def of_week(match: re.Match[str], now: Now) -> Reading:
    """A week ends on its Friday, a weekend on its Sunday."""
    which = (match["which"] or "").casefold()
    weekend = match["unit"].casefold() == "weekend"
    if which == "last" or not (which or match["end"] or match["later"] or weekend):
        return None
    weeks = 2 if match["later"] else int(which in {"next", "coming"})
    on = now.monday + timedelta(days=(_SUNDAY if weekend else _FRIDAY) + _WEEK * weeks)
    return max(on, min(now.today, now.monday + timedelta(days=_SUNDAY))), True


def part(match: re.Match[str], now: Now) -> Reading:
    """The end of a month or year, and a month whole; a beginning or middle is too vague."""
    unit, part = match["unit"].casefold(), (match["part"] or "").casefold()
    which = (match["which"] or "").casefold()
    first = now.today.replace(day=1)
    if part not in {"", "end"} or not (part or which in {"this", "next"}):
        return None
    if unit == "year":
        return (first.replace(month=12, day=31), True) if part and which != "next" else None
    if unit in {"mo", "month"}:
        return _month_end(_months_on(first, which == "next")), True
    month = _MONTHS.index(unit[:3]) + 1
    return _month_end(date(first.year + (month < first.month), month, 1)), True


def close(match: re.Match[str], now: Now) -> Reading:
    """End of business, EOD, EOW, EOM."""
    match match.group().casefold():
        case "eow":
            return max(now.monday + timedelta(days=_FRIDAY), now.today), True
        case "eom":
            return _month_end(now.today), True
        case _:
            return now.today, True


def clock(match: re.Match[str], now: Now) -> Reading:
    """A time of day alone is today's while it is to come, else tomorrow's."""
    if match["noon"]:
        at = time(12)
    elif match["morning"]:
        at = time(6)
    else:
        hour = int(match["hour"]) % 12 + 12 * match["half"].casefold().startswith("p")
        at = time(hour, int(match["minute"] or 0))
    return now.today + timedelta(days=now.local.time() >= at), True
