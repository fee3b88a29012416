"""Questions about calls: who rang, from which number, who answered, and whom nobody answered.

What a brief asks is built once: to build it anew takes longer than to answer it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.entities import CallOutcome, Role
from memory.record import tables as t
from memory.record.rings import in_vain
from memory.record.terms import ACCOUNT, VISIBLE, WHO, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def people_by_number(connection: Connection, account: int, number: str) -> Rows:
    """Visible customers in whose calls a number (E.164) was the other end.

    Rows: as of `queries.people_by_identity`: `id`, `name`, `organization`, `shared`.
    """
    return connection.execute(_by_number(), {"in_account": account, "number": number}).all()


@cache
def _by_number() -> sa.Select[Any]:
    m, c, p, o = t.message.c, t.ticket.c, t.person.c, t.organization.c
    number = sa.bindparam("number", type_=sa.Text)
    callers = (
        sa.select(c.requester_id)
        .join_from(t.message, t.ticket, sa.and_(c.account == m.account, c.id == m.ticket_id))
        .where(m.account == ACCOUNT, m.number == number, VISIBLE)
    )
    return (
        sa.select(
            p.id, p.name, o.name.label("organization"), sa.literal(value=False).label("shared")
        )
        .outerjoin(t.organization, sa.and_(o.account == p.account, o.id == p.organization_id))
        .where(p.account == ACCOUNT, p.id.in_(callers), p.active, p.role == Role.CUSTOMER.value)
        .order_by(p.name.nulls_first(), p.id)
    )


def numbers_of(connection: Connection, account: int, customer_id: str) -> Sequence[str]:
    """The numbers (E.164) seen in a customer's calls, in order."""
    m, c = t.message.c, t.ticket.c
    return connection.scalars(
        sa.select(m.number)
        .distinct()
        .join_from(t.ticket, t.message, sa.and_(m.account == c.account, m.ticket_id == c.id))
        .where(c.account == account, c.requester_id == customer_id, VISIBLE, m.number.is_not(None))
        .order_by(m.number)
    ).all()


def missed_calls(connection: Connection, account: int, customer_id: str) -> Rows:
    """The inbound calls of a customer that no agent answered, oldest first.

    Rows: `id`, `at`, `ticket_id`, `message_id`, `of_ring` (a phone system told of it, which the
    helpdesk may have done, too), `quote` (a voicemail's words), and the message's `channel`,
    `author_id`, `role`, `author_name`; all of the message null where there is none.
    """
    return connection.execute(_missed(), {"in_account": account, "who": customer_id}).all()


@cache
def _missed() -> sa.Select[Any]:
    m, c, p = t.message.c, t.ticket.c, t.person.c
    k, no = _calls_of(), sa.literal(value=False)
    listed = (
        sa.select(k.c.id, k.c.at, k.c.ticket_id, m.id.label("message_id"), no.label("of_ring"))
        .outerjoin(
            t.message,
            sa.and_(m.account == ACCOUNT, m.ticket_id == k.c.ticket_id, m.call_id == k.c.id),
        )
        .where(k.c.direction == "inbound", k.c.outcome != CallOutcome.ANSWERED.value)
    )
    known = sa.exists().where(t.call.c.account == ACCOUNT, t.call.c.id == m.call_id)
    written = (
        sa.select(sa.func.coalesce(m.call_id, m.id), m.at, m.ticket_id, m.id, no)
        .join_from(t.ticket, t.message, sa.and_(m.account == c.account, m.ticket_id == c.id))
        .where(
            c.account == ACCOUNT,
            c.requester_id == WHO,
            VISIBLE,
            m.missed == sa.true(),
            ~known,
        )
    )
    nothing = sa.cast(sa.null(), sa.Text)
    rung = in_vain().add_columns(nothing, nothing, sa.literal(value=True))
    found = sa.union_all(listed, written, rung).subquery()
    return (
        sa.select(found, m.text.label("quote"), m.channel, m.author_id)
        .add_columns(p.role, p.name.label("author_name"))
        .outerjoin(
            t.message,
            sa.and_(
                m.account == ACCOUNT,
                m.ticket_id == found.c.ticket_id,
                m.id == found.c.message_id,
            ),
        )
        .outerjoin(t.person, sa.and_(p.account == ACCOUNT, p.id == m.author_id))
        .order_by(found.c.at, found.c.id)
    )


def answered_calls(connection: Connection, account: int, customer_id: str) -> Rows:
    """The calls of a customer that somebody answered, oldest first: `id`, `at`, `agent_id`."""
    return connection.execute(_answered(), {"in_account": account, "who": customer_id}).all()


@cache
def _answered() -> sa.Select[Any]:
    k = _calls_of().c
    return (
        sa.select(k.id, k.at, k.agent_id)
        .where(k.outcome == CallOutcome.ANSWERED.value)
        .order_by(k.at, k.id)
    )


def outbound_calls(connection: Connection, account: int, customer_id: str) -> Rows:
    """The calls in which a customer was rung and reached, oldest first: `at`."""
    return connection.execute(_outbound(), {"in_account": account, "who": customer_id}).all()


@cache
def _outbound() -> sa.Select[Any]:
    """Those the telephony lists, and those that tickets alone tell of."""
    m, c = t.message.c, t.ticket.c
    k = _calls_of().c
    listed = sa.select(k.at).where(
        k.direction == "outbound", k.outcome == CallOutcome.ANSWERED.value
    )
    known = sa.exists().where(t.call.c.account == ACCOUNT, t.call.c.id == m.call_id)
    written = (
        sa.select(m.at)
        .join_from(t.ticket, t.message, sa.and_(m.account == c.account, m.ticket_id == c.id))
        .where(
            c.account == ACCOUNT,
            c.requester_id == WHO,
            VISIBLE,
            m.direction == "outbound",
            m.missed.is_not(sa.true()),
            ~known,
        )
    )
    found = sa.union_all(listed, written).subquery()
    return sa.select(found.c.at).order_by(found.c.at)


def legs_of_tickets(connection: Connection, account: int, ticket_ids: Sequence[str]) -> Rows:
    """What agents answered of these tickets' calls: `call_id`, `agent_id`, `minutes`."""
    g, m = t.leg.c, t.message.c
    return connection.execute(
        sa.select(g.call_id, g.agent_id, g.minutes)
        .join_from(t.message, t.leg, sa.and_(g.account == m.account, g.call_id == m.call_id))
        .where(
            m.account == account,
            m.ticket_id.in_(ticket_ids),
            g.agent_id.is_not(None),
            g.outcome == CallOutcome.ANSWERED.value,
        )
        .order_by(g.call_id, g.id)
    ).all()


def _calls_of() -> sa.Subquery:
    """A call is its ticket's requester's, else whoever rang, or was merged into them since."""
    k, c, g = t.call.c, t.ticket.c, t.merge.c
    of_tickets = (
        sa.select(t.call)
        .join_from(t.ticket, t.call, sa.and_(k.account == c.account, k.ticket_id == c.id))
        .where(c.account == ACCOUNT, c.requester_id == WHO, VISIBLE)
    )
    merged = sa.select(g.loser_id).where(g.account == ACCOUNT, g.winner_id == WHO)
    of_callers = sa.select(t.call).where(
        k.account == ACCOUNT,
        k.customer_id.in_(sa.union_all(sa.select(WHO), merged)),
        # Said so that the planner does not take every call without a ticket by its index.
        sa.func.coalesce(k.ticket_id, "") == "",
    )
    return sa.union_all(of_tickets, of_callers).subquery()
