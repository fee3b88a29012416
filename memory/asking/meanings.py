"""What remembered words mean, as vectors: read for those few that are compared by it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from memory.record.of_customer import vectors_said
from memory.remembering.boilerplate import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import sqlalchemy as sa

    from memory.record import Account
    from memory.record.stored import Stored

    Meanings = Mapping[str, bytes]

LASTING: Final = frozenset({"interest"})
"""Kinds of which what means alike is one thing; two wishes, or two births, are two nevertheless."""

_OF_A_DAY: Final = frozenset({"life_event", "work"})
"""Kinds of which what is told of a day, and noted of that day, is one thing where it is alike."""


def meanings_of(
    connection: sa.Connection,
    account: Account,
    rows: Iterable[Stored],
    evidence: Mapping[str, Sequence[Stored]],
) -> dict[str, bytes]:
    """The float16 bytes of vectors by memory id; nothing is read where there are no two to compare.

    Args:
        connection: Reads one moment of the record.
        account: The account.
        rows: Memories of one customer, of any kinds.
        evidence: Rows of `of_customer.evidence_of`, by memory id.
    """
    compared = [row for row in rows if may_be_told_again(row) and evidence.get(row.id)]
    of_one = Counter(_matter(row) for row in compared)
    digests = {
        row.id: digest_of(account, evidence[row.id][0])
        for row in compared
        if of_one[_matter(row)] > 1
    }
    if not digests:
        return {}
    found = vectors_said(connection, account.number, sorted(set(digests.values())))
    return {key: found[digest] for key, digest in digests.items() if digest in found}


def may_be_told_again(row: Stored) -> bool:
    """Whether a memory may tell the same as one with other words."""
    of_a_day = row.kind in _OF_A_DAY and row.about_on is not None
    return not row.code and (of_a_day or row.kind in LASTING)


def _matter(row: Stored) -> tuple[str, date | None]:
    """What memories share that are compared with one another."""
    return row.kind, None if row.kind in LASTING else row.about_on


def cosines_of(vectors: Sequence[bytes | None]) -> list[list[float]]:
    """The cosine of every pair; 0 where one has no vector, everywhere where their lengths differ.

    Args:
        vectors: Of length one, as the record has them.
    """
    size = len(vectors)
    lengths = {len(one) for one in vectors if one}
    if size == 1 or len(lengths) != 1:
        return [[0.0] * size for _ in vectors]
    from memory.text.vectors import from_bytes  # noqa: PLC0415 as numpy is loaded for pairs only

    nothing = bytes(lengths.pop())
    matrix = from_bytes([one or nothing for one in vectors])
    found: list[list[float]] = (matrix @ matrix.T).tolist()
    return found
