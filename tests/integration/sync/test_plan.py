"""`remember backfill --plan`: what a backfill would cost, from a few answers of the helpdesk."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from connector.clock import ManualClock
from connector.demo.server import DemoHelpdesk
from connector.demo.zendesk.limits import Limits
from connector.sync.plan import plan
from connector.zendesk import ClientCredentials, Zendesk
from tests.support.busy import AS_OF, busy_account
from tests.support.house import House, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.sync.helpdesk import Sizes

TICKETS = 400


@pytest.fixture(scope="module")
def busy() -> Iterator[DemoHelpdesk]:
    """Four hundred tickets, under limits."""
    clock = ManualClock(AS_OF)
    with DemoHelpdesk(busy_account(TICKETS), clock=clock.now, limits=Limits(700, 10, 20)) as desk:
        yield desk


def test_the_sizes_are_counted_and_the_limits_read(busy: DemoHelpdesk) -> None:
    """Tickets and users as they are, events a ticket, and which limits the exports use up."""

    async def ask() -> Sizes:
        known = busy.credentials
        credentials = ClientCredentials(known.client_id, known.client_secret)
        async with Zendesk(busy.url, credentials, clock=ManualClock(AS_OF)) as zendesk:
            await zendesk.check()
            return await zendesk.sizes()

    sizes = asyncio.run(ask())
    assert (sizes.tickets, sizes.per_minute) == (TICKETS, 700)
    needs = {one.stream: one for one in sizes.needs}
    assert needs["users"].rows == TICKETS // 5 + 20
    assert needs["users"].per_minute == 20
    assert needs["tickets"].per_minute == 10
    assert sizes.replay is not None
    assert sizes.replay.rows == pytest.approx(TICKETS * 5, rel=0.05)
    assert sizes.replay.limit == needs["tickets"].limit
    assert plan("zendesk:busy", sizes, 1.0)["minutes"] > 0


def test_the_command_prints_the_plan_and_stores_nothing(busy: DemoHelpdesk, tmp_path: Path) -> None:
    """As a table or a document; no data folder is made."""
    house = House(tmp_path / "home", settings_for(busy.url))
    told = house.run("backfill", "zendesk", "--plan", "--json")
    assert told.code == 0, told.err
    document = told.document
    assert document["account"].startswith("zendesk:")
    assert document["tickets"] == TICKETS
    assert {one["name"] for one in document["streams"]} == {"users", "tickets", "comments"}
    printed = house.run("backfill", "zendesk", "--plan")
    assert "one request each" in printed.out
    assert "minutes at 100% of this account's limits" in printed.out
    assert not house.home.exists()


def test_a_plan_is_of_the_whole_history(tmp_path: Path) -> None:
    """Together with --since or --limit it is refused."""
    house = House(tmp_path / "home", settings_for("http://127.0.0.1:9"))
    told = house.run("backfill", "zendesk", "--plan", "--limit", "5")
    assert told.code == 2
    assert "--plan" in told.err
