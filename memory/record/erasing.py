"""Takes what the helpdesk no longer has, and who is forgotten, out of the record."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from memory.entities import Role, Status
from memory.record import tables as t
from memory.record.calls import erase_calls
from memory.record.forgotten import disown_files, put_counts, put_down
from memory.record.names import forget_names
from memory.record.outbox import put_in_outbox
from memory.record.quarantined import drop_quarantined
from memory.record.remembered import count_of_ticket, drop_unused_vectors, forget_ticket, release
from memory.record.rings import erase_rings
from memory.record.same import say_different
from memory.record.upserts import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from memory.record.forgotten import Reason

_OF_CUSTOMER: Final = {
    t.note: "notes",
    t.correction: "corrections",
    t.rating: "ratings",
    t.contact: "contacts",
    t.alias: "names_in_the_access_log",
    t.never_kept: "wishes_and_marks",
    t.opt_out: "wishes_and_marks",
    t.cut_off: "wishes_and_marks",
    t.consent: "wishes_and_marks",
    t.not_offered: "wishes_and_marks",
    t.helped: "wishes_and_marks",
    t.verification: "wishes_and_marks",
}
"""What stands beside a customer alone, by what it is counted as."""

_OF_AGENT: Final = (t.agent_wish, t.not_offered, t.helped, t.verification)


def erase_ticket_contents(connection: sa.Connection, account: int, ticket_id: str) -> Counter[str]:
    """Remove a ticket's words and all that was remembered of them.

    The bare row stays with its version, so that an older copy cannot bring the ticket back.

    Returns:
        How much went, by what it was.
    """
    went = count_of_ticket(connection, account, ticket_id)
    went["vectors"] = forget_ticket(connection, account, ticket_id)
    went["calls"] = erase_calls(connection, account, t.call.c.ticket_id == ticket_id)
    for table, what in ((t.message, "messages"), (t.rating, "ratings"), (t.outbox, None)):
        gone = connection.execute(
            table.delete().where(table.c.account == account, table.c.ticket_id == ticket_id)
        )
        if what is not None:
            went[what] = gone.rowcount
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
    return went


def erase_person(
    connection: sa.Connection,
    account: int,
    person_id: str,
    *,
    reason: Reason,
    at: datetime,
) -> Counter[str]:
    """Forget a customer: them, their tickets, words and memories, and who was merged into them.

    Of each the digest stays in `forgotten`, so that nothing of theirs is stored again, and of their
    tickets the number and version. Of somebody who was an agent the words to customers stay,
    without a name.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        person_id: The helpdesk's id; whether they are known does not matter.
        reason: Why.
        at: The present.

    Returns:
        How much went, by what it was; the same stands in `forgotten`.
    """
    m = t.merge.c
    merged = sa.and_(m.account == account, m.winner_id == person_id)
    ids = [person_id, *connection.scalars(sa.select(m.loser_id).where(merged)).all()]
    put_down(connection, account, ids, reason=reason, at=at)
    agents = agents_among(connection, account, [person_id])
    went = Counter(rings=erase_rings(connection, account, ids))  # while their numbers are known
    elsewhere = [] if agents else _tickets_spoken_in(connection, account, ids)
    tickets = _erase_tickets(connection, account, ids, went)
    if not agents:
        went += _erase_words(connection, account, ids, sorted({*elsewhere} - {*tickets}))
    went += _erase_memories(connection, account, ids)
    went["calls"] += erase_calls(connection, account, t.call.c.customer_id.in_(ids))
    for table, what in _OF_CUSTOMER.items():
        went[what] += _drop(connection, account, table, table.c.customer_id.in_(ids))
    went["identities"] = _drop(connection, account, t.identity, t.identity.c.person_id.in_(ids))
    for person in ids:
        say_different(connection, account, person)
    for table in _OF_AGENT:
        _drop(connection, account, table, table.c.agent_id.in_(ids))
    _drop(connection, account, t.merge, m.loser_id.in_(ids))
    went["quarantined"] = drop_quarantined(connection, account, ids, tickets)
    went["files"] = disown_files(connection, account, person_id, ids)
    forget_names(connection, account, ids)
    _blank(connection, account, agents)
    p = t.person.c
    went["people"] = _drop(connection, account, t.person, p.id.in_(set(ids) - agents)) + len(agents)
    went = +went
    put_counts(connection, account, person_id, went)
    return went


def erase_departed(connection: sa.Connection, account: int, until: datetime, at: datetime) -> None:
    """Forget the deleted customers of whom it is known since then or longer that they are.

    Who was merged into somebody is not deleted, nor is an agent who left.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        until: When they were seen to be deleted, at the latest.
        at: The present.
    """
    p, m = t.person.c, t.merge.c
    departed = connection.scalars(
        sa.select(p.id).where(
            p.account == account,
            p.role == Role.CUSTOMER.value,
            ~p.active,
            p.left_at <= until,
            ~sa.exists().where(m.account == account, m.loser_id == p.id),
        )
    ).all()
    for person_id in departed:
        erase_person(connection, account, person_id, reason="deleted", at=at)


def agents_among(connection: sa.Connection, account: int, ids: Sequence[str]) -> set[str]:
    """Who of these once answered customers; a helpdesk deletes agents as if they were customers."""
    c, k = t.ticket.c, t.contact.c
    found: set[str] = set()
    for chunk in chunks(ids):
        assigned = sa.select(c.assignee_id).where(c.account == account, c.assignee_id.in_(chunk))
        talked = sa.select(k.agent_id).where(k.account == account, k.agent_id.in_(chunk))
        found |= set(connection.scalars(sa.union(assigned, talked)))
    return found


def _drop(
    connection: sa.Connection, account: int, table: sa.Table, which: sa.ColumnElement[bool]
) -> int:
    """Remove rows; how many."""
    return connection.execute(table.delete().where(table.c.account == account, which)).rowcount


def _erase_tickets(
    connection: sa.Connection, account: int, ids: Sequence[str], went: Counter[str]
) -> list[str]:
    """Remove all of their tickets but number and version, and that others' were theirs once."""
    c = t.ticket.c
    requested = sa.and_(c.account == account, c.requester_id.in_(ids))
    tickets = list(connection.scalars(sa.select(c.id).where(requested)))
    for ticket_id in tickets:
        went.update(erase_ticket_contents(connection, account, ticket_id))
    went["tickets"] = len(tickets)
    connection.execute(
        t.ticket.update()
        .where(requested)
        .values(requester_id=None, assignee_id=None, channel="", solved_at=None)
    )
    connection.execute(
        t.ticket.update()
        .where(c.account == account, c.former_requester_id.in_(ids))
        .values(former_requester_id=None)
    )
    return tickets


