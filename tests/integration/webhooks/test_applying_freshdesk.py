"""A rule's webhook or an app's event brings what it is about up to date, as a sync would have."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from connector.demo.freshdesk.plan import FreshdeskKeys
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.freshdesk import ApiKey, Freshdesk
from connector.freshdesk.webhooks import read_event
from memory.entities import Status
from memory.record import Record
from memory.record import tables as t
from tests.integration.webhooks.desk import Desk, asked
from tests.support.tale import AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.sync.webhooks import Event

ACCOUNT = "freshdesk:acme"
LATER = AS_OF + 600
"""When things happen; the helpdesk's clock is moved past it."""


def rule(number: int) -> Event:
    """What an automation rule sends."""
    return read_event({"freshdesk_webhook": {"ticket_id": str(number), "ticket_subject": '"'}})


def product(name: str, **data: Any) -> Event:
    """What the serverless part of an app hands on."""
    return read_event({"event": name, "data": data})


@pytest.fixture
def clock() -> ManualClock:
    """The time of helpdesk and client."""
    return ManualClock(datetime.fromtimestamp(AS_OF, UTC))


@pytest.fixture
def helpdesk(clock: ManualClock) -> Iterator[DemoHelpdesk]:
    """Three customers and four tickets, of which much changes later."""
    tickets = [
        ticket(
            n,
            who,
            AS_OF - (50 - n) * DAY,
            messages=[
                message("customer", AS_OF - (50 - n) * DAY, f"Question {n}"),
                message("agent", AS_OF - (50 - n) * DAY + 60, f"Answer {n}"),
            ],
        )
        for n, who in ((1, 101), (2, 101), (3, 102), (4, 103))
    ]
    new = ticket(9, 109, LATER, messages=[message("customer", LATER, "I am new")])
    told = message("customer", LATER, "One thing more")
    story = tale(tickets, [customer(101), customer(102), customer(103)])
    story["changes"] = [
        {"at": LATER, "do": "add_message", "ticket": 1, "message": told},
        {"at": LATER, "do": "add_customer", "customer": customer(109)},
        {"at": LATER, "do": "add_ticket", "ticket": new},
        {"at": LATER, "do": "delete_ticket", "ticket": 2},
        {"at": LATER, "do": "spam_ticket", "ticket": 3},
        {"at": LATER, "do": "update_customer", "customer": 101, "set": {"name": "Ana"}},
        {"at": LATER, "do": "delete_customer_permanently", "customer": 103},
    ]
    with DemoHelpdesk(read_story(story), clock=clock.now, provider="freshdesk") as started:
        yield started


@pytest.fixture
def desk(tmp_path: Path, helpdesk: DemoHelpdesk, clock: ManualClock) -> Iterator[Desk]:
    """The history is taken and remembered, and then the changes happen."""

    def connect() -> Freshdesk:
        key = ApiKey(FreshdeskKeys().admin)
        return Freshdesk(
            helpdesk.url, key, clock=clock, share=1.0, account=ACCOUNT, retry_seconds=90
        )

    with contextlib.closing(Record.in_folder(tmp_path)) as record:
        made = Desk(record, ACCOUNT, connect, clock)
        made.backfill()
        made.empty(t.outbox)
        clock.advance(DAY)
        yield made


def _texts(desk: Desk, ticket_id: str) -> list[str]:
    return [row["text"] for row in desk.rows(t.message) if row["ticket_id"] == ticket_id]


def test_a_new_message_is_there_and_is_to_be_remembered(desk: Desk) -> None:
    """A rule says no more than which ticket it is."""
    desk.hear(rule(1))
    assert "One thing more" in _texts(desk, "1")
    assert desk.waiting(t.outbox) == ["1"]


def test_a_conversation_brings_its_ticket(desk: Desk) -> None:
    """Whatever has become of it."""
    desk.hear(product("onConversationCreate", conversation={"id": 1, "ticket_id": 1}))
    assert "One thing more" in _texts(desk, "1")


def test_a_new_ticket_brings_its_customer(desk: Desk) -> None:
    """With what they can be reached by."""
    desk.hear(product("onTicketCreate", ticket={"id": 9}))
    assert "I am new" in _texts(desk, "9")
    assert desk.row(t.person, id="109")["name"] == "Customer 109"
    assert "+12125550109" in {row["value"] for row in desk.rows(t.identity)}


@pytest.mark.parametrize("number", [2, 3])
def test_a_ticket_in_the_bin_or_in_spam_is_gone_here(desk: Desk, number: int) -> None:
    """With its words."""
    changed = {"id": number, "changes": {"deleted": [False, True]}}
    desk.hear(product("onTicketUpdate", ticket=changed))
    assert desk.row(t.ticket, id=str(number))["status"] == Status.DELETED.value
    assert _texts(desk, str(number)) == []


def test_a_late_word_of_a_deletion_takes_nothing_away(desk: Desk) -> None:
    """Freshdesk says that the ticket is there."""
    desk.hear(product("onTicketDelete", ticket={"id": 1}))
    assert desk.row(t.ticket, id="1")["status"] == Status.OPEN.value
    assert "Question 1" in _texts(desk, "1")


def test_a_contact_is_called_as_they_are_now(desk: Desk) -> None:
    """And none of their tickets is read for it."""
    desk.hear(product("onContactUpdate", contact={"id": 101}))
    assert desk.row(t.person, id="101")["name"] == "Ana"


def test_who_is_gone_for_good_is_gone_here(desk: Desk) -> None:
    """With their tickets and words."""
    desk.hear(product("onContactDelete", contact={"id": 103}))
    assert "103" not in {row["id"] for row in desk.rows(t.person)}


def test_events_leave_what_a_sync_would_have_left(desk: Desk) -> None:
    """Whichever comes first, and however often."""
    told = [
        rule(1),
        product("onTicketCreate", ticket={"id": 9}),
        product("onTicketUpdate", ticket={"id": 2}),
        product("onContactUpdate", contact={"id": 101}),
    ]
    before = desk.rows(t.checkpoint)
    desk.hear(*told)
    desk.hear(*reversed(told))
    assert desk.rows(t.checkpoint) == before
    heard = {ref: desk.export(ref) for ref in ("freshdesk:101", "freshdesk:109")}
    desk.sync()
    assert {ref: desk.export(ref) for ref in heard} == heard


def test_what_nobody_needs_asks_nothing(desk: Desk, helpdesk: DemoHelpdesk) -> None:
    """It is counted by its name."""
    seen = len(helpdesk.seen)
    desk.hear(product("onTimeEntryCreate"), product("onTimeEntryCreate"))
    assert [(r["event"], r["count"]) for r in desk.rows(t.ignored_event)] == [
        ("onTimeEntryCreate", 2)
    ]
    assert asked(helpdesk.seen, seen) == []
