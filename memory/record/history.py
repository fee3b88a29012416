"""Questions about all that was said in one customer's tickets, for search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from memory.record.stored import Stored


def embedded(connection: Connection, account: int, ticket_ids: Sequence[str]) -> Sequence[Stored]:
    """The embedded sentences of tickets, in the order of tickets' and messages' ids, and place.

    Rows: `ticket_id`, `message_id`, `start`, `stop`, `author_id`, `digest`, and the vector's
    `data` and `users`. It is not looked up whether the messages are still there.
    """
    s, v = t.sentence.c, t.vector.c
    return connection.execute(
        sa.select(
            s.ticket_id,
            s.message_id,
            s.start,
            s.stop,
            s.author_id,
            s.digest,
            v.data,
            v.users,
        )
        .join_from(t.sentence, t.vector, sa.and_(v.account == s.account, v.digest == s.digest))
        .where(s.account == account, s.ticket_id.in_(ticket_ids))
        .order_by(s.ticket_id, s.message_id, s.start)
    ).all()


def messages(connection: Connection, account: int, ticket_ids: Sequence[str]) -> Sequence[Stored]:
    """The messages of tickets, ticket by ticket in the order in which they were said.

    Rows: `ticket_id`, `id`, `at`, `channel` and `text`.
    """
    m = t.message.c
    return connection.execute(
        sa.select(m.ticket_id, m.id, m.at, m.channel, m.text)
        .where(m.account == account, m.ticket_id.in_(ticket_ids))
        .order_by(m.ticket_id, m.at, m.id)
    ).all()


def speakers(connection: Connection, account: int, customer_id: str) -> Sequence[Stored]:
    """Who said something in a customer's tickets, and the customer: `id`, `name`, `role`."""
    s, c, p = t.sentence.c, t.ticket.c, t.person.c
    heard = (
        sa.select(s.author_id)
        .distinct()
        .join_from(t.ticket, t.sentence, sa.and_(s.account == c.account, s.ticket_id == c.id))
        .where(c.account == account, c.requester_id == customer_id)
    )
    ids = [customer_id, *(one for one in connection.scalars(heard) if one is not None)]
    return connection.execute(
        sa.select(p.id, p.name, p.role)
        .where(p.account == account, p.id.in_(sorted(set(ids))))
        .order_by(p.id)
    ).all()
