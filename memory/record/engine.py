"""Opens a database, SQLite or PostgreSQL, so that both behave alike.

A transaction of reads sees one moment. A transaction of writes waits for its turn when it begins,
so that no two interleave and none fails half-way because another wrote in between.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from memory.errors import RecordError, UsageError
from memory.record import guard

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

OLDEST_POSTGRESQL = 15
"""Its support ends in November 2027 (postgresql.org/support/versioning)."""

EVERYBODY = 0
"""Whose turn it is while accounts or tables are made; the accounts' own numbers begin at 1."""

_POOL = {"pool_size": 16, "max_overflow": 48, "pool_timeout": 10, "pool_use_lifo": True}
"""Connections for the threads of a service, of which forty answer requests; the last that was given
back is taken first, so that what is seldom needed stays out of the way."""

_WAIT_SECONDS = 60.0
_CONNECT_SECONDS = 10
_ROOM = 0x72656D65
"""Keeps our turns apart from other programs' advisory locks in the same database: "reme"."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-16000", "secure_delete=ON")
"""The last writes zeros over what is deleted, which not every build of SQLite does by itself."""


def open_engine(address: str) -> sa.Engine:
    """An engine for the database at an SQLAlchemy URL; nothing is connected yet.

    `timeout` in the URL's query is how many seconds a transaction waits for another's writes.

    Raises:
        UsageError: It is no URL, of another kind of database, or the driver is not installed.
    """
    url, seconds = _parsed(address)
    if url.get_backend_name() == "sqlite":
        engine = _sqlite(url, seconds)
    elif url.get_backend_name() == "postgresql":
        engine = _postgresql(url.set(drivername="postgresql+psycopg"), seconds)
    else:
        raise UsageError(
            "REMEMBER_DATABASE_URL names a database that is neither SQLite nor PostgreSQL.",
            "It looks like sqlite:////path/record.sqlite or postgresql+psycopg://host/name.",
        )
    guard.install(engine)
    return engine


def _parsed(address: str) -> tuple[sa.URL, float]:
    """The URL without the time to wait, and that time; no word of it stands in an error."""
    if address.startswith("postgres://"):  # as hosting companies write it
        address = address.replace("postgres://", "postgresql://", 1)
    try:
        url = sa.make_url(address)
        waits = str(url.query.get("timeout", _WAIT_SECONDS))
        return url.difference_update_query(["timeout"]), float(waits)
    except (exc.ArgumentError, ValueError):
        raise UsageError(
            "REMEMBER_DATABASE_URL is not a database address.",
            "It looks like sqlite:////path/record.sqlite or postgresql+psycopg://host/name; in a "
            "password, @ is written %40, / is %2F and : is %3A.",
        ) from None


def waits(engine: sa.Engine) -> float:
    """How many seconds a transaction waits for another's writes."""
    seconds: float = engine.get_execution_options()["waits"]
    return seconds


def for_reading(engine: sa.Engine) -> sa.Engine:
    """The same database, seen at one moment in each transaction."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def for_writing(engine: sa.Engine) -> sa.Engine:
    """The same database, to be written in turns; call `take_turn` first in every transaction."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(writes=True)
    # Each statement after the wait must see what the one before us wrote.
    return engine.execution_options(isolation_level="READ COMMITTED")


def take_turn(connection: sa.Connection, account: int) -> None:
    """Wait until nobody else writes this account, or `EVERYBODY` for what belongs to none.

    SQLite has one writer at a time and waits when a transaction begins.
    """
    if connection.dialect.name == "sqlite":
        return
    milliseconds = round(waits(connection.engine) * 1000) or 1
    connection.execute(
        sa.select(
            sa.func.set_config("lock_timeout", str(milliseconds), True),
            sa.func.pg_advisory_xact_lock(_ROOM, account),
        )
    )


def _sqlite(url: sa.URL, seconds: float) -> sa.Engine:
    engine = sa.create_engine(
        url,
        connect_args={"isolation_level": None, "timeout": seconds},
        execution_options={"waits": seconds},
        **(_POOL if url.database not in {None, "", ":memory:"} else {}),
    )
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(
    _dialect: sa.Dialect, _record: object, arguments: list[Any], _more: dict[str, Any]
) -> None:
    """Make the file for its owner alone; SQLite gives the files beside it the same mode."""
    name = str(arguments[0])
    if name == ":memory:" or name.startswith("file:"):
        return
    with suppress(OSError):  # SQLite says better what is wrong
        os.close(os.open(name, os.O_RDWR | os.O_CREAT, 0o600))


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later can fail half-way when another process
    # wrote in between; one that says so at the start waits instead.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: sa.URL, seconds: float) -> sa.Engine:
    connect: dict[str, Any] = {"application_name": "remember-them", "client_encoding": "utf8"}
    if "connect_timeout" not in url.query:
        connect["connect_timeout"] = _CONNECT_SECONDS
    try:
        engine = sa.create_engine(
            url,
            connect_args=connect,
            execution_options={"waits": seconds},
            pool_pre_ping=True,  # a database that was restarted since is connected to anew
            **_POOL,
        )
    except ImportError:
        raise UsageError(
            "The driver for PostgreSQL is not installed.",
            "Run `pip install 'remember-them[postgresql]'`.",
        ) from None
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: DBAPIConnection, _record: object) -> None:
    from psycopg.types.string import StrDumper  # noqa: PLC0415  the driver is an extra

    class WithoutNul(StrDumper):
        """PostgreSQL's text cannot hold the character NUL."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", ""))

    psycopg: Any = connection
    info = psycopg.info
    try:
        _check_server(info.server_version, str(info.parameter_status("server_encoding")))
    except RecordError:
        psycopg.close()
        raise
    psycopg.adapters.register_dumper(str, WithoutNul)


def _check_server(version: int, encoding: str) -> None:
    if version < OLDEST_POSTGRESQL * 10_000:
        raise RecordError(
            f"The database is PostgreSQL {version // 10_000}; {OLDEST_POSTGRESQL} or newer is "
            "needed.",
            "Upgrade it, or name another one in REMEMBER_DATABASE_URL.",
        )
    if encoding != "UTF8":
        raise RecordError(
            f"The database stores text as {encoding}, not as UTF8.",
            "Make one with `createdb --encoding=UTF8 --template=template0 NAME`.",
        )
