"""How often an account's sentences are said: words that many tickets share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.terms import ACCOUNT
from memory.record.unchanged import while_unchanged

if TYPE_CHECKING:
    from collections.abc import Sequence

_AT_ONCE = 500


def often_said(
    connection: sa.Connection, account: int, digests: Sequence[bytes], fewest: int
) -> dict[bytes, int]:
    """Digest to number of uses, of those of these sentences that are used at least so often."""
    found: dict[bytes, int] = {}
    for start in range(0, len(digests), _AT_ONCE):
        chunk = digests[start : start + _AT_ONCE]
        asked = {"in_account": account, "fewest": fewest, "digests": list(chunk)}
        rows = connection.execute(_often_said(), asked)
        found.update((row.digest, row.users) for row in rows)
    return found


@cache
def _often_said() -> sa.Select[Any]:
    """Built once: to build it anew takes longer than to answer it."""
    v = t.vector.c
    return sa.select(v.digest, v.users).where(
        v.account == ACCOUNT,
        v.digest.in_(sa.bindparam("digests", type_=sa.LargeBinary, expanding=True)),
        v.users >= sa.bindparam("fewest", type_=sa.Integer),
    )


def tickets_up_to(connection: sa.Connection, account: int, most: int) -> int:
    """How many tickets the account has, counted no further than `most`.

    They are counted once while nobody writes, and the farthest count answers for a nearer one:
    in a large account the counting takes as long as the rest of a search.
    """
    farthest = while_unchanged(connection, "tickets", account, _Counted)
    if farthest.up_to < most:
        asked = {"in_account": account, "most": most}
        farthest.found = connection.scalar(_tickets_up_to(), asked) or 0
        farthest.up_to = most
    return min(farthest.found, max(most, 0))


@dataclass(slots=True)
class _Counted:
    """How many were `found`, counted no further than `up_to`."""

    found: int = 0
    up_to: int = 0


@cache
def _tickets_up_to() -> sa.Select[Any]:
    c = t.ticket.c
    most = sa.bindparam("most", type_=sa.Integer)
    some = sa.select(c.id).where(c.account == ACCOUNT).limit(most).subquery()
    return sa.select(sa.func.count()).select_from(some)
