"""What is still to be read of the helpdesk, and where its streams stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa

from memory.entities import Role, Status
from memory.record import tables as t
from memory.record.forgotten import are_forgotten
from memory.record.stored import Stored
from memory.record.upserts import chunks
from memory.text.unkept import NOT_KEPT

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

Rows: TypeAlias = Sequence[Stored]

_THERE = t.ticket.c.status != Status.DELETED.value


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


def counts_tickets(connection: Connection, account: int) -> int:
    """How many tickets the record knows of, deleted ones too: an index alone tells."""
    c = t.ticket.c
    return connection.scalar(sa.select(sa.func.count()).where(c.account == account)) or 0


def read_again(connection: Connection, account: int, ticket_ids: Iterable[str]) -> None:
    """Words of these tickets may be kept again: those that were taken out are to be read anew.

    A subject comes back when the helpdesk next lists its ticket.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        ticket_ids: Whose words may be kept again; of many of them none may have been taken out.
    """
    c, m = t.ticket.c, t.message.c
    for chunk in chunks(sorted(set(ticket_ids))):
        said = sa.select(m.ticket_id, m.text).where(m.account == account, m.ticket_id.in_(chunk))
        here = sa.and_(c.account == account, c.id.in_(chunk), _THERE)
        called = connection.execute(sa.select(c.id, c.subject).where(here))
        gone = {row.ticket_id for row in connection.execute(said) if NOT_KEPT in row.text}
        nameless = {row.id for row in called if row.subject == NOT_KEPT}
        for which, changed in ((gone, {"messages_due": True}), (nameless, {"version": 0})):
            connection.execute(t.ticket.update().where(here, c.id.in_(which)).values(changed))


def tickets_read_longest_ago(connection: Connection, account: int, limit: int) -> Sequence[str]:
    """The tickets whose messages were read longest ago, first those that never were."""
    c = t.ticket.c
    return connection.scalars(
        sa.select(c.id)
        .where(c.account == account, sa.not_(c.messages_due), _THERE)
        .order_by(c.read_at.nulls_first(), c.id)
        .limit(limit)
    ).all()


def tickets_unseen(connection: Connection, account: int, since: datetime) -> Sequence[str]:
    """The tickets that no list has shown since then, though it would have."""
    c = t.ticket.c
    return connection.scalars(
        sa.select(c.id)
        .where(c.account == account, c.seen_at < since, sa.not_(c.archived), _THERE)
        .order_by(c.id)
    ).all()


def people_unseen(connection: Connection, account: int, since: datetime) -> Sequence[str]:
    """The customers whom no list has shown since then; who was merged is in none."""
    p, m = t.person.c, t.merge.c
    return connection.scalars(
        sa.select(p.id)
        .where(
            p.account == account,
            p.role == Role.CUSTOMER.value,
            p.seen_at < since,
            ~sa.exists().where(m.account == account, m.loser_id == p.id),
        )
        .order_by(p.id)
    ).all()


def authors_unknown(connection: Connection, account: int) -> Sequence[str]:
    """Who wrote, but was never listed; those to whom tickets were assigned are left out."""
    m, p, c = t.message.c, t.person.c, t.ticket.c
    found = connection.scalars(
        sa.select(m.author_id)
        .distinct()
        .where(
            m.account == account,
            m.author_id.is_not(None),
            ~sa.exists().where(p.account == account, p.id == m.author_id),
            ~sa.exists().where(c.account == account, c.assignee_id == m.author_id),
        )
        .order_by(m.author_id)
    ).all()
    forgotten = are_forgotten(connection, account, found)
    return [one for one in found if one not in forgotten]


def tickets_with_words_of(connection: Connection, account: int, person_id: str) -> Rows:
    """The tickets that hold words of a person: `id`, `version`."""
    m, c = t.message.c, t.ticket.c
    wrote = sa.select(m.ticket_id).where(m.account == account, m.author_id == person_id)
    return connection.execute(
        sa.select(c.id, c.version).where(c.account == account, c.id.in_(wrote)).order_by(c.id)
    ).all()


def tickets_requested(connection: Connection, account: int, person_id: str) -> Sequence[str]:
    """The tickets of a person that are not deleted."""
    c = t.ticket.c
    return connection.scalars(
        sa.select(c.id)
        .where(c.account == account, c.requester_id == person_id, _THERE)
        .order_by(c.id)
    ).all()


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
