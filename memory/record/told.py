"""What events tell of tickets, and what they leave for the tickets themselves to tell.

An export of events brings the messages of many tickets in one answer. Once it has passed a
ticket's last change, all messages of the ticket are stored; unless something happened to it that
events do not tell in full. Such a ticket is stale: it has to be read by itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import DESCRIPTION, Origin, Status
from memory.record import tables as t
from memory.record.outbox import put_in_outbox
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence


def mark_stale(connection: sa.Connection, account: int, ticket_ids: Sequence[str]) -> None:
    """The messages of these tickets are to be read; of those not known yet, once they are."""
    c = t.ticket.c
    for chunk in chunks(sorted(set(ticket_ids))):
        here = sa.and_(c.account == account, c.id.in_(chunk))
        known = set(connection.scalars(sa.select(c.id).where(here)))
        connection.execute(
            t.ticket.update()
            .where(here, c.status != Status.DELETED.value)
            .values(messages_due=True, stale=True)
        )
        rows: list[Row] = [
            {"account": account, "ticket_id": one} for one in chunk if one not in known
        ]
        upsert(connection, t.untold, rows)


def take_untold(connection: sa.Connection, account: int, ticket_ids: Sequence[str]) -> set[str]:
    """Which of these new tickets were stale before they were known; they are no longer noted."""
    u = t.untold.c
    here = sa.and_(u.account == account, u.ticket_id.in_(ticket_ids))
    found = set(connection.scalars(sa.select(u.ticket_id).where(here)))
    if found:
        connection.execute(t.untold.delete().where(here))
    return found


def mark_untold_second(connection: sa.Connection, account: int, second: int) -> None:
    """Of this second (Unix) not every event was told: who was there then is to be read.

    Those are the tickets that were made by then and have changed in it or since. All tickets of
    that time have to be in the record.
    """
    c = t.ticket.c
    connection.execute(
        t.ticket.update()
        .where(
            c.account == account,
            c.version >= second,
            c.created_at < datetime.fromtimestamp(second + 1, UTC),
            c.status != Status.DELETED.value,
        )
        .values(messages_due=True, stale=True)
    )


def finish_told(
    connection: sa.Connection, account: int, *, since: int, until: int, at: datetime
) -> int:
    """All messages of the tickets that events have passed are stored; stale ones stay due.

    A ticket of which fewer messages are stored than the helpdesk says there are stays due, too.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        since: The second (Unix) from which events were told.
        until: The second up to which they were.
        at: When the helpdesk told them.

    Returns:
        How many tickets that were.
    """
    found = _passed(connection, account, since, until)
    c, m = t.ticket.c, t.message.c
    for chunk in chunks(found):
        connection.execute(
            t.ticket.update()
            .where(c.account == account, c.id.in_(chunk))
            .values(messages_read=True, messages_due=False, read_at=at)
        )
        connection.execute(
            t.message.delete().where(
                m.account == account,
                m.ticket_id.in_(chunk),
                m.id == DESCRIPTION,
                m.origin == Origin.DESCRIPTION.value,
            )
        )
    put_in_outbox(connection, account, found)
    return len(found)


def _passed(connection: sa.Connection, account: int, since: int, until: int) -> Sequence[str]:
    c, m = t.ticket.c, t.message.c
    stored = (
        sa.select(sa.func.count())
        .where(m.account == account, m.ticket_id == c.id, m.id != DESCRIPTION)
        .scalar_subquery()
    )
    return connection.scalars(
        sa.select(c.id).where(
            c.account == account,
            c.messages_due,
            # A change is never older than its version: this leads to the rows by their index.
            c.updated_at < datetime.fromtimestamp(until, UTC),
            c.version < until,
            c.created_at >= datetime.fromtimestamp(since, UTC),
            sa.not_(c.messages_read),
            sa.not_(c.stale),
            c.status != Status.DELETED.value,
            stored >= sa.func.coalesce(c.messages_told, 1),
        )
    ).all()
