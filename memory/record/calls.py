"""Writes into the record what the telephony lists of calls and of the agents' parts in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import Status
from memory.record import tables as t
from memory.record.forgotten import are_forgotten
from memory.record.outbox import put_in_outbox
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from memory.entities import CallRecord, Leg


def store_calls(connection: sa.Connection, account: int, calls: Sequence[CallRecord]) -> None:
    """Store calls, the newest version of each; tickets of new ones are to be remembered again.

    A call of a forgotten customer or of a deleted ticket is not stored.
    """
    newest: dict[str, CallRecord] = {}
    for one in calls:
        if one.id not in newest or one.updated_at >= newest[one.id].updated_at:
            newest[one.id] = one
    away = are_forgotten(connection, account, (one.customer_id for one in calls))
    gone = _deleted(connection, account, [one.ticket_id for one in calls])
    kept = [
        newest[key]
        for key in sorted(newest)
        if newest[key].customer_id not in away and newest[key].ticket_id not in gone
    ]
    news = _news(connection, account, t.call, [_call_row(account, one) for one in kept])
    upsert(
        connection,
        t.call,
        news,
        unless=lambda incoming: incoming.updated_at < t.call.c.updated_at,
    )
    put_in_outbox(connection, account, (row["ticket_id"] for row in news if row["ticket_id"]))


def _call_row(account: int, one: CallRecord) -> Row:
    return {
        "account": account,
        "id": one.id,
        "customer_id": one.customer_id,
        "ticket_id": one.ticket_id,
        "agent_id": one.agent_id,
        "direction": one.direction,
        "outcome": one.outcome.value,
        "at": one.at,
        "updated_at": one.updated_at,
        "minutes": one.minutes,
    }


def store_legs(connection: sa.Connection, account: int, legs: Sequence[Leg]) -> None:
    """Store the agents' parts of calls, which may come before or after the calls themselves."""
    latest = {one.id: one for one in legs}
    rows: list[Row] = [
        {
            "account": account,
            "id": one.id,
            "call_id": one.call_id,
            "agent_id": one.agent_id,
            "outcome": one.outcome.value,
            "minutes": one.minutes,
        }
        for _, one in sorted(latest.items())
    ]
    news = _news(connection, account, t.leg, rows)
    upsert(connection, t.leg, news)
    c, m = t.call.c, t.message.c
    for chunk in chunks(sorted({row["call_id"] for row in news})):
        of_calls = sa.select(c.ticket_id).where(c.account == account, c.id.in_(chunk))
        of_messages = sa.select(m.ticket_id).where(m.account == account, m.call_id.in_(chunk))
        found = connection.scalars(sa.union(of_calls, of_messages))
        put_in_outbox(connection, account, [name for name in found if name])


def erase_calls(connection: sa.Connection, account: int, which: sa.ColumnElement[bool]) -> int:
    """Remove calls with their legs; how many calls.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        which: A condition on the columns of `tables.call`.
    """
    c, g = t.call.c, t.leg.c
    mine = sa.and_(c.account == account, which)
    connection.execute(
        t.leg.delete().where(g.account == account, g.call_id.in_(sa.select(c.id).where(mine)))
    )
    return connection.execute(t.call.delete().where(mine)).rowcount


def _news(
    connection: sa.Connection, account: int, table: sa.Table, rows: Sequence[Row]
) -> list[Row]:
    """The rows that are not stored just so: lists of calls are read again and again."""
    stored: dict[str, sa.RowMapping] = {}
    for chunk in chunks(sorted(row["id"] for row in rows)):
        c = table.c
        found = sa.select(table).where(c.account == account, c.id.in_(chunk))
        stored.update({row["id"]: row for row in connection.execute(found).mappings()})
    return [
        row
        for row in rows
        if row["id"] not in stored or any(stored[row["id"]][key] != row[key] for key in row)
    ]


def _deleted(connection: sa.Connection, account: int, ids: Iterable[str | None]) -> set[str]:
    """Which of these tickets are deleted."""
    c = t.ticket.c
    found: set[str] = set()
    for chunk in chunks(sorted({one for one in ids if one is not None})):
        deleted = sa.and_(c.id.in_(chunk), c.status == Status.DELETED.value)
        found |= set(connection.scalars(sa.select(c.id).where(c.account == account, deleted)))
    return found
