"""Whichever single byte of the access log is changed, a check says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import exc

from memory.errors import RememberError
from memory.record import Record, access
from memory.record.engine import open_engine
from tests.support.book import AS_OF, Book

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_EVERY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

COLUMNS = {
    "access": (
        *("account", "number", "at", "agent", "proof", "source", "what"),
        *("alias", "subject", "hash"),
    ),
    "access_head": ("account", "number", "hash"),
    "alias": ("customer_id", "alias", "key"),
}
"""Every column of the log, and those of the aliases that say whom it is about."""

KEYS = {"access": "number", "access_head": "account", "alias": "customer_id"}
PLACES = [(table, column) for table, columns in COLUMNS.items() for column in columns]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one row, and how to find that row."""

    table: str
    column: str
    key: Any
    value: Any


def _cells(connection: sa.Connection, table: str, column: str) -> Sequence[Cell]:
    key = KEYS[table]
    rows = connection.exec_driver_sql(
        f"SELECT {key}, {column} FROM {table} WHERE account = 1 ORDER BY {key}"
    ).all()
    return [Cell(table, column, one[0], one[1]) for one in rows if one[1] is not None]


def _with_a_changed_byte(value: Any, place: int, change: int) -> Any:
    """The same value but for one byte, as the database stores it."""
    if isinstance(value, int):
        size = 4 if abs(value) < 1 << 31 else 8
        data = bytearray(value.to_bytes(size, "big", signed=True))
        data[place % size] ^= change
        return int.from_bytes(data, "big", signed=True)
    plain = value.encode() if isinstance(value, str) else bytes(value)
    data = bytearray(plain)
    data[place % len(data)] ^= change
    return bytes(data)


def _write(connection: sa.Connection, cell: Cell, value: Any) -> None:
    """Put a value where one stands, whatever the column was made for.

    Raises:
        DBAPIError: The database does not let anybody.
    """
    new = ":value"
    if isinstance(cell.value, str):
        new = "CAST(:value AS TEXT)"
        if connection.dialect.name == "postgresql":
            new = "convert_from(:value, 'UTF8')"
    connection.execute(
        sa.text(
            f"UPDATE {cell.table} SET {cell.column} = {new} "
            f"WHERE account = 1 AND {KEYS[cell.table]} = :key"
        ),
        {"value": value, "key": cell.key},
    )


@_EVERY
@given(data=st.data())
def test_a_byte_of_any_column_of_any_row(data: st.DataObject, logged: Book) -> None:
    """Of the entries, of the head, and of what leads from an alias to a customer."""
    table, column = data.draw(st.sampled_from(PLACES))
    with logged.record.engine.connect() as connection:
        cell = data.draw(st.sampled_from(_cells(connection, table, column)))
        value = _with_a_changed_byte(
            cell.value, data.draw(st.integers(0, 63)), data.draw(st.integers(1, 255))
        )
        try:
            _write(connection, cell, value)
        except exc.DBAPIError:
            assume(False)
        found = access.verify(connection, 1)
        connection.rollback()
        assert not found.whole, (cell, value)
        assert access.verify(connection, 1).whole


@pytest.mark.parametrize("place", PLACES, ids=[".".join(one) for one in PLACES])
def test_one_bit_of_every_column(place: tuple[str, str], logged: Book) -> None:
    """None of them is left to chance."""
    seen = 0
    with logged.record.engine.connect() as connection:
        for cell in _cells(connection, *place):
            try:
                _write(connection, cell, _with_a_changed_byte(cell.value, -1, 2))
            except exc.IntegrityError:
                connection.rollback()  # there is another row of that key, or no such account
                continue
            assert not access.verify(connection, 1).whole
            seen += 1
            connection.rollback()
    refused = place[1] == "account" and logged.record.engine.dialect.name == "postgresql"
    assert seen > 0 or refused


# -- the bytes of the file -------------------------------------------------------------------------

LEAF = 0x0A
"""A page of a table without row ids that leads to no other (sqlite.org/fileformat2.html)."""


@dataclass(frozen=True, slots=True)
class File:
    """A record on SQLite as bytes, and where in it the rows of the log are."""

    data: bytes
    places: Sequence[int]
    beside: Path

    def verdict(self, place: int, change: int) -> bool:
        """Whether a record still holds of which one byte is another."""
        data = bytearray(self.data)
        data[place] ^= change
        file = self.beside / "record.sqlite"
        file.write_bytes(data)
        record = Record(open_engine(f"sqlite:///{file}"))
        try:
            with record.reading() as connection:
                return access.verify(connection, 1).whole
        except RememberError:
            return False
        finally:
            record.close()

    def rows(self) -> list[tuple[Any, ...]]:
        """What SQLite reads of the log in the file that was written last."""
        with closing(sqlite3.connect(self.beside / "record.sqlite")) as connection:
            connection.text_factory = bytes
            return [
                *connection.execute("SELECT * FROM access ORDER BY number"),
                *connection.execute("SELECT * FROM access_head"),
            ]


def _rows_in(data: bytes, root: int, page: int) -> list[int]:
    """Where the bytes of the rows of a table are that fills one page."""
    start = (root - 1) * page
    assert data[start] == LEAF
    found: list[int] = []
    for place in range(int.from_bytes(data[start + 3 : start + 5], "big")):
        pointer = start + 8 + 2 * place
        row = start + int.from_bytes(data[pointer : pointer + 2], "big")
        assert data[row] < 0x80  # its length is one byte
        found.extend(range(row, row + 1 + data[row]))
    return found


@pytest.fixture
def file(tmp_path: Path) -> File:
    """The log of three entries as it lies on the disk."""
    made = Book(tmp_path)
    for number, what in enumerate(("brief", "reveal", "reveal")):
        with made.record.writing(made.account) as writer:
            writer.log_access(
                at=AS_OF,
                agent="zendesk:11",
                proof="zendesk",
                source="service",
                what=what,
                customer_id=str(100 + number),
                subject="m-1" if number else None,
            )
    made.record.close()
    with closing(sqlite3.connect(tmp_path / "record.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [page] = connection.execute("PRAGMA page_size").fetchone()
        roots = [
            connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)
            ).fetchone()[0]
            for name in ("access", "access_head")
        ]
    data = (tmp_path / "record.sqlite").read_bytes()
    beside = tmp_path / "changed"
    beside.mkdir()
    return File(data, [one for root in roots for one in _rows_in(data, root, page)], beside)


@_EVERY
@given(data=st.data())
def test_a_byte_of_the_file_where_the_log_lies(data: st.DataObject, file: File) -> None:
    """Lengths and types as well; a file that cannot be read any more is no whole log either."""
    place = data.draw(st.sampled_from(file.places))
    change = data.draw(st.integers(1, 255))
    if file.verdict(place, change):
        assert file.verdict(place, 0)
        unchanged = file.rows()
        file.verdict(place, change)
        assert file.rows() == unchanged, "two ways to write the same"


def test_the_file_as_it_was_holds(file: File) -> None:
    """What makes the others fail is the byte that was changed."""
    assert file.verdict(file.places[0], 0)
    assert len(file.places) > 300
