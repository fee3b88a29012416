"""Fixed windows of a minute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.demo.zendesk.limits import Budgets, Limits
from connector.demo.zendesk.problems import RefusedError


@given(st.integers(1, 20), st.lists(st.integers(0, 30), max_size=60))
def test_no_minute_lets_more_through_than_its_limit(total: int, pauses: list[int]) -> None:
    """And none refuses before it has let that many through."""
    budgets, now, through = Budgets(Limits(requests=total)), 0, dict[int, int]()
    for pause in pauses:
        now += pause
        spent = through.get(now // 60, 0)
        if spent == total:
            with pytest.raises(RefusedError) as refused:
                budgets.spend("requests", now)
            assert refused.value.headers["Retry-After"] == str(60 - now % 60)
        else:
            through[now // 60] = spent + 1
            left = budgets.spend("requests", now)["X-Rate-Limit-Remaining"]
            assert int(left) == total - spent - 1


def test_an_exports_request_spends_the_accounts_limit_too() -> None:
    """And is refused by whichever ends first."""
    budgets = Budgets(Limits(requests=2, exports=10))
    budgets.spend("exports", 0, "incremental-exports")
    budgets.spend("users_export", 0, "incremental-exports-cursor")
    with pytest.raises(RefusedError) as refused:
        budgets.spend("exports", 0, "incremental-exports")
    assert refused.value.status == 429
    assert "zendesk-ratelimit-incremental-exports" not in refused.value.headers
