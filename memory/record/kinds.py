"""What an account says of a kind: whether it is kept, how it is shown, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory import policy
from memory.record import tables as t
from memory.record.dropping import drop_kind
from memory.record.due import read_again
from memory.record.outbox import put_in_outbox
from memory.record.terms import ACCOUNT
from memory.record.upserts import Row, upsert

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class KindPolicy:
    """What an account says of one kind.

    Attributes:
        kept: Whether memories of it are kept at all.
        shown: How they are shown; None is as the `SENSITIVE` setting says.
        days: For how many days they are kept, 0 for good; None is as the setting says.
    """

    kept: bool = True
    shown: policy.Mode | None = None
    days: int | None = None


def policies(connection: sa.Connection, account: int) -> dict[str, KindPolicy]:
    """What the account says, of the kinds of which it says something."""
    rows = connection.execute(_policies(), {"in_account": account})
    return {row.kind: KindPolicy(row.kept, row.shown, row.days) for row in rows}


def shown(connection: sa.Connection, account: int) -> dict[str, policy.Mode]:
    """How the account wants kinds shown, of those of which it says so."""
    told = policies(connection, account)
    return {kind: one.shown for kind, one in told.items() if one.shown is not None}


@cache
def _policies() -> sa.Select[Any]:
    """Built once: to build it anew takes longer than to answer it."""
    c = t.kind_policy.c
    return sa.select(c.kind, c.kept, c.shown, c.days).where(c.account == ACCOUNT).order_by(c.kind)


def set_policy(
    connection: sa.Connection, account: int, kind: str, one: KindPolicy, at: datetime
) -> None:
    """Write down what the account says of a kind; what is no longer kept goes at once.

    Every ticket is remembered again: without the words that tell of what is no longer kept; with
    what is kept again, or for longer, as far as it was told there.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        kind: One of `policy.KINDS`.
        one: All that the account says of it.
        at: When.
    """
    before = policies(connection, account).get(kind, KindPolicy())
    row: Row = {
        "account": account,
        "kind": kind,
        "kept": one.kept,
        "shown": one.shown,
        "days": one.days,
        "at": at,
    }
    upsert(connection, t.kind_policy, [row])
    if not one.kept:
        drop_kind(connection, account, kind)
    if one.kept == before.kept and (one.days == before.days or not one.kept):
        return
    c = t.ticket.c
    tickets = connection.scalars(sa.select(c.id).where(c.account == account)).all()
    put_in_outbox(connection, account, tickets)
    if one.kept and not before.kept:
        read_again(connection, account, tickets)


def kind_of(connection: sa.Connection, account: int, memory_id: str) -> str | None:
    """The kind of a memory, `note` of a note; None when there is none of this id."""
    m, n = t.memory.c, t.note.c
    kind: str | None = connection.scalar(
        sa.select(m.kind).where(m.account == account, m.id == memory_id)
    )
    if kind is not None:
        return kind
    noted = sa.select(n.id).where(n.account == account, n.id == memory_id)
    return None if connection.scalar(noted) is None else "note"


def days_kept(told: Mapping[str, KindPolicy], setting: Mapping[str, int]) -> dict[str, int]:
    """For how many days each kind is kept, of those that are not kept for good.

    Args:
        told: What the account says.
        setting: What the settings say.
    """
    own = {kind: one.days for kind, one in told.items() if one.days is not None}
    return {kind: days for kind, days in {**setting, **own}.items() if days != policy.FOR_GOOD}
