"""Notes that were taken here: where they stand in the helpdesk, and how they are known there."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import Status
from memory.record import tables as t
from memory.record.upserts import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from memory.entities import Message
    from memory.record.stored import Stored

MARKER = re.compile(r"^[ \t]*\[remember-them (?P<note>[a-z0-9]{1,40})\][ \t]*$", re.MULTILINE)
"""The last line of a note as it stands in the helpdesk, by which it is known when it comes back."""

_LETTERS = "bcdfghjklmnpqrstvwxz"
_LENGTH = 20


def new_note_id() -> str:
    """An id for a note: consonants alone, of which no redaction makes a card or account number."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def marked(text: str, note_id: str) -> str:
    """A note's words as they are written to the helpdesk."""
    return f"{text}\n\n[remember-them {note_id}]"


def own_notes(
    connection: sa.Connection, account: int, messages: Iterable[Stored]
) -> dict[tuple[str, str], bool]:
    """Which messages are notes that were written here, and whether each is still wanted.

    A note whose words are not wanted is still known: it must not come back as an agent's words.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        messages: Rows with `ticket_id`, `id`, `public` and `text`.

    Returns:
        By `(ticket_id, message_id)`.
    """
    named = {
        (row.ticket_id, row.id): found["note"]
        for row in messages
        if not row.public
        for found in MARKER.finditer(row.text)
    }
    kept: set[str] = set()
    corrected: set[str] = set()
    for chunk in chunks(sorted(set(named.values()))):
        n, c = t.note.c, t.correction.c
        here = sa.select(n.id).where(n.account == account, n.id.in_(chunk))
        kept |= set(connection.scalars(here))
        told = sa.select(c.memory_id).where(c.account == account, c.memory_id.in_(chunk))
        corrected |= set(connection.scalars(told))
    known = kept | corrected
    return {place: note in kept for place, note in named.items() if note in known}


def recognise_notes(connection: sa.Connection, account: int, messages: Iterable[Message]) -> None:
    """Write down of notes that come back from the helpdesk as which message they stand there.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        messages: As the helpdesk has them.
    """
    n = t.note.c
    for one in messages:
        if one.public or "[remember-them " not in one.text:
            continue
        for found in MARKER.finditer(one.text):
            connection.execute(
                t.note.update()
                .where(n.account == account, n.id == found["note"], n.message_id.is_(None))
                .values(due=False, ticket_id=one.ticket_id, message_id=one.id)
            )


def due_notes(connection: sa.Connection, account: int) -> Sequence[Stored]:
    """The notes that are to be written to the helpdesk, oldest first, with `author_name`."""
    n, p = t.note.c, t.person.c
    return connection.execute(
        sa.select(t.note, p.name.label("author_name"))
        .outerjoin(t.person, sa.and_(p.account == n.account, p.id == n.agent_id))
        .where(n.account == account, n.due)
        .order_by(n.at, n.id)
    ).all()


def tickets_for_note(connection: sa.Connection, account: int, customer_id: str) -> Sequence[str]:
    """A customer's tickets in the order in which a note is offered to them.

    The latest that is open comes first, and what is closed for good last.
    """
    c = t.ticket.c
    place = sa.case(
        (c.status == Status.CLOSED.value, 2), (c.status == Status.SOLVED.value, 1), else_=0
    )
    return connection.scalars(
        sa.select(c.id)
        .where(
            c.account == account,
            c.requester_id == customer_id,
            c.status != Status.DELETED.value,
        )
        .order_by(place, c.created_at.desc(), c.id.desc())
    ).all()


def note_place(connection: sa.Connection, account: int, note_id: str) -> Stored | None:
    """A note's `due`, `ticket_id` and `message_id`; None when there is no such note."""
    n = t.note.c
    return connection.execute(
        sa.select(n.due, n.ticket_id, n.message_id).where(n.account == account, n.id == note_id)
    ).one_or_none()


def place_note(
    connection: sa.Connection,
    account: int,
    note_id: str,
    *,
    due: bool,
    ticket_id: str | None = None,
    message_id: str | None = None,
) -> bool:
    """Write down where in the helpdesk a note is to stand, or stands.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        note_id: Which note.
        due: Whether it is still to be written there.
        ticket_id: In which ticket; written down before the note is sent.
        message_id: As which message, once that is known.

    Returns:
        False when the note is no longer to be written: it is not wanted, or has come back.
    """
    n = t.note.c
    found = connection.execute(
        t.note.update()
        .where(n.account == account, n.id == note_id, n.due)
        .values(due=due, ticket_id=ticket_id, message_id=message_id)
    )
    return found.rowcount > 0
