"""Questions about issues: what each ticket of a customer was about, as a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from memory.record.stored import Stored


def issue_vectors_of(connection: Connection, account: int, customer_id: str) -> Sequence[Stored]:
    """The vectors of a customer's issues: `ticket_id`, and `data`, the float16 bytes."""
    m, v = t.memory.c, t.vector.c
    return connection.execute(
        sa.select(m.ticket_id, v.data)
        .join_from(t.memory, t.vector, sa.and_(v.account == m.account, v.digest == m.vector))
        .where(m.account == account, m.customer_id == customer_id, m.kind == "issue")
        .order_by(m.ticket_id)
    ).all()
