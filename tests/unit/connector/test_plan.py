"""The plan of a backfill: requests and minutes from sizes and limits."""

from __future__ import annotations

import pytest

from connector.sync.helpdesk import Need, Sizes
from connector.sync.plan import Plan, plan


def zendesk(tickets: int, *, each: float = 6, own: bool = False) -> Sizes:
    """An account of 700 requests and 10 exports a minute; `own`: events have their own limit."""
    exports, events = (
        "exports of tickets 1",
        "events of replay 2" if own else "exports of tickets 1",
    )
    return Sizes(
        tickets=tickets,
        per_minute=700,
        needs=(
            Need("users", tickets // 5, 1000, "users of users 3", 20),
            Need("tickets", tickets, 1000, exports, 10),
            Need("comments", tickets, 1, "account", 700),
        ),
        replay=Need("ticket_events_replay", round(tickets * each), 1000, events, 10),
    )


def _requests(planned: Plan) -> dict[str, int]:
    return {one["name"]: one["requests"] for one in planned["streams"]}


@pytest.mark.parametrize(("own", "minutes"), [(True, 42.2), (False, 49.3)])
def test_a_hundred_thousand_tickets_take_as_long_as_both_budgets_need(
    minutes: float, *, own: bool
) -> None:
    """Tickets / (R + 1,000·I / e), and the tickets export where it shares the limit."""
    planned = plan("zendesk:acme", zendesk(100_000, own=own), 1.0)
    assert planned["minutes"] == pytest.approx(minutes, rel=0.03)
    told = _requests(planned)
    assert told["comments"] < 36_000
    assert told["tickets"] == 100
    assert (planned["at_most"], planned["tickets"]) == (False, 100_000)


def test_half_the_share_takes_twice_as_long() -> None:
    """In the same number of requests."""
    whole, half = (plan("zendesk:acme", zendesk(100_000), share) for share in (1.0, 0.5))
    assert half["minutes"] == pytest.approx(2 * whole["minutes"], rel=0.01)
    assert half["requests"] == pytest.approx(whole["requests"], rel=0.01)


def test_few_tickets_are_read_one_by_one() -> None:
    """No replay; the minutes are those of single requests."""
    planned = plan("zendesk:acme", zendesk(1_500), 1.0)
    assert "ticket_events_replay" not in _requests(planned)
    assert planned["minutes"] == pytest.approx(1_500 / 700, rel=0.05)


def test_many_events_a_ticket_leave_more_to_single_requests() -> None:
    """What an answer spares depends on how much of a ticket is in it."""
    few, many = (plan("zendesk:acme", zendesk(50_000, each=each), 1.0) for each in (3, 40))
    assert _requests(many)["comments"] > _requests(few)["comments"]
    assert many["minutes"] > few["minutes"]


def test_without_a_replay_every_ticket_costs_a_request_and_lists_their_credits() -> None:
    """As on Freshdesk, where the newest number is the most there can be."""
    sizes = Sizes(
        tickets=4_000,
        per_minute=400,
        needs=(
            Need("tickets", 4_000, 100, "account", 400, credits=7, is_bound=True),
            Need("comments", 4_000, 1, "account", 400, is_bound=True),
        ),
        is_bound=True,
    )
    planned = plan("freshdesk:acme", sizes, 0.5)
    assert _requests(planned) == {"tickets": 40, "comments": 4_000}
    assert planned["minutes"] == pytest.approx((4_000 + 280) / 200, rel=0.01)
    assert planned["at_most"]
    assert "7 credits" in planned["streams"][0]["why"]


@pytest.mark.parametrize("tickets", [0, 1, 2_001])
def test_any_size_has_a_plan(tickets: int) -> None:
    """An empty account, too."""
    planned = plan("zendesk:acme", zendesk(tickets), 0.01)
    assert planned["minutes"] >= 0
    assert all(one["requests"] >= 0 and one["why"] for one in planned["streams"])
