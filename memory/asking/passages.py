"""One customer's history as search reads it: sentences in passages, passages in tickets.

A passage is what one person said in one go: a short message, or a piece of a long one or of a
call's transcript. It is long enough to be found by its words, and short enough to be about one
thing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from memory.entities import Role
from memory.record import history, kept, queries
from memory.remembering.boilerplate import shared_by_many
from memory.text.vectors import from_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import sqlalchemy as sa
    from numpy.typing import NDArray

    from memory.asking.view import View
    from memory.record.stored import Stored

_LONGEST: Final = 600
"""Characters of a passage; it may be a single sentence that is longer."""


class Said(NamedTuple):
    """A sentence with what a document says of it."""

    ticket_id: str
    message_id: str
    quote: str
    at: datetime
    channel: str
    author_id: str | None
    author_name: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Passages:
    """What may be found in one customer's history, in the order in which it was said.

    Attributes:
        said: The sentences.
        matrix: Their vectors.
        starts: Which sentence each passage begins with.
        tickets: The ticket of each passage, as a number from 0.
    """

    said: list[Said]
    matrix: NDArray[np.float32]
    starts: NDArray[np.intp]
    tickets: NDArray[np.intp]

    def sentences(self, passage: int) -> range:
        """Which sentences a passage has."""
        ends = (*self.starts[passage + 1 : passage + 2].tolist(), len(self.said))
        return range(int(self.starts[passage]), ends[0])


def passages_of(
    connection: sa.Connection, view: View, customer_id: str, people: Sequence[Stored]
) -> Passages:
    """What was said in a customer's tickets by now, and by nobody else who is a customer.

    Left out are the words behind what agents corrected, and what everybody says.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        customer_id: Whose tickets.
        people: Rows of `history.speakers`.
    """
    number = view.account.number
    tickets = [row.id for row in queries.tickets_of(connection, number, customer_id)]
    rows = _telling(connection, view, history.embedded(connection, number, tickets))
    texts = {(row.ticket_id, row.id): row for row in history.messages(connection, number, tickets)}
    corrected = kept.corrected_places(connection, number, customer_id)
    known = {one.id: one for one in people}
    said: list[Said] = []
    found: list[Stored] = []
    for row in rows:
        one = _said(row, texts[row.ticket_id, row.message_id], known)
        another = one.role == Role.CUSTOMER.value and one.author_id != customer_id
        if another or one.at > view.as_of:
            continue
        if corrected and (one.ticket_id, one.message_id, one.quote) in corrected:
            continue
        said.append(one)
        found.append(row)
    starts = _starts(said, found)
    numbers = {ticket: at for at, ticket in enumerate(dict.fromkeys(one.ticket_id for one in said))}
    return Passages(
        said=said,
        matrix=from_bytes([row.data for row in found]),
        starts=np.array(starts, dtype=np.intp),
        tickets=np.array([numbers[said[start].ticket_id] for start in starts], dtype=np.intp),
    )


def _said(row: Stored, message: Stored, known: Mapping[str, Stored]) -> Said:
    author = known.get(row.author_id)
    return Said(
        row.ticket_id,
        row.message_id,
        message.text[row.start : row.stop],
        message.at,
        message.channel,
        row.author_id,
        author.name if author else None,
        author.role if author else None,
    )


def _telling(connection: sa.Connection, view: View, rows: Sequence[Stored]) -> list[Stored]:
    """The sentences that not everybody says: no macro, greeting or notice."""
    own = Counter(row.digest for row in rows)
    uses = {row.digest: row.users for row in rows}
    dull = shared_by_many(connection, view.account, uses, own)
    return [row for row in rows if row.digest not in dull]


def _starts(said: Sequence[Said], rows: Sequence[Stored]) -> list[int]:
    """Where a passage begins: with a message, another speaker, or when it grew too long."""
    starts: list[int] = []
    before: tuple[str, str, str | None] | None = None
    begun = 0
    for place, (one, row) in enumerate(zip(said, rows, strict=True)):
        whose = (one.ticket_id, one.message_id, one.author_id)
        if whose != before or row.stop - begun > _LONGEST:
            starts.append(place)
            before, begun = whose, row.start
    return starts
