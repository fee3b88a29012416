"""What events of a helpdesk leave behind: people nobody knows yet, and counts of the ignored."""

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


def unknown_people(connection: sa.Connection, account: int, ticket_id: str) -> Sequence[str]:
    """Who has to do with a ticket and is not in the record: requester, assignee, authors."""
    c, m, p = t.ticket.c, t.message.c, t.person.c
    here = sa.and_(c.account == account, c.id == ticket_id)
    wrote = sa.and_(m.account == account, m.ticket_id == ticket_id)
    concerned = sa.union(
        sa.select(c.requester_id.label("id")).where(here),
        sa.select(c.assignee_id).where(here),
        sa.select(m.author_id).where(wrote),
    ).subquery()
    known = sa.select(p.id).where(p.account == account)
    return connection.scalars(
        sa.select(concerned.c.id)
        .where(concerned.c.id.is_not(None), concerned.c.id.not_in(known))
        .order_by(concerned.c.id)
    ).all()
