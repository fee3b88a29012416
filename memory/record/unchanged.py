"""What was made of the record's rows, kept by a connection for as long as nobody writes.

The database itself says whether anything was written since, by anybody: whatever is erased,
redacted or corrected, what was made before is not used again. On SQLite that is `data_version`,
which tells of others' writes (sqlite.org/pragma.html#pragma_data_version), beside the count of the
connection's own. On PostgreSQL equal snapshots see equal rows
(postgresql.org/docs/current/functions-info.html, `pg_current_snapshot`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sqlalchemy import Connection

_HELD = "made while nothing changed"

Made = TypeVar("Made")


def while_unchanged(
    connection: Connection, about: str, asked: Hashable, make: Callable[[], Made]
) -> Made:
    """What `make` makes of the record's rows, or made of the same rows before.

    Args:
        connection: Reads one moment of the record; of one that writes nothing is kept.
        about: What is made. The connection keeps one thing of each name, the one made last.
        asked: What it depends on beside the rows.
        make: Makes it.
    """
    if not _only_reads(connection):
        return make()
    moment = _moment(connection)
    held = connection.info.get(_HELD)
    if held is None or held[0] != moment:
        held = connection.info[_HELD] = (moment, {})
    kept: dict[str, tuple[Hashable, Any]] = held[1]
    if about not in kept or kept[about][0] != asked:
        kept.pop(about, None)
        kept[about] = (asked, make())
    return cast("Made", kept[about][1])


def _only_reads(connection: Connection) -> bool:
    options = connection.get_execution_options()
    if connection.dialect.name == "sqlite":
        return not options.get("writes", False)
    return bool(options.get("postgresql_readonly", False))


def _moment(connection: Connection) -> Hashable:
    """Equal for equal rows, on one connection to the database."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        version = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
        return version, driver.total_changes
    return str(connection.exec_driver_sql("SELECT pg_current_snapshot()").scalar_one())
