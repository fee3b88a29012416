"""For how long memories are kept: what is older than its kind's days goes once a day.

When that was done last stands in the record. Whatever is derived again afterwards is held against
that moment, so that a record remembered anew is the same as one that was swept.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.dropping import drop_memories, drop_notes
from memory.record.kinds import days_kept, policies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from memory.record import Account, Record

EVERY: Final = timedelta(days=1)


def sweep_when_due(
    record: Record, account: Account, days: Mapping[str, int], at: datetime
) -> Counter[str]:
    """Sweep an account, unless that was done within the last day.

    Args:
        record: Where it stands.
        account: The account.
        days: For how many days the settings keep each kind; of an account that is kept for good
            nothing is asked.
        at: The present.

    Returns:
        How many went, by kind.
    """
    with record.reading() as connection:
        if not is_due(connection, account.number, days, at):
            return Counter()
    with record.writing(account) as writer:
        return sweep(writer.connection, account.number, days, at)


def is_due(connection: sa.Connection, account: int, days: Mapping[str, int], at: datetime) -> bool:
    """Whether an account is to be swept; as `sweep_when_due`."""
    last = swept_at(connection, account)
    if last is not None and last <= at < last + EVERY:
        return False
    return bool(days_kept(policies(connection, account), days))


def sweep(
    connection: sa.Connection, account: int, days: Mapping[str, int], at: datetime
) -> Counter[str]:
    """Take away the memories and notes that are older than their kind is kept.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        days: For how many days the settings keep each kind; the account's own policy outranks it.
        at: The present.

    Returns:
        How many went, by kind.
    """
    a = t.account.c
    connection.execute(t.account.update().where(a.number == account).values(swept_at=at))
    gone: Counter[str] = Counter()
    m, n = t.memory.c, t.note.c
    for kind, oldest in too_old(connection, account, days).items():
        if kind == "note":
            noted = sa.select(n.id).where(n.account == account, n.at < oldest)
            ids = connection.scalars(noted).all()
            drop_notes(connection, account, ids)
        else:
            told = sa.select(m.id).where(m.account == account, m.kind == kind, m.said_at < oldest)
            ids = connection.scalars(told).all()
            drop_memories(connection, account, ids)
        if ids:
            gone[kind] = len(ids)
    return gone


def swept_at(connection: sa.Connection, account: int) -> datetime | None:
    """When what is too old was taken away last."""
    a = t.account.c
    found: datetime | None = connection.scalar(sa.select(a.swept_at).where(a.number == account))
    return found


def too_old(
    connection: sa.Connection, account: int, days: Mapping[str, int]
) -> dict[str, datetime]:
    """Before when what is of a kind was too old at the latest sweep, by kind."""
    last = swept_at(connection, account)
    if last is None:
        return {}
    told = policies(connection, account)
    return {kind: last - timedelta(days=count) for kind, count in days_kept(told, days).items()}
