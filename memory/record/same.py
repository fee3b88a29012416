"""Who is one person though the helpdesk has them twice: as agents say, until it is merged there.

Nothing is moved for it: each keeps what is theirs, and it can be taken back.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from memory.entities import Role
from memory.record import tables as t
from memory.record.forgotten import refuse_forgotten
from memory.record.terms import ACCOUNT, WHO
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_MOST: Final = 10
"""Nobody is in a helpdesk more often; whom so many are said to be is nobody in particular."""


def say_same(
    connection: sa.Connection,
    account: int,
    customer_id: str,
    other_id: str,
    *,
    agent_id: str | None,
    at: datetime,
) -> None:
    """Write down that two customers are one person.

    Raises:
        ForgottenError: One of them is forgotten.
    """
    for one in (customer_id, other_id):
        refuse_forgotten(connection, account, one)
    first, second = sorted((customer_id, other_id))
    row: Row = {
        "account": account,
        "customer_id": first,
        "other_id": second,
        "agent_id": agent_id,
        "at": at,
    }
    upsert(connection, t.same_person, [row])


def say_different(connection: sa.Connection, account: int, person_id: str) -> None:
    """Write down that a customer is nobody else: all that was said of that is taken back."""
    s = t.same_person.c
    connection.execute(
        t.same_person.delete().where(
            s.account == account, sa.or_(s.customer_id == person_id, s.other_id == person_id)
        )
    )


def same_people(connection: sa.Connection, account: int, person_id: str) -> list[str]:
    """Who is one person with this customer: visible customers, themselves first.

    Whoever is the same as the same is the same.
    """
    found = [person_id]
    for one in found:
        rows = connection.scalars(_same(), {"in_account": account, "who": one})
        found += [other for other in sorted(rows) if other not in found]
        if len(found) > _MOST:
            return [person_id]
    return found


def same_among(connection: sa.Connection, account: int, ids: Sequence[str]) -> dict[str, int]:
    """Which of these customers are one person: those with the same number."""
    group = {one: number for number, one in enumerate(ids)}
    s = t.same_person.c
    for chunk in chunks(ids if len(ids) > 1 else ()):
        said = sa.select(s.customer_id, s.other_id).where(
            s.account == account, s.customer_id.in_(chunk)
        )
        for row in connection.execute(said):
            if row.other_id in group:
                gone = group[row.other_id]
                stays = group[row.customer_id]
                group = {key: stays if one == gone else one for key, one in group.items()}
    return group


@cache
def _same() -> sa.Select[Any]:
    s, p = t.same_person.c, t.person.c
    other = sa.union_all(
        sa.select(s.other_id.label("id")).where(s.account == ACCOUNT, s.customer_id == WHO),
        sa.select(s.customer_id).where(s.account == ACCOUNT, s.other_id == WHO),
    ).subquery()
    return sa.select(p.id).join_from(
        other,
        t.person,
        sa.and_(p.account == ACCOUNT, p.id == other.c.id, p.active, p.role == Role.CUSTOMER.value),
    )


def move_same(connection: sa.Connection, account: int, loser_id: str, winner_id: str) -> None:
    """What was said of somebody who was merged is said of whom they were merged into."""
    s = t.same_person.c
    mine = sa.and_(s.account == account, sa.or_(s.customer_id == loser_id, s.other_id == loser_id))
    said = connection.execute(sa.select(t.same_person).where(mine)).all()
    connection.execute(t.same_person.delete().where(mine))
    for row in said:
        other = row.other_id if row.customer_id == loser_id else row.customer_id
        if other != winner_id:
            say_same(connection, account, winner_id, other, agent_id=row.agent_id, at=row.at)
