"""Insert or bring up to date, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = dict[str, Any]
_CHUNK = 500


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Row],
    *,
    unless: Any = None,
    keep: Iterable[str] = (),
) -> None:
    """Insert rows, or bring the stored ones up to date.

    Args:
        connection: Inside a transaction of writes.
        table: Where; its primary key says what "the same row" is.
        rows: Each with every column that is to be written.
        unless: A function from the incoming row's columns to a condition under which the stored
            row stays as it is.
        keep: Columns that an existing row keeps.
    """
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    incoming = statement.excluded
    keys = [column.name for column in table.primary_key]
    change = {name: incoming[name] for name in rows[0] if name not in {*keys, *keep}}
    where = None if unless is None else sa.not_(unless(incoming))
    if change:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=change, where=where)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, rows)


def chunks(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Keys in pieces that fit into one statement."""
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))
