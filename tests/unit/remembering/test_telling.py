"""What one sentence gives to remember: the day it is about, and which turn a life has taken."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from memory.entities import Role
from memory.remembering.personal import Finding
from memory.remembering.requests import AgentNames
from memory.remembering.telling import Said, Telling
from memory.remembering.turns import Turn

TUESDAY = datetime(2026, 6, 30, 12, tzinfo=UTC)


def about(kind: str, words: str, *more: str) -> date | None:
    """The day of a memory of this kind that was told on a Tuesday, beside findings of `more`."""
    turn = Turn("1", "m1", "100", Role.CUSTOMER, True, TUESDAY, 0, words)
    said = Said(turn, 0, words, words, b"", opens=False)
    findings = [Finding(one, "self", 0.9) for one in (kind, *more)]
    telling = Telling("zendesk:acme", AgentNames([]), UTC)
    return next(iter(telling.memories(said, "100", findings))).about_on


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("I'm having surgery next Thursday.", date(2026, 7, 9)),
        ("My operation is on Friday.", date(2026, 7, 3)),
        ("The scan is tomorrow.", date(2026, 7, 1)),
        ("She was born on Sunday.", date(2026, 6, 28)),
        ("He died on Friday.", date(2026, 6, 26)),
        ("Our wedding is on 11 July.", date(2026, 7, 11)),
        ("She marries on Friday next week.", date(2026, 7, 10)),
    ],
)
def test_a_matter_is_about_the_day_that_its_sentence_names(words: str, day: date) -> None:
    """A weekday is the next, and the last of what has happened."""
    assert about("life_event", words) == day


@pytest.mark.parametrize(
    "words",
    [
        "I'll be in the hospital until Saturday.",
        "He was diagnosed this month.",
        "I'm in hospital next week.",
        "I have been ill since Monday.",
        "First the scan on Thursday, then the surgery on Friday.",
        "I have diabetes.",
    ],
)
def test_stretches_of_time_and_several_days_are_no_day(words: str) -> None:
    """What is not sure is not said."""
    assert about("health", words) is None


def test_the_day_on_which_somebody_wants_something_of_us_is_not_their_matters() -> None:
    """What tomorrow is about is to be rung."""
    assert about("health", "I'm ill, please ring me tomorrow.", "contact_rule") is None


def test_what_always_holds_is_about_no_day() -> None:
    """Only what happens on a day is about one."""
    assert about("loyalty", "I've been with you since 3 May.") is None
