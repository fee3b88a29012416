"""A backup is the record as it stood at one moment, whoever writes it meanwhile."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from memory import Memory
from memory.errors import RecordError, UsageError
from memory.record import Record
from memory.record import tables as t
from memory.record.backup import back_up
from tests.integration.record.writer import write_page
from tests.support.book import AS_OF, Book, agent, customer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.support.postgres import Server

    Writing = Callable[[str, str], AbstractContextManager[None]]
    Restore = Callable[[Path], str]


@pytest.fixture
def book(database_url: str, request: pytest.FixtureRequest) -> Iterator[Book]:
    """Mara, of whom something is remembered and noted."""
    if database_url.startswith("postgresql"):
        _have_its_programs(request)
    made = Book(database_url)
    _fill(made)
    yield made
    made.record.close()


def _have_its_programs(request: pytest.FixtureRequest) -> None:
    """Put `pg_dump` of the server's version first on the path."""
    server: Server = request.getfixturevalue("postgres")
    patch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    patch.setenv("PATH", str(server.programs), prepend=":")


def _fill(book: Book) -> None:
    book.people(customer(phone="2125550101"), agent())
    book.ticket("first")
    book.told("bereavement", "My friend Ruth died", "first", relation="friend")
    book.issue("first", "Roaming bill", vector=[1, 0])
    book.note("Speaks of her boat.", note_id="mine")


@pytest.fixture
def restore(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Restore]:
    """Restores a backup as the README says; the address of the record."""
    with closing(_Restoring(request, tmp_path / "restored")) as restoring:
        yield restoring.restore


class _Restoring:
    def __init__(self, request: pytest.FixtureRequest, home: Path) -> None:
        self._request = request
        self._home = home
        self._databases: list[AbstractContextManager[str]] = []

    def restore(self, file: Path) -> str:
        """Where the record of a backup is now."""
        if file.read_bytes()[:6] == b"SQLite":
            self._home.mkdir()
            shutil.copy(file, self._home / "record.sqlite")
            return f"sqlite:///{self._home / 'record.sqlite'}"
        server: Server = self._request.getfixturevalue("postgres")
        self._databases.append(server.database(template="template0"))
        address = self._databases[-1].__enter__()
        plain = address.replace("+psycopg", "")
        program = server.programs / "pg_restore"
        command: list[str | Path] = [program, "--no-owner", f"--dbname={plain}", file]
        subprocess.run(command, check=True, capture_output=True)
        return address

    def close(self) -> None:
        """Drop the databases."""
        for one in self._databases:
            one.__exit__(None, None, None)


def _told(database_url: str, home: Path) -> tuple[dict[str, Any], str]:
    """What `status` and `export` tell."""
    with Memory.open(home, database_url=database_url, now=lambda: AS_OF) as memory:
        status = memory.status()["accounts"][0]
        return dict(status), json.dumps(memory.export(customer="zendesk:100"))


def test_a_backup_while_another_writes_is_one_moment(
    book: Book,
    new_database: Callable[[], str],
    writing: Writing,
    restore: Restore,
    tmp_path: Path,
) -> None:
    """Status and export of the restored record are those after one of the pages written."""
    file = tmp_path / "copy"
    with writing(book.database_url, "pages"):
        done = back_up(book.record, file)
    restored = restore(file)
    status, export = _told(restored, tmp_path)
    pages = status["tickets"] - 1
    assert pages >= 3
    assert done.accounts == ("zendesk:acme",)
    assert done.bytes == file.stat().st_size
    again = Book(new_database())
    _fill(again)
    for number in range(1, pages + 1):
        with again.record.writing(again.account) as writer:
            write_page(writer, number)
    expected = _told(again.database_url, tmp_path)
    again.record.close()
    assert (status, export) == expected
    assert "My friend Ruth died" in export
    assert f"Note {pages}" in export
    assert "boat" in export


def test_a_restored_record_goes_on(book: Book, restore: Restore, tmp_path: Path) -> None:
    """Every row, vectors and keys with them; the newest migration; text in the order of bytes."""
    file = tmp_path / "copy"
    back_up(book.record, file)
    again = Book(restore(file))
    for table in t.metadata.sorted_tables:
        assert again.rows(table) == book.rows(table), table.name
    again.people(customer("2", "anna"), customer("3", "Berta"))
    again.record.add_account("zendesk:apex", "https://apex.zendesk.com")
    with again.record.reading() as connection:
        names = sa.select(t.person.c.name).where(t.person.c.id.in_(["2", "3"]))
        assert connection.scalars(names.order_by(t.person.c.name)).all() == ["Berta", "anna"]
    again.record.close()


def test_a_backup_is_for_its_owner_alone_and_one_file(book: Book, tmp_path: Path) -> None:
    """Nothing is left beside it."""
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(book.record, folder / "copy")
    assert [one.name for one in folder.iterdir()] == ["copy"]
    assert stat.S_IMODE((folder / "copy").stat().st_mode) == 0o600


def test_nothing_is_overwritten(book: Book, tmp_path: Path) -> None:
    """A file, a folder: whatever has the name stays."""
    file = tmp_path / "copy"
    file.write_text("mine")
    for place in (file, tmp_path):
        with pytest.raises(UsageError, match="already"):
            back_up(book.record, place)
    assert file.read_text() == "mine"
    with pytest.raises(UsageError, match="no folder"):
        back_up(book.record, tmp_path / "nowhere" / "copy")


def test_an_empty_record_is_not_backed_up(tmp_path: Path) -> None:
    """It would look like a backup, of the wrong folder."""
    with closing(Record.in_folder(tmp_path)) as record, pytest.raises(UsageError, match="empty"):
        back_up(record, tmp_path / "copy")


def test_a_damaged_record_gives_no_backup(tmp_path: Path) -> None:
    """The copy is checked before it gets its name."""
    book = Book(tmp_path)
    _fill(book)
    for number in range(50):
        book.ticket(f"{number}", subject="words " * 100)
    book.record.close()
    file = tmp_path / "record.sqlite"
    whole = bytearray(file.read_bytes())
    half = len(whole) // 2
    whole[half : half + 20_000] = bytes(20_000)
    file.write_bytes(whole)
    with pytest.raises(RecordError, match="damaged"):
        back_up(book.record, tmp_path / "copy")
    book.record.close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["record.sqlite"]


def _programs(folder: Path, version: str) -> None:
    """Programs that say they are of a version."""
    for name in ("pg_dump", "pg_restore"):
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)


@pytest.mark.parametrize(("version", "says"), [(None, r"server's version\."), ("9.6", "another")])
def test_postgresql_needs_its_own_pg_dump(
    postgres: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str | None,
    says: str,
) -> None:
    """Without one, or with another version's, the error says what to install."""
    if version is not None:
        _programs(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    with postgres.database() as address, closing(Record.open(address)) as record:
        record.add_account("zendesk:acme", "https://acme.zendesk.com")
        with pytest.raises(RecordError, match=says) as caught:
            back_up(record, tmp_path / "copy")
        assert "postgresql-client-" in caught.value.hint
    assert not (tmp_path / "copy").exists()
