"""The words that name a day in English, shorthand included: which rule reads which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from memory.text import date_readings as readings
from memory.text.date_readings import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from memory.text.date_readings import Now, Reading


def _rule(
    pattern: str, read: Callable[[re.Match[str], Now], Reading]
) -> tuple[re.Pattern[str], Callable[[re.Match[str], Now], Reading]]:
    spaced = pattern.replace(" ?", r"\s?").replace(" ", r"\s{1,3}")
    return re.compile(spaced, re.IGNORECASE), read


_WEEKDAY = r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?"
_WEEKDAY += r"|sat(?:urday)?|sun(?:day)?)"
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?"
_MONTH += r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?-i:May)|(?-i:MAY))"
_TO = r"(?: ?[-–—] ?| to | or )"  # noqa: RUF001 a range is written with either dash
_NTH = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_NTHS = rf"{_NTH}(?:{_TO}{_NTH})?"
_YEAR = r"(?:,? (?P<year>20[0-9]{2})\b)?"
_COUNT = rf"(?:[0-9]{{1,3}}|{'|'.join(NUMBERS)}|an?)"
_THE = r"(?:(?<=within\s)|(?<=inside\s))the"
_LEADS = ("by", "on", "before", "b4", "until", "till", "til", "due", "cb", "call", "back", "eta")
_LED = "(?:" + "|".join(rf"(?<=\b{word}\s)" for word in _LEADS) + ")"
_MARK = "\0"

_OF_MONTH_BEFORE = (
    r"(?=\s*(?:$|[,.;:!?)]|[-–—]|\b(?:in the|at|and|or|to|so|if|when|between|from|after|before|as"  # noqa: RUF001
    r"|then|latest|i|we|because)\b))"
)

RULES: Final = (
    _rule(r"\b(?P<year>20[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})\b", readings.iso),
    _rule(rf"\b(?P<day>{_NTHS})(?: of)? (?P<month>{_MONTH})\b{_YEAR}", readings.written),
    _rule(rf"{_LED}(?P<day>{_NTHS})(?: of)? (?P<month>may)\b{_YEAR}", readings.written),
    _rule(
        rf"\b(?P<month>{_MONTH})\b\.? ?(?:the )?(?P<day>{_NTHS})\b(?! ?(?:am|pm|%))(?![.:][0-9])"
        rf"{_YEAR}",
        readings.written,
    ),
    _rule(
        r"(?<![\w/.-])(?P<first>[0-9]{1,2})(?P<point>[/.-])(?P<second>[0-9]{1,2})(?P=point)"
        r"(?P<year>20[0-9]{2}|[0-9]{2})(?![\w/-])",
        readings.figures,
    ),
    _rule(
        rf"{_LED}(?!24/7)(?P<first>[0-9]{{1,2}})(?P<point>/)(?P<second>[0-9]{{1,2}})(?P<year>)"
        r"(?![\w/])",
        readings.figures,
    ),
    _rule(
        rf"(?:\bthe |{_LED})(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)\b"
        rf"(?: of (?:(?P<next>next)|the|this) month\b)?{_OF_MONTH_BEFORE}",
        readings.of_month,
    ),
    _rule(
        rf"(?P<beside>{_MARK}[,(]? ?)?\b(?P<week_on>a week (?:on|from) )?"
        rf"(?:(?P<which>next|this|last|past|since|coming)(?: week,?(?: on)?)? )?"
        rf"(?P<weekday>{_WEEKDAY})\b(?: (?P<week>week)\b|,? (?:of )?(?P<of>next|this|last) week\b"
        rf"|(?P<ahead>,? (?:the )?{_MARK}))?",
        readings.weekday,
    ),
    _rule(
        r"\b(?:(?P<week>a week )(?:from |on )?)?(?:(?P<beyond>the day (?:after|before) )?"
        r"(?:(?P<tomorrow>tomorrow|tomorow|tommorow|tommorrow|tmrw|tmr|tmw|2morrow|2moro)"
        r"|(?P<yesterday>yesterday))|today|tonight|this (?:morning|afternoon|evening))\b",
        readings.near,
    ),
    _rule(
        rf"\b(?P<lead>(?:within|inside|in|over|after|up to) )?(?:about |around |roughly )?"
        rf"(?P<next>the (?:next|coming) )?(?P<least>{_COUNT}|{_THE})"
        rf"(?:{_TO}(?P<most>{_COUNT}))? ?-?"
        rf"(?P<business>(?:business|working|work|bus\.?|biz|week) ?)?"
        rf"(?P<unit>hours?|hrs?|h|minutes?|mins?|days?|weeks?|wks?|months?|fortnights?)\b"
        rf"(?: or (?P<more>two|three)\b)?(?P<on>'? time\b| from (?:now|today)\b)?(?P<ago> ago\b)?",
        readings.length,
    ),
    _rule(
        r"\b(?P<end>(?:end|back end) of )?(?:(?:the |this )?(?P<which>next|this|last|coming) )?"
        r"(?:the )?(?P<unit>week(?:end)?)\b(?P<later> after next)?",
        readings.of_week,
    ),
    _rule(
        r"\b(?:(?P<part>end|first|start|beginning|middle|mid|early|late)[\s-](?:of )?)?(?:the )?"
        rf"(?:(?P<which>next|this|last) )?(?P<unit>month|mo\b|year|{_MONTH})\b",
        readings.part,
    ),
    _rule(
        r"\b(?:(?:end|close) of (?:the )?(?:business|play|day|working day|business day)"
        rf"|eod|cob|cop|eow|eom)\b(?!,? ?(?:on |of )?{_MARK})",
        readings.close,
    ),
)
"""Each rule reads what the ones before it have left."""

CLOCK: Final = _rule(
    r"\b(?:(?:by|at|before|until|till?) (?:(?P<noon>(?:12 ?)?noon|midday|lunch(?:time)?)\b"
    r"|(?P<hour>1[0-2]|[1-9])(?::(?P<minute>[0-5][0-9]))? ?(?P<half>[ap]\.?m\b))"
    r"|(?P<morning>in the morning)\b)",
    readings.clock,
)[0]
