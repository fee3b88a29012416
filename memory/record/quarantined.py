"""Rows that could not be read, put aside; and whom they are about.

Of such a row only keys, ids and the kinds of everything else are kept. An id is enough to tell
that it is of somebody who was forgotten, so it goes with them and is not put aside again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.forgotten import are_forgotten
from memory.record.upserts import Row, upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from memory.entities import Unreadable
    from memory.record.stored import Stored

_TICKET = "ticket_id"


def put_aside(
    connection: Connection, account: int, unreadable: Sequence[Unreadable], at: datetime
) -> None:
    """Keep rows that could not be read, to be counted and shown; not those of the forgotten.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        unreadable: The rows.
        at: When they came.
    """
    people = {one for row in unreadable for one in _people_in(row)}
    gone = are_forgotten(connection, account, people)
    rows: list[Row] = [
        {
            "account": account,
            "stream": row.stream,
            "id": row.id,
            "field": row.field,
            "reason": row.reason,
            "body": row.body,
            "at": at,
        }
        for row in unreadable
        if gone.isdisjoint(_people_in(row))
    ]
    upsert(connection, t.quarantine, rows)


def drop_quarantined(
    connection: Connection, account: int, people: Collection[str], tickets: Collection[str]
) -> int:
    """Remove the rows that name one of these people or tickets; how many those are."""
    q = t.quarantine.c
    rows = connection.execute(sa.select(q.stream, q.id, q.body).where(q.account == account))
    about = [
        row
        for row in rows.all()
        if not _people_in(row).isdisjoint(people) or not _tickets_in(row).isdisjoint(tickets)
    ]
    for row in about:
        connection.execute(
            t.quarantine.delete().where(
                q.account == account, q.stream == row.stream, q.id == row.id
            )
        )
    return len(about)


def _people_in(row: Stored | Unreadable) -> set[str]:
    """Every id that may be a person's: ids are given once, whatever they are given to."""
    return {row.id, *(value for key, value in _ids(row.body) if key != _TICKET)}


def _tickets_in(row: Stored | Unreadable) -> set[str]:
    """The tickets it names; tickets may have numbers that other things have, too."""
    named = {value for key, value in _ids(row.body) if key == _TICKET}
    return named | ({row.id} if "ticket" in row.stream else set())


def _ids(body: object) -> Iterator[tuple[str, str]]:
    """Each key that holds an id, with the id as text."""
    if isinstance(body, dict):
        for key, value in body.items():
            if isinstance(value, int | str) and (key == "id" or key.endswith("_id")):
                yield key, str(value)
            else:
                yield from _ids(value)
    elif isinstance(body, list):
        for value in body:
            yield from _ids(value)
