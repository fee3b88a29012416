"""Whatever was read, in whichever order and however often: the record is the truth."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connector.demo import faults
from memory.entities import DESCRIPTION
from memory.errors import UsageError
from memory.face import Memory
from tests.contract.held import REGION
from tests.contract.stories import CHANGES, HOUR, LONG, whole
from tests.support.tale import AS_OF, DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.desk import Desk
    from tests.contract.kind import Kind

    Open = Callable[..., Desk]


def test_a_backfill_brings_the_whole_truth(desk: Desk) -> None:
    """Customers, agents, identities, organizations, tickets, messages, ratings: nothing else."""
    report = desk.backfill()
    assert desk.differences == []
    truth = desk.truth
    assert len(truth.messages) > LONG
    counts = (report["customers"], report["tickets"], report["messages"])
    assert counts == (len(truth.customers), len(truth.tickets), len(truth.messages))
    assert report["quarantined"] == report["refused"] == 0
    assert (report["remembered"], report["encoded"], report["skipped"]) == (0, 0, 0)
    assert desk.heard.warnings == []


def test_a_backfill_in_small_pages_brings_the_same(open_desk: Open) -> None:
    """A helpdesk may hand out fewer rows than asked for; only it says where the end is."""
    desk = open_desk(whole(long=40))
    desk.helpdesk.faults.append(faults.fewer_rows(3))
    desk.backfill()
    assert desk.differences == []


def test_who_called_lately_is_read_first(desk: Desk) -> None:
    """The messages of this month's tickets are asked for before all others; each once.

    None is asked for of a ticket that has but the first text it came with.
    """
    desk.backfill()
    month = AS_OF - 30 * DAY
    tickets = {str(one["id"]): one["messages"][-1]["at"] for one in whole()["tickets"]}
    spoken = {key for key, number in desk.truth.messages if number != DESCRIPTION}
    asked = list(dict.fromkeys(_tickets_asked(desk)))
    assert spoken <= set(asked) <= tickets.keys()
    recent = {key for key in asked if tickets[key] >= month}
    assert set(asked[: len(recent)]) == recent
    assert recent


def _tickets_asked(desk: Desk) -> list[str]:
    """The tickets whose messages were answered, in order."""
    found = [re.search(r"/tickets/(\d+)", path) for path in desk.asked("messages")]
    return [one[1] for one in found if one]


def test_a_second_backfill_asks_little_and_changes_nothing(desk: Desk) -> None:
    """No ticket's messages are read twice."""
    desk.backfill()
    first = desk.held
    messages, seen = desk.asked("messages"), len(desk.helpdesk.seen)
    report = desk.backfill()
    assert desk.held == first
    assert desk.asked("messages") == messages
    assert len(desk.helpdesk.seen) - seen <= 2 * len(desk.kind.streams) + 2
    assert report["quarantined"] == 0


def test_a_sync_before_any_backfill_is_refused(desk: Desk) -> None:
    """There is nothing to go on from, and what to do is said."""
    with pytest.raises(UsageError, match="Nothing was taken") as caught:
        desk.sync()
    assert "remember backfill" in caught.value.hint


def test_a_sync_after_which_nothing_happened_changes_nothing(desk: Desk) -> None:
    """It asks less than the backfill did."""
    desk.backfill()
    first, seen = desk.held, len(desk.helpdesk.seen)
    desk.clock.advance(HOUR)
    desk.sync()
    assert desk.held == first
    assert len(desk.helpdesk.seen) - seen < seen


def test_nothing_older_than_since_is_taken_until_asked_for(desk: Desk) -> None:
    """A later backfill may reach further back; asking for less again takes nothing away."""
    since = datetime.fromtimestamp(AS_OF, UTC) - timedelta(days=30)
    desk.backfill(since=since)
    month = {one: told for one, told in desk.truth.tickets.items() if one in desk.held.tickets}
    assert set(month) < set(desk.truth.tickets)
    assert desk.held.tickets == month
    desk.backfill()
    assert desk.differences == []
    desk.backfill(since=since)
    assert desk.differences == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_sync_brings_every_kind_of_change(open_desk: Open, change: str) -> None:
    """What happened within the hour is in the record, and only that was asked for.

    What the helpdesk is silent about is not before a recheck.
    """
    desk = open_desk({**whole(long=9), "changes": CHANGES[change]})
    silent = change in desk.kind.silent
    desk.backfill()
    before, asked = desk.held, len(_tickets_asked(desk))
    desk.clock.advance(20 * 60)
    desk.sync()
    assert bool(desk.differences) == silent
    if silent:
        desk.clock.advance(60)
        desk.sync(recheck_days=0)
        assert desk.differences == []
    assert desk.held != before
    desk.clock.advance(2 * HOUR)
    desk.sync()
    assert desk.differences == []
    assert silent or len(set(_tickets_asked(desk)[asked:])) <= 3


