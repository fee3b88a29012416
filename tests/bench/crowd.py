"""Many customers out of few: the rows that the real code made, copied under new ids.

Every customer of a large record is then made as those of a small one are, and only their number
differs. Rows are written in the order of their keys and indexes are built afterwards, which is
what makes a hundred thousand customers affordable; what the planner was told stays. Where the
embedded sentences stand, which a brief never reads, is not copied.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from memory.record import Record, tables
from tests.bench.template import CUSTOMERS, FIRST_CUSTOMER

if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa

_WHOLE = ("account", "organization", "checkpoint", "vector")
_COPIED = (
    tables.person,
    tables.identity,
    tables.name_word,
    tables.ticket,
    tables.message,
    tables.memory,
    tables.evidence,
    tables.contact,
    tables.never_kept,
)
_OF_A_TICKET = ("requester_id", "customer_id", "person_id", "author_id", "ticket_id")
"""Columns, beside `person.id` and `ticket.id`, that name somebody or something copied."""


def copy(original: Path, target: Path, customers: int) -> None:
    """Write a record of so many customers, a multiple of the template's.

    Args:
        original: The template's SQLite file.
        target: The file to write.
        customers: How many.
    """
    Record.open(f"sqlite:///{target}").close()
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        for name, arguments, function in (
            ("moved", 2, _moved),
            ("phoned", 2, _phoned),
            ("mailed", 2, _mailed),
            ("hashed", 2, _hashed),
        ):
            connection.create_function(name, arguments, function, deterministic=True)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("ATTACH ? AS original", (str(original),))
        connection.execute("CREATE TEMP TABLE copies (copy INTEGER)")
        copies = [(number,) for number in range(customers // CUSTOMERS)]
        connection.executemany("INSERT INTO copies VALUES (?)", copies)
        figures = connection.execute("SELECT * FROM main.sqlite_stat1").fetchall()
        indexes = _drop_indexes(connection)
        for name in _WHOLE:
            connection.execute(f"INSERT INTO main.{name} SELECT * FROM original.{name}")
        for table in _COPIED:
            connection.execute(_statement(table))
        for statement in indexes:
            connection.execute(statement)
        connection.execute("DELETE FROM main.sqlite_stat1")
        connection.executemany("INSERT INTO main.sqlite_stat1 VALUES (?, ?, ?)", figures)
        connection.execute("PRAGMA journal_mode=WAL")


def _drop_indexes(connection: sqlite3.Connection) -> list[str]:
    """Drop every index that was made by name, and return what makes them."""
    found = connection.execute(
        "SELECT name, sql FROM main.sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX main.{name}")
    return [statement for _, statement in found]


def _statement(table: sa.Table) -> str:
    columns = [column.name for column in table.columns]
    keys = ", ".join(str(columns.index(column.name) + 1) for column in table.primary_key)
    return (
        f"INSERT INTO main.{table.name} SELECT {', '.join(_new(table, one) for one in columns)} "
        f"FROM original.{table.name}, copies {_only(table)} ORDER BY {keys}"
    )


def _only(table: sa.Table) -> str:
    """Agents are the same in every copy."""
    return f"WHERE copy = 0 OR CAST(id AS INTEGER) >= {FIRST_CUSTOMER}" if "role" in table.c else ""


def _new(table: sa.Table, column: str) -> str:
    """The SQL expression of a column in a copy."""
    if column in _OF_A_TICKET or (column == "id" and table in {tables.person, tables.ticket}):
        return f"moved({column}, copy)"
    if column == "memory_id" or (column == "id" and table is tables.memory):
        return f"hashed({column}, copy)"
    if table is tables.person and column == "phone":
        return "phoned(phone, copy)"
    if table is tables.person and column == "email":
        return "mailed(email, copy)"
    if table is tables.identity and column == "value":
        return "CASE kind WHEN 'phone' THEN phoned(value, copy) ELSE mailed(value, copy) END"
    return column


def _moved(known: str | None, copy: int) -> str | None:
    """Another customer's or ticket's id; an agent's stays."""
    if known is None or not known.isdecimal() or int(known) < FIRST_CUSTOMER:
        return known
    return str(int(known) + copy * CUSTOMERS)


def _phoned(phone: str | None, copy: int) -> str | None:
    return phone and f"+{int(phone.removeprefix('+')) + copy * CUSTOMERS}"


def _mailed(email: str | None, copy: int) -> str | None:
    who, at, domain = (email or "").partition("@")
    return email and f"{_moved(who, copy)}{at}{domain}"


def _hashed(memory_id: str, copy: int) -> str:
    """As scattered as a memory's own id is."""
    if not copy:
        return memory_id
    return hashlib.blake2b(f"{memory_id}\0{copy}".encode(), digest_size=12).hexdigest()
