"""A note also stands in the customer's ticket: once, whatever happens around its sending."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from connector.demo import faults
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED
from connector.errors import RetryableError
from connector.zendesk.auth import NOTES_SCOPE, SCOPE
from memory.record import queries
from memory.record import tables as t
from memory.record.notes import own_notes
from tests.integration.keeping.desk import WORDS, Desk, Killed
from tests.support.tale import ACCOUNT, AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANA, BO, CY = "zendesk:101", "zendesk:102", "zendesk:103"


def _story() -> dict[str, Any]:
    """Ana has three tickets, the oldest of them open; Bo's are closed; Cy has none."""
    states = [(1, 101, 40, "open"), (2, 101, 30, "solved"), (3, 101, 20, "closed")]
    states += [(4, 102, 10, "closed"), (5, 102, 9, "closed")]
    tickets = [
        ticket(
            n,
            who,
            AS_OF - age * DAY,
            status=status,
            messages=[message("customer", AS_OF - age * DAY, f"Question {n}")],
        )
        for n, who, age, status in states
    ]
    return tale(tickets, [customer(101), customer(102), customer(103)])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A helpdesk whose history was taken."""
    clock = ManualClock(datetime.fromtimestamp(AS_OF, UTC))
    told = DemoHelpdesk(read_story(_story()), clock=clock.now, limits=UNLIMITED)
    with told as helpdesk:
        made = Desk(tmp_path, helpdesk, clock)
        made.run("backfill")
        with contextlib.closing(made.memory):
            yield made


def test_a_note_stands_in_the_latest_open_ticket_for_agents_alone(desk: Desk) -> None:
    """Its words, who noted it, and a last line by which it is known."""
    note = desk.note(agent="daniel@acme.example")
    desk.run("write_notes")
    [comment] = desk.comments(1)
    assert comment.public is False
    assert comment.text == f"{WORDS}\n\nDaniel Osei\n\n[remember-them {note}]"
    row = desk.row()
    assert (row["due"], row["ticket_id"], row["message_id"]) == (False, "1", str(comment.id))
    assert desk.memory.note_place(note) == "zendesk:1"


def test_without_an_open_ticket_it_is_the_latest(desk: Desk) -> None:
    """But for those that are closed for good."""
    desk.state.tickets[1].status = "solved"
    desk.clock.advance(DAY)
    desk.note()
    desk.run()
    assert len(desk.all_comments()) == len(desk.comments(1)) + len(desk.comments(2)) == 1


def test_a_sync_writes_what_waits_and_nothing_twice(desk: Desk) -> None:
    """Also after it has come back among the ticket's comments."""
    desk.note()
    for _ in range(3):
        desk.run()
        desk.clock.advance(DAY)
    assert len(desk.all_comments()) == 1
    with desk.record.reading() as connection:
        texts = connection.execute(t.message.select().where(t.message.c.ticket_id == "1")).all()
    assert sum(WORDS in one.text for one in texts) == 1
    assert desk.heard.warnings == []


def test_only_what_is_to_be_written_is(desk: Desk) -> None:
    """A note taken without the setting stays here, and with it off nothing is written."""
    desk.memory.note("stays here", customer=ANA)
    desk.note()
    desk.run(notes=False)
    assert desk.all_comments() == []
    desk.run()
    assert [one.text.partition("\n")[0] for one in desk.all_comments()] == [WORDS]


@pytest.mark.parametrize("failure", [Killed(), RetryableError("was silent")], ids=["kill", "lost"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("then", ["write_notes", "sync", "backfill"])
def test_a_note_of_which_nothing_is_known_is_looked_for_first(
    desk: Desk, failure: BaseException, when: str, then: str
) -> None:
    """Killed or cut off around the request: afterwards it stands there exactly once."""
    desk.note()
    setattr(desk.wire, when, failure)
    with contextlib.suppress(Killed):
        desk.run()
    assert len(desk.all_comments()) == (when == "after")
    assert desk.row()["due"]
    setattr(desk.wire, when, None)
    desk.clock.advance(DAY)
    desk.run(then)
    [comment] = desk.comments(1)
    row = desk.row()
    assert (row["due"], row["ticket_id"], row["message_id"]) == (False, "1", str(comment.id))


def test_a_note_that_came_back_is_known_without_looking(desk: Desk) -> None:
    """The sync that follows a lost answer reads it with its ticket, and asks for nothing more."""
    desk.note()
    desk.wire.after = RetryableError("was silent")
    desk.run()
    desk.clock.advance(DAY)
    desk.wire.after = None
    desk.run(notes=False)
    assert desk.row()["message_id"] == str(desk.comments(1)[0].id)


def test_a_ticket_that_takes_no_note_is_passed_over(desk: Desk) -> None:
    """Closed since, or no longer there: the next one is asked."""
    desk.note()
    desk.state.tickets[1].status = "closed"
    desk.run("write_notes")
    assert len(desk.comments(2)) == len(desk.all_comments()) == 1
    desk.memory.correct(desk.row()["id"], "unwanted")
    desk.note()
    desk.state.tickets[2].deleted = True
    desk.run("write_notes")
    assert len(desk.all_comments()) == 1
    assert desk.memory.note_place(desk.row()["id"]) == ""


@pytest.mark.parametrize("who", [BO, CY])
def test_a_note_that_no_ticket_takes_stays_here(desk: Desk, who: str) -> None:
    """The user is told once, by its id and without its words; the sync goes on."""
    note = desk.note(who)
    desk.run()
    desk.run()
    assert (desk.row()["text"], desk.row()["due"]) == (WORDS, False)
    [told] = desk.heard.warnings
    assert note in told
    assert "Ashgrove" not in told


def test_who_may_not_write_is_told_and_may_later(desk: Desk) -> None:
    """The note waits; nothing else of the sync is held up."""
    desk.note()
    desk.scopes = (SCOPE,)
    desk.run()
    assert "they are safe here" in desk.heard.warnings[0]
    assert (desk.row()["due"], desk.row()["ticket_id"]) == (True, None)
    desk.scopes = (SCOPE, NOTES_SCOPE)
    desk.run()
    assert len(desk.comments(1)) == 1


def test_a_rate_limit_is_waited_for(desk: Desk) -> None:
    """What it refused surely did not arrive, so that it is sent again."""
    desk.note()
    limited = faults.status(429, times=2, path="/tickets/1", headers={"retry-after": "1"})
    desk.helpdesk.faults.append(limited)
    desk.run("write_notes")
    assert len(desk.comments(1)) == 1


def test_a_note_that_is_not_wanted_is_not_written(desk: Desk) -> None:
    """Nor one of a customer who opted out meanwhile."""
    desk.memory.correct(desk.note(), "unwanted")
    desk.note()
    desk.memory.opt_out(ANA)
    desk.run()
    assert desk.all_comments() == []


def test_an_unwanted_note_that_comes_back_is_still_known(desk: Desk) -> None:
    """It stands in the helpdesk, as agents' words are never taken away there; not so here."""
    note = desk.note()
    desk.run()
    desk.memory.correct(note, "unwanted")
    desk.clock.advance(DAY)
    desk.run()

    with desk.record.reading() as connection:
        number = desk.record.account(ACCOUNT).number
        messages = queries.messages_of_tickets(connection, number, ["1"])
        assert own_notes(connection, number, messages) == {
            ("1", str(desk.comments(1)[0].id)): False
        }
