"""What is still to be read of the helpdesk, and where its streams stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.stored import Stored

if TYPE_CHECKING:
    from sqlalchemy import Connection

Rows: TypeAlias = Sequence[Stored]


def tickets_to_read(connection: Connection, account: int, limit: int) -> Rows:
    """The tickets whose messages are to be read, newest change first: `id`, `version`."""
    c = t.ticket.c
    return connection.execute(
        sa.select(c.id, c.version)
        .where(c.account == account, c.messages_due)
        .order_by(c.updated_at.desc(), c.id)
        .limit(limit)
    ).all()


def counts_due(connection: Connection, account: int) -> int:
    """How many tickets' messages are to be read."""
    c = t.ticket.c
    question = sa.select(sa.func.count()).where(c.account == account, c.messages_due)
    return connection.scalar(question) or 0


def counts_to_tell(connection: Connection, account: int, until: int, most: int) -> int:
    """How many tickets, `most` at most, events from the second `until` on can still finish."""
    c = t.ticket.c
    found = (
        sa.select(c.id)
        .where(
            c.account == account,
            c.messages_due,
            sa.not_(c.messages_read),
            sa.not_(c.stale),
            c.version >= until,
        )
        .order_by(c.updated_at.desc())
        .limit(most)
        .subquery()
    )
    return connection.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def people_to_identify(connection: Connection, account: int, limit: int) -> Sequence[str]:
    """Customers whose identities are to be read."""
    p = t.person.c
    return connection.scalars(
        sa.select(p.id)
        .where(p.account == account, p.identities_due)
        .order_by(p.updated_at.desc(), p.id)
        .limit(limit)
    ).all()


def checkpoints(connection: Connection, account: int) -> dict[str, Stored]:
    """Each stream's checkpoint: `value`, `done`, `rows`."""
    c = t.checkpoint.c
    rows = connection.execute(sa.select(t.checkpoint).where(c.account == account))
    return {row.stream: row for row in rows}
