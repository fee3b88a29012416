"""What is not to be remembered of an account, as whoever remembers it has to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory import policy
from memory.record import tables as t
from memory.record.retention import too_old

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is not to be remembered of an account.

    Attributes:
        unwanted: Memories that are never to be derived again.
        opted_out: Customers of whom nothing is kept but issues.
        cut_off: Before when nothing is remembered that was said, by customer.
        not_kept: Kinds that are never kept.
        too_old: Before when what is of a kind is no longer kept, by kind.
    """

    unwanted: frozenset[str]
    opted_out: frozenset[str]
    cut_off: Mapping[str, datetime] = field(default_factory=dict)
    not_kept: frozenset[str] = frozenset()
    too_old: Mapping[str, datetime] = field(default_factory=dict)

    def silence(self, customer_id: str, at: datetime) -> bool:
        """Whether nothing personal is remembered that was said of a customer then."""
        return customer_id in self.opted_out or self.cuts_off(customer_id, at)

    def cuts_off(self, customer_id: str, at: datetime) -> bool:
        """Whether nothing is remembered that was said of a customer then, since it is too early."""
        before = self.cut_off.get(customer_id)
        return before is not None and at < before

    def keep(self, memory_id: str, kind: str) -> bool:
        """Whether a memory is one to keep, however long ago it was said."""
        return memory_id not in self.unwanted and kind not in self.not_kept

    def keep_still(self, kind: str, said_at: datetime) -> bool:
        """Whether what was said then is kept still."""
        oldest = self.too_old.get(kind)
        return oldest is None or said_at >= oldest

    def keep_words(self, words: str) -> bool:
        """Whether words tell, by themselves, of no kind that is never kept."""
        return not (self.not_kept and self.not_kept & policy.kinds_told(words))


def wishes(connection: sa.Connection, account: int, days: Mapping[str, int]) -> Wishes:
    """What is not to be remembered.

    What is too old is so by the account's latest sweep: what that took away is not brought back,
    and the rest is the next one's.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        days: For how many days the settings keep each kind.
    """
    c, o, b, k = t.correction.c, t.opt_out.c, t.cut_off.c, t.kind_policy.c
    unwanted = sa.select(c.memory_id).where(c.account == account, c.verdict == "unwanted")
    gone = sa.select(o.customer_id).where(o.account == account)
    before = sa.select(b.customer_id, b.before).where(b.account == account)
    not_kept = sa.select(k.kind).where(k.account == account, ~k.kept)
    return Wishes(
        frozenset(connection.scalars(unwanted)),
        frozenset(connection.scalars(gone)),
        {row.customer_id: row.before for row in connection.execute(before)},
        frozenset(connection.scalars(not_kept)),
        too_old(connection, account, days),
    )
