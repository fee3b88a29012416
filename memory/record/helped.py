"""Which memories helped which agents, as they say themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.record import tables as t
from memory.record.upserts import Row, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import sqlalchemy as sa


def say_helped(
    connection: sa.Connection,
    account: int,
    memory_id: str,
    *,
    customer_id: str,
    agent_id: str,
    at: datetime,
) -> None:
    """Write down that a memory or note helped an agent; once, however often they say so."""
    row: Row = {
        "account": account,
        "memory_id": memory_id,
        "agent_id": agent_id,
        "customer_id": customer_id,
        "at": at,
    }
    upsert(connection, t.helped, [row], keep=("at",))


def forget_helped(connection: sa.Connection, account: int, memory_ids: Sequence[str]) -> None:
    """What is not to be kept has helped nobody."""
    h = t.helped.c
    connection.execute(t.helped.delete().where(h.account == account, h.memory_id.in_(memory_ids)))
