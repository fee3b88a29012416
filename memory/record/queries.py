"""Every question that is asked of the record, named for what it answers.

Each takes a connection and an account's number. Rows carry the columns of `tables` under their
own names, and what is said beside the question. What a brief asks is built once: to build it anew
takes longer than to answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from memory.entities import CallOutcome, Role, Status
from memory.record import tables as t
from memory.record.stored import Stored

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

Rows: TypeAlias = Sequence[Stored]

_VISIBLE = t.ticket.c.status != Status.DELETED.value
_ACCOUNT = sa.bindparam("in_account", type_=sa.Integer)
_WHO = sa.bindparam("who", type_=sa.Text)
_IDS = sa.bindparam("ids", type_=sa.Text, expanding=True)
_UNTIL = sa.bindparam("until", type_=t.UtcTime)


def people_by_identity(connection: Connection, account: int, kind: str, value: str) -> Rows:
    """Visible customers whom a phone (E.164), e-mail (casefolded) or external id points to.

    Rows: `id`, `name`, `organization`, `shared`.
    """
    i, p, o = t.identity.c, t.person.c, t.organization.c
    return connection.execute(
        sa.select(p.id, p.name, o.name.label("organization"), i.shared)
        .select_from(t.identity)
        .join(t.person, sa.and_(p.account == i.account, p.id == i.person_id))
        .outerjoin(t.organization, sa.and_(o.account == p.account, o.id == p.organization_id))
        .where(
            i.account == account,
            i.kind == kind,
            i.value == value,
            p.active,
            p.role == Role.CUSTOMER.value,
        )
        .order_by(p.name.nulls_first(), p.id)
    ).all()


def person(connection: Connection, account: int, person_id: str) -> Stored | None:
    """One person, deleted or not, with `organization` (its name)."""
    return connection.execute(_person(), {"in_account": account, "who": person_id}).one_or_none()


@cache
def _person() -> sa.Select[Any]:
    p, o = t.person.c, t.organization.c
    return (
        sa.select(t.person, o.name.label("organization"))
        .outerjoin(t.organization, sa.and_(o.account == p.account, o.id == p.organization_id))
        .where(p.account == _ACCOUNT, p.id == _WHO)
    )


def winner(connection: Connection, account: int, person_id: str) -> str:
    """Who this person is now: another, where they were merged into one."""
    m = t.merge.c
    question = sa.select(m.winner_id).where(m.account == account, m.loser_id == person_id)
    return connection.scalar(question) or person_id


def merged_from(connection: Connection, account: int, person_id: str) -> Sequence[str]:
    """The ids of everybody who was merged into this person, in order."""
    m = t.merge.c
    return connection.scalars(
        sa.select(m.loser_id)
        .where(m.account == account, m.winner_id == person_id)
        .order_by(m.loser_id)
    ).all()


def people(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """These people: `id`, `name`, `role`, `active`, and whether they `declined` to be offered."""
    return connection.execute(_people(), {"in_account": account, "ids": list(ids)}).all()


@cache
def _people() -> sa.Select[Any]:
    p, w = t.person.c, t.agent_wish.c
    return (
        sa.select(p.id, p.name, p.role, p.active, w.at.is_not(None).label("declined"))
        .outerjoin(t.agent_wish, sa.and_(w.account == p.account, w.agent_id == p.id))
        .where(p.account == _ACCOUNT, p.id.in_(_IDS))
    )


def agents(connection: Connection, account: int) -> Rows:
    """Every agent: `id`, `name`, `email`, `active`."""
    p = t.person.c
    return connection.execute(
        sa.select(p.id, p.name, p.email, p.active)
        .where(p.account == account, p.role == Role.AGENT.value)
        .order_by(p.id)
    ).all()


def customer_ids(connection: Connection, account: int) -> Sequence[str]:
    """The ids of every visible customer, in order."""
    p = t.person.c
    return connection.scalars(
        sa.select(p.id)
        .where(p.account == account, p.active, p.role == Role.CUSTOMER.value)
        .order_by(p.id)
    ).all()


def busiest_customers(connection: Connection, account: int, limit: int) -> Rows:
    """The visible customers with the most tickets: `id`, `tickets`."""
    c, p = t.ticket.c, t.person.c
    count = sa.func.count().label("tickets")
    return connection.execute(
        sa.select(p.id, count)
        .join_from(t.person, t.ticket, sa.and_(c.account == p.account, c.requester_id == p.id))
        .where(p.account == account, p.active, p.role == Role.CUSTOMER.value, _VISIBLE)
        .group_by(p.id)
        .order_by(count.desc(), p.id)
        .limit(limit)
    ).all()


def identities(connection: Connection, account: int, person_id: str) -> Rows:
    """The identities of a person, with `owners`: how many visible people each points to."""
    i, p = t.identity.c, t.person.c
    other = t.identity.alias()
    owners = (
        sa.select(sa.func.count())
        .join_from(
            other, t.person, sa.and_(p.account == other.c.account, p.id == other.c.person_id)
        )
        .where(
            other.c.account == i.account,
            other.c.kind == i.kind,
            other.c.value == i.value,
            p.active,
        )
        .scalar_subquery()
    )
    return connection.execute(
        sa.select(i.kind, i.value, i.shared, i.confirmed, owners.label("owners"))
        .where(i.account == account, i.person_id == person_id)
        .order_by(i.kind, i.value)
    ).all()


def ticket(connection: Connection, account: int, ticket_id: str) -> Stored | None:
    """One visible ticket."""
    c = t.ticket.c
    return connection.execute(
        sa.select(t.ticket).where(c.account == account, c.id == ticket_id, _VISIBLE)
    ).one_or_none()


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
        .where(c.account == _ACCOUNT, c.requester_id == _WHO, _VISIBLE)
        .order_by(c.created_at, c.id)
    )


def last_contacts(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """When each of these customers last opened a ticket: `id`, `at`."""
    c = t.ticket.c
    return connection.execute(
        sa.select(c.requester_id.label("id"), sa.func.max(c.created_at).label("at"))
        .where(c.account == account, c.requester_id.in_(ids), _VISIBLE)
        .group_by(c.requester_id)
    ).all()


def messages_of_tickets(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """All messages of these tickets, in order, with `role`, `name`, `active` of their authors.

    What somebody wrote before they were merged into another is the other's.

    Of a call, what the telephony lists stands in where the message itself does not tell the
    `minutes` or who it was `answered_by`, and says better whether it was `missed`.
    """
    m, p, k = t.message.c, t.person.c, t.call.c
    merged = t.merge.c
    author = sa.func.coalesce(merged.winner_id, m.author_id)
    replaced = {"author_id", "minutes", "answered_by", "missed"}
    own = [c for c in t.message.c if c.name not in replaced]
    unanswered = sa.case(
        (k.outcome.is_not(None), k.outcome != CallOutcome.ANSWERED.value), else_=m.missed
    )
    return connection.execute(
        sa.select(
            *own,
            author.label("author_id"),
            sa.func.coalesce(m.minutes, k.minutes).label("minutes"),
            sa.func.coalesce(m.answered_by, k.agent_id).label("answered_by"),
            unanswered.label("missed"),
            p.role,
            p.name,
            p.active,
        )
        .outerjoin(t.merge, sa.and_(merged.account == m.account, merged.loser_id == m.author_id))
        .outerjoin(t.person, sa.and_(p.account == m.account, p.id == author))
        .outerjoin(t.call, sa.and_(k.account == m.account, k.id == m.call_id))
        .where(m.account == account, m.ticket_id.in_(ids))
        .order_by(m.ticket_id, m.at, m.id)
    ).all()


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
            _VISIBLE,
        )
        .order_by(m.ticket_id)
    ).all()


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
        .where(m.account == _ACCOUNT, m.customer_id == _WHO, _VISIBLE)
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
            e.account == _ACCOUNT,
            e.memory_id.in_(_IDS),
            sa.or_(e.message_id == "", m.id.is_not(None)),
        )
        .order_by(e.memory_id, e.place)
    )


def contacts_of(connection: Connection, account: int, customer_id: str) -> Rows:
    """Which agent spent how long with a customer on which ticket, oldest first."""
    return connection.execute(_contacts_of(), {"in_account": account, "who": customer_id}).all()


@cache
def _contacts_of() -> sa.Select[Any]:
    c, k = t.contact.c, t.ticket.c
    return (
        sa.select(c.ticket_id, c.agent_id, c.at, c.minutes, c.talks, c.calls)
        .join_from(t.contact, t.ticket, sa.and_(k.account == c.account, k.id == c.ticket_id))
        .where(c.account == _ACCOUNT, c.customer_id == _WHO, _VISIBLE)
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
        .where(c.account == _ACCOUNT, c.requester_id == _WHO, _VISIBLE)
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
        .where(n.account == _ACCOUNT, n.customer_id == _WHO)
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
        .where(n.account == _ACCOUNT, n.customer_id == _WHO, c.created_at <= _UNTIL)
    )


def access_of(connection: Connection, account: int, customer_id: str) -> Rows:
    """Who saw what of a customer, or of whom was merged into them, oldest first."""
    a = t.access.c
    return connection.execute(
        sa.select(a.at, a.agent, a.proof, a.what)
        .where(
            a.account == account,
            a.customer_id.in_([customer_id, *merged_from(connection, account, customer_id)]),
        )
        .order_by(a.number)
    ).all()


def sensitive_quotes(connection: Connection, account: int, customer_id: str) -> set[str]:
    """The words that stand behind a customer's sensitive memories."""
    m, e = t.memory.c, t.evidence.c
    return set(
        connection.scalars(
            sa.select(e.quote)
            .join_from(
                t.memory,
                t.evidence,
                sa.and_(e.account == m.account, e.memory_id == m.id, e.part == "said"),
            )
            .where(m.account == account, m.customer_id == customer_id, m.sensitive)
        )
    )


