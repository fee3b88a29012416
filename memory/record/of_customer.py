"""Questions about one customer: their tickets, what is remembered of them and what it rests on.

Rows are as those of `queries`. What a brief asks is built once: to build it anew takes longer than
to answer it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.queries import merged_from
from memory.record.terms import ACCOUNT, IDS, UNTIL, VISIBLE, WHO, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection


def tickets_of(connection: Connection, account: int, customer_id: str) -> Rows:
    """The visible tickets a customer requested, oldest first."""
    return connection.execute(_tickets_of(), {"in_account": account, "who": customer_id}).all()


@cache
def _tickets_of() -> sa.Select[Any]:
    c = t.ticket.c
    return (
        sa.select(
            c.id,
            c.subject,
            c.status,
            c.channel,
            c.assignee_id,
            c.created_at,
            c.updated_at,
            c.solved_at,
            c.rating,
            c.messages_read,
        )
        .where(c.account == ACCOUNT, c.requester_id == WHO, VISIBLE)
        .order_by(c.created_at, c.id)
    )


def memories_of(connection: Connection, account: int, customer_id: str) -> Rows:
    """What is remembered of a customer, oldest first."""
    return connection.execute(_memories_of(), {"in_account": account, "who": customer_id}).all()


@cache
def _memories_of() -> sa.Select[Any]:
    m, c = t.memory.c, t.ticket.c
    return (
        sa.select(
            m.id,
            m.ticket_id,
            m.kind,
            m.relation,
            m.said_at,
            m.about_on,
            m.confidence,
            m.sensitive,
            m.code,
            m.vector,
        )
        .join_from(t.memory, t.ticket, sa.and_(c.account == m.account, c.id == m.ticket_id))
        .where(m.account == ACCOUNT, m.customer_id == WHO, VISIBLE)
        .order_by(m.said_at, m.id)
    )


def evidence_of(connection: Connection, account: int, memory_ids: Sequence[str]) -> Rows:
    """The evidence of memories, in place.

    Rows: with the message's `at` and `channel`, null where the words are a ticket's subject, and
    the speaker's `role` and `author_name`, null where nobody knows. Words whose message is no
    longer there are left out: the ticket waits to be remembered again.
    """
    return connection.execute(
        _evidence_of(), {"in_account": account, "ids": list(memory_ids)}
    ).all()


@cache
def _evidence_of() -> sa.Select[Any]:
    e, m, p = t.evidence.c, t.message.c, t.person.c
    return (
        sa.select(
            e.memory_id,
            e.part,
            e.ticket_id,
            e.message_id,
            e.quote,
            m.at,
            m.channel,
            e.author_id,
            p.role,
            p.name.label("author_name"),
        )
        .select_from(t.evidence)
        .outerjoin(
            t.message,
            sa.and_(m.account == e.account, m.ticket_id == e.ticket_id, m.id == e.message_id),
        )
        .outerjoin(t.person, sa.and_(p.account == e.account, p.id == e.author_id))
        .where(
            e.account == ACCOUNT,
            e.memory_id.in_(IDS),
            sa.or_(e.message_id == "", m.id.is_not(None)),
        )
        .order_by(e.memory_id, e.place)
    )


def vectors_said(
    connection: Connection, account: int, digests: Sequence[bytes]
) -> dict[bytes, bytes]:
    """Digest to float16 bytes, of those of these sentences whose vector is there."""
    rows = connection.execute(_vectors_said(), {"in_account": account, "digests": list(digests)})
    return {row.digest: row.data for row in rows}


@cache
def _vectors_said() -> sa.Select[Any]:
    v = t.vector.c
    digests = sa.bindparam("digests", type_=sa.LargeBinary, expanding=True)
    return sa.select(v.digest, v.data).where(v.account == ACCOUNT, v.digest.in_(digests))


def contacts_of(connection: Connection, account: int, customer_id: str) -> Rows:
    """Which agent spent how long with a customer on which ticket, oldest first."""
    return connection.execute(_contacts_of(), {"in_account": account, "who": customer_id}).all()


@cache
def _contacts_of() -> sa.Select[Any]:
    c, k = t.contact.c, t.ticket.c
    return (
        sa.select(c.ticket_id, c.agent_id, c.at, c.minutes, c.talks, c.calls)
        .join_from(t.contact, t.ticket, sa.and_(k.account == c.account, k.id == c.ticket_id))
        .where(c.account == ACCOUNT, c.customer_id == WHO, VISIBLE)
        .order_by(c.at, c.ticket_id, c.agent_id)
    )


def ratings_of(connection: Connection, account: int, customer_id: str) -> Rows:
    """How a customer's tickets were rated, oldest first.

    Rows: `id`, `ticket_id`, `score`, `at`, and `agent_id`, whose ticket it was at the time.
    """
    return connection.execute(_ratings_of(), {"in_account": account, "who": customer_id}).all()


@cache
def _ratings_of() -> sa.Select[Any]:
    r, c = t.rating.c, t.ticket.c
    return (
        sa.select(r.id, r.ticket_id, r.agent_id, r.score, r.at)
        .join_from(t.ticket, t.rating, sa.and_(r.account == c.account, r.ticket_id == c.id))
        .where(c.account == ACCOUNT, c.requester_id == WHO, VISIBLE)
        .order_by(r.at, r.id)
    )


def notes_of(connection: Connection, account: int, customer_id: str) -> Rows:
    """What agents noted here about a customer, oldest first, with `author_name`."""
    return connection.execute(_notes_of(), {"in_account": account, "who": customer_id}).all()


@cache
def _notes_of() -> sa.Select[Any]:
    n, p = t.note.c, t.person.c
    return (
        sa.select(t.note, p.name.label("author_name"))
        .outerjoin(t.person, sa.and_(p.account == n.account, p.id == n.agent_id))
        .where(n.account == ACCOUNT, n.customer_id == WHO)
        .order_by(n.at, n.id)
    )


def never_kept_of(connection: Connection, account: int, customer_id: str, until: datetime) -> int:
    """How many sentences of a customer were dropped for their matter, in tickets opened by then."""
    total = connection.scalar(
        _never_kept_of(), {"in_account": account, "who": customer_id, "until": until}
    )
    return int(total or 0)


@cache
def _never_kept_of() -> sa.Select[Any]:
    n, c = t.never_kept.c, t.ticket.c
    return (
        sa.select(sa.func.sum(n.count))
        .join_from(t.never_kept, t.ticket, sa.and_(c.account == n.account, c.id == n.ticket_id))
        .where(n.account == ACCOUNT, n.customer_id == WHO, c.created_at <= UNTIL)
    )


def private_quotes(connection: Connection, account: int, customer_id: str) -> Rows:
    """The words behind a customer's memories that may have to be hidden: `quote`, `kind`.

    Those are `sensitive`, or of a kind of which the account says how it is shown.
    """
    asked = {"in_account": account, "who": customer_id}
    return connection.execute(_private_quotes(), asked).all()


@cache
def _private_quotes() -> sa.Select[Any]:
    m, e, k = t.memory.c, t.evidence.c, t.kind_policy.c
    told = sa.exists().where(k.account == m.account, k.kind == m.kind, k.shown.is_not(None))
    return (
        sa.select(e.quote, m.kind, m.sensitive)
        .join_from(
            t.memory,
            t.evidence,
            sa.and_(e.account == m.account, e.memory_id == m.id, e.part == "said"),
        )
        .where(
            m.account == ACCOUNT,
            m.customer_id == WHO,
            sa.or_(m.sensitive, told),
        )
    )


def tickets_written_in(connection: Connection, account: int, person_id: str) -> Sequence[str]:
    """The visible tickets in which a person wrote though another requested them."""
    m, c = t.message.c, t.ticket.c
    return connection.scalars(
        sa.select(m.ticket_id)
        .distinct()
        .join_from(t.message, t.ticket, sa.and_(c.account == m.account, c.id == m.ticket_id))
        .where(
            m.account == account,
            m.author_id.in_([person_id, *merged_from(connection, account, person_id)]),
            c.requester_id.is_distinct_from(person_id),
            VISIBLE,
        )
        .order_by(m.ticket_id)
    ).all()


def last_contacts(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """When each of these customers last opened a ticket: `id`, `at`."""
    c = t.ticket.c
    return connection.execute(
        sa.select(c.requester_id.label("id"), sa.func.max(c.created_at).label("at"))
        .where(c.account == account, c.requester_id.in_(ids), VISIBLE)
        .group_by(c.requester_id)
    ).all()
