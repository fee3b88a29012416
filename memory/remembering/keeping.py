"""Which promises of a ticket stand, and what kept them.

A promise said again, or given a new date, is one promise: the latest. What keeps it is the thing
itself, done later: a call where a call was promised, by whichever colleague and however late, the
answer where an answer was. A holding reply keeps nothing, nor does closing the ticket.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from memory.entities import Role
from memory.remembering.promises import promise_in
from memory.text.dates import days_in
from memory.text.sentences import split
from memory.words import expressions, straight

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, tzinfo

    from memory.remembering.promises import Promise
    from memory.remembering.turns import Turn

_RULE: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(expression, re.IGNORECASE) for name, expression in expressions("keeping")
}
_WORD = re.compile(r"[a-z]{4,}", re.IGNORECASE)
_STEM = 5
"""So many letters of a word stand for its forms: `refund`, `refunded`."""

_SAME_TALK: Final = timedelta(minutes=30)
"""What is said so shortly after a promise to tell is the rest of the talk, unless on the matter."""

MOST: Final = 40
"""So many promises of one ticket are followed, the latest."""

_FEWEST_WORDS = 4
"""A reply with fewer words in every sentence is no answer."""


class Event(NamedTuple):
    """A turn of a ticket.

    Attributes:
        call: Of a call, its direction.
        missed: Whether nobody answered that call.
    """

    turn: Turn
    call: str | None = None
    missed: bool = False

    @property
    def by_note(self) -> bool:
        """Whether these are an agent's private words."""
        return self.turn.role is Role.AGENT and not self.turn.public and self.call is None


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise of a ticket.

    Attributes:
        quote: The sentence that makes it.
        start: Where it begins in the message.
        kept_by: The first event that kept it.
    """

    promise: Promise
    turn: Turn
    quote: str
    start: int
    kept_by: Event | None = None


def promises_of(events: Sequence[Event], zone: tzinfo, *, solved: bool) -> list[Promised]:
    """The promises of a ticket, in its order, each with what kept it.

    Args:
        events: The ticket's turns in order.
        zone: Whose "Friday" it is.
        solved: Whether the ticket is.
    """
    made = [
        (place, one)
        for place, event in enumerate(events)
        if event.turn.role is Role.AGENT
        for one in _made(events, place, zone)
    ]
    standing: list[Promised] = []
    for place, one in made[-MOST:]:
        standing = [old for old in standing if not _replaces(one, old)]
        kept = _kept_by(one, events[place + 1 :], zone, solved=solved)
        standing.append(replace(one, kept_by=kept))
    return standing


def _made(events: Sequence[Event], place: int, zone: tzinfo) -> Iterable[Promised]:
    event = events[place]
    turn = event.turn
    for span in split(turn.text):
        then = _spoken_of(events[:place], turn, zone) if "then" in span.text else None
        found = promise_in(span.text, turn.at, zone, by_note=event.by_note, then=then)
        if found is not None:
            yield Promised(found, turn, span.text, turn.start + span.start)


def _spoken_of(before: Sequence[Event], turn: Turn, zone: tzinfo) -> date | None:
    """The day that was named last before a turn of the same talk."""
    for event in reversed(before[-3:]):
        if event.turn.message_id == turn.message_id:
            days = [day.on for day in days_in(event.turn.text, turn.at, zone) if day.ahead]
            if days:
                return days[-1]
    return None


def _replaces(new: Promised, old: Promised) -> bool:
    """Whether the new promise is the old one said again, and that had not been kept by then."""
    kept = old.kept_by is not None and old.kept_by.turn.at < new.turn.at
    if kept or new.promise.what != old.promise.what:
        return False
    return new.promise.what == "call" or bool(_topics(new.quote) & _topics(old.quote))


def _kept_by(made: Promised, later: Sequence[Event], zone: tzinfo, *, solved: bool) -> Event | None:
    """The first event behind a promise that keeps it."""
    topics = _topics(made.quote)
    said = made.turn
    others = [
        one for one in later if one.turn.message_id != said.message_id and one.turn.at > said.at
    ]
    for event in later:
        if _lets_off(event):
            return event
    for event in others:
        if _keeps(made, topics, event, zone):
            return event
    if solved:
        return next((event for event in others if _is_answer(event, zone)), None)
    return None


def _lets_off(event: Event) -> bool:
    by_customer = event.turn.role is Role.CUSTOMER
    return by_customer and _RULE["let off"].search(straight(event.turn.text)) is not None


def _keeps(made: Promised, topics: frozenset[str], event: Event, zone: tzinfo) -> bool:
    what, turn, text = made.promise.what, event.turn, straight(event.turn.text)
    if turn.role is Role.CUSTOMER:
        return _confirmed(what, topics, text)
    by_voice = what in {"call", "tell"} and event.call == "outbound"
    if by_voice or turn.role is not Role.AGENT:
        return by_voice and not event.missed
    on_matter = bool(topics & _topics(text))
    if what not in {"call", "tell"}:
        return _done(what, text) and (what in {"refund", "visit"} or not topics or on_matter)
    if event.by_note:
        return _RULE["called"].search(text) is not None and not _RULE["in vain"].search(text)
    if what == "call":
        return event.call == "inbound" and on_matter
    later = event.call is None and turn.at - made.turn.at >= _SAME_TALK
    return (later or on_matter) and _is_answer(event, zone)


def _done(what: str, text: str) -> bool:
    """Whether a sentence says that this has been done."""
    return any(
        _RULE[f"done {what}"].search(one.text) and not _RULE["not done"].search(one.text)
        for one in split(text)
    )


def _confirmed(what: str, topics: frozenset[str], text: str) -> bool:
    """Whether the customer says that it has come, or that they were called."""
    if _RULE["still waiting"].search(text):
        return False
    if what == "call":
        return _RULE["was called"].search(text) is not None
    return _RULE["has come"].search(text) is not None and bool(topics & _topics(text))


def _is_answer(event: Event, zone: tzinfo) -> bool:
    """Whether an agent tells the customer something: no pleasantries, holding words, promises."""
    turn = event.turn
    if event.call == "outbound":
        return not event.missed
    if turn.role is not Role.AGENT or event.by_note:
        return False
    return any(
        len(span.text.split()) >= _FEWEST_WORDS
        and not span.text.endswith("?")
        and not _RULE["holding"].search(straight(span.text))
        and promise_in(span.text, turn.at, zone, by_note=False) is None
        for span in split(turn.text)
    )


def _topics(text: str) -> frozenset[str]:
    """The beginnings of the words that say what it is about."""
    words = (word.casefold() for word in _WORD.findall(straight(text)))
    return frozenset(word[:_STEM] for word in words if not _RULE["of no matter"].fullmatch(word))
