"""Writes tickets, their messages and ratings into the record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import DESCRIPTION, Message, Origin, Role, Status
from memory.phones import normalise
from memory.record import tables as t
from memory.record.erasing import erase_ticket_contents
from memory.record.forgotten import are_forgotten
from memory.record.merges import winners
from memory.record.notes import recognise_notes
from memory.record.outbox import put_in_outbox
from memory.record.told import take_untold
from memory.record.upserts import Row, chunks, upsert
from memory.text.clean import clean
from memory.text.redact import redact
from memory.text.unkept import subject_without_never_kept, without_never_kept

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from memory.entities import Rating, Ticket
    from memory.record.stored import Stored

_KEPT = ("requester_id", "assignee_id", "status", "channel", "solved_at", "rating", "archived")
"""What is compared to see whether a ticket changed though its version did not grow."""


def store_tickets(
    connection: sa.Connection,
    account: int,
    tickets: Sequence[Ticket],
    at: datetime,
    *,
    reread: bool,
) -> None:
    """Store tickets, the newest version of each; what is deleted goes with its words.

    Of a forgotten customer's ticket nothing is stored but its number and version. Once the helpdesk
    says that it is another's, or they may be known again, it is a ticket like any other.

    Some changes leave the version as it is, such as a merge of customers: of equal versions the
    one that was read last stands.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        tickets: As the helpdesk has them.
        at: When the helpdesk listed them.
        reread: Whether the messages of tickets that changed are to be read again.
    """
    newest: dict[str, Ticket] = {}
    for one in tickets:
        if one.id not in newest or one.version >= newest[one.id].version:
            newest[one.id] = one
    gone_people = are_forgotten(connection, account, (x.requester_id for x in newest.values()))
    merged = winners(connection, account, (one.requester_id for one in newest.values()))
    for one in list(newest.values()):
        if one.requester_id in gone_people:
            newest[one.id] = _bare(one)
        elif one.requester_id in merged:
            newest[one.id] = replace(one, requester_id=merged[one.requester_id])
    for chunk in chunks(sorted(newest)):
        c = t.ticket.c
        rows = connection.execute(sa.select(t.ticket).where(c.account == account, c.id.in_(chunk)))
        before = {row.id: row for row in rows}
        fresh = [newest[key] for key in chunk if _is_news(newest[key], before.get(key))]
        stale = take_untold(connection, account, [key for key in chunk if key not in before])
        stale |= {key for key, row in before.items() if row.stale}
        upsert(
            connection,
            t.ticket,
            [
                _ticket_row(account, one, before.get(one.id), at, stale=stale, reread=reread)
                for one in fresh
            ],
        )
        connection.execute(
            t.ticket.update().where(c.account == account, c.id.in_(chunk)).values(seen_at=at)
        )
        gone = [one for one in fresh if one.status is Status.DELETED]
        for one in gone:
            erase_ticket_contents(connection, account, one.id)
        here = [one for one in fresh if one.status is not Status.DELETED]
        unread = [one for one in here if one.id not in before or not before[one.id].messages_read]
        first = [message for one in unread for message in _first_message(one)]
        store_messages(connection, account, first, None)
        put_in_outbox(connection, account, (one.id for one in here))
        _look_at_takers(connection, account, here, before)


def _is_news(one: Ticket, before: Stored | None) -> bool:
    if before is None or one.version > before.version:
        return True
    if one.version < before.version:
        return False
    if one.status is Status.DELETED:
        return bool(before.status != Status.DELETED.value)
    if before.status == Status.DELETED.value:
        return before.requester_id is None and one.requester_id is not None
    return any(getattr(one, name) != getattr(before, name) for name in _KEPT)


def _bare(one: Ticket) -> Ticket:
    """What is stored of a forgotten customer's ticket."""
    return replace(
        one,
        requester_id=None,
        assignee_id=None,
        status=Status.DELETED,
        channel="",
        solved_at=None,
        rating=None,
    )


