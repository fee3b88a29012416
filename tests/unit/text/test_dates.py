"""The days that sentences name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from memory.text.dates import FARTHEST_AHEAD, FARTHEST_BACK, days_in

NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
AFTERNOON = datetime(2026, 7, 1, 14, 20, tzinfo=NEW_YORK)
"""A Wednesday."""


def day(words: str, said: datetime = AFTERNOON, zone: ZoneInfo = NEW_YORK) -> str | None:
    """The one day that the words name, as `Fri 3 Jul`, or None."""
    days = days_in(words, said, zone)
    assert len(days) <= 1
    return f"{days[0].on:%a} {days[0].on.day} {days[0].on:%b}" if days else None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("by Friday", "Fri 3 Jul"),
        ("will cb fri", "Fri 3 Jul"),
        ("this Friday", "Fri 3 Jul"),
        ("next Friday", "Fri 10 Jul"),
        ("Thursday of next week", "Thu 9 Jul"),
        ("next week on Thursday", "Thu 9 Jul"),
        ("Friday week", "Fri 10 Jul"),
        ("a week on Friday", "Fri 10 Jul"),
        ("first thing Monday", "Mon 6 Jul"),
        ("on Wednesday", "Wed 8 Jul"),
        ("by tuesday, 7 july", "Tue 7 Jul"),
    ],
)
def test_a_weekday_is_the_next_of_its_name(words: str, expected: str) -> None:
    """Never the day of speaking; `this` stays in the week and `next` is in the week after."""
    assert day(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tmrw b4 5", "Thu 2 Jul"),
        ("the day after tomorrow", "Fri 3 Jul"),
        ("COB today", "Wed 1 Jul"),
        ("COB", "Wed 1 Jul"),
        ("close of business on Friday", "Fri 3 Jul"),
        ("this evening", "Wed 1 Jul"),
        ("in two weeks", "Wed 15 Jul"),
        ("in a fortnight", "Wed 15 Jul"),
        ("a week from tomorrow", "Thu 9 Jul"),
        ("in 10 days' time", "Sat 11 Jul"),
        ("in a day or two", "Fri 3 Jul"),
        ("over the next 3 days", "Sat 4 Jul"),
        ("in two months", "Tue 1 Sep"),
        ("next week", "Fri 10 Jul"),
        ("by the end of this week", "Fri 3 Jul"),
        ("over the weekend", "Sun 5 Jul"),
        ("the week after next", "Fri 17 Jul"),
        ("by the end of the month", "Fri 31 Jul"),
        ("by end of mo", "Fri 31 Jul"),
        ("by the end of next month", "Mon 31 Aug"),
        ("by the end of September", "Wed 30 Sep"),
        ("by EOM", "Fri 31 Jul"),
    ],
)
def test_lengths_and_calendar_words_end_on_their_last_day(words: str, expected: str) -> None:
    """A week ends on its Friday, a weekend on its Sunday, a month on its last day."""
    assert day(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("in 3-5 business days", "Wed 8 Jul"),
        ("within 5–7 working days", "Fri 10 Jul"),  # noqa: RUF001 the long dash is the point
        ("2 to 3 business days", "Mon 6 Jul"),
        ("within one business day", "Thu 2 Jul"),
    ],
)
def test_business_days_are_monday_to_friday(words: str, expected: str) -> None:
    """Counted from the day after speaking; of a range the last."""
    assert day(words) == expected


def test_business_days_from_a_saturday_begin_on_monday() -> None:
    """The weekend does not count, whichever day it is said on."""
    saturday = datetime(2026, 7, 4, 11, tzinfo=LONDON)
    assert day("within two business days", saturday, LONDON) == "Tue 7 Jul"


def test_hours_run_by_the_clock_of_the_place() -> None:
    """48 hours run over a weekend, and two hours over midnight."""
    assert day("within 48 hours") == "Fri 3 Jul"
    late = datetime(2026, 7, 7, 2, 45, tzinfo=UTC)
    assert day("within the next couple of hours", late) == "Tue 7 Jul"
    assert day("within the hour", late) == "Mon 6 Jul"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("on the 5th, in the morning", "Sun 5 Jul"),
        ("on the 1st", "Sat 1 Aug"),
        ("by the 31st of next month", "Mon 31 Aug"),
        ("5 July", "Sun 5 Jul"),
        ("July 17", "Fri 17 Jul"),
        ("the 14th of July 2026", "Tue 14 Jul"),
        ("5-7 July", "Tue 7 Jul"),
        ("January 4", "Mon 4 Jan"),
        ("2026-08-01", "Sat 1 Aug"),
        ("12.08.2026", "Wed 12 Aug"),
    ],
)
def test_a_date_without_a_year_is_the_next_of_its_kind(words: str, expected: str) -> None:
    """Over the turn of the year too."""
    assert day(words) == expected


def test_figures_follow_the_custom_of_the_place() -> None:
    """Month first in America, day first elsewhere; what cannot be a month is a day."""
    assert day("by 6/7", zone=LONDON) == "Mon 6 Jul"
    assert day("by 7/6") == "Mon 6 Jul"
    assert day("by 13/7") == "Mon 13 Jul"
    assert day("on 7/13/26") == "Mon 13 Jul"


def test_a_time_of_day_that_has_passed_is_tomorrows() -> None:
    """Where no day stands beside it."""
    assert day("by noon") == "Thu 2 Jul"
    assert day("by 4:30 pm") == "Wed 1 Jul"
    assert day("by noon on Monday") == "Mon 6 Jul"


@pytest.mark.parametrize(
    "words",
    [
        "last spring",
        "soon",
        "early next month",
        "mid-July",
        "every Monday",
        "he sat in the sun",
        "the 5th time",
        "on 5th Avenue",
        "24/7",
        "4/5 of it",
        "it took 6 weeks",
        "you may 5 of them",
        "on 30 February",
        "in 900 weeks",
        "during the week",
        "",
    ],
)
def test_what_names_no_day_gives_none(words: str) -> None:
    """Vague times, look-alikes, and days that there are not."""
    assert days_in(words, AFTERNOON, NEW_YORK) == []


def test_what_lies_back_is_not_looked_forward_to() -> None:
    """Yesterday, two days ago, last Friday, and a date that has just passed."""
    words = "since Monday, two days ago, last Friday, yesterday, your letter of 20 June"
    days = days_in(words, AFTERNOON, NEW_YORK)
    assert [one.on.day for one in days] == [29, 29, 26, 30, 20]
    assert not any(one.ahead for one in days)


def test_each_day_knows_its_words() -> None:
    """Several days come in the order of the sentence."""
    words = "Closed until the weekend, so I'll ring you on Tuesday or by 5 Jul."
    found = [words[one.start : one.stop] for one in days_in(words, AFTERNOON, NEW_YORK)]
    assert found == ["the weekend", "Tuesday", "5 Jul"]


_PIECES = [
    *(
        "next",
        "this",
        "last",
        "by",
        "on",
        "the",
        "in",
        "of",
        "from",
        "ago",
        "now",
        "a",
        "-",
        ",",
        "(",
    ),
    *("5th", "31", "29", "7/13", "2026", "9999", "48", "h", "hours", "business", "days", "couple"),
    *("Jul", "May", "February", "month", "week", "weekend", "Friday", "sat", "noon", "tomorrow"),
    *("end", "\0"),
]
_YEARS = 366 * 100


@given(
    st.text() | st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join),
    st.integers(0, _YEARS * 24).map(lambda hours: AFTERNOON + timedelta(hours=hours)),
    st.sampled_from(["America/New_York", "Europe/Berlin", "Pacific/Kiritimati"]),
)
@example("on 29 February", datetime(2026, 3, 1, tzinfo=UTC), "Europe/Berlin")
def test_any_words_give_days_within_reach(words: str, said: datetime, zone: str) -> None:
    """Nothing raises; the words are those of the sentence and do not overlap."""
    days = days_in(words, said, ZoneInfo(zone))
    today = said.astimezone(ZoneInfo(zone)).date()
    stop = 0
    for one in days:
        assert stop <= one.start < one.stop <= len(words)
        assert words[one.start : one.stop].strip() == words[one.start : one.stop]
        assert -FARTHEST_BACK <= one.on - today <= FARTHEST_AHEAD
        stop = one.stop