def test_a_ticket_that_is_restored_has_its_rating_again(open_desk: Open) -> None:
    """Also where it was given long before the last sync: a recheck brings it."""
    changes = [
        {"at": AS_OF + 60, "do": "delete_ticket", "ticket": 3},
        {"at": AS_OF + 30 * 60, "do": "restore_ticket", "ticket": 3},
    ]
    desk = open_desk({**whole(long=9), "changes": changes})
    desk.backfill()
    for seconds in (20 * 60, HOUR):
        desk.clock.advance(seconds)
        desk.sync(recheck_days=0)
    assert desk.differences == []


def _all_changes() -> list[dict[str, Any]]:
    """Changes that do not stand in each other's way, one after the other."""
    lone = {"deleted customer", "deleted ticket", "scrubbed ticket"}
    changes = [one for name in CHANGES if name not in lone for one in CHANGES[name]]
    return sorted(changes, key=lambda one: one["at"])


def _sync_whole(desk: Desk) -> None:
    """Also what the helpdesk is silent about."""
    desk.sync(recheck_days=0 if desk.kind.silent else 7)


def test_changes_may_come_at_once_or_one_by_one(open_desk: Open) -> None:
    """A sync a minute and one sync at the end lead to the same truth."""
    desk = open_desk({**whole(long=9), "changes": _all_changes()})
    desk.backfill()
    for _ in range(20):
        desk.clock.advance(120)
        desk.sync()
    desk.clock.advance(HOUR)
    _sync_whole(desk)
    assert desk.differences == []


def test_changes_may_happen_while_a_run_reads(open_desk: Open) -> None:
    """What is missed by the run that is under way is brought by the next."""
    desk = open_desk({**whole(), "changes": _all_changes()})
    desk.helpdesk.faults.append(faults.fewer_rows(2))
    ticks = iter(range(10**6))

    def look(rows: list[Any]) -> list[Any]:
        if next(ticks) % 3 == 0:
            desk.clock.advance(60)
        return rows

    desk.helpdesk.faults.insert(0, desk.kind.rows("messages", look))
    desk.backfill()
    desk.clock.advance(2 * HOUR)
    _sync_whole(desk)
    assert desk.differences == []


@pytest.mark.parametrize("trick", ["twice", "reversed", "shuffled"])
def test_rows_may_come_twice_and_in_any_order(desk: Desk, trick: str) -> None:
    """Of any sort, within a page and from page to page: nothing is doubled, the newest stays."""
    dice = random.Random(7)
    tricks: dict[str, Callable[[list[Any]], list[Any]]] = {
        "twice": lambda rows: rows + rows,
        "reversed": lambda rows: rows[::-1],
        "shuffled": lambda rows: dice.sample(rows, len(rows)),
    }
    sorts = ("tickets", "people", "messages", "ratings")
    desk.helpdesk.faults += [desk.kind.rows(what, tricks[trick]) for what in sorts]
    desk.backfill()
    assert desk.differences == []


def test_a_page_may_be_larger_than_asked_for(open_desk: Open) -> None:
    """All its rows are taken, and the place to go on from is the helpdesk's."""
    desk = open_desk(whole(long=40))
    everyone: list[Any] = []

    def remember(rows: list[Any]) -> list[Any]:
        everyone.extend(one for one in rows if one not in everyone)
        return list(everyone)

    desk.helpdesk.faults += [
        desk.kind.rows("people", remember, times=2),
        faults.fewer_rows(2),
    ]
    desk.backfill()
    assert desk.differences == []


def test_pieces_come_to_the_same_as_the_whole(
    kind: Kind, open_desk: Open, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every customer's export after `--limit` again and again is that of one backfill."""
    desk = open_desk()
    for limit in (1, 3, 8):
        desk.backfill(limit=limit)
        assert desk.account.synced_at is None
    desk.backfill()
    pieces = _exports(desk)
    other = open_desk()
    other.record = Memory.open(tmp_path_factory.mktemp("one")).record
    other.backfill()
    assert _exports(other) == pieces
    assert len(pieces) == 8
    other.record.close()
    assert kind.account in str(pieces)


def _exports(desk: Desk) -> dict[str, Any]:
    url = desk.record.engine.url.render_as_string(hide_password=False)
    folder = "/nowhere-that-is-used"
    with Memory.open(folder, database_url=url, default_region=REGION) as memory:
        return {
            # Where the simulation is served differs from run to run, and with it every link.
            one: _without_host(memory.export(customer=f"{desk.kind.provider}:{one}"))
            for one in desk.held.customers
        }


def _without_host(document: Any) -> Any:
    return re.sub(r"http://127\.0\.0\.1:\d+", "", repr(document))
