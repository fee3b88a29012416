"""Questions about all that was said in one customer's tickets, for search.

Each is built once: to build it anew takes longer than to answer it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.terms import ACCOUNT, IDS, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def embedded(connection: Connection, account: int, ticket_ids: Sequence[str]) -> Rows:
    """The embedded sentences of tickets, in the order of tickets' and messages' ids, and place.

    Rows: `ticket_id`, `message_id`, `start`, `stop`, `author_id`, `digest`, and the vector's
    `data` and `users`. It is not looked up whether the messages are still there.
    """
    return connection.execute(_embedded(), {"in_account": account, "ids": list(ticket_ids)}).all()


@cache
def _embedded() -> sa.Select[Any]:
    s, v = t.sentence.c, t.vector.c
    return (
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
        .where(s.account == ACCOUNT, s.ticket_id.in_(IDS))
        .order_by(s.ticket_id, s.message_id, s.start)
    )


def messages(connection: Connection, account: int, ticket_ids: Sequence[str]) -> Rows:
    """The messages of tickets, ticket by ticket in the order in which they were said.

    Rows: `ticket_id`, `id`, `at`, `channel` and `text`.
    """
    return connection.execute(_messages(), {"in_account": account, "ids": list(ticket_ids)}).all()


@cache
def _messages() -> sa.Select[Any]:
    m = t.message.c
    return (
        sa.select(m.ticket_id, m.id, m.at, m.channel, m.text)
        .where(m.account == ACCOUNT, m.ticket_id.in_(IDS))
        .order_by(m.ticket_id, m.at, m.id)
    )
