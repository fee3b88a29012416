"""Seals all that is stored anew: with another key, for the first time, or no longer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record import seal
from memory.record import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from memory.record.record import Account, Record

_AT_ONCE = 1000
"""Rows in one transaction: others may write in between."""

_COLUMNS = (
    t.ticket.c.subject,
    t.message.c.text,
    t.evidence.c.quote,
    t.note.c.text,
)
"""Texts; the bodies of quarantined rows are documents, and few."""


def reseal(
    record: Record,
    account: Account,
    *,
    keep_open: bool = False,
    report: Callable[[int], None] = lambda _: None,
) -> int:
    """Store every word of an account as the record's first key seals it.

    It can be killed and run again: each text says how it is sealed.

    Args:
        record: Opened with the key that is to seal, and those that sealed before.
        account: Whose words.
        keep_open: Whether they are stored open instead, so that no key is needed any more.
        report: Called with the number of texts that were changed, now and then.

    Returns:
        How many texts were changed.

    Raises:
        RecordError: Some were sealed with a key that was not given.
    """
    target = None if keep_open else record.seal
    changed = 0
    for column in _COLUMNS:
        last: Sequence[Any] = ()
        while True:
            with record.writing(account) as writer:
                last, some = _reseal_some(writer.connection, account.number, column, last, target)
            changed += some
            report(changed)
            if not last:
                break
    with record.writing(account) as writer:
        changed += _reseal_quarantined(writer.connection, account.number, target)
        writer.connection.execute(
            t.account.update()
            .where(t.account.c.number == account.number)
            .values(seal=None if target is None else target.id)
        )
    report(changed)
    return changed


def _reseal_some(
    connection: sa.Connection,
    account: int,
    column: sa.Column[str],
    after: Sequence[Any],
    target: seal.Seal | None,
) -> tuple[Sequence[Any], int]:
    """Some rows after this one: the last of them, nothing at the end, and how many changed."""
    table = column.table
    keys = [one for one in table.primary_key.columns if one.name != "account"]
    raw = sa.type_coerce(column, sa.Text).label("raw")
    mine = table.c.account == account
    question = sa.select(*keys, raw, column.label("text")).where(mine).order_by(*keys)
    if after:
        question = question.where(sa.tuple_(*keys) > sa.tuple_(*after))
    rows = connection.execute(question.limit(_AT_ONCE)).all()
    changed = 0
    for row in rows:
        if not row.text or _is_as_wanted(row.raw, target):
            continue
        which = [key == value for key, value in zip(keys, row, strict=False)]
        value = sa.literal(seal.stored(row.text, target), sa.Text)
        connection.execute(sa.update(table).where(mine, *which).values({column.name: value}))
        changed += 1
    return (rows[-1][: len(keys)] if len(rows) == _AT_ONCE else ()), changed


def _reseal_quarantined(connection: sa.Connection, account: int, target: seal.Seal | None) -> int:
    q = t.quarantine.c
    raw = sa.type_coerce(q.body, sa.JSON).label("raw")
    rows = connection.execute(
        sa.select(q.stream, q.id, raw, q.body.label("body")).where(q.account == account)
    ).all()
    changed = 0
    for row in rows:
        if _is_as_wanted(row.raw if isinstance(row.raw, str) else "", target):
            continue
        value = row.body if target is None else target.close(json.dumps(row.body))
        connection.execute(
            sa.update(t.quarantine)
            .where(q.account == account, q.stream == row.stream, q.id == row.id)
            .values(body=sa.literal(value, sa.JSON))
        )
        changed += 1
    return changed


def _is_as_wanted(raw: str, target: seal.Seal | None) -> bool:
    return seal.sealed_with(raw) == (None if target is None else target.id)
