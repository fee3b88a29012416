"""Whether what was remembered belongs together: sentences, vectors, their users, and the index."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import issues, queries
from memory.record import tables as t
from memory.remembering.indexing import open_index
from memory.workplace import Workplace

if TYPE_CHECKING:
    from pathlib import Path

    from memory.record import Account, Record


def flaws(record: Record, account: Account, index_folder: Path) -> list[str]:
    """What does not belong together, one line each."""
    number = account.number
    with record.reading() as connection:
        s, m, v = t.sentence.c, t.memory.c, t.vector.c
        used = Counter(connection.scalars(sa.select(s.digest).where(s.account == number)))
        used += Counter(
            connection.scalars(
                sa.select(m.vector).where(m.account == number, m.vector.is_not(None))
            )
        )
        rows = connection.execute(sa.select(v.digest, v.users).where(v.account == number))
        kept = {row.digest: row.users for row in rows}
        waiting = queries.outbox_size(connection, number)
        wanted = set(issues.ids(connection, number))
        lost = _without_message(connection, number)
    found = [f"{waiting} tickets wait to be remembered"] if waiting else []
    found += [f"a vector is missing that {used[one]} use" for one in used if one not in kept]
    found += [
        f"a vector says {count} users and has {used[one]}"
        for one, count in kept.items()
        if count != used[one]
    ]
    found += [f"a sentence of {one} has no message" for one in lost]
    workplace = Workplace(str(record.engine.url), index_folder)
    with ExitStack() as stack:
        indexed = open_index(workplace, account, stack).ids()
    if indexed != wanted:
        found.append(f"the index has {indexed - wanted} too many and lacks {wanted - indexed}")
    return found


def _without_message(connection: sa.Connection, number: int) -> list[tuple[str, str]]:
    s, m = t.sentence, t.message
    joined = s.outerjoin(
        m,
        sa.and_(
            m.c.account == s.c.account,
            m.c.ticket_id == s.c.ticket_id,
            m.c.id == s.c.message_id,
        ),
    )
    rows = connection.execute(
        sa.select(s.c.ticket_id, s.c.message_id)
        .select_from(joined)
        .where(s.c.account == number, m.c.id.is_(None))
    )
    return [(row.ticket_id, row.message_id) for row in rows]
