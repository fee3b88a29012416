"""The outbox: which tickets are to be remembered, for whoever drains it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import Status
from memory.record import tables as t
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable


def put_in_outbox(connection: sa.Connection, account: int, ticket_ids: Iterable[str]) -> None:
    """These tickets are to be remembered (again)."""
    for chunk in chunks(sorted(set(ticket_ids))):
        times = connection.execute(
            sa.select(t.ticket.c.id, t.ticket.c.updated_at).where(
                t.ticket.c.account == account,
                t.ticket.c.id.in_(chunk),
                t.ticket.c.status != Status.DELETED.value,
            )
        )
        rows: list[Row] = [
            {
                "account": account,
                "ticket_id": ticket_id,
                "stamp": uuid.uuid4().hex,
                "at": updated_at,
            }
            for ticket_id, updated_at in times
        ]
        upsert(connection, t.outbox, rows)


def remember_everything_again(connection: sa.Connection, account: int) -> None:
    """Drop all that was remembered and every vector, and put every ticket in the outbox."""
    for table in (t.evidence, t.memory, t.sentence, t.contact, t.never_kept, t.vector):
        connection.execute(table.delete().where(table.c.account == account))
    connection.execute(t.account.update().where(t.account.c.number == account).values(encoder=None))
    c = t.ticket.c
    put_in_outbox(
        connection,
        account,
        connection.scalars(
            sa.select(c.id).where(c.account == account, c.status != Status.DELETED.value)
        ),
    )
