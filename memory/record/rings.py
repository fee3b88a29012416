"""Rings in the record: so that a restart during a call loses none, and for what they leave behind.

A caller's number stands here only for as long as a ring may be asked about. What stays longer is
the number of a known customer whom nobody answered, and that a call was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.forgotten import are_forgotten
from memory.record.guard import every_account
from memory.record.terms import ACCOUNT, WHO
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from memory.record.terms import Rows

_RING = t.ring.c

MISSED = sa.and_(
    _RING.direction == "inbound",
    _RING.ended_at.is_not(None),
    _RING.answered_at.is_(None),
    _RING.agent_id.is_(None),
)
"""Nobody answered or claimed it, and the phone system said that it ended.

A ring whose end was never told has no `ended_at`; whether it was answered is not known.
"""


def store_rings(
    connection: Connection, account: int, rows: Sequence[Row], known: Collection[str]
) -> set[str]:
    """Store rings as they are now.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        rows: All columns but the account's.
        known: The ids of those that were stored before. Where they are gone since, their person
            was forgotten, and they are not stored again; nor is a forgotten customer's that is new.

    Returns:
        The ids of those that are gone.
    """
    found: set[str] = set()
    for chunk in chunks(sorted(known)):
        ids = sa.select(_RING.id).where(_RING.account == account, _RING.id.in_(chunk))
        found.update(connection.scalars(ids))
    forgotten = are_forgotten(connection, account, (row["customer_id"] for row in rows))
    gone = {row["id"] for row in rows if row["id"] in known} - found
    gone |= {row["id"] for row in rows if row["customer_id"] in forgotten}
    stay = [{"account": account, **row} for row in rows if row["id"] not in gone]
    upsert(connection, t.ring, stay)
    return gone


def rings_since(connection: Connection, account: int, at: datetime) -> Rows:
    """The rings that began then or later, in the order in which they changed last."""
    return connection.execute(
        sa.select(t.ring)
        .where(_RING.account == account, _RING.at >= at)
        .order_by(_RING.sequence, _RING.id)
    ).all()


def newest_sequence(connection: Connection) -> int:
    """The highest sequence of any account's ring; 0 where there is none."""
    return (
        connection.scalar(sa.select(sa.func.max(_RING.sequence)).where(every_account(t.ring))) or 0
    )


def whose_rings(connection: Connection, account: int, ids: Sequence[str]) -> dict[str, str | None]:
    """Of these rings those that are still here, each with its customer."""
    found: dict[str, str | None] = {}
    for chunk in chunks(ids):
        rows = connection.execute(
            sa.select(_RING.id, _RING.customer_id).where(
                _RING.account == account, _RING.id.in_(chunk)
            )
        )
        found.update((row.id, row.customer_id) for row in rows)
    return found


def drop_numbers(
    connection: Connection, account: int, *, until: datetime, missed_until: datetime
) -> int:
    """Forget who called, where it is not needed any more.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        until: Of rings that began before.
        missed_until: The same, of those that known customers made in vain.

    Returns:
        Of how many rings.
    """
    is_needed = sa.and_(MISSED, _RING.customer_id.is_not(None), _RING.at >= missed_until)
    changed = connection.execute(
        t.ring.update()
        .where(_RING.account == account, _RING.at < until, _RING.caller.is_not(None), ~is_needed)
        .values(caller=None)
    )
    return changed.rowcount


def move_rings(connection: Connection, account: int, loser_id: str, winner_id: str) -> None:
    """Give the rings of a merged customer to whom they are now."""
    connection.execute(
        t.ring.update()
        .where(_RING.account == account, _RING.customer_id == loser_id)
        .values(customer_id=winner_id)
    )


def erase_rings(connection: Connection, account: int, ids: Sequence[str]) -> int:
    """Remove the rings of these people, and those of their numbers that are nobody else's.

    To be called while their identities and tickets are still there.

    Returns:
        How many rings.
    """
    i, m, c = t.identity.c, t.message.c, t.ticket.c
    named = sa.select(i.value).where(i.account == account, i.kind == "phone", i.person_id.in_(ids))
    seen = (
        sa.select(m.number)
        .join_from(t.ticket, t.message, sa.and_(m.account == c.account, m.ticket_id == c.id))
        .where(c.account == account, c.requester_id.in_(ids), m.number.is_not(None))
    )
    theirs = sa.union_all(named, _profile_numbers(account, ids), seen)
    gone = connection.execute(
        t.ring.delete().where(
            _RING.account == account,
            sa.or_(
                _RING.customer_id.in_(ids),
                sa.and_(_RING.customer_id.is_(None), _RING.caller.in_(theirs)),
            ),
        )
    )
    return gone.rowcount


def _profile_numbers(account: int, ids: Sequence[str]) -> sa.Select[Any]:
    """The numbers in people's own rows: who was deleted before anybody rang has no identity."""
    p = t.person.c
    return sa.select(p.phone).where(p.account == account, p.id.in_(ids), p.phone.is_not(None))


def in_vain() -> sa.Select[Any]:
    """Rings of `WHO` that nobody answered, and after which none of theirs was: `id`, `at`."""
    later = t.ring.alias()
    spoken = sa.exists().where(
        later.c.account == ACCOUNT,
        later.c.customer_id == WHO,
        later.c.answered_at > _RING.at,
    )
    return sa.select(_RING.id, _RING.at).where(
        _RING.account == ACCOUNT, _RING.customer_id == WHO, MISSED, ~spoken
    )
