"""Writes tickets, their messages and ratings into the record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import DESCRIPTION, Message, Origin, Status
from memory.record import tables as t
from memory.record.erasing import erase_ticket_contents
from memory.record.outbox import put_in_outbox
from memory.record.upserts import Row, chunks, upsert
from memory.text.clean import clean
from memory.text.redact import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from memory.entities import Rating, Ticket
    from memory.record.stored import Stored


def store_tickets(
    connection: sa.Connection, account: int, tickets: Sequence[Ticket], *, reread: bool
) -> None:
    """Store tickets, the newest version of each; what is deleted goes with its words.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        tickets: As the helpdesk has them.
        reread: Whether the messages of tickets that changed are to be read again.
    """
    newest: dict[str, Ticket] = {}
    for one in tickets:
        if one.id not in newest or one.version >= newest[one.id].version:
            newest[one.id] = one
    erased = _erased(connection, account, (one.requester_id for one in newest.values()))
    for one in list(newest.values()):
        if one.requester_id in erased:
            newest[one.id] = replace(one, status=Status.DELETED)
    for chunk in chunks(sorted(newest)):
        c = t.ticket.c
        rows = connection.execute(
            sa.select(c.id, c.version, c.messages_due, c.messages_read, c.status).where(
                c.account == account, c.id.in_(chunk)
            )
        )
        before = {row.id: row for row in rows}
        fresh = [
            newest[key]
            for key in chunk
            if key not in before or newest[key].version > before[key].version
        ]
        upsert(
            connection,
            t.ticket,
            [_ticket_row(account, one, before.get(one.id), reread=reread) for one in fresh],
        )
        gone = [one for one in fresh if one.status is Status.DELETED]
        for one in gone:
            erase_ticket_contents(connection, account, one.id)
        here = [one for one in fresh if one.status is not Status.DELETED]
        unread = [one for one in here if one.id not in before or not before[one.id].messages_read]
        store_messages(connection, account, [m for one in unread for m in _first_message(one)])
        put_in_outbox(connection, account, (one.id for one in here))


def _ticket_row(account: int, one: Ticket, before: Stored | None, *, reread: bool) -> Row:
    gone = one.status is Status.DELETED
    read = before is not None and before.messages_read and not gone
    due = not read or reread or bool(before is not None and before.messages_due)
    return {
        "account": account,
        "id": one.id,
        "requester_id": one.requester_id,
        "assignee_id": one.assignee_id,
        "subject": "" if gone else redact(clean(one.subject)),
        "status": one.status.value,
        "channel": one.channel,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "solved_at": one.solved_at,
        "rating": one.rating,
        "version": one.version,
        "messages_due": due and not gone,
        "messages_read": read,
    }


def store_messages(connection: sa.Connection, account: int, messages: Sequence[Message]) -> None:
    """Store messages; what a ticket says wins over what an event replays."""
    gone = _deleted(connection, account, (one.ticket_id for one in messages))
    erased = _erased(connection, account, (one.author_id for one in messages))
    by_origin = sorted(messages, key=lambda one: one.origin is Origin.TICKET)
    latest = {
        (one.ticket_id, one.id): one
        for one in by_origin
        if one.ticket_id not in gone and one.author_id not in erased
    }
    for chunk in chunks(sorted(latest)):
        rows = [_message_row(account, latest[key]) for key in chunk]
        upsert(
            connection,
            t.message,
            rows,
            unless=lambda incoming: sa.and_(
                t.message.c.origin == Origin.TICKET.value,
                incoming.origin != Origin.TICKET.value,
            ),
        )
    put_in_outbox(connection, account, (one.ticket_id for one in messages))


def _message_row(account: int, one: Message) -> Row:
    call = one.call
    return {
        "account": account,
        "ticket_id": one.ticket_id,
        "id": one.id,
        "author_id": one.author_id,
        "at": one.at,
        "channel": one.channel,
        "public": one.public,
        "text": redact(clean(one.text)),
        "origin": one.origin.value,
        "direction": call.direction if call else None,
        "minutes": call.minutes if call else None,
        "answered_by": call.answered_by if call else None,
        "number": call.number if call else None,
    }


def finish_tickets(
    connection: sa.Connection,
    account: int,
    ticket_ids: Sequence[str],
    versions: Mapping[str, int],
) -> None:
    """All messages of these tickets are stored; one that has changed since stays due."""
    for ticket_id in ticket_ids:
        c = t.ticket.c
        here = sa.and_(c.account == account, c.id == ticket_id)
        read = sa.and_(here, c.status != Status.DELETED.value)
        connection.execute(t.ticket.update().where(read).values(messages_read=True))
        unchanged = c.version == versions[ticket_id] if ticket_id in versions else sa.true()
        connection.execute(t.ticket.update().where(here, unchanged).values(messages_due=False))
        connection.execute(
            t.message.delete().where(
                t.message.c.account == account,
                t.message.c.ticket_id == ticket_id,
                t.message.c.id == DESCRIPTION,
            )
        )
    put_in_outbox(connection, account, ticket_ids)


def mark_stale(connection: sa.Connection, account: int, ticket_ids: Sequence[str]) -> None:
    """The messages of these tickets are to be read."""
    c = t.ticket.c
    connection.execute(
        t.ticket.update()
        .where(
            c.account == account,
            c.id.in_(ticket_ids),
            c.status != Status.DELETED.value,
        )
        .values(messages_due=True)
    )


def _deleted(connection: sa.Connection, account: int, ticket_ids: Iterable[str]) -> set[str]:
    """Which of these tickets are deleted: what comes late of them is not stored."""
    c = t.ticket.c
    found: set[str] = set()
    for chunk in chunks(sorted(set(ticket_ids))):
        found |= set(
            connection.scalars(
                sa.select(c.id).where(
                    c.account == account,
                    c.id.in_(chunk),
                    c.status == Status.DELETED.value,
                )
            )
        )
    return found


def _erased(connection: sa.Connection, account: int, ids: Iterable[str | None]) -> set[str]:
    """Which of these people are erased: nothing of theirs is stored again."""
    p = t.person.c
    found: set[str] = set()
    for chunk in chunks(sorted({one for one in ids if one is not None})):
        found |= set(
            connection.scalars(
                sa.select(p.id).where(p.account == account, p.id.in_(chunk), p.erased)
            )
        )
    return found


def store_ratings(connection: sa.Connection, account: int, ratings: Sequence[Rating]) -> None:
    """Store ratings; the tickets they rate may come later."""
    gone = _deleted(connection, account, (one.ticket_id for one in ratings))
    rows: list[Row] = [
        {
            "account": account,
            "id": one.id,
            "ticket_id": one.ticket_id,
            "customer_id": one.customer_id,
            "agent_id": one.agent_id,
            "score": one.score,
            "at": one.at,
        }
        for one in ratings
        if one.ticket_id not in gone
    ]
    upsert(connection, t.rating, rows)


def _first_message(ticket: Ticket) -> list[Message]:
    if not ticket.description:
        return []
    return [
        Message(
            id=DESCRIPTION,
            ticket_id=ticket.id,
            author_id=ticket.submitter_id or ticket.requester_id,
            at=ticket.created_at,
            channel=ticket.channel,
            public=True,
            text=ticket.description,
            origin=Origin.DESCRIPTION,
        )
    ]
