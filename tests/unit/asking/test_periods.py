"""The time that a question names."""

from __future__ import annotations

from datetime import date

import pytest

from memory.asking.periods import Period, period_of

TODAY = date(2026, 1, 20)


@pytest.mark.parametrize(
    ("query", "years", "months"),
    [
        ("What did she order in May 2023?", {2023}, {5}),
        ("what did she order in may", set(), {5}),
        ("the bill of 12 December 2024", {2024}, {12}),
        ("between June and August", set(), {6, 8}),
        ("Did the router work last year?", {2025}, set()),
        ("Did the router work last month?", {2025}, {12}),
        ("what went wrong in March last year", {2025}, {3}),
        ("calls this year", {2026}, set()),
        ("calls this month", {2026}, {1}),
        ("Rechnung vom letzten Jahr", {2025}, set()),
        ("die Rechnung im März 2024", {2024}, {3}),
        ("la factura de enero del año pasado", {2025}, {1}),
        ("la facture du mois dernier", {2025}, {12}),
        ("la facture de février", set(), {2}),
    ],
)
def test_months_and_years_are_read(query: str, years: set[int], months: set[int]) -> None:
    """In English, German, Spanish and French; "last year" by the present."""
    assert period_of(query, TODAY) == Period(frozenset(years), frozenset(months))


@pytest.mark.parametrize(
    "query",
    [
        "May I keep my number?",
        "she may want a refund",
        "March through the menu",
        "a bill of 2,023 dollars",
        "2023% more",
        "ticket 120234",
        "the marching band",
        "",
    ],
)
def test_what_only_looks_like_a_time_is_none(query: str) -> None:
    """Verbs, sums and numbers."""
    assert period_of(query, TODAY) is None


def test_a_period_holds_its_days() -> None:
    """Of a month without a year, those of every year."""
    in_may = Period(frozenset(), frozenset({5}))
    assert in_may.holds(date(2023, 5, 31))
    assert in_may.holds(date(2024, 5, 1))
    assert not in_may.holds(date(2023, 6, 1))
    of_2023 = Period(frozenset({2023}), frozenset())
    assert of_2023.holds(date(2023, 6, 1))
    assert not of_2023.holds(date(2024, 6, 1))
