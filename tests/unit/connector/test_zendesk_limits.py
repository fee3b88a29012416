"""Zendesk's rate limit headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.budget import Limit
from connector.zendesk.limits import limits


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, ()),
        ({"X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "699"}, (Limit("account", 700, 699),)),
        (
            {"ratelimit-limit": "400", "ratelimit-remaining": "12", "ratelimit-reset": "31"},
            (Limit("account", 400, 12, 31.0),),
        ),
        (
            {"Rate-Limit": "200", "rate-limit-remaining": "3", "rate-limit-reset": "1.5"},
            (Limit("account", 200, 3, 1.5, exact=True),),
        ),
        (
            {
                "Zendesk-RateLimit-incremental-exports-cursor": "total=10; remaining=9; resets=2",
                "zendesk-rate-limit-users": "total=20;remaining=0;resets=0.25",
            },
            (
                Limit("incremental-exports-cursor", 10, 9, 2.0),
                Limit("users", 20, 0, 0.25, exact=True),
            ),
        ),
        ({"zendesk-ratelimit-x": "remaining=9; resets=2"}, ()),
        ({"zendesk-ratelimit-x": "nonsense"}, ()),
        ({"x-rate-limit": "many"}, ()),
        ({"x-rate-limit": "9" * 400}, ()),
        ({"x-rate-limit": "-5"}, ()),
        ({"x-rate-limiting": "5", "content-type": "text/html"}, ()),
    ],
)
def test_limits_are_read_from_either_family(
    headers: dict[str, str], expected: tuple[Limit, ...]
) -> None:
    """Any spelling and case is understood; what cannot be understood is passed over."""
    assert limits(headers) == expected


@given(st.dictionaries(st.sampled_from(["x-rate-limit", "zendesk-ratelimit-a"]), st.text()))
def test_no_header_can_break_the_reading(headers: dict[str, str]) -> None:
    """Whatever a proxy makes of the headers, reading them raises nothing."""
    for limit in limits(headers):
        assert limit.total >= 0
