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
from memory.record import history, kept, of_customer, queries
from memory.remembering.boilerplate import FEWEST_USES, shared_by_many
from memory.text.vectors import from_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import sqlalchemy as sa
    from numpy.typing import NDArray

    from memory.asking.view import View
    from memory.record.stored import Stored

_LONGEST: Final = 600
"""Characters of a passage; it may be a single sentence that is longer."""


_NOBODY: Final = "\0"
"""Who has spoken before a message's first sentence."""


class Said(NamedTuple):
    """A sentence with what a document says of it."""

    ticket_id: str
    message_id: str
    quote: str
    at: datetime
    channel: str
    author_name: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Passages:
    """What may be found in one customer's history, in the order in which it was said.

    Attributes:
        quotes: The sentences.
        matrix: Their vectors.
        starts: Which sentence each passage begins with.
        tickets: The ticket of each passage, as a number from 0.
        by: Who said each passage, where it is known.
        messages: Where each passage stands.
        people: Who speaks in it: `id`, `name`, `role`; the customer is among them.
    """

    quotes: list[str]
    matrix: NDArray[np.float32]
    starts: NDArray[np.intp]
    tickets: NDArray[np.intp]
    by: list[Stored | None]
    messages: list[Stored]
    people: Sequence[Stored]

    def sentences(self, passage: int) -> range:
        """Which sentences a passage has."""
        ends = (*self.starts[passage + 1 : passage + 2].tolist(), len(self.quotes))
        return range(int(self.starts[passage]), ends[0])

    def said(self, place: int) -> Said:
        """A sentence with what a document says of it."""
        passage = int(np.searchsorted(self.starts, place, side="right")) - 1
        message, author = self.messages[passage], self.by[passage]
        return Said(
            message.ticket_id,
            message.id,
            self.quotes[place],
            message.at,
            message.channel,
            author.name if author else None,
            author.role if author else None,
        )


def passages_of(connection: sa.Connection, view: View, customer_id: str) -> Passages:
    """What was said in a customer's tickets by now, and by nobody else who is a customer.

    Left out are the words behind what agents corrected, and what everybody says. Histories are
    long and this is read while somebody waits: rows are taken apart by position, which is several
    times as fast as by name.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        customer_id: Whose tickets.
    """
    number = view.account.number
    tickets = [row.id for row in of_customer.tickets_of(connection, number, customer_id)]
    rows = history.embedded(connection, number, tickets)
    speakers = {customer_id} | {row[4] for row in rows if row[4] is not None}
    people = queries.people(connection, number, sorted(speakers))
    said_by_now = [
        row for row in history.messages(connection, number, tickets) if row.at <= view.as_of
    ]
    corrected = kept.corrected_places(connection, number, customer_id)
    others = {p.id for p in people if p.role == Role.CUSTOMER.value and p.id != customer_id}
    dull = _said_by_everybody(connection, view, rows)
    known = {one.id: one for one in people}
    by_message: dict[tuple[str, str], list[tuple[int, int, str | None, bytes]]] = {}
    for ticket_id, message_id, start, stop, author_id, digest, data, _ in rows:
        if author_id not in others and digest not in dull:
            place = (start, stop, author_id, data)
            by_message.setdefault((ticket_id, message_id), []).append(place)
    made = _Made()
    for message in said_by_now:
        ticket_id, message_id, _, _, text = message
        begun = 0
        before: str | None = _NOBODY
        for start, stop, author_id, data in by_message.get((ticket_id, message_id), ()):
            quote = text[start:stop]
            if corrected and (ticket_id, message_id, quote) in corrected:
                continue
            if author_id != before or stop - begun > _LONGEST:
                begun, before = start, author_id
                made.begin(message, ticket_id, known.get(author_id))
            made.quotes.append(quote)
            made.vectors.append(data)
    return made.passages(people)


class _Made:
    """Passages while they are put together."""

    def __init__(self) -> None:
        self.quotes: list[str] = []
        self.vectors: list[bytes] = []
        self._starts: list[int] = []
        self._tickets: list[int] = []
        self._numbers: dict[str, int] = {}
        self._messages: list[Stored] = []
        self._by: list[Stored | None] = []

    def begin(self, message: Stored, ticket_id: str, author: Stored | None) -> None:
        """The next sentence is the first of a passage."""
        self._starts.append(len(self.quotes))
        self._tickets.append(self._numbers.setdefault(ticket_id, len(self._numbers)))
        self._messages.append(message)
        self._by.append(author)

    def passages(self, people: Sequence[Stored]) -> Passages:
        """All of them."""
        return Passages(
            quotes=self.quotes,
            matrix=from_bytes(self.vectors),
            starts=np.array(self._starts, dtype=np.intp),
            tickets=np.array(self._tickets, dtype=np.intp),
            by=self._by,
            messages=self._messages,
            people=people,
        )


def _said_by_everybody(
    connection: sa.Connection, view: View, rows: Sequence[Stored]
) -> frozenset[bytes]:
    """Macros, greetings and notices: the digests of sentences that tell nothing of one customer."""
    often = [(digest, users) for *_, digest, _, users in rows if users >= FEWEST_USES]
    if not often:
        return frozenset()
    own = Counter(digest for digest, _ in often)
    return shared_by_many(connection, view.account, dict(often), own)
