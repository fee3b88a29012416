"""Takes what the helpdesk no longer has out of the record."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import Status
from memory.record import tables as t
from memory.record.calls import erase_calls
from memory.record.outbox import put_in_outbox
from memory.record.remembered import drop_unused_vectors, forget_ticket, release

if TYPE_CHECKING:
    from collections.abc import Sequence


def erase_ticket_contents(connection: sa.Connection, account: int, ticket_id: str) -> None:
    """Remove a ticket's words and all that was remembered of them.

    The bare row stays with its version, so that an older copy cannot bring the ticket back.
    """
    forget_ticket(connection, account, ticket_id)
    erase_calls(connection, account, t.call.c.ticket_id == ticket_id)
    for table in (t.message, t.rating, t.outbox):
        connection.execute(
            table.delete().where(table.c.account == account, table.c.ticket_id == ticket_id)
        )
    connection.execute(
        t.ticket.update()
        .where(t.ticket.c.account == account, t.ticket.c.id == ticket_id)
        .values(
            subject="",
            status=Status.DELETED.value,
            rating=None,
            messages_due=False,
            messages_read=False,
            stale=False,
            former_requester_id=None,
        )
    )


def erase_person(connection: sa.Connection, account: int, person_id: str) -> None:
    """Remove a permanently deleted customer, their tickets, words and memories."""
    requested = connection.scalars(
        sa.select(t.ticket.c.id).where(
            t.ticket.c.account == account, t.ticket.c.requester_id == person_id
        )
    ).all()
    for ticket_id in requested:
        erase_ticket_contents(connection, account, ticket_id)
    _erase_words(connection, account, person_id)
    _erase_memories(connection, account, person_id)
    erase_calls(connection, account, t.call.c.customer_id == person_id)
    for table in (t.note, t.never_kept, t.contact, t.access):
        connection.execute(
            table.delete().where(table.c.account == account, table.c.customer_id == person_id)
        )
    connection.execute(
        t.identity.delete().where(
            t.identity.c.account == account, t.identity.c.person_id == person_id
        )
    )


def _erase_words(connection: sa.Connection, account: int, person_id: str) -> None:
    """Remove what they wrote in other people's tickets, which are then remembered without it."""
    m, s = t.message.c, t.sentence.c
    wrote = sa.and_(m.account == account, m.author_id == person_id)
    said = sa.and_(s.account == account, s.author_id == person_id)
    elsewhere = connection.scalars(sa.select(m.ticket_id).distinct().where(wrote)).all()
    release(connection, account, Counter(connection.scalars(sa.select(s.digest).where(said))))
    connection.execute(t.sentence.delete().where(said))
    connection.execute(t.message.delete().where(wrote))
    put_in_outbox(connection, account, elsewhere)


def _erase_memories(connection: sa.Connection, account: int, person_id: str) -> None:
    c = t.memory.c
    mine = sa.and_(c.account == account, c.customer_id == person_id)
    ids: Sequence[str] = connection.scalars(sa.select(c.id).where(mine)).all()
    used = Counter(connection.scalars(sa.select(c.vector).where(mine, c.vector.is_not(None))))
    release(connection, account, used)
    drop_unused_vectors(connection, account)
    connection.execute(
        t.evidence.delete().where(t.evidence.c.account == account, t.evidence.c.memory_id.in_(ids))
    )
    connection.execute(t.memory.delete().where(mine))
