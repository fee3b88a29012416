"""What a database's errors mean to the user; never the statement, its values or an address."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import exc

from memory.errors import RecordError, UsageError
from memory.record.engine import waits

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    import sqlalchemy as sa

_Told: TypeAlias = tuple[str, str]

_BUSY_HINT = "Run the same command again; `remember doctor` names who holds the data folder."

_FULL = (
    "The disk is full: the record could not be written.",
    "Make room and run the same command again; nothing that was stored is lost.",
)
_CROWDED = (
    "Too many ask the record at the same time.",
    "Try again in a moment.",
)
_LOST = (
    "The connection to the database was lost.",
    "Run the same command again; it goes on from the last page that was stored.",
)
_REFUSED = (
    "The database refuses the user or the password.",
    "Mend them in REMEMBER_DATABASE_URL; in a password, @ is written %40, / is %2F and : is %3A.",
)
_MISSING = (
    "There is no database of the name that REMEMBER_DATABASE_URL gives.",
    "Make it with `createdb --encoding=UTF8 NAME`, or mend the name.",
)
_UNREACHABLE = (
    "The database server cannot be reached, or does not let us in.",
    "Check that it runs, and the host, port and sslmode in REMEMBER_DATABASE_URL.",
)

_SQLITE: tuple[tuple[tuple[str, ...], _Told], ...] = (
    (("disk is full", "no space"), _FULL),
    (
        ("malformed", "not a database"),
        (
            "The record's file is damaged or is not a record.",
            "Restore it from a backup, or move it away and run `remember backfill` again.",
        ),
    ),
    (
        ("unable to open", "readonly", "read-only"),
        (
            "The record's file cannot be opened for reading and writing.",
            "Check that REMEMBER_HOME is a folder you may write to.",
        ),
    ),
    (
        ("disk i/o error",),
        (
            "The record's file could not be read or written (disk I/O error).",
            "Check the disk and its quota, then run the same command again.",
        ),
    ),
)
"""Words of SQLite's own messages, which are never translated (sqlite.org/rescode.html)."""

_POSTGRESQL: tuple[tuple[tuple[str, ...], _Told], ...] = (
    (("53100",), _FULL),
    (
        ("53300", "57P03"),
        (
            "The database takes no connections now.",
            "Run the same command again in a while, or allow more with max_connections.",
        ),
    ),
    (("28",), _REFUSED),
    (("3D000",), _MISSING),
    (
        ("42501",),
        (
            "The database's user may not do what the record needs.",
            "Make the user the database's owner, or GRANT it CREATE on the schema.",
        ),
    ),
    (
        ("42P07",),
        (
            "The database holds tables of another program under the names that we use.",
            "Make a database for the record alone, with `createdb --encoding=UTF8 NAME`.",
        ),
    ),
    (
        ("25006",),
        (
            "The database may only be read.",
            "Name the primary server in REMEMBER_DATABASE_URL, not a standby.",
        ),
    ),
    (
        ("40",),
        (
            "Another program wrote to the record at the same time.",
            "Run the same command again; nothing that was stored is lost.",
        ),
    ),
    (
        ("XX001", "XX002"),
        (
            "The database says that its data is damaged.",
            "Restore it from a backup.",
        ),
    ),
    (("08", "57P01", "57P02", "57P05"), _LOST),
)
"""How SQLSTATE begins, by postgresql.org/docs/current/errcodes-appendix.html."""

_CONNECTING: tuple[tuple[str, _Told], ...] = (
    ("password", _REFUSED),
    ("authentication", _REFUSED),
    ("role ", _REFUSED),
    ("invalid connection option", _UNREACHABLE),
    (" does not exist", _MISSING),
)
"""Words of libpq's messages, which come without an SQLSTATE; a server may translate its own."""


@contextmanager
def named_errors(engine: sa.Engine) -> Iterator[None]:
    """Turn whatever the database says within the block into a `RecordError`.

    Raises:
        UsageError: What is asked for holds what no database's text can.
        RecordError: Anything else that a database says.
    """
    try:
        yield
    except exc.TimeoutError as error:
        raise RecordError(*_CROWDED) from error
    except UnicodeEncodeError:
        raise _unheld() from None
    except exc.DBAPIError as error:
        if isinstance(error, exc.DataError) and "(0x00)" in str(error.orig):
            raise _unheld() from None
        raise _named(error, waits(engine)) from error


def _named(error: exc.DBAPIError, seconds: float) -> RecordError:
    words = str(error.orig).lower()
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state == "55P03" or "database is locked" in words:
        return RecordError(f"The record was busy for {seconds:g} seconds.", _BUSY_HINT)
    if hasattr(error.orig, "sqlstate"):
        told = _of_postgresql(error, state, words)
    else:
        told = _of_sqlite(words)
    return RecordError(*told) if told is not None else _unknown(error.orig)


def copying(error: sqlite3.Error) -> RecordError:
    """What an error of SQLite's own means while the record is copied."""
    told = _of_sqlite(str(error).lower())
    return RecordError(*told) if told is not None else _unknown(error)


def _unheld() -> UsageError:
    """What comes from a helpdesk is cleaned: such words are those of whoever asks."""
    return UsageError(
        "The words hold a character that no database holds.",
        "Leave out NUL and halves of characters.",
    )


def _unknown(error: BaseException | None) -> RecordError:
    return RecordError(
        f"The record could not be used ({type(error).__name__}).",
        "Run `remember doctor` to see what is wrong.",
    )


def _of_sqlite(words: str) -> _Told | None:
    return next((told for signs, told in _SQLITE if any(one in words for one in signs)), None)


def _of_postgresql(error: exc.DBAPIError, state: str, words: str) -> _Told | None:
    if state:
        return next((told for signs, told in _POSTGRESQL if state.startswith(signs)), None)
    if error.connection_invalidated:
        return _LOST
    if error.statement is None:  # nothing was asked yet: the connection itself failed
        return next((told for sign, told in _CONNECTING if sign in words), _UNREACHABLE)
    return None
