"""Questions about issues: what each ticket of a customer was about, as a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import tables as t

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
        t.memory.c.account == sa.bindparam("in_account", type_=sa.Integer),
        t.memory.c.customer_id == sa.bindparam("who", type_=sa.Text),
        t.memory.c.kind == "issue",
    )
    .order_by(t.memory.c.ticket_id)
)


def issue_vectors_of(connection: Connection, account: int, customer_id: str) -> Sequence[Stored]:
    """The vectors of a customer's issues: `ticket_id`, and `data`, the float16 bytes."""
    return connection.execute(_VECTORS_OF, {"in_account": account, "who": customer_id}).all()
