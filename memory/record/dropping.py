"""How what is no longer to be kept goes: with its words, its sentences and their vectors."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from memory import policy
from memory.record import tables as t
from memory.record.helped import forget_helped
from memory.record.outbox import put_in_outbox
from memory.record.remembered import drop_unused_vectors, release
from memory.record.upserts import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_ISSUE: Final = "issue"


def drop_kind(connection: sa.Connection, account: int, kind: str) -> None:
    """Remove all memories of a kind with their words, and the notes whose words tell of it."""
    m, n = t.memory.c, t.note.c
    mine = sa.select(m.id).where(m.account == account, m.kind == kind)
    drop_memories(connection, account, connection.scalars(mine).all())
    told = connection.execute(sa.select(n.id, n.text).where(n.account == account)).all()
    gone = [row.id for row in told if kind == "note" or kind in policy.kinds_told(row.text)]
    drop_notes(connection, account, gone)
    _drop_issues_that_tell(connection, account, kind)


def _drop_issues_that_tell(connection: sa.Connection, account: int, kind: str) -> None:
    """Remove issues whose title tells of a kind; they come back without it."""
    m, e = t.memory.c, t.evidence.c
    titles = connection.execute(
        sa.select(m.id, e.quote)
        .join_from(t.memory, t.evidence, sa.and_(e.account == m.account, e.memory_id == m.id))
        .where(m.account == account, m.kind == _ISSUE, m.sensitive, e.part == "title")
    ).all()
    gone = [row.id for row in titles if kind in policy.kinds_told(row.quote)]
    drop_memories(connection, account, gone)


def drop_notes(connection: sa.Connection, account: int, ids: Sequence[str]) -> None:
    """Remove notes, and that they helped; where they stand they are still to be taken out."""
    n = t.note.c
    for chunk in chunks(ids):
        stands = sa.and_(n.account == account, n.id.in_(chunk), n.ticket_id.is_not(None))
        tickets = connection.scalars(sa.select(n.ticket_id).where(stands)).all()
        put_in_outbox(connection, account, tickets)
        connection.execute(t.note.delete().where(n.account == account, n.id.in_(chunk)))
        forget_helped(connection, account, chunk)


def drop_before(
    connection: sa.Connection, account: int, customer_id: str, before: datetime
) -> None:
    """Remove what was said of a customer before a moment; issues come back without their words."""
    m, n, c, s = t.memory.c, t.note.c, t.ticket.c, t.sentence.c
    tickets = tickets_of(connection, account, customer_id)
    told = sa.select(m.id).where(
        m.account == account, m.customer_id == customer_id, m.said_at < before
    )
    drop_memories(connection, account, connection.scalars(told).all())
    noted = sa.select(n.id).where(n.account == account, n.customer_id == customer_id, n.at < before)
    drop_notes(connection, account, connection.scalars(noted).all())
    for chunk in chunks(tickets):
        opened = sa.select(c.id).where(c.account == account, c.id.in_(chunk), c.created_at < before)
        drop_sentences(connection, sa.and_(s.account == account, s.ticket_id.in_(opened)))
    drop_unused_vectors(connection, account)
    put_in_outbox(connection, account, tickets)


def drop_personal(connection: sa.Connection, account: int, customer_id: str) -> None:
    """Remove all that is kept of a customer but issues, and what could be found by search."""
    tickets = tickets_of(connection, account, customer_id)
    m, s = t.memory.c, t.sentence.c
    personal = sa.select(m.id).where(
        m.account == account, m.customer_id == customer_id, m.kind != _ISSUE
    )
    drop_memories(connection, account, connection.scalars(personal).all())
    for table in (t.note, t.helped):
        c = table.c
        connection.execute(table.delete().where(c.account == account, c.customer_id == customer_id))
    for chunk in chunks(tickets):
        drop_sentences(connection, sa.and_(s.account == account, s.ticket_id.in_(chunk)))
    drop_unused_vectors(connection, account)
    counted = t.never_kept.c
    connection.execute(
        t.never_kept.delete().where(counted.account == account, counted.customer_id == customer_id)
    )
    put_in_outbox(connection, account, tickets)


def tickets_of(connection: sa.Connection, account: int, customer_id: str) -> list[str]:
    """The tickets a customer requested or wrote in, and where something of them is kept."""
    c, m, y, n = t.ticket.c, t.message.c, t.memory.c, t.note.c
    questions = (
        sa.select(c.id).where(c.account == account, c.requester_id == customer_id),
        sa.select(m.ticket_id).where(m.account == account, m.author_id == customer_id),
        sa.select(y.ticket_id).where(y.account == account, y.customer_id == customer_id),
        sa.select(n.ticket_id).where(
            n.account == account, n.customer_id == customer_id, n.ticket_id.is_not(None)
        ),
    )
    return sorted({one for question in questions for one in connection.scalars(question)})


def drop_memories(connection: sa.Connection, account: int, ids: Sequence[str]) -> None:
    """Remove memories with their words, and the sentences they were found in."""
    m, e, s = t.memory.c, t.evidence.c, t.sentence.c
    for chunk in chunks(ids):
        mine = sa.and_(m.account == account, m.id.in_(chunk))
        tickets = connection.scalars(sa.select(m.ticket_id).distinct().where(mine)).all()
        used = connection.scalars(sa.select(m.vector).where(mine, m.vector.is_not(None)))
        release(connection, account, Counter(used))
        stands_in = sa.and_(e.account == account, e.memory_id.in_(chunk))
        said = connection.execute(
            sa.select(e.ticket_id, e.message_id, e.quote)
            .distinct()
            .where(stands_in, e.message_id != "")
        ).all()
        connection.execute(t.evidence.delete().where(stands_in))
        connection.execute(t.memory.delete().where(mine))
        for ticket_id, message_id, quote in said:
            there = (e.account == account, e.ticket_id == ticket_id, e.message_id == message_id)
            connection.execute(t.evidence.delete().where(*there, e.quote == quote))
            drop_sentences(
                connection,
                sa.and_(s.account == account, s.ticket_id == ticket_id, s.message_id == message_id),
            )
        put_in_outbox(connection, account, tickets)
    drop_unused_vectors(connection, account)


def drop_sentences(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    """Remove embedded sentences; those that may stay come back when their ticket is remembered."""
    s = t.sentence.c
    used = connection.execute(sa.select(s.account, s.digest).where(which)).all()
    if used:
        release(connection, used[0].account, Counter(row.digest for row in used))
        connection.execute(t.sentence.delete().where(which))
