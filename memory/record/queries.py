"""Questions to the record: who somebody is, tickets and their words, what waits, how much there is.

Each takes a connection and an account's number. Rows carry the columns of `tables` under their
own names, and what is said beside the question. What a brief asks is built once: to build it anew
takes longer than to answer it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.entities import CallOutcome, Role
from memory.record import tables as t
from memory.record.terms import ACCOUNT, IDS, VISIBLE, WHO, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from memory.record.stored import Stored


def people_by_identity(connection: Connection, account: int, kind: str, value: str) -> Rows:
    """Visible customers whom a phone (E.164), e-mail (casefolded) or external id points to.

    Rows: `id`, `name`, `organization`, `shared`.
    """
    asked = {"in_account": account, "kind": kind, "value": value}
    return connection.execute(_people_by_identity(), asked).all()


@cache
def _people_by_identity() -> sa.Select[Any]:
    i, p, o = t.identity.c, t.person.c, t.organization.c
    return (
        sa.select(p.id, p.name, o.name.label("organization"), i.shared)
        .select_from(t.identity)
        .join(t.person, sa.and_(p.account == i.account, p.id == i.person_id))
        .outerjoin(t.organization, sa.and_(o.account == p.account, o.id == p.organization_id))
        .where(
            i.account == ACCOUNT,
            i.kind == sa.bindparam("kind", type_=sa.Text),
            i.value == sa.bindparam("value", type_=sa.Text),
            p.active,
            p.role == Role.CUSTOMER.value,
        )
        .order_by(p.name.nulls_first(), p.id)
    )


def person(connection: Connection, account: int, person_id: str) -> Stored | None:
    """One person, deleted or not, with `organization` (its name)."""
    return connection.execute(_person(), {"in_account": account, "who": person_id}).one_or_none()


@cache
def _person() -> sa.Select[Any]:
    p, o = t.person.c, t.organization.c
    return (
        sa.select(t.person, o.name.label("organization"))
        .outerjoin(t.organization, sa.and_(o.account == p.account, o.id == p.organization_id))
        .where(p.account == ACCOUNT, p.id == WHO)
    )


def winner(connection: Connection, account: int, person_id: str) -> str:
    """Who this person is now: another, where they were merged into one."""
    return connection.scalar(_winner(), {"in_account": account, "who": person_id}) or person_id


@cache
def _winner() -> sa.Select[Any]:
    m = t.merge.c
    return sa.select(m.winner_id).where(m.account == ACCOUNT, m.loser_id == WHO)


def merged_from(connection: Connection, account: int, person_id: str) -> Sequence[str]:
    """The ids of everybody who was merged into this person, in order."""
    m = t.merge.c
    return connection.scalars(
        sa.select(m.loser_id)
        .where(m.account == account, m.winner_id == person_id)
        .order_by(m.loser_id)
    ).all()


def people(
    connection: Connection, account: int, ids: Sequence[str], to: Sequence[str] = ()
) -> Rows:
    """These people: `id`, `name`, `role`, `active`, and whether they `declined` to be offered.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        ids: Who.
        to: Customers to whom some may not want to be offered.
    """
    asked = {"in_account": account, "ids": list(ids), "to": list(to) or [""]}
    return connection.execute(_people(), asked).all()


@cache
def _people() -> sa.Select[Any]:
    p, w, n = t.person.c, t.agent_wish.c, t.not_offered.c
    to = sa.bindparam("to", type_=sa.Text, expanding=True)
    not_to_them = sa.exists().where(
        n.account == p.account, n.agent_id == p.id, n.customer_id.in_(to)
    )
    return (
        sa.select(
            p.id,
            p.name,
            p.role,
            p.active,
            sa.or_(w.at.is_not(None), not_to_them).label("declined"),
        )
        .outerjoin(t.agent_wish, sa.and_(w.account == p.account, w.agent_id == p.id))
        .where(p.account == ACCOUNT, p.id.in_(IDS))
    )


def agents(connection: Connection, account: int) -> Rows:
    """Every agent: `id`, `name`, `email`, `active`."""
    p = t.person.c
    return connection.execute(
        sa.select(p.id, p.name, p.email, p.active)
        .where(p.account == account, p.role == Role.AGENT.value)
        .order_by(p.id)
    ).all()


def agent(connection: Connection, account: int, agent_id: str) -> Stored | None:
    """One agent, as of `agents`."""
    return connection.execute(_agent(), {"in_account": account, "who": agent_id}).one_or_none()


@cache
def _agent() -> sa.Select[Any]:
    p = t.person.c
    return sa.select(p.id, p.name, p.email, p.active).where(
        p.account == ACCOUNT, p.id == WHO, p.role == Role.AGENT.value
    )


def customer_ids(connection: Connection, account: int) -> Sequence[str]:
    """The ids of every visible customer, in order."""
    p = t.person.c
    return connection.scalars(
        sa.select(p.id)
        .where(p.account == account, p.active, p.role == Role.CUSTOMER.value)
        .order_by(p.id)
    ).all()


def languages(connection: Connection, account: int) -> Rows:
    """How many visible customers have which language: `language` (None: not said), `customers`."""
    p = t.person.c
    count = sa.func.count().label("customers")
    return connection.execute(
        sa.select(p.language, count)
        .where(p.account == account, p.active, p.role == Role.CUSTOMER.value)
        .group_by(p.language)
    ).all()


def busiest_customers(connection: Connection, account: int, limit: int) -> Rows:
    """The visible customers with the most tickets: `id`, `tickets`."""
    c, p = t.ticket.c, t.person.c
    count = sa.func.count().label("tickets")
    return connection.execute(
        sa.select(p.id, count)
        .join_from(t.person, t.ticket, sa.and_(c.account == p.account, c.requester_id == p.id))
        .where(p.account == account, p.active, p.role == Role.CUSTOMER.value, VISIBLE)
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
        sa.select(t.ticket).where(c.account == account, c.id == ticket_id, VISIBLE)
    ).one_or_none()


def messages_of_tickets(
    connection: Connection,
    account: int,
    ids: Sequence[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Rows:
    """All messages of these tickets, in order, with `role`, `name`, `active` of their authors.

    What somebody wrote before they were merged into another is the other's.

    Only those of a time are given where it is said (`since`, and before `until`).

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
        .where(
            m.account == account,
            m.ticket_id.in_(ids),
            sa.true() if since is None else m.at >= since,
            sa.true() if until is None else m.at < until,
        )
        .order_by(m.ticket_id, m.at, m.id)
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
        c.account == account, VISIBLE, sa.func.coalesce(c.requester_id, "").not_in(hidden)
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
