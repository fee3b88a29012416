"""One customer's history as search reads it: sentences in passages, passages in tickets.

A passage is what one person said in one go: a short message, or a piece of a long one or of a
call's transcript. It is long enough to be found by its words, and short enough to be about one
thing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from memory import policy
from memory.asking.lexical import words_of
from memory.entities import Role
from memory.record import history, kept, kinds, of_customer, queries
from memory.record.unchanged import while_unchanged
from memory.remembering.boilerplate import FEWEST_USES, shared_by_many
from memory.text.vectors import from_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa
    from numpy.typing import NDArray

    from memory.asking.lexical import Read, Words
    from memory.asking.view import View
    from memory.record import Account
    from memory.record.stored import Stored

_LONGEST: Final = 600
"""Characters of a passage; it may be a single sentence that is longer."""


_NOBODY: Final = "\0"
"""Who has spoken before a message's first sentence."""

_QUESTION_MARKS: Final = ("?", "\uff1f", "\u061f")
"""As they stand in Latin, Chinese and Arabic script."""

_EVER: Final = datetime.max.replace(tzinfo=UTC)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


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
        asks: Which passages ask something.
        messages: Where each passage stands.
        people: Who speaks in it: `id`, `name`, `role`; the customer is among them.
        customer_id: Whose history it is.
        words: How words are compared in it.
        read: The words of the sentences.
        private: What memories stand behind which words, of those that are sensitive or of a kind
            of which the account says how it is shown: rows with `kind` and `sensitive`.
        shown: How the account wants kinds shown, of those of which it says so.
        until: When the last of it was said.
    """

    quotes: list[str]
    matrix: NDArray[np.float32]
    starts: NDArray[np.intp]
    tickets: NDArray[np.intp]
    by: list[Stored | None]
    asks: NDArray[np.bool_]
    messages: list[Stored]
    people: Sequence[Stored]
    customer_id: str
    words: Words
    read: Read
    private: Mapping[str, Sequence[Stored]]
    shown: Mapping[str, policy.Mode]
    until: datetime
    _never_kept: dict[int, bool] = field(default_factory=dict)

    def sentences(self, passage: int) -> range:
        """Which sentences a passage has."""
        ends = (*self.starts[passage + 1 : passage + 2].tolist(), len(self.quotes))
        return range(int(self.starts[passage]), ends[0])

    def never_kept(self, place: int) -> bool:
        """Whether the words of a sentence are of what is never kept.

        Their word lists are slow to ask, so each sentence is looked at once, and when asked for.
        """
        if place not in self._never_kept:
            self._never_kept[place] = policy.never_kept_words(self.quotes[place])
        return self._never_kept[place]

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


def passages_of(
    connection: sa.Connection, view: View, customer_id: str, people: Sequence[str] = ()
) -> Passages:
    """What was said in a customer's tickets by now, and by nobody else who is a customer.

    Left out are the words behind what agents corrected, and what everybody says. It is read once
    while nobody writes, since whoever asks of a customer often asks again.

    Args:
        connection: Reads one moment of the record.
        view: How the question is asked.
        customer_id: Whose tickets.
        people: The ids of all who are this one person, the customer's own first; theirs alone
            unless given.
    """
    whose = tuple(people) or (customer_id,)
    passages = while_unchanged(
        connection,
        "passages",
        (view.account.number, whose),
        lambda: _passages(connection, view.account, whose, _EVER),
    )
    if passages.until <= view.as_of:
        return passages
    return _passages(connection, view.account, whose, view.as_of)


def _passages(
    connection: sa.Connection, account: Account, whose: Sequence[str], by: datetime
) -> Passages:
    """What was said by then, made of the record's rows.

    Histories are long and this is read while somebody waits: rows are taken apart by position,
    which is several times as fast as by name.
    """
    number, customer_id = account.number, whose[0]
    tickets = [row.id for who in whose for row in of_customer.tickets_of(connection, number, who)]
    rows = history.embedded(connection, number, tickets)
    speakers = {customer_id} | {row[4] for row in rows if row[4] is not None}
    people = queries.people(connection, number, sorted(speakers))
    said_by_now = [row for row in history.messages(connection, number, tickets) if row.at <= by]
    corrected: set[tuple[str, str, str]] = set()
    private: dict[str, list[Stored]] = {}
    for who in whose:
        corrected |= kept.corrected_places(connection, number, who)
        for one in of_customer.private_quotes(connection, number, who):
            private.setdefault(one.quote, []).append(one)
    others = {p.id for p in people if p.role == Role.CUSTOMER.value and p.id not in whose}
    dull = _said_by_everybody(connection, account, rows)
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
    customer = queries.person(connection, number, customer_id)
    words = words_of(customer.language if customer is not None else None)
    starts = np.array(made.starts, dtype=np.intp)
    return Passages(
        quotes=made.quotes,
        matrix=from_bytes(made.vectors),
        starts=starts,
        tickets=np.array(made.tickets, dtype=np.intp),
        by=made.by,
        asks=_asking(made.quotes, starts),
        messages=made.messages,
        people=people,
        customer_id=customer_id,
        words=words,
        read=words.read(made.quotes),
        private=private,
        shown=kinds.shown(connection, number),
        until=max((row.at for row in said_by_now), default=_NEVER),
    )


def _asking(quotes: Sequence[str], starts: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which passages have a sentence that asks something."""
    if not quotes:
        return np.zeros(0, dtype=np.bool_)
    asking = np.array([quote.endswith(_QUESTION_MARKS) for quote in quotes])
    return np.logical_or.reduceat(asking, starts)


class _Made:
    """Passages while they are put together."""

    def __init__(self) -> None:
        self.quotes: list[str] = []
        self.vectors: list[bytes] = []
        self.starts: list[int] = []
        self.tickets: list[int] = []
        self.messages: list[Stored] = []
        self.by: list[Stored | None] = []
        self._numbers: dict[str, int] = {}

    def begin(self, message: Stored, ticket_id: str, author: Stored | None) -> None:
        """The next sentence is the first of a passage."""
        self.starts.append(len(self.quotes))
        self.tickets.append(self._numbers.setdefault(ticket_id, len(self._numbers)))
        self.messages.append(message)
        self.by.append(author)


def _said_by_everybody(
    connection: sa.Connection, account: Account, rows: Sequence[Stored]
) -> frozenset[bytes]:
    """Macros, greetings and notices: the digests of sentences that tell nothing of one customer."""
    often = [(digest, users) for *_, digest, _, users in rows if users >= FEWEST_USES]
    if not often:
        return frozenset()
    own = Counter(digest for digest, _ in often)
    return shared_by_many(connection, account, dict(often), own)
