"""Freshdesk's rate limit headers, and what requests cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.budget import Limit
from connector.freshdesk.limits import limits
from connector.freshdesk.session import CONTACTS, TICKETS, cost

TOLD = {
    "X-RateLimit-Total": "700",
    "X-RateLimit-Remaining": "693",
    "X-RateLimit-Used-CurrentRequest": "7",
}
READ = (Limit("account", 700, 693, used=7),)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, ()),
        (TOLD, READ),
        (
            {name.lower(): value for name, value in TOLD.items()},
            READ,
        ),
        (
            {name.upper(): value for name, value in TOLD.items()},
            READ,
        ),
        (
            {name: f"{value}.0" for name, value in TOLD.items()},
            READ,
        ),
        ({"x-ratelimit-total": "50"}, (Limit("account", 50),)),
        ({"x-ratelimit-remaining": "50"}, ()),
        ({"x-ratelimit-total": "many"}, ()),
        ({"x-ratelimit-total": "-3"}, ()),
        ({"x-ratelimit-total": "9" * 400}, ()),
        ({"x-ratelimit-total": "50", "x-ratelimit-remaining": ""}, (Limit("account", 50),)),
    ],
    ids=str,
)
def test_the_limit_is_read_in_any_spelling(
    headers: dict[str, str], expected: tuple[Limit, ...]
) -> None:
    """Any letter case, whole numbers and decimals; what cannot be understood is passed over."""
    assert limits(headers) == expected


@given(st.dictionaries(st.sampled_from(sorted(TOLD)), st.text()))
def test_no_header_can_break_the_reading(headers: dict[str, str]) -> None:
    """Whatever a proxy makes of the headers, reading them raises nothing."""
    for limit in limits(headers):
        assert limit.total >= 0


@pytest.mark.parametrize(
    ("path", "include", "expected"),
    [
        (TICKETS, "", 1),
        (TICKETS, "requester,stats,description", 7),
        (f"{TICKETS}/5", "requester,stats", 3),
        (CONTACTS, "", 1),
    ],
)
def test_what_is_included_costs_more_in_a_list(path: str, include: str, expected: int) -> None:
    """Two credits each in a list, one in a single record."""
    assert cost(path, {"include": include, "page": "1"}) == expected
