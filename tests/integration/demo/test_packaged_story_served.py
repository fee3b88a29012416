"""The packaged story, read whole over HTTP before and after what happens in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import load_story, packaged_story
from connector.demo.story_parts import AddTicket, Story
from connector.demo.zendesk.limits import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

EXPORT = "/api/v2/incremental"


@pytest.fixture(scope="module")
def story() -> Story:
    """The story that comes with the package."""
    return load_story(packaged_story())


def exported(api: httpx.Client, path: str, name: str, following: str) -> list[dict[str, Any]]:
    """Every row of an export."""
    page = api.get(f"{EXPORT}/{path}", params={"start_time": 0, "support_type_scope": "all",
                                              "include": "comment_events"}).json()  # fmt: skip
    rows = list(page[name])
    while not page["end_of_stream"]:
        page = api.get(page[following]).json()
        rows += page[name]
    return rows


def test_it_is_served_whole(story: Story, connect: Callable[..., httpx.Client]) -> None:
    """Every person, ticket and word of it, at its own present."""
    with DemoHelpdesk(story, clock=ManualClock(story.as_of).now, limits=UNLIMITED) as helpdesk:
        api = connect(helpdesk)
        users = exported(api, "users/cursor", "users", "after_url")
        tickets = exported(api, "tickets/cursor", "tickets", "after_url")
        events = exported(api, "ticket_events", "ticket_events", "next_page")
    people = {agent.id for agent in story.agents} | {one.id for one in story.customers}
    assert people <= {row["id"] for row in users}
    assert {row["id"]: row["description"] for row in tickets} == {
        ticket.id: ticket.messages[0].text for ticket in story.tickets
    }
    told = Counter(message.text for ticket in story.tickets for message in ticket.messages)
    children = (child for event in events for child in event["child_events"])
    assert Counter(child["body"] for child in children if "body" in child) == told


def test_its_calls_are_listed(story: Story, connect: Callable[..., httpx.Client]) -> None:
    """Every Talk call of a ticket, and those that left none."""
    said = [m.call for ticket in story.tickets for m in ticket.messages if m.call]
    wanted = sum(call.kind == "talk" for call in said) + len(story.calls)
    path = "/api/v2/channels/voice/stats/incremental/calls?start_time=0"
    rows: dict[int, dict[str, Any]] = {}
    with DemoHelpdesk(story, clock=ManualClock(story.as_of).now, limits=UNLIMITED) as helpdesk:
        api = connect(helpdesk)
        page = api.get(path).json()
        while page["count"] == 50:
            rows |= {row["id"]: row for row in page["calls"]}
            page = api.get(page["next_page"]).json()
        rows |= {row["id"]: row for row in page["calls"]}
    assert len(rows) == wanted
    assert [r["customer_id"] for r in rows.values() if r["ticket_id"] is None] == [70104]


def test_all_that_happens_later_happens(story: Story, connect: Callable[..., httpx.Client]) -> None:
    """Past the last change every export is still readable, and nothing is left to come."""
    clock = ManualClock(story.changes[-1].at)
    clock.advance(60)
    added = {change.ticket.id for change in story.changes if isinstance(change, AddTicket)}
    with DemoHelpdesk(story, clock=clock.now, limits=UNLIMITED) as helpdesk:
        api = connect(helpdesk)
        tickets = exported(api, "tickets/cursor", "tickets", "after_url")
        exported(api, "ticket_events", "ticket_events", "next_page")
        exported(api, "users/cursor", "users", "after_url")
        assert not helpdesk.state.pending
    assert {row["id"] for row in tickets} == {ticket.id for ticket in story.tickets} | added
