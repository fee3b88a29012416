"""Takes what the helpdesk no longer has out of the record."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.entities import Role, Status
from memory.record import tables as t
from memory.record.calls import erase_calls
from memory.record.names import forget_names
from memory.record.outbox import put_in_outbox
from memory.record.remembered import drop_unused_vectors, forget_ticket, release
from memory.record.rings import erase_rings
from memory.record.same import say_different
from memory.record.upserts import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_OF_CUSTOMER = (
    t.note,
    t.never_kept,
    t.contact,
    t.correction,
    t.alias,
    t.cut_off,
    t.consent,
    t.rating,
    t.not_offered,
    t.helped,
    t.verification,
)

_OF_AGENT = (t.agent_wish, t.not_offered, t.helped, t.verification)


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
    """Remove a permanently deleted customer, their tickets, words and memories.

    So goes everybody who was merged into them. Of somebody who was an agent the words to customers
    stay, without a name. The bare row stays, so that nothing of theirs is stored again.
    """
    m = t.merge.c
    merged = sa.and_(m.account == account, m.winner_id == person_id)
    ids = [person_id, *connection.scalars(sa.select(m.loser_id).where(merged))]
    erase_rings(connection, account, ids)  # while it is known which numbers were theirs
    c = t.ticket.c
    requested = connection.scalars(
        sa.select(c.id).where(c.account == account, c.requester_id.in_(ids))
    ).all()
    for ticket_id in requested:
        erase_ticket_contents(connection, account, ticket_id)
    if not agents_among(connection, account, [person_id]):
        _erase_words(connection, account, ids)
    _erase_memories(connection, account, ids)
    erase_calls(connection, account, t.call.c.customer_id.in_(ids))
    for table in _OF_CUSTOMER:
        connection.execute(
            table.delete().where(table.c.account == account, table.c.customer_id.in_(ids))
        )
    connection.execute(
        t.identity.delete().where(t.identity.c.account == account, t.identity.c.person_id.in_(ids))
    )
    for person in ids:
        say_different(connection, account, person)
    for table in _OF_AGENT:
        connection.execute(
            table.delete().where(table.c.account == account, table.c.agent_id.in_(ids))
        )
    connection.execute(t.merge.delete().where(m.account == account, m.loser_id.in_(ids)))
    _blank(connection, account, ids)


def erase_departed(connection: sa.Connection, account: int, until: datetime) -> None:
    """Erase the deleted customers of whom it is known since then or longer that they are.

    Who was merged into somebody is not deleted, nor is an agent who left.
    """
    p, m = t.person.c, t.merge.c
    departed = connection.scalars(
        sa.select(p.id).where(
            p.account == account,
            p.role == Role.CUSTOMER.value,
            ~p.active,
            ~p.erased,
            p.left_at <= until,
            ~sa.exists().where(m.account == account, m.loser_id == p.id),
        )
    ).all()
    for person_id in departed:
        erase_person(connection, account, person_id)


def agents_among(connection: sa.Connection, account: int, ids: Sequence[str]) -> set[str]:
    """Who of these once answered customers; a helpdesk deletes agents as if they were customers."""
    c, k = t.ticket.c, t.contact.c
    found: set[str] = set()
    for chunk in chunks(ids):
        assigned = sa.select(c.assignee_id).where(c.account == account, c.assignee_id.in_(chunk))
        talked = sa.select(k.agent_id).where(k.account == account, k.agent_id.in_(chunk))
        found |= set(connection.scalars(sa.union(assigned, talked)))
    return found


def _blank(connection: sa.Connection, account: int, ids: Sequence[str]) -> None:
    p = t.person.c
    forget_names(connection, account, ids)
    connection.execute(
        t.person.update()
        .where(p.account == account, p.id.in_(ids))
        .values(
            name=None,
            email=None,
            phone=None,
            organization_id=None,
            language=None,
            time_zone=None,
            active=False,
            erased=True,
            identities_due=False,
        )
    )


def _erase_words(connection: sa.Connection, account: int, ids: Sequence[str]) -> None:
    """Remove what they wrote in other people's tickets, which are then remembered without it."""
    m, s = t.message.c, t.sentence.c
    wrote = sa.and_(m.account == account, m.author_id.in_(ids))
    said = sa.and_(s.account == account, s.author_id.in_(ids))
    elsewhere = connection.scalars(sa.select(m.ticket_id).distinct().where(wrote)).all()
    release(connection, account, Counter(connection.scalars(sa.select(s.digest).where(said))))
    connection.execute(t.sentence.delete().where(said))
    connection.execute(t.message.delete().where(wrote))
    put_in_outbox(connection, account, elsewhere)


def _erase_memories(connection: sa.Connection, account: int, ids: Sequence[str]) -> None:
    c, e = t.memory.c, t.evidence.c
    theirs = sa.and_(c.account == account, c.customer_id.in_(ids))
    used = Counter(connection.scalars(sa.select(c.vector).where(theirs, c.vector.is_not(None))))
    release(connection, account, used)
    drop_unused_vectors(connection, account)
    kept = sa.select(c.id).where(theirs)
    connection.execute(t.evidence.delete().where(e.account == account, e.memory_id.in_(kept)))
    connection.execute(t.memory.delete().where(theirs))
