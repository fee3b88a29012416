"""Finishes tickets whose messages have been read to the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import DESCRIPTION, Origin, Status
from memory.record import tables as t
from memory.record.outbox import put_in_outbox
from memory.record.upserts import chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from memory.record.stored import Stored


@dataclass(frozen=True, slots=True)
class WholeTicket:
    """What reading a ticket's messages to the end has shown.

    Attributes:
        version: The ticket's when reading began; one that has changed since stays due.
        message_ids: All that it has; other messages of the record are there no more.
    """

    version: int
    message_ids: Collection[str]


def finish_tickets(
    connection: sa.Connection,
    account: int,
    ticket_ids: Sequence[str],
    read: Mapping[str, WholeTicket],
    at: datetime,
) -> None:
    """All messages of these tickets are stored, and no others; one changed since stays due.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        ticket_ids: Which tickets.
        read: What reading them has shown, where they were read one by one.
        at: When the helpdesk showed them.
    """
    c = t.ticket.c
    for chunk in chunks(sorted(set(ticket_ids))):
        here = sa.and_(c.account == account, c.id.in_(chunk))
        rows = connection.execute(sa.select(c.id, c.version, c.updated_at).where(here))
        known = {row.id: row for row in rows}
        # Of a ticket that has changed since, a later reading may have stored more by now.
        changed = {key for key in known.keys() & read if known[key].version != read[key].version}
        last_words = {
            key: whole for key, whole in read.items() if key in known and key not in changed
        }
        _drop_vanished(connection, account, chunk, last_words, known)
        connection.execute(
            t.ticket.update()
            .where(here, c.status != Status.DELETED.value)
            .values(messages_read=True, read_at=at)
        )
        connection.execute(
            t.ticket.update()
            .where(here, c.id.not_in(changed))
            .values(messages_due=False, stale=False)
        )
    put_in_outbox(connection, account, ticket_ids)


def _drop_vanished(
    connection: sa.Connection,
    account: int,
    ticket_ids: Sequence[str],
    read: Mapping[str, WholeTicket],
    known: Mapping[str, Stored],
) -> None:
    """Remove the stand-ins for tickets' first texts, and messages the tickets no longer have."""
    m = t.message.c
    rows = connection.execute(
        sa.select(m.ticket_id, m.id, m.origin, m.at).where(
            m.account == account, m.ticket_id.in_(ticket_ids)
        )
    )
    gone = [
        {"of": row.ticket_id, "which": row.id}
        for row in rows
        if _is_stand_in(row) or _has_vanished(row, read.get(row.ticket_id), known)
    ]
    if gone:
        connection.execute(
            t.message.delete().where(
                m.account == account,
                m.ticket_id == sa.bindparam("of"),
                m.id == sa.bindparam("which"),
            ),
            gone,
        )


def _is_stand_in(row: Stored) -> bool:
    return bool(row.id == DESCRIPTION and row.origin == Origin.DESCRIPTION.value)


def _has_vanished(row: Stored, whole: WholeTicket | None, known: Mapping[str, Stored]) -> bool:
    """What an event told after the ticket's last known change may be younger than the reading."""
    if whole is None or row.id == DESCRIPTION or row.id in whole.message_ids:
        return False
    return bool(row.origin == Origin.TICKET.value or row.at <= known[row.ticket_id].updated_at)
