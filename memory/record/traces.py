"""Leaves no byte, in the files of an SQLite record, of what was deleted from it.

What is deleted is overwritten where it stood (sqlite.org/pragma.html#pragma_secure_delete), but not
the copies that SQLite left behind when it moved rows between pages: those go when the file is
written anew (VACUUM), and older pages when the write-ahead log is emptied (sqlite.org/wal.html).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.forgotten import pending
from memory.record.guard import every_account
from memory.record.trouble import copying, named_errors

if TYPE_CHECKING:
    from datetime import datetime

    from memory.record.record import Record

_BUSY = "locked"
"""In SQLite's words for what another connection's transaction keeps it from."""


def is_due(record: Record) -> bool:
    """Whether bytes of anybody who was forgotten may still be in our files."""
    with record.reading() as connection:
        accounts = record.accounts(connection)
        return any(pending(connection, account.number) for account in accounts)


def forgotten_so_far(record: Record) -> tuple[int, datetime | None]:
    """How many people are forgotten, and since when the last of them is; changes with each."""
    f = t.forgotten.c
    with record.reading() as connection:
        row = connection.execute(
            sa.select(sa.func.count(), sa.func.max(f.accepted_at)).where(every_account(t.forgotten))
        ).one()
    return row[0], row[1]


def remove_traces(record: Record) -> bool:
    """Write the record's file anew and empty its log; others may read it meanwhile, not write.

    On PostgreSQL there is nothing to do here: it keeps old rows to itself, until it vacuums.

    Returns:
        False when somebody read or wrote for so long that it could not be done.

    Raises:
        RecordError: It cannot be done, such as for a full disk.
    """
    if record.engine.dialect.name != "sqlite":
        return True
    with named_errors(record.engine), closing(record.engine.raw_connection()) as pooled:
        connection: sqlite3.Connection = pooled.driver_connection  # type: ignore[assignment]
        try:
            connection.execute("VACUUM")
            (busy, *_), *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            if _BUSY in str(error):
                return False
            raise copying(error) from None
    return not busy
