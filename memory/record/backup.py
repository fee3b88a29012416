"""Copies the record to a file as it stands at one moment, while others read and write it.

The index is left out: it is rebuilt from the record.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memory.errors import RecordError, UsageError
from memory.record import tables as t
from memory.record.trouble import copying, named_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import sqlalchemy as sa

    from memory.record.record import Record

_SERVICE = "record"
"""The name of the connection in the file that tells `pg_dump` where it leads."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the record.

    Attributes:
        file: Where it is.
        bytes: Its size.
        accounts: The names of the accounts in it.
    """

    file: Path
    bytes: int
    accounts: tuple[str, ...]


def back_up(record: Record, file: Path) -> Backup:
    """Copy the record to a file that only its owner may read, and check the copy.

    The file is there when it is whole, and not before. A record on SQLite is copied to an SQLite
    file; one on PostgreSQL is dumped for `pg_restore` by the `pg_dump` of the server's version.

    Args:
        record: What to copy.
        file: Where to; there must be no such file yet.

    Raises:
        UsageError: There is something of that name, no folder for it, or nothing to copy.
        RecordError: It cannot be copied, or the copy is damaged.
    """
    if file.exists():
        raise UsageError(f"There is something at {file} already.", "Name another file.")
    if not file.parent.is_dir():
        raise UsageError(f"There is no folder {file.parent}.", "Make it, or name another file.")
    if not record.accounts():
        raise UsageError("The record is empty.", "Run `remember backfill` first.")
    with _unfinished(file) as copy:
        if record.engine.dialect.name == "sqlite":
            _copy_sqlite(record, copy)
            accounts = _accounts_in(copy)
        else:
            _dump_postgresql(record, copy)
            accounts = tuple(account.name for account in record.accounts())
        _flush(copy)
        copy.rename(file)
    return Backup(file, file.stat().st_size, accounts)


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """A file beside the one to be made, for its owner alone; gone when something goes wrong."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    os.close(handle)
    copy = Path(name)
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _flush(copy: Path) -> None:
    """Have the disk keep what was written, before the file gets its name."""
    with copy.open("rb+") as written:
        os.fsync(written.fileno())


def _copy_sqlite(record: Record, copy: Path) -> None:
    """Copy all pages in one step: a step is one read transaction (sqlite.org/backup.html)."""
    with (
        named_errors(record.engine),
        closing(record.engine.raw_connection()) as source,
        closing(sqlite3.connect(copy, isolation_level=None)) as target,
    ):
        reader: sqlite3.Connection = source.driver_connection  # type: ignore[assignment]
        try:
            reader.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, not three
            found = target.execute("PRAGMA integrity_check").fetchall()
        except sqlite3.Error as error:
            raise copying(error) from None
    if found != [("ok",)]:
        raise RecordError(
            "The record is damaged: a copy of it does not pass SQLite's integrity check.",
            "Restore an older backup, or move the record away and run `remember backfill` again.",
        )


def _accounts_in(copy: Path) -> tuple[str, ...]:
    with closing(sqlite3.connect(copy)) as connection:
        return tuple(name for (name,) in connection.execute("SELECT name FROM account ORDER BY 1"))


def _dump_postgresql(record: Record, copy: Path) -> None:
    """Dump the record's own tables; `pg_dump` sees one moment of the database."""
    with record.reading() as connection:
        info = connection.connection.driver_connection.info  # type: ignore[union-attr]
        major = info.server_version // 10_000
    dump, restore = _program("pg_dump", major), _program("pg_restore", major)
    names = [*(table.name for table in t.metadata.sorted_tables), "alembic_version"]
    tables = (f'--table="{name}"' for name in names)
    how = ("--format=custom", "--no-owner", "--no-privileges", "--no-password")
    with _service(record.engine) as file:
        place = (f"--file={copy}", f"--dbname=service={_SERVICE}")
        _run([dump, *how, *tables, *place], {"PGSERVICEFILE": file})
    _run([restore, f"--file={os.devnull}", str(copy)])  # reads every byte of it


@contextmanager
def _service(engine: sa.Engine) -> Iterator[str]:
    """A file for its owner alone with the connection's words: others can see a command's.

    Its form: postgresql.org/docs/current/libpq-pgservice.html.
    """
    _, told = engine.dialect.create_connect_args(engine.url)
    told.pop("context", None)
    with tempfile.NamedTemporaryFile("w", prefix="remember-", encoding="utf-8") as file:
        file.write(f"[{_SERVICE}]\n" + "".join(f"{key}={value}\n" for key, value in told.items()))
        file.flush()
        yield file.name


def _program(name: str, major: int) -> str:
    """A program of PostgreSQL's that speaks the server's version."""
    found = shutil.which(name)
    if found is not None:
        told = _run([found, "--version"])
        version = re.search(r"\d+", told)
        if version is not None and int(version[0]) == major:
            return found
    raise RecordError(
        f"A backup needs {name} of PostgreSQL {major}, the server's version"
        + (f"; {found} is another." if found else "."),
        f"Install the client programs (on Debian postgresql-client-{major}) and put {name} on the "
        "PATH, or back up on the server.",
    )


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603  no shell, and programs by their whole path
        command,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it says nothing."]
        raise RecordError(
            f"{Path(command[0]).name} failed: {said[0][:300]}",
            "Mend what it says and run the same command again.",
        )
    return done.stdout
