"""A note stands in a Freshdesk ticket, too: once, for agents alone, known when it comes back."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from connector.demo import faults
from connector.demo.freshdesk.account import Account
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.errors import RetryableError
from connector.freshdesk import ApiKey, Freshdesk
from memory.record import queries
from memory.record import tables as t
from memory.record.notes import MARKER, own_notes
from tests.integration.keeping.desk import Desk, Killed, Wire
from tests.support.tale import AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANA = "freshdesk:101"
WORDS = "Prefers mornings & tea;\nstreet is ?Ashgrove <not Oak>"


class FreshDesk(Desk):
    """The same with a Freshdesk."""

    account = "freshdesk:acme"

    def client(self, wire: Wire) -> Any:
        """A client with an admin's key."""
        key = ApiKey(self.helpdesk.keys.admin)
        return Freshdesk(
            self.helpdesk.url,
            key,
            clock=self.clock,
            share=1.0,
            account=self.account,
            retry_seconds=90,
            wire=wire,
        )

    def written(self, number: int) -> list[Any]:
        """The notes of ours in a ticket."""
        found = self.helpdesk.state
        assert isinstance(found, Account)
        return [one for one in found.tickets[number].conversations if MARKER.search(one.text)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FreshDesk]:
    """A helpdesk of one customer with an open and a later solved ticket, its history taken."""
    clock = ManualClock(datetime.fromtimestamp(AS_OF, UTC))
    tickets = [
        ticket(
            number,
            101,
            AS_OF - age * DAY,
            status=status,
            messages=[message("customer", AS_OF - age * DAY, f"Question {number}")],
        )
        for number, age, status in ((1, 40, "open"), (2, 10, "solved"))
    ]
    story = read_story(tale(tickets, [customer(101)]))
    with DemoHelpdesk(story, clock=clock.now, provider="freshdesk") as helpdesk:
        made = FreshDesk(tmp_path, helpdesk, clock)
        made.run("backfill")
        made.memory.note(WORDS, customer=ANA, agent="freshdesk:11", to_helpdesk=True)
        with contextlib.closing(made.memory):
            yield made


def _is_known(desk: FreshDesk) -> bool:
    """Whether the record knows the note among the ticket's messages."""
    with desk.record.reading() as connection:
        number = desk.record.account(desk.account).number
        messages = queries.messages_of_tickets(connection, number, ["1"])
        row = desk.row()
        return set(own_notes(connection, number, messages)) == {("1", row["message_id"])}


def test_a_note_stands_in_the_ticket_and_comes_back_known(desk: FreshDesk) -> None:
    """Word for word, whatever HTML would make of it."""
    desk.run("write_notes")
    row = desk.row()
    assert (row["due"], row["ticket_id"]) == (False, "1")
    desk.clock.advance(DAY)
    desk.run()
    assert _is_known(desk)
    with desk.record.reading() as connection:
        found = connection.execute(
            t.message.select().where(t.message.c.id == row["message_id"])
        ).one()
    assert found.public is False
    assert found.text.startswith(f"{WORDS}\n\nDaniel Osei\n\n[remember-them ")


def test_a_rate_limit_is_waited_for(desk: FreshDesk) -> None:
    """What it refused surely did not arrive, so that it is sent again."""
    limited = faults.status(429, times=2, path="/notes", headers={"retry-after": "1"})
    desk.helpdesk.faults.append(limited)
    desk.run("write_notes")
    assert len(desk.written(1)) == 1
    assert desk.heard.warnings == []


@pytest.mark.parametrize("failure", [Killed(), RetryableError("was silent")], ids=["kill", "lost"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_note_of_which_nothing_is_known_is_looked_for_first(
    desk: FreshDesk, failure: BaseException, when: str
) -> None:
    """It stands there exactly once in the end."""
    setattr(desk.wire, when, failure)
    with contextlib.suppress(Killed):
        desk.run("write_notes")
    assert desk.row()["due"]
    setattr(desk.wire, when, None)
    desk.clock.advance(DAY)
    for _ in range(2):
        desk.run()
    assert len(desk.written(1)) == 1
    assert desk.row()["due"] is False
    assert _is_known(desk)
