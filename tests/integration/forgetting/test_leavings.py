"""What was not wanted leaves the record's file too: SQLite keeps copies of rows that it moved."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from memory import Memory
from memory.forgetting import finish
from memory.record.retention import sweep_when_due
from memory.record.traces import AFTER_SWEEPS, AFTER_WISHES, has_leavings
from memory.workplace import Workplace
from tests.support.book import AS_OF, Book, agent, customer
from tests.support.databases import sqlite_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

REF = "zendesk:100"
KEPT = "interest-m001"
MARK = b"kazoomark"
MINUTE = timedelta(minutes=1)

WISHES: dict[str, Callable[[Memory, str], Any]] = {
    "drop": lambda memory, kept: memory.correct(kept, "unwanted"),
    "decline": lambda memory, kept: memory.say_consent(kept, "declined"),
    "opt-out": lambda memory, _: memory.opt_out(REF),
    "before": lambda memory, _: memory.cut_off(REF, AS_OF),
    "never keep": lambda memory, _: memory.set_kind("interest", keep=False),
}


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """On SQLite; PostgreSQL keeps old rows to itself until it vacuums."""
    return sqlite_url(tmp_path)


@pytest.fixture
def clock() -> ManualClock:
    """Goes on only when told."""
    return ManualClock(AS_OF)


@pytest.fixture
def asked(book: Book, clock: ManualClock, tmp_path: Path) -> Iterator[Memory]:
    """The memory of a record in which one thing is remembered, and is to be forgotten."""
    book.people(customer(), agent())
    book.ticket("1")
    assert book.told("interest", "I love sailing") == KEPT
    with Memory.open(tmp_path, now=clock.now) as opened:
        yield opened


def _leave(folder: Path) -> None:
    """Leave in the record's file what SQLite leaves there of rows that it has moved."""
    with closing(sqlite3.connect(folder / "record.sqlite", isolation_level=None)) as plain:
        plain.execute("PRAGMA secure_delete = OFF")
        plain.execute("CREATE TABLE moved (words TEXT)")
        plain.execute("INSERT INTO moved VALUES (?)", [MARK.decode() * 20_000])
        plain.execute("DROP TABLE moved")
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert _is_left(folder)


def _is_left(folder: Path) -> bool:
    return any(MARK in file.read_bytes() for file in folder.glob("record.sqlite*"))


def _sync_ends(book: Book, clock: ManualClock, folder: Path) -> None:
    """What every sync and every start of what remembers does."""
    place = Workplace(book.database_url, folder / "index")
    assert finish(book.record, place, clock.now()) == []


@pytest.mark.parametrize("wish", WISHES)
def test_after_a_wish_nothing_is_left(
    book: Book, asked: Memory, clock: ManualClock, tmp_path: Path, wish: str
) -> None:
    """The file is written anew once tickets are remembered without it; without a wish it is not."""
    _leave(tmp_path)
    _sync_ends(book, clock, tmp_path)
    assert _is_left(tmp_path)
    WISHES[wish](asked, KEPT)
    clock.advance(60)
    _sync_ends(book, clock, tmp_path)
    assert (_is_left(tmp_path), book.waiting()) == (True, ["1"])
    book.drain()
    _sync_ends(book, clock, tmp_path)
    assert not _is_left(tmp_path)
    assert asked.brief(customer=REF)["customer"] is not None


def test_it_is_written_anew_once_a_day_at_most(
    book: Book, asked: Memory, clock: ManualClock, tmp_path: Path
) -> None:
    """However often somebody wishes something; what is left then goes the day after."""
    asked.opt_out(REF)
    book.drain()
    _sync_ends(book, clock, tmp_path)
    clock.advance(2 * 3600)
    _leave(tmp_path)
    asked.cut_off(REF, AS_OF)
    book.drain()
    _sync_ends(book, clock, tmp_path)
    assert _is_left(tmp_path)
    clock.advance(AFTER_WISHES.total_seconds() - 2 * 3600)
    _sync_ends(book, clock, tmp_path)
    assert not _is_left(tmp_path)
    clock.advance(AFTER_WISHES.total_seconds())
    assert not has_leavings(book.record, clock.now())


def test_a_wish_that_had_to_wait_for_the_writing_counts(
    book: Book, asked: Memory, clock: ManualClock, tmp_path: Path
) -> None:
    """Its time is from before; its rows came after."""
    asked.opt_out(REF)
    clock.advance(60)
    book.drain()
    _sync_ends(book, clock, tmp_path)
    assert has_leavings(book.record, AS_OF + MINUTE + AFTER_WISHES)


def test_where_tickets_always_wait_it_is_written_anew_after_a_day(
    book: Book, asked: Memory, clock: ManualClock, tmp_path: Path
) -> None:
    """Those that told it have been remembered by then."""
    asked.opt_out(REF)
    _leave(tmp_path)
    clock.advance(AFTER_WISHES.total_seconds() - 60)
    _sync_ends(book, clock, tmp_path)
    assert (_is_left(tmp_path), book.waiting()) == (True, ["1"])
    clock.advance(60)
    _sync_ends(book, clock, tmp_path)
    assert not _is_left(tmp_path)


def test_what_was_too_old_leaves_within_thirty_days(
    book: Book, asked: Memory, clock: ManualClock, tmp_path: Path
) -> None:
    """It is swept every day; the file is written anew more seldom for that."""
    days = {"interest": 5}

    def a_day_passes() -> None:
        clock.advance(timedelta(days=1).total_seconds())
        sweep_when_due(book.record, book.account, days, clock.now())
        _sync_ends(book, clock, tmp_path)

    a_day_passes()
    assert asked.brief(customer=REF)["context"] == []
    _leave(tmp_path)
    for _ in range(AFTER_SWEEPS.days - 1):
        a_day_passes()
    assert _is_left(tmp_path)
    a_day_passes()
    assert not _is_left(tmp_path)
