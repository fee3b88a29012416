"""Leaves no byte, in the files of an SQLite record, of what was deleted from it.

What is deleted is overwritten where it stood (sqlite.org/pragma.html#pragma_secure_delete), but not
the copies that SQLite left behind when it moved rows between pages: those go when the file is
written anew (VACUUM), and older pages when the write-ahead log is emptied (sqlite.org/wal.html).

That is done at once for whoever is forgotten. For what a customer or the account did not want kept
it is done once a day, when the tickets that told it have been remembered without it; for what has
grown too old every thirty days. It costs ten to twenty seconds a gigabyte. When it was done last
stands in the file itself, as its `user_version` (sqlite.org/pragma.html#pragma_user_version), in
minutes since 1970.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.forgotten import pending
from memory.record.guard import every_account
from memory.record.trouble import copying, named_errors

if TYPE_CHECKING:
    from memory.record.record import Record

AFTER_WISHES: Final = timedelta(days=1)
"""How often the file is written anew at most, for what was not wanted."""

AFTER_SWEEPS: Final = timedelta(days=30)
"""The same, for what was too old."""

_WAITED: Final = timedelta(hours=1)
"""So long a wish may wait until it is written down and tickets are remembered without it."""

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


def has_leavings(record: Record, at: datetime) -> bool:
    """Whether it is time to write the file anew for what went by a wish, or was too old.

    Args:
        record: Where somebody may have wished that.
        at: The present.
    """
    if record.engine.dialect.name != "sqlite":
        return False
    with record.reading() as connection:
        last = _written_anew_at(connection)
        if last <= at < last + AFTER_WISHES:
            return False
        accounts = record.accounts(connection)
        if any(_is_wished(connection, one.number, last - _WAITED, at) for one in accounts):
            return True
    swept = [one.swept_at for one in accounts]
    return any(one is not None and one >= last + AFTER_SWEEPS for one in swept)


def remove_traces(record: Record, at: datetime) -> bool:
    """Write the record's file anew and empty its log; others may read it meanwhile, not write.

    On PostgreSQL there is nothing to do here: it keeps old rows to itself, until it vacuums.

    Args:
        record: Whose file it is.
        at: The present.

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
            if not busy:
                connection.execute(f"PRAGMA user_version = {int(at.timestamp()) // 60}")
        except sqlite3.Error as error:
            if _BUSY in str(error):
                return False
            raise copying(error) from None
    return not busy


def _written_anew_at(connection: sa.Connection) -> datetime:
    """When the file was written anew last; 1970 where it never was."""
    minutes: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    return datetime.fromtimestamp(minutes * 60, UTC)


def _is_wished(connection: sa.Connection, account: int, since: datetime, at: datetime) -> bool:
    """Whether something was not to be kept since then, and its words are out of the tickets.

    Where tickets always wait to be remembered, they are after a day.
    """
    c, o, b = t.correction.c, t.opt_out.c, t.cut_off.c
    a, k, x = t.consent.c, t.kind_policy.c, t.outbox.c
    wishes = sa.union_all(
        sa.select(c.at).where(c.account == account, c.verdict == "unwanted"),
        sa.select(o.at).where(o.account == account),
        sa.select(b.at).where(b.account == account),
        sa.select(a.at).where(a.account == account, a.answer == "declined"),
        sa.select(k.at).where(k.account == account, ~k.kept),
    ).subquery()
    first: datetime | None = connection.scalar(
        sa.select(sa.func.min(wishes.c.at)).where(wishes.c.at >= since)
    )
    if first is None:
        return False
    waiting = sa.select(x.ticket_id).where(x.account == account).limit(1)
    return at >= first + AFTER_WISHES or connection.scalar(waiting) is None
