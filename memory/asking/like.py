"""Who answers a search across customers: Chroma when nobody else owns it, else the record."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from filelock import Timeout

from memory.record import issues
from memory.remembering.indexing import heal, open_index
from memory.text.vectors import best, from_bytes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from memory.record import Account, Record
    from memory.workplace import Workplace

_AT_ONCE = 2000
"""Vectors of the record that are held in memory at a time."""


class LikeSearch:
    """Finds issue memories near a vector, whoever owns the index at the moment.

    A second process must not open the embedded index, so while a backfill or sync runs the
    record's own vectors are scored instead: slower, and just as exact.
    """

    def __init__(self, workplace: Workplace, record: Record, account: Account) -> None:
        self._workplace = workplace
        self._record = record
        self._account = account

    def __call__(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """The ids of the nearest issues with their scores, best first."""
        try:
            with ExitStack() as stack:
                index = open_index(self._workplace, self._account, stack, wait=False)
                heal(self._record, self._account, index)
                return index.search(vector, limit)
        except Timeout:
            return self._of_the_record(vector, limit)

    def _of_the_record(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """The same of the record's vectors, some at a time: an account may have many."""
        found: list[tuple[str, float]] = []
        number = self._account.number
        with self._record.reading() as connection:
            ids = issues.ids(connection, number)
            for start in range(0, len(ids), _AT_ONCE):
                rows = issues.vectors_of(connection, number, ids[start : start + _AT_ONCE])
                nearest = best(vector, from_bytes([row.data for row in rows]), limit)
                found += [(rows[place].id, score) for place, score in nearest]
                found = sorted(found, key=lambda one: (-one[1], one[0]))[:limit]
        return found
