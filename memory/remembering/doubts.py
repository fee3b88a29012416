"""Which doubts of a ticket are still to be cleared: the last word on each that was not settled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from memory.entities import Role
from memory.remembering.checks import checks_in
from memory.text.sentences import MAX_LENGTH, Span, split
from memory.words import expressions, straight

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from memory.remembering.checks import By, Check
    from memory.remembering.keeping import Event
    from memory.remembering.turns import Turn

MOST: Final = 40
"""So many doubts of one ticket are followed, the latest."""

_WORDS: Final = dict(expressions("checks"))
_SETTLED, _YES = re.compile(_WORDS["settled"]), re.compile(_WORDS["yes"])
_NUMBER_WORDS: Final = re.compile(_WORDS["number words"])
_TELLING = re.compile(r"\b[A-Z][\w'-]+|\b\w*[0-9]\w*")
_ANSWERED_WITHIN: Final = 2
"""Turns in which an answer comes, if it comes."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A detail of a ticket to double-check: what, who said so, in which words."""

    check: Check
    turn: Turn
    quote: str
    start: int


def doubts_of(events: Sequence[Event]) -> list[Doubt]:
    """The doubts of a ticket that nothing later in it settled, in its order.

    A customer settles an agent's question by answering it, and their own spelling by agreeing to
    the agent's; any doubt is settled by a later note or reply that confirms the same words. A
    doubt noted again is one, the latest.
    """
    found = [
        (place, doubt)
        for place, event in enumerate(events)
        if event.turn.role is not Role.OTHER
        for doubt in _raised(event)
    ]
    standing: dict[str, Doubt] = {}
    for place, doubt in found[-MOST:]:
        key = doubt.check.what.casefold()
        standing.pop(key, None)
        if not _is_settled(doubt, events[place], events[place + 1 :]):
            standing[key] = doubt
    return list(standing.values())


def _raised(event: Event) -> Iterator[Doubt]:
    turn = event.turn
    by = _by(event)
    for span in _pieces(turn.text) if by == "note" else split(turn.text):
        for check in checks_in(span.text, by):
            yield Doubt(check, turn, span.text, turn.start + span.start)


def _by(event: Event) -> By:
    if event.turn.role is Role.CUSTOMER:
        return "customer"
    return "note" if event.by_note else "agent"


def _pieces(note: str) -> Iterator[Span]:
    """A note's sentences: a question mark in mid-line is a doubt, and two points are a pause."""
    before: Span | None = None
    for span in split(note):
        if before is not None and _goes_on(before, span, note):
            before = Span(before.start, span.end, note[before.start : span.end])
            continue
        if before is not None:
            yield before
        before = span
    if before is not None:
        yield before


def _goes_on(before: Span, span: Span, note: str) -> bool:
    if "\n" in note[before.end : span.start] or not before.text.endswith(("?", "..")):
        return False
    short = span.end - before.start <= MAX_LENGTH
    return short and (span.text[:1].islower() or " " not in before.text)


def _is_settled(doubt: Doubt, raised: Event, later: Sequence[Event]) -> bool:
    by = _by(raised)
    if by == "agent" and any(_answers(doubt, event) for event in later[:_ANSWERED_WITHIN]):
        return True
    if by == "customer" and _agreed(doubt, later[:_ANSWERED_WITHIN]):
        return True
    told = _telling(doubt.check.what)
    for event in later:
        if event.turn.role is Role.AGENT:
            for span in split(event.turn.text):
                if _SETTLED.search(straight(span.text)) and told & _telling(span.text):
                    return True
    return False


def _answers(doubt: Doubt, event: Event) -> bool:
    """Whether the customer names one of what they were asked, or any number."""
    if event.turn.role is not Role.CUSTOMER:
        return False
    text = event.turn.text
    return bool(_telling(doubt.check.what) & _telling(text)) or bool(_NUMBER_WORDS.search(text))


def _agreed(doubt: Doubt, later: Sequence[Event]) -> bool:
    """Whether the agent said the same letters and the customer said yes."""
    if len(later) < _ANSWERED_WITHIN:
        return False
    read_back, answer = later
    same = _letters(doubt.check.what) in _letters(read_back.turn.text)
    by_agent = read_back.turn.role is Role.AGENT and answer.turn.role is Role.CUSTOMER
    return by_agent and same and _YES.search(straight(answer.turn.text)) is not None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _telling(text: str) -> frozenset[str]:
    """The words that tell one detail from another: names and numbers, else all long words."""
    words = _TELLING.findall(text) or [word for word in text.split() if len(word) > 3]
    return frozenset(word.casefold() for word in words)
