"""A disk that is full or limited: a plain end, nothing lost, and the same command goes on."""

from __future__ import annotations

import resource
import sqlite3
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests.support.tale import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.house import House, Told

pytestmark = [pytest.mark.xdist_group("small"), pytest.mark.timeout(900), pytest.mark.slow]

TAKE = ("backfill", "zendesk", "--json", "--no-remember", "--account", ACCOUNT)
PEOPLE = tuple(f"zendesk:{number}" for number in range(101, 107))


@contextmanager
def _disk_of(pages: int) -> Iterator[None]:
    """Every record on SQLite that is opened meanwhile may have so many pages."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(sa.Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(sa.Engine, "connect", limit)


def _pages(house: House) -> int:
    with closing(sqlite3.connect(house.home / "record.sqlite")) as connection:
        [count] = connection.execute("PRAGMA page_count").fetchone()
    return int(count)


def _exports(house: House, ask: Callable[..., Told]) -> list[str]:
    return [ask(house, "export", "--customer", one).held for one in PEOPLE]


@pytest.fixture(scope="module")
def taken(small: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The small story, taken but not remembered."""
    house = small.at(tmp_path_factory.mktemp("taken") / "home")
    assert house.run(*TAKE).code == 0
    return house


def test_a_disk_that_is_full_again_and_again(
    small: House, taken: House, in_process: Callable[..., Told], tmp_path: Path
) -> None:
    """Exit 1 and what to do; each time there is a little more room, the same command goes on.

    It ends as if there always was room. How large a record becomes differs a little from run to
    run, which is why the last steps are small.
    """
    house, empty = small.at(tmp_path / "home"), small.at(tmp_path / "empty")
    in_process(empty, "status", "--json")
    first, whole = _pages(empty), _pages(taken)
    full = 0
    for part in (0.02, 0.3, 0.6, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.3):
        with _disk_of(first + int((whole - first) * part)):
            told = in_process(house, *TAKE)
        if told.code == 0:
            break
        full += 1
        assert (told.code, told.out) == (1, "")
        assert told.problem["detail"] == "The disk is full: the record could not be written."
        assert "nothing that was stored is lost" in told.problem["hint"]
    assert told.code == 0
    assert full >= 4, "the disk was hardly ever full"
    assert _exports(house, in_process) == _exports(taken, in_process)


@pytest.mark.long
def test_a_disk_that_is_full_while_remembering(
    small: House, taken: House, in_process: Callable[..., Told], tmp_path: Path
) -> None:
    """Every ticket is remembered as a whole or waits; with room, all of them are."""
    house = small.at(tmp_path / "home")
    house.home.mkdir()
    with closing(sqlite3.connect(taken.home / "record.sqlite")) as source:
        source.execute("VACUUM INTO ?", (str(house.home / "record.sqlite"),))
    remember = ("reindex", "--json")
    with _disk_of(_pages(house) + 4):
        told = in_process(house, *remember)
    assert told.code == 1
    assert "The disk is full" in told.problem["detail"]
    done = in_process(house, *remember)
    assert done.code == 0
    assert _exports(house, in_process) == _exports(small, in_process)


def test_a_file_that_may_grow_no_more(small: House, taken: House, tmp_path: Path) -> None:
    """A quota is not a full disk, but ends as plainly, in the installed command too."""
    house = small.at(tmp_path / "home")
    least = 200_000
    cap = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (least, least))
    told = house.run(*TAKE, preexec_fn=cap)
    assert (told.code, told.out) == (1, "")
    assert "could not be" in told.problem["detail"]
    assert "run the same command again" in told.problem["hint"].casefold()
    assert "Traceback" not in told.err
    assert house.run(*TAKE).code == 0


def test_a_backup_that_does_not_fit_leaves_nothing(small: House, tmp_path: Path) -> None:
    """The record is untouched, and no half a copy has the name."""
    cap = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (50_000, 50_000))
    told = small.run("backup", str(tmp_path / "copy"), "--json", preexec_fn=cap)
    assert (told.code, told.out) == (1, "")
    assert "Traceback" not in told.err
    assert list(tmp_path.iterdir()) == []
