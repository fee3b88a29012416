"""Backfill and sync: recent callers first, each thing once, resumable anywhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from connector.demo import faults
from connector.errors import CredentialsError, HelpdeskError
from memory.errors import UsageError
from memory.record import tables as t
from tests.support.tale import ACCOUNT, AS_OF, DAY, message, ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk
    from connector.sync.report import Report
    from memory.record import Record
    from tests.integration.sync.conftest import Heard

    Go = Callable[..., Report]

RECENT = {"11", "12", "13"}


@pytest.fixture(autouse=True)
def _later(document: dict[str, Any]) -> None:
    """What happens within the hour after the story's present."""
    at = AS_OF + 600
    document["changes"] = [
        {
            "at": at,
            "do": "add_message",
            "ticket": 13,
            "message": message("customer", at, "One thing more"),
        },
        {"at": at + 60, "do": "add_ticket", "ticket": ticket(99, 102, at + 60)},
        {"at": at + 120, "do": "update_customer", "customer": 101, "set": {"name": "Ana Núñez"}},
    ]


def _comments_asked(helpdesk: DemoHelpdesk) -> list[str]:
    """Ids of the tickets whose comments were answered, in order."""
    found = [re.search(r"/tickets/(\d+)/comments", one.path) for one in helpdesk.seen]
    answered = [one.status == 200 for one in helpdesk.seen]
    return [one[1] for one, ok in zip(found, answered, strict=True) if one and ok]


def _texts(record: Record) -> list[str]:
    with record.reading() as connection:
        return sorted(connection.scalars(sa.select(t.message.c.text)))


def test_a_backfill_takes_everything_once(run: Go, record: Record) -> None:
    """All tickets and messages; the first message is not there twice."""
    report = run()
    assert (report["tickets"], report["messages"], report["customers"]) == (13, 26, 2)
    expected = [f"{what} {n}" for n in range(1, 14) for what in ("Answer", "Question")]
    assert _texts(record) == sorted(expected)
    assert (report["remembered"], report["encoded"], report["skipped"]) == (0, 0, 0)


def test_who_called_lately_is_read_first(run: Go, helpdesk: DemoHelpdesk) -> None:
    """The comments of this month's tickets are asked for before all others."""
    run()
    asked = _comments_asked(helpdesk)
    assert set(asked[:3]) == RECENT
    assert sorted(asked, key=int) == [str(n) for n in range(1, 14)]


def test_a_second_backfill_takes_nothing_again(run: Go, helpdesk: DemoHelpdesk) -> None:
    """No ticket is read twice, and the report says so."""
    first = run()
    again = run()
    assert len(_comments_asked(helpdesk)) == 13
    assert (again["tickets"], again["messages"]) == (first["tickets"], first["messages"])
    assert [one["rows"] for one in again["streams"] if one["name"] == "comments"] == [0]


@pytest.mark.parametrize("path", ["/comments", "/incremental/tickets", "/incremental/users"])
def test_a_run_that_is_refused_in_the_middle_goes_on_there(
    run: Go, record: Record, helpdesk: DemoHelpdesk, path: str
) -> None:
    """What was stored is not asked for again; the end is as if nothing had happened."""
    broken = faults.status(403, times=1, path=path)
    helpdesk.faults.append(broken)
    with pytest.raises(CredentialsError):
        run()
    before = _comments_asked(helpdesk)
    run()
    asked = _comments_asked(helpdesk)
    stored = len(_texts(record))
    assert stored == 26
    # Requests in flight when the run was stopped may be asked for again.
    assert len(asked) <= 13 + len(before)
    assert set(asked) == {str(n) for n in range(1, 14)}


def test_a_helpdesk_that_stays_away_ends_the_run_for_now(run: Go, helpdesk: DemoHelpdesk) -> None:
    """After the seconds that are allowed: an error that can be resumed from."""
    helpdesk.faults.append(faults.status(503, times=1000, path="/comments"))
    with pytest.raises(HelpdeskError) as caught:
        run()
    assert caught.value.exit_code == 7
    helpdesk.faults.clear()
    assert run()["messages"] == 26


def test_nothing_older_than_since_is_taken(run: Go) -> None:
    """Tickets changed before that day stay where they are."""
    since = datetime.fromtimestamp(AS_OF, UTC) - timedelta(days=30)
    assert run(since=since)["tickets"] == 3


def test_a_later_backfill_may_reach_further_back(run: Go) -> None:
    """What an earlier one left out is taken; asking for less again takes nothing away."""
    since = datetime.fromtimestamp(AS_OF, UTC) - timedelta(days=30)
    run(since=since)
    assert run()["tickets"] == 13
    assert run(since=since)["tickets"] == 13


def test_a_limit_takes_the_newest_and_is_not_the_end(
    run: Go, record: Record, helpdesk: DemoHelpdesk
) -> None:
    """At most so many tickets are read, recent ones; without it the run goes on to the end."""
    run(limit=3)
    assert set(_comments_asked(helpdesk)) == RECENT
    assert record.account(ACCOUNT).synced_at is None
    assert run()["messages"] == 26
    assert record.account(ACCOUNT).synced_at is not None


def test_a_sync_before_any_backfill_is_refused(run: Go) -> None:
    """There is nothing to go on from."""
    with pytest.raises(UsageError, match="Nothing was taken"):
        run(sync=True)


def test_a_sync_brings_what_changed_and_only_that(
    clock: ManualClock, run: Go, record: Record, helpdesk: DemoHelpdesk
) -> None:
    """A further message, a new ticket, a new name; what has not changed is not read again."""
    run()
    before = len(_comments_asked(helpdesk))
    clock.advance(DAY)
    report = run(sync=True)
    assert (report["tickets"], report["messages"]) == (14, 28)
    assert "One thing more" in _texts(record)
    assert len(_comments_asked(helpdesk)) - before <= 2
    with record.reading() as connection:
        names = set(connection.scalars(sa.select(t.person.c.name)))
    assert "Ana Núñez" in names


def test_every_stream_says_how_far_it_is(run: Go, heard: Heard) -> None:
    """Each is heard of at its end, with a total where it is known."""
    run()
    done = {one.name for one in heard.streams if one.done}
    assert {"tickets_recent", "users", "tickets", "comments", "identities"} <= done
    comments = [one for one in heard.streams if one.name == "comments"]
    assert comments[-1].passed == 13
    assert all(one.passed <= (one.total or 13) for one in comments)
    assert heard.warnings == []
