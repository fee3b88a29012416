"""How regularly someone gets in touch: a table of lives."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.asking.rhythm import rhythm_of

TODAY = date(2026, 7, 7)  # a Tuesday


def _days(*ago: int) -> list[date]:
    return sorted(TODAY - timedelta(days=each) for each in ago)


@pytest.mark.parametrize(
    ("life", "ago", "rhythm"),
    [
        ("weekly on Tuesdays", range(7, 70, 7), {"every_days": 7, "weekday": 2}),
        ("weekly on Sundays", range(2, 70, 7), {"every_days": 7, "weekday": 7}),
        ("every other week", range(1, 100, 14), {"every_days": 14, "weekday": 1}),
        ("daily", range(12), {"every_days": 1, "weekday": None}),
        ("about weekly", (1, 8, 16, 22, 31, 37, 44), {"every_days": 7, "weekday": None}),
        ("weekly, one week missed", (1, 8, 22, 29, 36, 43), {"every_days": 7, "weekday": 1}),
        ("twice on one day", (0, 0, 7, 7, 14, 21, 28, 35), {"every_days": 7, "weekday": 2}),
        ("monthly", range(3, 200, 30), {"every_days": 30, "weekday": None}),
        (
            "lately regular, once not",
            (*range(0, 112, 7), 900, 903),
            {"every_days": 7, "weekday": 2},
        ),
        (
            "monthly, now weekly",
            (*range(1, 40, 7), *range(70, 400, 30)),
            {"every_days": 7, "weekday": 1},
        ),
        (
            "fortnightly, the latest three after half a year",
            (*range(0, 42, 14), *range(210, 300, 14)),
            {"every_days": 14, "weekday": 2},
        ),
        (
            "monthly, twice each time",
            (*range(3, 200, 30), *range(4, 200, 30)),
            {"every_days": 30, "weekday": None},
        ),
        (
            "monthly, and of late every day about one fault",
            (*range(6), *range(35, 240, 30)),
            {"every_days": 30, "weekday": None},
        ),
        ("fortnightly, the latest one after half a year", (0, *range(210, 300, 14)), None),
        ("three bursts, months apart", (0, 1, 2, 90, 91, 92, 200, 201, 202), None),
        ("one call long ago and five of late", (*range(5), 400), None),
        ("never", (), None),
        ("five times only", range(0, 35, 7), None),
        ("six times on one day", (3,) * 6, None),
        ("every two months", range(0, 400, 60), None),
        ("here and there", (1, 2, 30, 31, 75, 76, 140), None),
        ("weekly until it stopped", range(29, 100, 7), None),
        ("weekly, four weeks silent", range(28, 100, 7), {"every_days": 7, "weekday": 2}),
    ],
)
def test_a_life_has_a_rhythm_or_none(
    life: str, ago: tuple[int, ...], rhythm: dict[str, int | None] | None
) -> None:
    """Regular enough, often enough, lately, and not stopped; the weekday only where it is one."""
    assert rhythm_of(_days(*ago), TODAY) == rhythm


@given(st.lists(st.integers(0, 4000), max_size=40))
def test_a_rhythm_is_always_one_that_can_be_said(ago: list[int]) -> None:
    """Whatever a life looks like: at least a day, at most 45, a weekday of the calendar."""
    rhythm = rhythm_of(_days(*ago), TODAY)
    if rhythm is not None:
        assert 1 <= rhythm["every_days"] <= 45
        assert rhythm["weekday"] in {None, 1, 2, 3, 4, 5, 6, 7}
        assert len(set(ago)) >= 6
