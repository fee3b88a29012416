"""Who was verified to be the caller of a call: by one agent, for that call, for a while.

Caller ID proves nothing, and neither does what another agent found out on another call.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.terms import ACCOUNT, IDS
from memory.record.upserts import Row, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LONGEST: Final = timedelta(hours=2)
"""A verification lasts at most so long."""

AFTER_THE_CALL: Final = timedelta(minutes=30)
"""And so long after its ring has ended: what there is to write down then."""

_RING: Final = "ring:"


def verify(
    connection: sa.Connection,
    account: int,
    *,
    customer_id: str,
    call: str,
    agent_id: str,
    at: datetime,
) -> datetime:
    """An agent knows the caller of a call to be this customer; until when that holds.

    What no longer holds, of anybody, goes at the same time. Nothing is written of a call that
    ended too long ago.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        customer_id: Who calls.
        call: `ring:KEY` or `ticket:ID`.
        agent_id: Who says so.
        at: When.
    """
    v = t.verification.c
    connection.execute(t.verification.delete().where(v.account == account, v.until <= at))
    until = at + LONGEST
    ended = connection.scalar(_ended(), {"in_account": account, "key": call.removeprefix(_RING)})
    if call.startswith(_RING) and ended is not None:
        until = min(until, ended + AFTER_THE_CALL)
    row: Row = {
        "account": account,
        "customer_id": customer_id,
        "call": call,
        "agent_id": agent_id,
        "at": at,
        "until": until,
    }
    upsert(connection, t.verification, [row] if until > at else [])
    return until


def is_verified(
    connection: sa.Connection,
    account: int,
    customer_ids: Sequence[str],
    *,
    call: str,
    agent_id: str,
    at: datetime,
) -> bool:
    """Whether this agent has verified the caller of this call, as one of these, and it still holds.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        customer_ids: Who calls; several are said to be one person.
        call: `ring:KEY` or `ticket:ID`.
        agent_id: Who asks.
        at: The present.
    """
    asked = {
        "in_account": account,
        "ids": list(customer_ids),
        "call": call,
        "agent": agent_id,
        "at": at,
    }
    if connection.scalar(_verified(), asked) is None:
        return False
    if not call.startswith(_RING):
        return True
    ended = connection.scalar(_ended(), {"in_account": account, "key": call.removeprefix(_RING)})
    return ended is None or at < ended + AFTER_THE_CALL


@cache
def _verified() -> sa.Select[Any]:
    v = t.verification.c
    return (
        sa.select(v.until)
        .where(
            v.account == ACCOUNT,
            v.customer_id.in_(IDS),
            v.call == sa.bindparam("call", type_=sa.Text),
            v.agent_id == sa.bindparam("agent", type_=sa.Text),
            v.until > sa.bindparam("at", type_=t.UtcTime),
        )
        .limit(1)
    )


@cache
def _ended() -> sa.Select[Any]:
    r = t.ring.c
    return sa.select(r.ended_at).where(
        r.account == ACCOUNT, r.id == sa.bindparam("key", type_=sa.Text)
    )
