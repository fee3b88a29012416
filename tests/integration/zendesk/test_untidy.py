"""Exports that repeat rows, mix their order, change while they are read, or leave things out."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.demo import faults
from connector.sync.helpdesk import Checkpoint
from memory.entities import Status
from tests.integration.zendesk.conftest import AS_OF, BEGAN, DAY
from tests.integration.zendesk.reading import everything, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk
    from connector.zendesk import Zendesk
    from memory.entities import Ticket

    Serve = Callable[..., DemoHelpdesk]
    Connect = Callable[..., Zendesk]

ROWS = ("users", "tickets", "ticket_events", "organizations", "calls", "legs", "identities")


def untidy(page: dict[str, Any]) -> dict[str, Any]:
    """The same rows, the last first and the first two twice."""
    lists = {name: page[name] for name in ROWS if isinstance(page.get(name), list)}
    return {**page, **{name: [*reversed(rows), *rows[:2]] for name, rows in lists.items()}}


def test_rows_twice_and_out_of_order_change_nothing(serve: Serve, connect: Connect) -> None:
    """In every export the same account arrives."""
    undisturbed = asyncio.run(everything(connect(serve())))
    helpdesk = serve()
    helpdesk.faults.append(faults.edited(untidy, times=faults.ALWAYS, path="/incremental/"))
    assert asyncio.run(everything(connect(helpdesk))) == undisturbed


def test_links_may_name_another_host(serve: Serve, connect: Connect) -> None:
    """An account's own, which is not the one that was called; it is never called."""
    undisturbed = asyncio.run(everything(connect(serve())))
    helpdesk = serve()

    def elsewhere(page: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(
            json.dumps(page).replace(helpdesk.url, "https://acme-canonical.zendesk.example")
        )
        return told

    helpdesk.faults.append(faults.edited(elsewhere, times=faults.ALWAYS, path="/api/v2/"))
    assert asyncio.run(everything(connect(helpdesk))) == undisturbed


def test_pages_of_one_row_change_nothing(serve: Serve, connect: Connect) -> None:
    """However small Zendesk cuts them."""
    undisturbed = asyncio.run(everything(connect(serve())))
    helpdesk = serve()
    helpdesk.faults.append(faults.fewer_rows(1, path="/incremental/"))
    assert asyncio.run(everything(connect(helpdesk))) == undisturbed


def test_a_ticket_that_changes_while_its_export_is_read_comes_again(
    serve: Serve, connect: Connect, document: dict[str, Any], clock: ManualClock
) -> None:
    """Further back, with a higher version; whoever keeps that one has the truth."""
    at = AS_OF + 60
    told = {"at": at, "do": "update_ticket", "ticket": 1, "set": {"status": "closed"}}
    document["changes"] = [told]
    helpdesk = serve()
    helpdesk.faults.append(faults.fewer_rows(1, path="/tickets/cursor"))

    async def run() -> list[Ticket]:
        async with connect(helpdesk) as zendesk:
            await zendesk.check()
            seen: list[Ticket] = []
            async for batch in zendesk.stream("tickets", Checkpoint()):
                seen += batch.page.tickets
                clock.advance(60)
            return [one for one in seen if one.id == "1"]

    first, again = asyncio.run(run())
    assert (first.status, again.status) == (Status.OPEN, Status.CLOSED)
    assert again.version == at > first.version


def test_a_ticket_the_system_touched_is_news_though_it_looks_old(
    serve: Serve, connect: Connect, document: dict[str, Any]
) -> None:
    """Its `updated_at` lies before the second that is asked from; its place in the export not."""
    solved = {**document["tickets"][2], "id": 22, "rating": None}
    document["tickets"].append(solved)

    async def run() -> list[Ticket]:
        async with connect(serve()) as zendesk:
            pages, _ = await read(zendesk, "tickets", Checkpoint(BEGAN + 5 * DAY))
            return [one for page in pages for one in page.tickets]

    (found,) = asyncio.run(run())
    assert found.id == "22"
    assert found.updated_at.timestamp() < BEGAN + 5 * DAY < found.version


@pytest.mark.parametrize("missing", ["identities", "organizations"])
def test_what_is_not_put_beside_the_users_is_known_to_be_missing(
    serve: Serve, connect: Connect, missing: str
) -> None:
    """A server may pass over what it is asked to include; then it has to be asked for."""
    helpdesk = serve()

    def without(page: dict[str, Any]) -> dict[str, Any]:
        return {name: rows for name, rows in page.items() if name != missing}

    helpdesk.faults.append(faults.edited(without, path="/users/cursor"))
    found: dict[str, set[str]] = {}

    async def run() -> None:
        async with connect(helpdesk) as zendesk:
            (page,), _ = await read(zendesk, "users")
            found["identified"] = set(page.identified)
            found["people"] = {person.id for person in page.people}
            found["organizations"] = {one.name for one in page.organizations}
            rest, _ = await read(zendesk, "organizations")
            found["organizations"] |= {one.name for each in rest for one in each.organizations}

    asyncio.run(run())
    assert found["identified"] == (set() if missing == "identities" else found["people"])
    assert found["organizations"] == {"Harbour Co-op"}


def test_a_page_too_large_for_the_gateway_is_asked_for_smaller(
    serve: Serve, connect: Connect
) -> None:
    """A timeout of the gateway passes once the page is small enough."""
    helpdesk = serve()
    helpdesk.faults.append(faults.status(504, times=3, path="/tickets/cursor"))
    found = asyncio.run(everything(connect(helpdesk)))
    assert set(found["tickets"]) == {"1", "2", "3", "4", "5"}
    sizes = [seen.query.split("per_page=")[1] for seen in helpdesk.seen if "per_page" in seen.query]
    assert [size for size in sizes if size != "1000"] == ["500", "250", "125"]
