"""Questions to the access log: who saw what of whom, newest first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.access import keyed
from memory.record.upserts import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from memory.record.stored import Stored


@dataclass(frozen=True, slots=True)
class Look:
    """One entry of the log, as far as it can still be told whom it is about.

    Attributes:
        number: Its place in the log.
        at: When.
        agent: Who looked.
        proof: How it is known that it was them.
        source: From where.
        what: What they did.
        customer_id: Of whom; None where they were forgotten.
        subject: Which memory or call; None where it is about none, or that is gone.
    """

    number: int
    at: datetime
    agent: str
    proof: str
    source: str
    what: str
    customer_id: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; those that all of it is true of.

    Attributes:
        customers: Of these customers, by all ids that they have and had.
        agents: By one of these names.
        since: From then on.
    """

    customers: Sequence[str] | None = None
    agents: Sequence[str] | None = None
    since: datetime | None = None


def looks(
    connection: sa.Connection, account: int, wanted: Wanted, limit: int
) -> tuple[list[Look], int]:
    """The newest entries that are asked for, and how many there are in all.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        wanted: Which.
        limit: At most so many.
    """
    c = t.access.c
    these = _these(connection, account, wanted)
    rows = connection.execute(
        sa.select(t.access).where(these).order_by(c.number.desc()).limit(limit)
    ).all()
    total = connection.scalar(sa.select(sa.func.count()).where(these)) or 0
    owners = _owners(connection, account, {row.alias for row in rows})
    subjects = _subjects(connection, account, [row for row in rows if row.subject], owners)
    return [_look(row, owners, subjects) for row in rows], total


def has_alias(connection: sa.Connection, account: int, customers: Sequence[str]) -> bool:
    """Whether the log may hold entries of a customer, by the ids they have and had."""
    a = t.alias.c
    question = sa.select(a.alias).where(a.account == account, a.customer_id.in_(customers))
    return connection.execute(question.limit(1)).first() is not None


def names_of(connection: sa.Connection, account: int, ids: Iterable[str]) -> dict[str, str]:
    """The names of agents, as far as they have one."""
    p = t.person.c
    found: dict[str, str] = {}
    for chunk in chunks(sorted(set(ids))):
        rows = connection.execute(
            sa.select(p.id, p.name).where(p.account == account, p.id.in_(chunk))
        )
        found.update((row.id, row.name) for row in rows if row.name)
    return found


def _these(connection: sa.Connection, account: int, wanted: Wanted) -> sa.ColumnElement[bool]:
    c, a = t.access.c, t.alias.c
    conditions = [c.account == account]
    if wanted.customers is not None:
        theirs = sa.select(a.alias).where(a.account == account, a.customer_id.in_(wanted.customers))
        conditions.append(c.alias.in_(connection.scalars(theirs).all()))
    if wanted.agents is not None:
        conditions.append(c.agent.in_(wanted.agents))
    if wanted.since is not None:
        conditions.append(c.at >= wanted.since)
    return sa.and_(*conditions)


def _owners(
    connection: sa.Connection, account: int, aliases: Iterable[bytes]
) -> dict[bytes, Stored]:
    """Alias to `customer_id`, `key` and `now`: who that customer is since they were merged."""
    a, m = t.alias.c, t.merge.c
    found: dict[bytes, Stored] = {}
    for chunk in chunks(sorted(aliases)):
        rows = connection.execute(
            sa.select(
                a.alias,
                a.customer_id,
                a.key,
                sa.func.coalesce(m.winner_id, a.customer_id).label("now"),
            )
            .outerjoin(t.merge, sa.and_(m.account == a.account, m.loser_id == a.customer_id))
            .where(a.account == account, a.alias.in_(chunk))
        )
        found.update((row.alias, row) for row in rows)
    return found


def _subjects(
    connection: sa.Connection,
    account: int,
    rows: Sequence[Stored],
    owners: dict[bytes, Stored],
) -> dict[tuple[bytes, bytes], str]:
    """What entries are about, by alias and by what stands in the log for it."""
    asked = {row.alias: owners[row.alias] for row in rows if row.alias in owners}
    known = _all_of(connection, account, {one.now for one in asked.values()})
    return {
        (alias, keyed(one.key, subject)): subject
        for alias, one in asked.items()
        for subject in known[one.now]
    }


def _all_of(
    connection: sa.Connection, account: int, customers: Iterable[str]
) -> dict[str, list[str]]:
    """The memories, notes and calls of customers, as the log knows them."""
    found: dict[str, list[str]] = defaultdict(list)
    places = (
        (t.memory, t.memory.c.customer_id, t.memory.c.id, ""),
        (t.note, t.note.c.customer_id, t.note.c.id, ""),
        (t.correction, t.correction.c.customer_id, t.correction.c.memory_id, ""),
        (t.ticket, t.ticket.c.requester_id, t.ticket.c.id, "ticket:"),
        (t.ring, t.ring.c.customer_id, t.ring.c.id, "ring:"),
    )
    for chunk in chunks(sorted(customers)):
        for table, whose, key, kind in places:
            rows = connection.execute(
                sa.select(whose.label("whose"), key.label("key")).where(
                    table.c.account == account, whose.in_(chunk)
                )
            )
            for row in rows:
                found[row.whose].append(f"{kind}{row.key}")
    return found


def _look(
    row: Stored, owners: dict[bytes, Stored], subjects: dict[tuple[bytes, bytes], str]
) -> Look:
    owner = owners.get(row.alias)
    return Look(
        number=row.number,
        at=row.at,
        agent=row.agent,
        proof=row.proof,
        source=row.source,
        what=row.what,
        customer_id=owner.now if owner is not None else None,
        subject=subjects.get((row.alias, row.subject)) if row.subject else None,
    )