def issues(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """These issue memories of visible tickets, with the ticket's `status` and `subject`."""
    m, c = t.memory.c, t.ticket.c
    return connection.execute(
        sa.select(m.id, m.ticket_id, m.customer_id, m.code, m.sensitive, c.subject, c.status)
        .join_from(t.memory, t.ticket, sa.and_(c.account == m.account, c.id == m.ticket_id))
        .where(m.account == account, m.id.in_(ids), _VISIBLE)
    ).all()


def vectors(connection: Connection, account: int, digests: Sequence[bytes]) -> dict[bytes, bytes]:
    """Digest to float16 bytes, of those of these vectors that the record holds."""
    v = t.vector.c
    found: dict[bytes, bytes] = {}
    for start in range(0, len(digests), 500):
        rows = connection.execute(
            sa.select(v.digest, v.data).where(
                v.account == account, v.digest.in_(digests[start : start + 500])
            )
        )
        found.update((row.digest, row.data) for row in rows)
    return found


def issue_ids(connection: Connection, account: int) -> Sequence[str]:
    """The ids of all issue memories that have a vector."""
    m = t.memory.c
    return connection.scalars(
        sa.select(m.id).where(m.account == account, m.kind == "issue", m.vector.is_not(None))
    ).all()


def issue_ids_of_tickets(
    connection: Connection, account: int, ticket_ids: Sequence[str]
) -> Sequence[str]:
    """The ids of the issue memories of these tickets."""
    m = t.memory.c
    return connection.scalars(
        sa.select(m.id).where(m.account == account, m.ticket_id.in_(ticket_ids), m.kind == "issue")
    ).all()


def issue_vectors(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """Of these issue memories: `id` and `data`, the float16 bytes of their vector."""
    m, v = t.memory.c, t.vector.c
    return connection.execute(
        sa.select(m.id, v.data)
        .join_from(t.memory, t.vector, sa.and_(v.account == m.account, v.digest == m.vector))
        .where(m.account == account, m.id.in_(ids))
    ).all()


def outbox_batch(connection: Connection, account: int, limit: int) -> Rows:
    """The next tickets to remember: `ticket_id`, `stamp`.

    Tickets whose messages are all here come first, and the newest of them before older ones.
    """
    o, c = t.outbox.c, t.ticket.c
    return connection.execute(
        sa.select(o.ticket_id, o.stamp)
        .join_from(t.outbox, t.ticket, sa.and_(c.account == o.account, c.id == o.ticket_id))
        .where(o.account == account)
        .order_by(c.messages_due, o.at.desc(), o.ticket_id)
        .limit(limit)
    ).all()


def outbox_size(connection: Connection, account: int) -> int:
    """How many tickets wait to be remembered."""
    o = t.outbox.c
    return connection.scalar(sa.select(sa.func.count()).where(o.account == account)) or 0


def tickets(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """These tickets, visible or not."""
    c = t.ticket.c
    return connection.execute(
        sa.select(t.ticket).where(c.account == account, c.id.in_(ids)).order_by(c.id)
    ).all()


def quarantined(connection: Connection, account: int) -> Rows:
    """The rows that could not be read: `stream`, `id`, `field`, `reason`."""
    q = t.quarantine.c
    return connection.execute(
        sa.select(q.stream, q.id, q.field, q.reason)
        .where(q.account == account)
        .order_by(q.stream, q.id)
    ).all()


def oldest_unchecked(connection: Connection, account: int) -> datetime | None:
    """When what is visible and was looked at longest ago was last compared with the helpdesk.

    A ticket is looked at by a list and by reading its messages; no list shows an archived one.
    """
    p, c = t.person.c, t.ticket.c
    read = sa.func.coalesce(c.read_at, c.seen_at)
    looked_at = sa.case((sa.or_(c.archived, read < c.seen_at), read), else_=c.seen_at)
    tickets = connection.scalar(
        sa.select(sa.func.min(looked_at, type_=t.UtcTime)).where(_shown(account))
    )
    customers = connection.scalar(
        sa.select(sa.func.min(p.seen_at, type_=t.UtcTime)).where(
            p.account == account, p.active, p.role == Role.CUSTOMER.value
        )
    )
    return min((one for one in (tickets, customers) if one is not None), default=None)


def _shown(account: int) -> sa.ColumnElement[bool]:
    """Whether a ticket is visible: neither deleted nor of somebody who is."""
    p, c = t.person.c, t.ticket.c
    hidden = sa.select(p.id).where(p.account == account, ~p.active)
    return sa.and_(
        c.account == account, _VISIBLE, sa.func.coalesce(c.requester_id, "").not_in(hidden)
    )


def counts(connection: Connection, account: int) -> dict[str, int]:
    """How much is stored: visible `customers`, `tickets`, `messages`, `memories`; and `waiting`."""
    p, c, m, y = t.person.c, t.ticket.c, t.message.c, t.memory.c
    hidden = sa.select(p.id).where(p.account == account, ~p.active)
    visible = _shown(account)
    shown = sa.select(c.id).where(visible)
    questions = {
        "customers": sa.select(sa.func.count()).where(
            p.account == account, p.active, p.role == Role.CUSTOMER.value
        ),
        "tickets": sa.select(sa.func.count()).select_from(t.ticket).where(visible),
        "messages": sa.select(sa.func.count()).where(m.account == account, m.ticket_id.in_(shown)),
        "memories": sa.select(sa.func.count()).where(
            y.account == account, y.ticket_id.in_(shown), y.customer_id.not_in(hidden)
        ),
    }
    stored = {name: connection.scalar(question) or 0 for name, question in questions.items()}
    return stored | waiting(connection, account)


def waiting(connection: Connection, account: int) -> dict[str, int]:
    """How much is still to be done.

    Tickets to be read (`unread`), people to be `unidentified` no more, and tickets to be
    remembered (`outbox`).
    """
    p, c, o = t.person.c, t.ticket.c, t.outbox.c
    questions = {
        "unread": sa.select(sa.func.count()).where(c.account == account, c.messages_due),
        "unidentified": sa.select(sa.func.count()).where(p.account == account, p.identities_due),
        "outbox": sa.select(sa.func.count()).where(o.account == account),
    }
    return {name: connection.scalar(question) or 0 for name, question in questions.items()}
