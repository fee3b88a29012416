"""The index of issues as the record fills it: who may open it, and what it is to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filelock import FileLock

from memory.record import issues
from memory.text.index import IssueIndex
from memory.text.vectors import from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import ExitStack

    import numpy as np
    from numpy.typing import NDArray

    from memory.record import Account, Record
    from memory.workplace import Workplace

_VECTORS_AT_ONCE = 500


def own(workplace: Workplace, stack: ExitStack, *, wait: bool = True) -> None:
    """Be the one owner of the embedded index until `stack` ends.

    Raises:
        filelock.Timeout: Another process owns it, and `wait` is False.
    """
    workplace.index_folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{workplace.index_folder}.lock")
    stack.enter_context(lock.acquire(blocking=wait))


def open_index(
    workplace: Workplace, account: Account, stack: ExitStack, *, wait: bool = True
) -> IssueIndex:
    """Open the index as its one owner, to be closed with `stack`.

    Raises:
        filelock.Timeout: Another process owns it, and `wait` is False.
    """
    if workplace.index_url is None:
        own(workplace, stack, wait=wait)
    index = owned_index(workplace, account)
    stack.callback(index.close)
    return index


def owned_index(workplace: Workplace, account: Account) -> IssueIndex:
    """Open the index, which this process owns already."""
    if workplace.index_url is not None:
        return IssueIndex.connect(workplace.index_url, account.name)
    return IssueIndex.open(workplace.index_folder, account.name)


def heal(record: Record, account: Account, index: IssueIndex) -> tuple[int, int]:
    """Make an index hold exactly the record's issues; how many were added and removed."""
    with record.reading() as connection:
        wanted = issues.ids(connection, account.number)
    return index.reconcile(wanted, lambda some: _matrix(record, account, some))


def issue_vectors(record: Record, account: Account, ids: Iterable[str]) -> dict[str, bytes]:
    """The float16 bytes of issue memories' vectors, of those that are there, in the ids' order."""
    wanted = list(ids)
    found: dict[str, bytes] = {}
    with record.reading() as connection:
        for start in range(0, len(wanted), _VECTORS_AT_ONCE):
            chunk = wanted[start : start + _VECTORS_AT_ONCE]
            rows = issues.vectors_of(connection, account.number, chunk)
            found.update((row.id, row.data) for row in rows)
    return {one: found[one] for one in wanted if one in found}


def _matrix(record: Record, account: Account, ids: Sequence[str]) -> NDArray[np.float32]:
    found = issue_vectors(record, account, ids)
    return from_bytes([found[one] for one in ids])
