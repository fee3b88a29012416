"""Whom a forgetting would take along, and what it leaves with others.

Unlike for a brief, people count here who are out of sight since the helpdesk deleted them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.entities import Role
from memory.record import tables as t
from memory.record.callers import numbers_of
from memory.record.upserts import chunks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from memory.record.record import Account

_AT_ONCE = 2000
"""Messages that are read at once where the database cannot look into them."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody to whom a phone or e-mail leads."""

    id: str
    shared: bool


def reached_by(connection: Connection, account: int, kind: str, value: str) -> list[Reached]:
    """Everybody to whom a phone or e-mail leads; who was merged is whom they are now.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        kind: `phone` or `email`.
        value: E.164 or casefolded.
    """
    i, m, c = t.identity.c, t.message.c, t.ticket.c
    named = connection.execute(
        sa.select(i.person_id, i.shared).where(
            i.account == account, i.kind == kind, i.value == value
        )
    ).all()
    p, g = t.person.c, t.merge.c
    profile = p.phone if kind == "phone" else sa.func.lower(p.email)
    # Who was deleted before the record heard of them is reached by nothing but their own row.
    told = connection.scalars(sa.select(p.id).where(p.account == account, profile == value))
    shared = {**dict.fromkeys(told, False), **{row.person_id: row.shared for row in named}}
    if kind == "phone":
        seen = connection.scalars(
            sa.select(c.requester_id)
            .distinct()
            .join_from(t.message, t.ticket, sa.and_(c.account == m.account, c.id == m.ticket_id))
            .where(m.account == account, m.number == value, c.requester_id.is_not(None))
        )
        shared = {**dict.fromkeys(seen, False), **shared}
    found: list[Reached] = []
    for chunk in chunks(sorted(shared)):
        rows = connection.execute(
            sa.select(p.id)
            .where(p.account == account, p.id.in_(chunk), p.role == Role.CUSTOMER.value)
            .where(~sa.exists().where(g.account == account, g.loser_id == p.id))
            .order_by(p.id)
        )
        found += [Reached(row.id, shared[row.id]) for row in rows]
    return found


def is_known(connection: Connection, account: int, person_id: str) -> bool:
    """Whether anything is held of a person of this id, be it words alone."""
    columns = (
        t.person.c.id,
        t.merge.c.loser_id,
        t.ticket.c.requester_id,
        t.ticket.c.former_requester_id,
        t.message.c.author_id,
        t.call.c.customer_id,
        t.identity.c.person_id,
        t.rating.c.customer_id,
        t.sentence.c.author_id,
    )
    return any(
        connection.scalar(
            sa.select(column).where(column.table.c.account == account, column == person_id).limit(1)
        )
        is not None
        for column in columns
    )


def merged_into(connection: Connection, account: int, person_id: str) -> Sequence[str]:
    """The ids of those who were merged into a person."""
    m = t.merge.c
    return connection.scalars(
        sa.select(m.loser_id)
        .where(m.account == account, m.winner_id == person_id)
        .order_by(m.loser_id)
    ).all()


def said_to_be(connection: Connection, account: int, person_id: str) -> list[str]:
    """Who, as agents say, is one person with a customer, without the customer."""
    s = t.same_person.c
    rows = connection.execute(
        sa.select(s.customer_id, s.other_id).where(
            s.account == account, sa.or_(s.customer_id == person_id, s.other_id == person_id)
        )
    )
    return sorted({one for row in rows for one in row} - {person_id})


def marks_of(connection: Connection, account: int, ids: Sequence[str]) -> list[str]:
    """By what others would name a person: full name, e-mails and phones."""
    p, i = t.person.c, t.identity.c
    found: set[str | None] = set()
    for row in connection.execute(
        sa.select(p.name, p.email, p.phone).where(p.account == account, p.id.in_(ids))
    ):
        found |= set(row)
    found |= set(
        connection.scalars(
            sa.select(i.value).where(
                i.account == account, i.person_id.in_(ids), i.kind.in_(("phone", "email"))
            )
        )
    )
    for one in ids:
        found |= set(numbers_of(connection, account, one))
    return sorted({one.casefold() for one in found if one is not None and one.strip()})


def tickets_that_name(
    connection: Connection, account: Account, ids: Sequence[str], marks: Sequence[str]
) -> list[str]:
    """The tickets of others in which others wrote one of these marks.

    Args:
        connection: Reads one moment of the record.
        account: The account; of sealed words the database knows nothing, so all are read.
        ids: Whose own tickets and words do not count.
        marks: As `marks_of` finds them.
    """
    if not marks:
        return []
    m, c, number = t.message.c, t.ticket.c, account.number
    others = sa.or_(c.requester_id.is_(None), c.requester_id.not_in(ids))
    written = (
        sa.select(m.ticket_id, m.text)
        .join_from(t.message, t.ticket, sa.and_(c.account == m.account, c.id == m.ticket_id))
        .where(m.account == number, others)
        .where(sa.or_(m.author_id.is_(None), m.author_id.not_in(ids)))
    )
    titled = sa.select(c.id, c.subject).where(c.account == number, others)
    found = {
        *_saying(connection, account, written, m.text, marks),
        *_saying(connection, account, titled, c.subject, marks),
    }
    return sorted(found)


def notes_that_name(
    connection: Connection, account: Account, ids: Sequence[str], marks: Sequence[str]
) -> list[str]:
    """The ids of the notes on others in which one of these marks stands; as `tickets_that_name`."""
    if not marks:
        return []
    n = t.note.c
    noted = sa.select(n.id, n.text).where(n.account == account.number, n.customer_id.not_in(ids))
    return sorted(_saying(connection, account, noted, n.text, marks))


def _saying(
    connection: Connection,
    account: Account,
    question: sa.Select[Any],
    column: sa.ColumnElement[str],
    marks: Sequence[str],
) -> Iterator[str]:
    """The ids of the rows whose words hold one of these marks; a question is for id and words."""
    if account.seal is None:
        question = question.where(
            sa.or_(*(column.icontains(mark, autoescape=True) for mark in marks))
        )
    for row in connection.execute(question, execution_options={"yield_per": _AT_ONCE}):
        if account.seal is None or any(mark in row[1].casefold() for mark in marks):
            yield row[0]
