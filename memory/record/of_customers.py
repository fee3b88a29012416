"""Questions about several customers at once: as those of `of_customer`, with `customer_id`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.terms import ACCOUNT, IDS, VISIBLE, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def tickets_of(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """The visible tickets these customers requested, oldest first."""
    return connection.execute(_tickets_of(), {"in_account": account, "ids": list(ids)}).all()


@cache
def _tickets_of() -> sa.Select[Any]:
    c = t.ticket.c
    return (
        sa.select(
            c.requester_id.label("customer_id"),
            c.id,
            c.subject,
            c.status,
            c.channel,
            c.assignee_id,
            c.created_at,
            c.solved_at,
            c.rating,
        )
        .where(c.account == ACCOUNT, c.requester_id.in_(IDS), VISIBLE)
        .order_by(c.created_at, c.id)
    )


def memories_of(
    connection: Connection, account: int, ids: Sequence[str], kinds: Sequence[str]
) -> Rows:
    """What is remembered of these customers, of these kinds, oldest first."""
    asked = {"in_account": account, "ids": list(ids), "kinds": list(kinds)}
    return connection.execute(_memories_of(), asked).all()


@cache
def _memories_of() -> sa.Select[Any]:
    m, c = t.memory.c, t.ticket.c
    return (
        sa.select(
            m.customer_id, m.id, m.ticket_id, m.kind, m.said_at, m.sensitive, m.code, m.vector
        )
        .join_from(t.memory, t.ticket, sa.and_(c.account == m.account, c.id == m.ticket_id))
        .where(
            m.account == ACCOUNT,
            m.customer_id.in_(IDS),
            m.kind.in_(sa.bindparam("kinds", type_=sa.Text, expanding=True)),
            VISIBLE,
        )
        .order_by(m.said_at, m.id)
    )


def contacts_of(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """Which agent spent how long with which customer on which ticket, oldest first."""
    return connection.execute(_contacts_of(), {"in_account": account, "ids": list(ids)}).all()


@cache
def _contacts_of() -> sa.Select[Any]:
    c, k = t.contact.c, t.ticket.c
    return (
        sa.select(c.customer_id, c.ticket_id, c.agent_id, c.at, c.minutes, c.talks, c.calls)
        .join_from(t.contact, t.ticket, sa.and_(k.account == c.account, k.id == c.ticket_id))
        .where(c.account == ACCOUNT, c.customer_id.in_(IDS), VISIBLE)
        .order_by(c.at, c.ticket_id, c.agent_id)
    )


def ratings_of(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """How these customers' tickets were rated, oldest first."""
    return connection.execute(_ratings_of(), {"in_account": account, "ids": list(ids)}).all()


@cache
def _ratings_of() -> sa.Select[Any]:
    r, c = t.rating.c, t.ticket.c
    return (
        sa.select(c.requester_id.label("customer_id"), r.id, r.ticket_id, r.agent_id, r.score, r.at)
        .join_from(t.ticket, t.rating, sa.and_(r.account == c.account, r.ticket_id == c.id))
        .where(c.account == ACCOUNT, c.requester_id.in_(IDS), VISIBLE)
        .order_by(r.at, r.id)
    )


def notes_of(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """What agents noted here about these customers, oldest first."""
    return connection.execute(_notes_of(), {"in_account": account, "ids": list(ids)}).all()


@cache
def _notes_of() -> sa.Select[Any]:
    n = t.note.c
    return (
        sa.select(n.customer_id, n.id, n.agent_id, n.at, n.text, n.sensitive)
        .where(n.account == ACCOUNT, n.customer_id.in_(IDS))
        .order_by(n.at, n.id)
    )


def named(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """These people: `id`, `name`, `organization`."""
    return connection.execute(_named(), {"in_account": account, "ids": list(ids)}).all()


@cache
def _named() -> sa.Select[Any]:
    p, o = t.person.c, t.organization.c
    return (
        sa.select(p.id, p.name, o.name.label("organization"))
        .outerjoin(t.organization, sa.and_(o.account == p.account, o.id == p.organization_id))
        .where(p.account == ACCOUNT, p.id.in_(IDS))
    )
