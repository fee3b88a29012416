"""A forgetting that is killed at any step has not begun, or goes on: nobody is half forgotten."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from memory import Memory
from memory.forgetting import finish
from memory.record import forgotten
from memory.record import tables as t
from memory.remembering.indexing import heal, open_index
from memory.workplace import Workplace
from tests.integration.forgetting import killed, life
from tests.support.book import AS_OF, Book
from tests.support.databases import sqlite_url
from tests.support.marks import found_in, of_words

if TYPE_CHECKING:
    from typing import Any

ROOT = Path(__file__).parents[3]
NEEDLES = of_words({mark: mark for mark in life.MARKS})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder that holds something of them in every table, and in the index."""
    folder = tmp_path / "home"
    folder.mkdir()
    book = Book(sqlite_url(folder))
    life.live(book)
    with book.record.writing(book.account) as writer:  # what it names was never written
        writer.connection.execute(t.written.delete().where(t.written.c.account == book.number))
    with ExitStack() as stack:
        place = Workplace(book.database_url, folder / "index")
        heal(book.record, book.account, open_index(place, book.account, stack))
    book.record.close()
    return folder


def _killed(home: Path, kills: int) -> list[Path]:
    """Copies of a folder in which they were forgotten, but for a kill; in the kills' order."""
    done = subprocess.run(
        [sys.executable, "-m", killed.__name__, home, str(kills)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return [home.with_name(f"killed-{step}") for step in done.stdout.split()]


def _goes_on(folder: Path, before: dict[str, list[dict[str, Any]]]) -> bool:
    """Look at what a kill left, and forget them to the end; whether they were forgotten by then."""
    book = Book(sqlite_url(folder))
    with book.record.reading() as connection:
        accepted = forgotten.forgotten(connection, book.number, life.WHO) is not None
    if accepted:
        assert life.found(book) == []
    else:
        assert {**life.held(book), "written": []} == before
        with Memory.open(folder, now=lambda: AS_OF) as memory:
            memory.forget(customer=f"zendesk:{life.WHO}")
    finish(book.record, Workplace(book.database_url, folder / "index"), AS_OF)
    with book.record.reading() as connection:
        assert forgotten.pending(connection, book.number) == []
    book.record.close()
    assert found_in(folder, NEEDLES) == {}
    assert not (folder / killed.EXPORT).exists()
    return accepted


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=pytest.mark.long)])
def test_killed_at_any_step_they_are_as_before_or_forgotten(home: Path, kills: int) -> None:
    """Never between: until it is accepted not a row has changed, and then no row tells of them.

    The same command, or a start, ends it; then not a byte is left.
    """
    book = Book(sqlite_url(home))
    before = {**life.held(book), "written": []}
    book.record.close()
    assert {name.partition(" as ")[0] for name in found_in(home, NEEDLES)} == set(life.MARKS)
    accepted = [_goes_on(folder, before) for folder in _killed(home, kills)]
    assert len(accepted) == kills
    assert accepted == sorted(accepted)
    assert {*accepted} == {False, True}
