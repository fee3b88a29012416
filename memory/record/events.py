"""What events of a helpdesk ask of the record and leave in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.upserts import Row, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence

OTHERS = "others"
"""What is counted once there are `MOST_NAMES` names: whoever sends events chooses theirs."""
MOST_NAMES = 100
LONGEST_NAME = 80
"""Characters."""


def count_ignored(connection: sa.Connection, account: int, event: str) -> None:
    """Count an event that nobody needs, under its type's name.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        event: The name, of which only what names are made of is kept.
    """
    c = t.ignored_event.c
    name = "".join(x for x in event if x.isascii() and (x.isalnum() or x in "._:-"))
    name = name[:LONGEST_NAME] or OTHERS
    counts = ignored(connection, account)
    if name not in counts and len(counts) >= MOST_NAMES:
        name = OTHERS
    row: Row = {"account": account, "event": name, "count": 0}
    upsert(connection, t.ignored_event, [row], keep=("count",))
    connection.execute(
        t.ignored_event.update()
        .where(c.account == account, c.event == name)
        .values(count=c.count + 1)
    )


def ignored(connection: sa.Connection, account: int) -> dict[str, int]:
    """How often an event of each type was ignored."""
    c = t.ignored_event.c
    rows = connection.execute(sa.select(c.event, c.count).where(c.account == account))
    return {row.event: row[1] for row in rows}


def authors_of(connection: sa.Connection, account: int, ticket_id: str) -> Sequence[str]:
    """Who wrote in a ticket, known or not."""
    m = t.message.c
    return connection.scalars(
        sa.select(m.author_id)
        .distinct()
        .where(m.account == account, m.ticket_id == ticket_id, m.author_id.is_not(None))
    ).all()
