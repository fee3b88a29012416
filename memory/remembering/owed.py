"""What a ticket leaves to be done or cleared, as memories: promises, and details to check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from memory import policy
from memory.entities import Status
from memory.record.remembered import Evidence
from memory.remembering.doubts import doubts_of
from memory.remembering.keeping import Event, promises_of
from memory.remembering.turns import turns_of
from memory.text.sentences import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, tzinfo

    from memory.record.stored import Stored
    from memory.remembering.turns import Turn

CONFIDENCE: Final = 0.85
"""Of what the rules find; they are right more often on the tables they were written over."""

_SOLVED: Final = frozenset({Status.SOLVED.value, Status.CLOSED.value})


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise or a detail to check.

    Attributes:
        kind: `promise` or `check`.
        code: What was promised (`call`, `send`, …), or the detail in its exact words.
        quote: The sentence.
        about_on: The day by which it was promised.
        evidence: The sentence (`said`), and of a promise the first words that kept it (`kept`).
    """

    kind: str
    code: str
    turn: Turn
    quote: str
    about_on: date | None
    evidence: tuple[Evidence, ...]


def owed_in(ticket: Stored, messages: Sequence[Stored], zone: tzinfo) -> Iterator[Owed]:
    """What one ticket's messages leave owed to its requester, oldest first.

    Sentences of matters that are never kept are passed over.

    Args:
        ticket: A row of `queries.tickets`.
        messages: Its messages in order, as `queries.messages_of_tickets` gives them.
        zone: What "Friday" means.
    """
    events = [
        Event(turn, message.direction, bool(message.missed))
        for message in messages
        for turn in turns_of(message, ticket.requester_id)
    ]
    for one in promises_of(events, zone, solved=ticket.status in _SOLVED):
        if not policy.never_kept_words(one.quote):
            said = _evidence("said", one.turn, one.quote)
            kept = _first_words(one.kept_by.turn) if one.kept_by is not None else None
            what, due = one.promise.what, one.promise.due_on
            yield Owed("promise", what, one.turn, one.quote, due, (said, kept) if kept else (said,))
    for doubt in doubts_of(events):
        if not policy.never_kept_words(doubt.quote):
            said = _evidence("said", doubt.turn, doubt.quote)
            yield Owed("check", doubt.check.what, doubt.turn, doubt.quote, None, (said,))


def _first_words(turn: Turn) -> Evidence | None:
    spans = split(turn.text)
    return _evidence("kept", turn, spans[0].text) if spans else None


def _evidence(part: str, turn: Turn, quote: str) -> Evidence:
    return Evidence(part, turn.ticket_id, turn.message_id, quote, turn.speaker_id)
