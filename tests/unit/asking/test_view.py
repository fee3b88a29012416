"""The eyes a question is asked with: days in the account's zone, times in UTC, agents' pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from memory.asking.view import View, rfc3339
from memory.record import Account

ACME = Account(1, "zendesk:acme", "https://acme.zendesk.com", b"", None, None)
FRESH = Account(2, "freshdesk:acme", "https://acme.freshdesk.com", b"", None, None)
LATE = datetime(2026, 7, 7, 2, 0, tzinfo=UTC)


def test_a_day_is_a_day_where_the_account_is() -> None:
    """Two in the morning in London is still yesterday in New York."""
    there = View(ACME, LATE, ZoneInfo("America/New_York"))
    assert there.today.isoformat() == "2026-07-06"
    assert there.day(LATE) == "2026-07-06"
    assert there.days_ago(LATE - timedelta(hours=3)) == 0
    assert View(ACME, LATE, UTC).days_ago(LATE - timedelta(hours=3)) == 1


@pytest.mark.parametrize(
    ("account", "ticket", "customer"),
    [
        (
            ACME,
            "https://acme.zendesk.com/agent/tickets/8",
            "https://acme.zendesk.com/agent/users/9",
        ),
        (
            FRESH,
            "https://acme.freshdesk.com/a/tickets/8",
            "https://acme.freshdesk.com/a/contacts/9",
        ),
    ],
)
def test_links_lead_to_the_agents_pages(account: Account, ticket: str, customer: str) -> None:
    """Not to the customers' help centre."""
    view = View(account, LATE, UTC)
    assert (view.ticket_url("8"), view.customer_url("9")) == (ticket, customer)


def test_times_are_written_in_utc_whatever_zone_they_come_in() -> None:
    """`--as-of 2026-07-07T11:00+02:00` is nine o'clock Zulu."""
    berlin = datetime(2026, 7, 7, 11, 0, tzinfo=timezone(timedelta(hours=2)))
    assert rfc3339(berlin) == "2026-07-07T09:00:00Z"
