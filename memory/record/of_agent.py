"""Questions about one agent's own time: whom they dealt with, and what rang for them.

Nobody stands in the answers who is deleted, erased, or opted out.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from memory.entities import Role
from memory.record import tables as t
from memory.record.terms import ACCOUNT, IDS, UNTIL, VISIBLE, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

_AGENT: Final = sa.bindparam("agent", type_=sa.Text)
_SINCE: Final = sa.bindparam("since", type_=t.UtcTime)
_MONTH: Final = timedelta(days=30)
_MONTHS: Final = 12


def _may_be_named(person_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether somebody is a visible customer who did not opt out."""
    p, o = t.person.alias().c, t.opt_out.c
    here = sa.exists().where(
        p.account == ACCOUNT, p.id == person_id, p.active, p.role == Role.CUSTOMER.value
    )
    out = sa.exists().where(o.account == ACCOUNT, o.customer_id == person_id)
    return sa.and_(here, ~out)


def warmest(
    connection: Connection,
    account: int,
    agent_id: str,
    now: datetime,
    *,
    half_life: timedelta,
    fewest: int,
    limit: int,
) -> Sequence[str]:
    """The customers on whom an agent spent most of their time of late, roughly in that order.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        agent_id: Whose time.
        now: The present. What was a year ago or longer counts no more.
        half_life: A minute so long ago weighs half of one spent now.
        fewest: At least so many talks.
        limit: At most so many customers.
    """
    asked = {"in_account": account, "agent": agent_id, "fewest": fewest, "limit": limit}
    for month in range(_MONTHS):
        asked[f"since_{month}"] = now - (month + 1) * _MONTH
        asked[f"weight_{month}"] = 0.5 ** ((month + 0.5) * _MONTH / half_life)
    return connection.scalars(_warmest(), asked).all()


@cache
def _warmest() -> sa.Select[Any]:
    """A minute weighs by its month: near enough to choose those who are then weighed exactly."""
    c = t.contact.c
    weight = sa.case(
        *(
            (
                c.at >= sa.bindparam(f"since_{month}", type_=t.UtcTime),
                sa.bindparam(f"weight_{month}", type_=sa.Float),
            )
            for month in range(_MONTHS)
        ),
        else_=0.0,
    )
    spent = (
        sa.select(
            c.customer_id,
            sa.func.sum(c.minutes * weight).label("warmth"),
        )
        .where(
            c.account == ACCOUNT,
            c.agent_id == _AGENT,
            c.at >= sa.bindparam(f"since_{_MONTHS - 1}", type_=t.UtcTime),
        )
        .group_by(c.customer_id)
        .having(sa.func.sum(c.talks) >= sa.bindparam("fewest", type_=sa.Integer))
        .subquery()
    )
    return (
        sa.select(spent.c.customer_id)
        .where(_may_be_named(spent.c.customer_id))
        .order_by(spent.c.warmth.desc(), spent.c.customer_id)
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def contacts_with(connection: Connection, account: int, agent_id: str, ids: Sequence[str]) -> Rows:
    """How long an agent spent with each of these customers, oldest first.

    Rows: `customer_id`, `at`, `minutes`, `talks`.
    """
    asked = {"in_account": account, "agent": agent_id, "ids": list(ids)}
    return connection.execute(_contacts_with(), asked).all()


@cache
def _contacts_with() -> sa.Select[Any]:
    c = t.contact.c
    return (
        sa.select(c.customer_id, c.at, c.minutes, c.talks)
        .where(c.account == ACCOUNT, c.customer_id.in_(IDS), c.agent_id == _AGENT)
        .order_by(c.at, c.ticket_id)
    )


def dealt_with(
    connection: Connection, account: int, agent_id: str, since: datetime, until: datetime
) -> Rows:
    """The visible tickets an agent dealt with at some time, opened before another, by id.

    Rows: `id`, `requester_id`, `assignee_id`, and the requester's `name`.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        agent_id: Who.
        since: They did something in them then or later.
        until: The tickets were opened before.
    """
    asked = {"in_account": account, "agent": agent_id, "since": since, "until": until}
    return connection.execute(_dealt_with(), asked).all()


@cache
def _dealt_with() -> sa.Select[Any]:
    c, k, p = t.contact.c, t.ticket.c, t.person.c
    return (
        sa.select(k.id, k.requester_id, k.assignee_id, p.name)
        .join_from(t.contact, t.ticket, sa.and_(k.account == c.account, k.id == c.ticket_id))
        .join(t.person, sa.and_(p.account == k.account, p.id == k.requester_id))
        .where(
            c.account == ACCOUNT,
            c.agent_id == _AGENT,
            c.at >= _SINCE,
            k.created_at < UNTIL,
            VISIBLE,
            _may_be_named(k.requester_id),
        )
        .distinct()
        .order_by(k.id)
    )


def rings_between(connection: Connection, account: int, since: datetime, until: datetime) -> Rows:
    """The rings that began in a time, oldest first; of who called what may be said.

    Rows: `id`, `direction`, `state`, `agents`, `agent_id`, `at`, `answered_at`, and
    `customer_id` and `name`, null unless it is a known customer.
    """
    asked = {"in_account": account, "since": since, "until": until}
    return connection.execute(_rings_between(), asked).all()


@cache
def _rings_between() -> sa.Select[Any]:
    r, p = t.ring.c, t.person.c
    return (
        sa.select(r.id, r.direction, r.state, r.agents, r.agent_id, r.at, r.answered_at, p.name)
        .add_columns(p.id.label("customer_id"))
        .outerjoin_from(
            t.ring,
            t.person,
            sa.and_(p.account == r.account, p.id == r.customer_id, _may_be_named(p.id)),
        )
        .where(r.account == ACCOUNT, r.at >= _SINCE, r.at < UNTIL)
        .order_by(r.at, r.id)
    )


def not_offered_to(connection: Connection, account: int, ids: Sequence[str]) -> Rows:
    """Which agents do not want to be offered to which of these customers.

    Rows: `customer_id`, `agent_id`.
    """
    asked = {"in_account": account, "ids": list(ids)}
    return connection.execute(_not_offered_to(), asked).all()


@cache
def _not_offered_to() -> sa.Select[Any]:
    n = t.not_offered.c
    return sa.select(n.customer_id, n.agent_id).where(n.account == ACCOUNT, n.customer_id.in_(IDS))
