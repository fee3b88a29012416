"""What disks, files and dying processes do to a record on SQLite."""

from __future__ import annotations

import ctypes
import os
import random
from typing import TYPE_CHECKING, Any

import pytest

from memory.errors import RecordError
from memory.record import Record
from memory.record import tables as t
from tests.support.book import Book, customer, message
from tests.support.house import House

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

SECRET = "Ruth Lindqvist"


def _filled(folder: Path) -> Book:
    """A record of a few hundred pages."""
    book = Book(folder)
    book.people(customer(name=SECRET))
    book.ticket("1")
    book.store(messages=tuple(message(f"{n}", f"{SECRET} {n} " * 100) for n in range(200)))
    book.note(f"{SECRET} was kind")
    return book


def test_a_killed_writer_leaves_the_last_whole_page(
    writing: Callable[[str, str], AbstractContextManager[None]], tmp_path: Path
) -> None:
    """Though half of the next one stood in the files already, and nobody has to wait."""
    book = Book(f"{Book(tmp_path).database_url}?timeout=10")
    book.ticket("1")
    files = tmp_path.glob("record.sqlite*")
    before = sum(one.stat().st_size for one in files)
    with writing(book.database_url, "half"):
        pass
    assert sum(one.stat().st_size for one in tmp_path.glob("record.sqlite*")) > before + 1_000_000
    assert [row["id"] for row in book.rows(t.ticket)] == ["1"]
    assert book.rows(t.message) == []
    book.ticket("3")
    assert [row["id"] for row in book.rows(t.ticket)] == ["1", "3"]
    book.record.close()


def test_a_record_that_another_writes_is_waited_for_as_long_as_the_address_says(
    writing: Callable[[str, str], AbstractContextManager[None]], tmp_path: Path
) -> None:
    """Another process stands in the middle of a page: readers go on, a writer is told."""
    book = Book(f"{Book(tmp_path).database_url}?timeout=0.1")
    book.ticket("1")
    with writing(book.database_url, "half"):
        assert [row["id"] for row in book.rows(t.ticket)] == ["1"]
        with pytest.raises(RecordError, match=r"busy for 0\.1 seconds") as caught:
            book.ticket("3")
        assert "remember doctor" in caught.value.hint
    book.ticket("3")
    book.record.close()


def _no_more_than_others() -> None:
    """Take from root what lets it write everywhere (man 7 capabilities)."""
    if os.geteuid() == 0:
        drop, override = 24, 1
        assert ctypes.CDLL(None).prctl(drop, override, 0, 0, 0) == 0


@pytest.mark.parametrize("command", [("status", "--json"), ("backup", "copy", "--json")])
def test_a_folder_that_may_only_be_read(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Exit 1 and what to look at; nothing of its contents."""
    home = tmp_path / "home"
    home.mkdir()
    _filled(home).record.close()
    home.chmod(0o555)
    done = House(home).run(*command, preexec_fn=_no_more_than_others, cwd=tmp_path)
    home.chmod(0o755)
    assert done.code == 1, done.err
    assert "REMEMBER_HOME is a folder you may write to" in done.problem["hint"]
    assert SECRET not in done.err
    assert "Traceback" not in done.err


def _read(book: Book, folder: Path) -> dict[str, Any] | RecordError:
    """Every row of some tables, or why they cannot be read."""
    try:
        Record.in_folder(folder).close()
        return {table.name: book.rows(table) for table in (t.person, t.ticket, t.note)}
    except RecordError as error:
        return error


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bytes_are_damage_or_do_not_matter(tmp_path: Path, seed: int) -> None:
    """Whatever happened to the file: rows as they were, or a plain error; never a crash."""
    book = _filled(tmp_path)
    kept = _read(book, tmp_path)
    book.record.close()
    file, dice = tmp_path / "record.sqlite", random.Random(seed)
    bytes_ = bytearray(file.read_bytes())
    page = 4096 * dice.randrange(len(bytes_) // 4096)
    for place in range(page, page + 400):  # a page's head, which says where everything stands
        bytes_[place] = dice.randrange(256)
    file.write_bytes(bytes_)
    found = _read(book, tmp_path)
    book.record.close()
    if isinstance(found, RecordError):
        assert SECRET not in str(found.problem())
        assert "damaged" in found.detail
        assert "backup" in found.hint
    else:
        assert found == kept


def test_a_record_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    """No command of ours writes what it does not know, on either database."""
    book = _filled(tmp_path)
    with book.record.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")
    book.record.close()
    before = (tmp_path / "record.sqlite").read_bytes()
    done = House(tmp_path).run("note", "hello", "--customer", "zendesk:100", "--json")
    assert done.code == 1
    assert "another version" in done.problem["detail"]
    assert "Install that version" in done.problem["hint"]
    assert (tmp_path / "record.sqlite").read_bytes() == before
    assert os.listdir(tmp_path) == ["record.sqlite"]  # noqa: PTH208 - names are compared
