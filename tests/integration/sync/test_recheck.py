"""Rechecks: what the helpdesk never reports is known in time, and no sooner than it has to be."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from connector.demo import faults
from connector.demo.zendesk.account import Account
from connector.demo.zendesk.habits import Habits
from connector.errors import CredentialsError
from memory.record import tables as t
from tests.support.tale import ACCOUNT, AS_OF, DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk
    from connector.sync.report import Report
    from memory.record import Record

    Go = Callable[..., Report]

DAYS = 7.0
HOUR = 3600
TICKETS = 13


@pytest.fixture(autouse=True)
def _silent(document: dict[str, Any], helpdesk: DemoHelpdesk) -> Account:
    """A helpdesk that says nothing of redactions."""
    del document
    state = helpdesk.state
    assert isinstance(state, Account)
    state.habits = Habits(tells_redactions=False)
    return state


@pytest.fixture
def state(_silent: Account) -> Account:
    """The helpdesk's state, to be changed behind everybody's back."""
    return _silent


@pytest.fixture
def backfill(run: Go) -> Callable[[], Report]:
    """Takes everything, an hour before the first sync."""
    return partial(run, recheck_days=DAYS)


@pytest.fixture
def sync(run: Go) -> Go:
    """Takes what changed, and looks again at what it is time for."""
    return partial(run, sync=True, recheck_days=DAYS)


def _column(record: Record, column: sa.Column[Any]) -> list[Any]:
    with record.reading() as connection:
        return sorted(connection.scalars(sa.select(column)))


def _asked(helpdesk: DemoHelpdesk, path: str) -> list[str]:
    """What was asked for under a path and answered: the numbers in it."""
    found = [re.fullmatch(path, one.path) for one in helpdesk.seen if one.status]
    return [one[1] if one.groups() else one[0] for one in found if one]


def _read(helpdesk: DemoHelpdesk) -> list[str]:
    return _asked(helpdesk, r"/api/v2/tickets/(\d+)/comments")


def _lists(helpdesk: DemoHelpdesk, kind: str = "tickets") -> int:
    """How often a list was read from its beginning."""
    path = f"/api/v2/incremental/{kind}/cursor"
    return len([x for x in helpdesk.seen if x.path == path and "start_time=0" in x.query])


def test_every_ticket_is_read_again_in_time(
    backfill: Go, sync: Go, clock: ManualClock, helpdesk: DemoHelpdesk
) -> None:
    """In each sync a part of them, those read longest ago; all within half of the days."""
    backfill()
    helpdesk.seen.clear()
    for day in (1, 2, 3, 4):
        clock.advance(DAY)
        sync()
        assert len(_read(helpdesk)) == int(TICKETS * day / 3.5), day
    assert set(_read(helpdesk)) == {str(n) for n in range(1, TICKETS + 1)}


def test_frequent_syncs_read_no_more_than_rare_ones(
    backfill: Go, sync: Go, clock: ManualClock, helpdesk: DemoHelpdesk
) -> None:
    """Less than a whole ticket counts towards the next one."""
    backfill()
    helpdesk.seen.clear()
    for _ in range(12):
        clock.advance(7 * HOUR)
        sync()
    assert len(_read(helpdesk)) in {TICKETS - 1, TICKETS}
    assert len(set(_read(helpdesk))) == len(_read(helpdesk))


def test_a_recheck_of_zero_days_is_in_every_sync(
    run: Go, clock: ManualClock, helpdesk: DemoHelpdesk
) -> None:
    """Everything, each time."""
    run(recheck_days=0)
    helpdesk.seen.clear()
    for times in (1, 2):
        clock.advance(HOUR)
        report = run(sync=True, recheck_days=0)
        assert len(_read(helpdesk)) == TICKETS * times
        assert (_lists(helpdesk), _lists(helpdesk, "users")) == (times, times)
        rows = {one["name"]: one["rows"] for one in report["streams"]}
        assert rows["comments_recheck"] == rows["tickets_recheck"] == TICKETS


def test_lists_are_read_again_after_half_of_the_days(
    backfill: Go, sync: Go, clock: ManualClock, helpdesk: DemoHelpdesk
) -> None:
    """Not before, and then not again for as long; a backfill counts as a reading."""
    backfill()
    helpdesk.seen.clear()
    found = []
    for _ in range(8):
        clock.advance(DAY)
        sync()
        found.append(_lists(helpdesk))
    assert found == [0, 0, 0, 1, 1, 1, 1, 2]


def test_a_sync_without_rechecks_looks_at_nothing_again(
    run: Go, clock: ManualClock, helpdesk: DemoHelpdesk
) -> None:
    """However long ago it was."""
    run()
    helpdesk.seen.clear()
    clock.advance(30 * DAY)
    run(sync=True)
    assert (_read(helpdesk), _lists(helpdesk)) == ([], 0)


def test_what_was_not_taken_is_not_looked_at_again(
    run: Go, sync: Go, clock: ManualClock, record: Record, helpdesk: DemoHelpdesk
) -> None:
    """After a backfill with a limit a recheck would be the rest of the backfill."""
    helpdesk.faults.append(faults.fewer_rows(3, path="/incremental/"))
    run(limit=3, recheck_days=DAYS)
    assert len(_column(record, t.ticket.c.id)) < TICKETS
    helpdesk.seen.clear()
    clock.advance(30 * DAY)
    sync()
    assert _lists(helpdesk) == 0


def test_a_silent_redaction_is_found(
    backfill: Go, sync: Go, clock: ManualClock, record: Record, state: Account
) -> None:
    """The old words are gone within the days."""
    backfill()
    state.tickets[4].comments[0].text = "Question ▇"
    state.tickets[4].comments[1].public = False
    del state.tickets[5].comments[1]
    for _ in range(4):
        clock.advance(DAY)
        sync()
    texts = _column(record, t.message.c.text)
    assert "Question 4" not in texts
    assert "Question ▇" in texts
    assert "Answer 5" not in texts
    assert _column(record, t.message.c.public).count(False) == 1


def test_a_ticket_that_moved_silently_is_found(
    backfill: Go, sync: Go, clock: ManualClock, record: Record, state: Account
) -> None:
    """Neither its version nor an event said so."""
    backfill()
    before = _column(record, t.ticket.c.requester_id)
    state.tickets[4].requester = 102
    clock.advance(4 * DAY)
    sync()
    after = _column(record, t.ticket.c.requester_id)
    assert after.count("102") == before.count("102") + 1
    assert _column(record, t.merge.c.loser_id) == []


def _without(kind: str, number: int, helpdesk: DemoHelpdesk) -> None:
    """A ticket or user of whom the helpdesk knows nothing more."""

    def edit(document: dict[str, Any]) -> dict[str, Any]:
        shown = [row for row in document.get(kind, ()) if row["id"] != number]
        return {**document, kind: shown}

    gone = {"error": "RecordNotFound", "description": "Not found"}
    helpdesk.faults += [
        faults.edited(edit, times=faults.ALWAYS, path="/incremental/(tickets|users)/"),
        faults.status(404, gone, times=faults.ALWAYS, path=f"/{kind}/{number}(/|$)"),
    ]


def test_a_ticket_that_no_list_has_is_asked_for_and_erased(
    backfill: Go, sync: Go, clock: ManualClock, record: Record, helpdesk: DemoHelpdesk
) -> None:
    """Only what is not there when it is asked for by itself is gone."""
    backfill()
    _without("tickets", 4, helpdesk)
    clock.advance(4 * DAY)
    report = sync()
    assert "Question 4" not in _column(record, t.message.c.text)
    assert report["tickets"] == TICKETS - 1
    asked = _asked(helpdesk, r"/api/v2/tickets/(\d+)")
    clock.advance(HOUR)
    sync()
    assert _asked(helpdesk, r"/api/v2/tickets/(\d+)") == asked


def test_a_ticket_that_no_list_has_but_is_there_stays(
    backfill: Go, sync: Go, clock: ManualClock, record: Record, helpdesk: DemoHelpdesk
) -> None:
    """A list may leave something out; that alone erases nothing."""
    backfill()
    _without("tickets", 4, helpdesk)
    del helpdesk.faults[1]
    clock.advance(4 * DAY)
    sync()
    assert _asked(helpdesk, r"/api/v2/tickets/(\d+)") == ["4"]
    assert "Question 4" in _column(record, t.message.c.text)


def test_somebody_who_is_gone_is_erased_with_all_their_tickets(
    backfill: Go, sync: Go, clock: ManualClock, record: Record, helpdesk: DemoHelpdesk
) -> None:
    """Their tickets are asked for first, in case they are somebody else's now."""
    backfill()
    _without("users", 101, helpdesk)
    clock.advance(4 * DAY)
    report = sync()
    assert (report["customers"], report["tickets"]) == (1, TICKETS // 2 + 1)
    asked = set(_asked(helpdesk, r"/api/v2/tickets/(\d+)"))
    assert asked == {str(n) for n in range(1, TICKETS + 1) if n % 2 == 0}
    assert "c101@mail.example" not in str(_column(record, t.identity.c.value))


def test_somebody_who_is_gone_and_whose_tickets_moved_was_merged(
    backfill: Go, sync: Go, clock: ManualClock, record: Record, helpdesk: DemoHelpdesk
) -> None:
    """Without a word of it: only the lists show where the tickets are."""
    backfill()
    assert isinstance(helpdesk.state, Account)
    for one in helpdesk.state.tickets.values():
        one.requester = 102
    _without("users", 101, helpdesk)
    clock.advance(4 * DAY)
    report = sync()
    assert report["tickets"] == TICKETS
    assert _column(record, t.merge.c.loser_id) == ["101"]
    assert set(_column(record, t.ticket.c.requester_id)) == {"102"}
    clock.advance(40 * DAY)
    assert sync()["tickets"] == TICKETS


def test_a_recheck_that_is_stopped_goes_on_where_it_was(
    backfill: Go, sync: Go, clock: ManualClock, record: Record, helpdesk: DemoHelpdesk
) -> None:
    """No list is begun anew, nothing is asked for twice, and what is gone is gone in the end."""
    backfill()
    helpdesk.seen.clear()
    _without("tickets", 4, helpdesk)
    small = faults.fewer_rows(3, path="/incremental/")
    refused = faults.status(403, times=1, path="/incremental/tickets")
    helpdesk.faults[:0] = [faults.after(3, refused), small]
    clock.advance(4 * DAY)
    with pytest.raises(CredentialsError):
        sync()
    assert _lists(helpdesk) == 1
    clock.advance(HOUR)
    sync()
    assert _lists(helpdesk) == 1
    helpdesk.faults.clear()
    _without("tickets", 4, helpdesk)
    clock.advance(HOUR)
    sync()
    assert _lists(helpdesk) == 1
    assert "Question 4" not in _column(record, t.message.c.text)
    places = {row for row in _column(record, t.checkpoint.c.stream) if "recheck" in row}
    rechecks = {"satisfaction_ratings_recheck", "tickets_recheck", "users_recheck"}
    assert places == {"comments_recheck", *rechecks}


def test_an_event_does_not_bring_redacted_words_back(
    run: Go, clock: ManualClock, record: Record, helpdesk: DemoHelpdesk, state: Account
) -> None:
    """What the ticket says stands, however late an event with the old words comes."""
    run(recheck_days=DAYS)
    event = next(one for one in state.events.values() if one.ticket == 4 and one.comment)
    state.tickets[4].comments[0].text = "Question ▇"
    clock.advance(4 * DAY)
    run(sync=True, recheck_days=DAYS)
    assert "Question 4" not in _column(record, t.message.c.text)
    state.event_order.put(event.id, AS_OF + 4 * DAY)
    assert event.comment is not None
    event.comment.text = "Question 4"
    clock.advance(HOUR)
    run(sync=True, recheck_days=DAYS)
    paths = [one.query for one in helpdesk.seen if one.path.endswith("/ticket_events")]
    assert paths
    assert "Question 4" not in _column(record, t.message.c.text)
    assert record.account(ACCOUNT).synced_at is not None