def _blank(connection: sa.Connection, account: int, agents: set[str]) -> None:
    """Of who was an agent that much stays that what they wrote is read as an agent's."""
    p = t.person.c
    connection.execute(
        t.person.update()
        .where(p.account == account, p.id.in_(agents))
        .values(
            role=Role.AGENT.value,
            name=None,
            email=None,
            phone=None,
            organization_id=None,
            language=None,
            time_zone=None,
            active=False,
            identities_due=False,
        )
    )


def _tickets_spoken_in(
    connection: sa.Connection, account: int, ids: Sequence[str]
) -> Sequence[str]:
    """The tickets that hold words of theirs: written, or said in a call when it was theirs."""
    c, m = t.ticket.c, t.message.c
    wrote = sa.select(m.ticket_id).where(m.account == account, m.author_id.in_(ids))
    had = sa.select(c.id).where(c.account == account, c.former_requester_id.in_(ids))
    return connection.scalars(sa.union(wrote, had)).all()


def _erase_words(
    connection: sa.Connection, account: int, ids: Sequence[str], tickets: Sequence[str]
) -> Counter[str]:
    """Remove what they said in other people's tickets, which are then remembered without it."""
    y, m, s, e = t.memory.c, t.message.c, t.sentence.c, t.evidence.c
    went: Counter[str] = Counter()
    for chunk in chunks(tickets):
        wrote = sa.and_(m.account == account, m.ticket_id.in_(chunk), m.author_id.in_(ids))
        said = sa.and_(s.account == account, s.ticket_id.in_(chunk), s.author_id.in_(ids))
        quoted = sa.or_(
            e.author_id.in_(ids),
            sa.exists().where(wrote, m.ticket_id == e.ticket_id, m.id == e.message_id),
        )
        resting = sa.exists().where(e.account == account, e.memory_id == y.id, quoted)
        went += _erase_memories_where(connection, account, sa.and_(y.ticket_id.in_(chunk), resting))
        release(connection, account, Counter(connection.scalars(sa.select(s.digest).where(said))))
        went["sentences"] += connection.execute(t.sentence.delete().where(said)).rowcount
        went["messages"] += connection.execute(t.message.delete().where(wrote)).rowcount
    put_in_outbox(connection, account, tickets)
    return went


def _erase_memories(connection: sa.Connection, account: int, ids: Sequence[str]) -> Counter[str]:
    went = _erase_memories_where(connection, account, t.memory.c.customer_id.in_(ids))
    went["vectors"] = drop_unused_vectors(connection, account)
    return went


def _erase_memories_where(
    connection: sa.Connection, account: int, which: sa.ColumnElement[bool]
) -> Counter[str]:
    c, e = t.memory.c, t.evidence.c
    rows = connection.execute(sa.select(c.id, c.vector).where(c.account == account, which)).all()
    release(connection, account, Counter(row.vector for row in rows if row.vector is not None))
    for chunk in chunks([row.id for row in rows]):
        connection.execute(t.evidence.delete().where(e.account == account, e.memory_id.in_(chunk)))
        connection.execute(t.memory.delete().where(c.account == account, c.id.in_(chunk)))
    return Counter(memories=len(rows))