def _look_at_takers(
    connection: sa.Connection,
    account: int,
    tickets: Sequence[Ticket],
    before: Mapping[str, Stored],
) -> None:
    """Have the identities of whoever took over a ticket read: they show whether it was a merge."""
    takers = {
        one.requester_id
        for one in tickets
        if one.id in before and before[one.id].requester_id not in (None, one.requester_id)
    }
    p = t.person.c
    connection.execute(
        t.person.update()
        .where(
            p.account == account,
            p.id.in_(takers - {None}),
            p.active,
            p.role == Role.CUSTOMER.value,
        )
        .values(identities_due=True)
    )


def _ticket_row(
    account: int,
    one: Ticket,
    before: Stored | None,
    at: datetime,
    *,
    stale: Collection[str],
    reread: bool,
) -> Row:
    gone = one.status is Status.DELETED
    read = before is not None and before.messages_read and not gone
    grown = before is None or one.version > before.version
    due = not read or (reread and grown) or bool(before is not None and before.messages_due)
    former = before.former_requester_id if before else None
    if before is not None and before.requester_id != one.requester_id:
        former = before.requester_id
    return {
        "account": account,
        "id": one.id,
        "requester_id": one.requester_id,
        "assignee_id": one.assignee_id,
        "subject": "" if gone else subject_without_never_kept(redact(clean(one.subject))),
        "status": one.status.value,
        "channel": one.channel,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "solved_at": one.solved_at,
        "rating": one.rating,
        "version": one.version,
        "messages_due": due and not gone,
        "messages_read": read,
        "messages_told": one.messages,
        "stale": one.id in stale and not gone,
        "archived": one.archived,
        "former_requester_id": former,
        "seen_at": at,
        "read_at": before.read_at if before is not None else None,
    }


def store_messages(
    connection: sa.Connection, account: int, messages: Sequence[Message], region: str | None
) -> None:
    """Store messages; what a ticket says wins over what an event replays.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        messages: As the helpdesk has them.
        region: Where callers' numbers without a country code are from.
    """
    gone = _deleted(connection, account, (one.ticket_id for one in messages))
    forgotten = are_forgotten(connection, account, (one.author_id for one in messages))
    by_origin = sorted(messages, key=lambda one: one.origin is Origin.TICKET)
    latest = {
        (one.ticket_id, one.id): one
        for one in by_origin
        if one.ticket_id not in gone and one.author_id not in forgotten
    }
    for chunk in chunks(sorted(latest)):
        rows = [_message_row(account, latest[key], region) for key in chunk]
        upsert(
            connection,
            t.message,
            rows,
            unless=lambda incoming: sa.and_(
                t.message.c.origin == Origin.TICKET.value,
                incoming.origin != Origin.TICKET.value,
            ),
        )
    recognise_notes(connection, account, latest.values())
    put_in_outbox(connection, account, (one.ticket_id for one in messages))


def _message_row(account: int, one: Message, region: str | None) -> Row:
    call = one.call
    number = normalise(call.number, region) if call and call.number else None
    return {
        "account": account,
        "ticket_id": one.ticket_id,
        "id": one.id,
        "author_id": one.author_id,
        "at": one.at,
        "channel": one.channel,
        "public": one.public,
        "text": without_never_kept(redact(clean(one.text)), private=not one.public),
        "origin": one.origin.value,
        "direction": call.direction if call else None,
        "minutes": call.minutes if call else None,
        "answered_by": call.answered_by if call else None,
        "number": number.e164 if number else None,
        "call_id": call.id if call else None,
        "missed": call.missed if call else None,
    }


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


def store_ratings(connection: sa.Connection, account: int, ratings: Sequence[Rating]) -> None:
    """Store ratings; the tickets they rate may come later."""
    forgotten = are_forgotten(connection, account, (one.customer_id for one in ratings))
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
        if one.ticket_id not in gone and one.customer_id not in forgotten
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
