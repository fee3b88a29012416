"""Questions about issues: what each ticket of a customer was about, as a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.terms import ACCOUNT, VISIBLE, WHO, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from memory.record.stored import Stored


_VECTORS_OF = (
    sa.select(t.memory.c.ticket_id, t.vector.c.data)
    .join_from(
        t.memory,
        t.vector,
        sa.and_(t.vector.c.account == t.memory.c.account, t.vector.c.digest == t.memory.c.vector),
    )
    .where(
        t.memory.c.account == ACCOUNT,
        t.memory.c.customer_id == WHO,
        t.memory.c.kind == "issue",
    )
    .order_by(t.memory.c.ticket_id)
)


def vectors_of_customer(connection: Connection, account: int, customer_id: str) -> Sequence[Stored]:
    """The vectors of a customer's issues: `ticket_id`, and `data`, the float16 bytes."""
    return connection.execute(_VECTORS_OF, {"in_account": account, "who": customer_id}).all()


def visible(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """These issue memories of visible tickets, with the ticket's `status` and `subject`."""
    m, c = t.memory.c, t.ticket.c
    return connection.execute(
        sa.select(m.id, m.ticket_id, m.customer_id, m.code, m.sensitive, c.subject, c.status)
        .join_from(t.memory, t.ticket, sa.and_(c.account == m.account, c.id == m.ticket_id))
        .where(m.account == account, m.id.in_(ids), VISIBLE)
    ).all()


def vectors_and_readings(
    connection: Connection, account: int, digests: Sequence[bytes]
) -> tuple[dict[bytes, bytes], dict[bytes, bytes]]:
    """Digest to vector, and digest to the head's reading, of those that the record holds."""
    v = t.vector.c
    vectors: dict[bytes, bytes] = {}
    readings: dict[bytes, bytes] = {}
    for start in range(0, len(digests), 500):
        rows = connection.execute(
            sa.select(v.digest, v.data, v.reading).where(
                v.account == account, v.digest.in_(digests[start : start + 500])
            )
        ).all()
        vectors.update((row.digest, row.data) for row in rows)
        readings.update((row.digest, row.reading) for row in rows if row.reading is not None)
    return vectors, readings


def ids(connection: Connection, account: int) -> Sequence[str]:
    """The ids of all issue memories that have a vector."""
    m = t.memory.c
    return connection.scalars(
        sa.select(m.id).where(m.account == account, m.kind == "issue", m.vector.is_not(None))
    ).all()


def ids_of_tickets(
    connection: Connection, account: int, ticket_ids: Sequence[str]
) -> Sequence[str]:
    """The ids of the issue memories of these tickets."""
    m = t.memory.c
    return connection.scalars(
        sa.select(m.id).where(m.account == account, m.ticket_id.in_(ticket_ids), m.kind == "issue")
    ).all()


def vectors_of(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """Of these issue memories: `id` and `data`, the float16 bytes of their vector."""
    m, v = t.memory.c, t.vector.c
    return connection.execute(
        sa.select(m.id, v.data)
        .join_from(t.memory, t.vector, sa.and_(v.account == m.account, v.digest == m.vector))
        .where(m.account == account, m.id.in_(ids))
    ).all()
