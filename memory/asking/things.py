"""Which memories are one thing that was told more than once, and what of it is history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from memory import policy
from memory.asking.likeness import Tellings
from memory.asking.meanings import may_be_told_again
from memory.asking.signs import stems_of
from memory.entities import OVER, SPOKEN_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from memory.asking.meanings import Meanings
    from memory.record.stored import Stored

    Evidence = Mapping[str, Sequence[Stored]]

_TOLD_IN_WORDS = frozenset(
    {"life_event", "work", "interest", "loyalty", "preference", "contact_rule"}
)
"""Kinds of which a customer may have several; the others are one thing per relation and code."""

_TURNING = frozenset({"life_event", "work"})
"""Kinds whose codes are turns of a life: the next one makes the last one history."""

_OF_SOMEBODY = frozenset({"bereavement", "family_care"})
"""Kinds that are about another: where none is named it is the one who was named before."""

_FEWEST_JOINED = 2
_FEWEST_SHARED, _MOST_SHARED = 2, 0.6
"""Sentences tell the same when they share so many words, and so much of the shorter one."""


_NOT_READ: Final[Meanings] = MappingProxyType({})


@dataclass(slots=True)
class Thing:
    """One thing about a customer.

    Attributes:
        told: The memories that tell it, oldest first; empty when it has passed.
        former: Those that were true until a later one.
    """

    told: list[Stored] = field(default_factory=list)
    former: list[Stored] = field(default_factory=list)


def things_of(
    rows: Iterable[Stored], evidence: Evidence, meanings: Meanings = _NOT_READ
) -> list[Thing]:
    """Memories of one kind, oldest first, as things.

    Who recovered is no longer ill; who moved again lives elsewhere; the rest adds up.

    Args:
        rows: Of one customer.
        evidence: By memory id.
        meanings: As `meanings_of` reads them; without any, one thing has the same words.
    """
    things: dict[object, Thing] = defaultdict(Thing)
    for row in rows:
        if row.kind == SPOKEN_NAME and row.code:
            continue
        thing = things[_key(row, things, evidence)]
        if row.code == OVER:
            thing.former += [*thing.told, row]
            thing.told = []
        elif row.code and row.kind in _TURNING:
            thing.former += thing.told
            thing.told = [row]
        else:
            thing.told.append(row)
    return _joined(list(things.values()), evidence, meanings)


def thing_with(
    row: Stored, rows: Iterable[Stored], evidence: Evidence, meanings: Meanings = _NOT_READ
) -> list[Stored]:
    """The memories that tell the same as one of them, up to it, and what it made history.

    Else what was true before would take the place of what is true no longer.
    """
    alike = [one for one in rows if one.kind == row.kind and one.said_at <= row.said_at]
    for thing in things_of(alike, evidence, meanings):
        members = [*thing.former, *thing.told]
        if any(one.id == row.id for one in members):
            return members
    return [row]


def former_of(rows: Iterable[Stored], evidence: Evidence) -> set[str]:
    """The ids of those memories of any kinds, oldest first, that later ones made history."""
    kinds: dict[str, list[Stored]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    return {
        one.id
        for kind in kinds.keys() & policy.SECTION_OF_KIND.keys()
        for thing in things_of(kinds[kind], evidence)
        for one in thing.former
    }


def words_of(row: Stored, evidence: Evidence) -> str:
    """What was said, folded."""
    said = evidence.get(row.id, ())
    return said[0].quote.casefold() if said else ""


def _joined(things: list[Thing], evidence: Evidence, meanings: Meanings) -> list[Thing]:
    """The things, of which those are one that were told in other words."""
    again = [thing for thing in things if any(map(may_be_told_again, thing.told))]
    if len(again) < _FEWEST_JOINED:
        return things
    tellings = Tellings([row for thing in again for row in thing.told], evidence, meanings)
    joined: list[list[Stored]] = []
    for thing in again:
        told = thing.told
        while (place := tellings.nearest(told, joined)) is not None:
            told = sorted([*joined.pop(place), *told], key=lambda row: (row.said_at, row.id))
        joined.append(told)
    if len(joined) == len(again):
        return things
    others = [thing for thing in things if not any(map(may_be_told_again, thing.told))]
    # Only what has a code has a history, and nothing with a code is told again in other words.
    return [*others, *map(Thing, joined)]


def _key(row: Stored, things: Mapping[object, Thing], evidence: Evidence) -> object:
    if row.kind not in _TOLD_IN_WORDS:
        if row.kind in _OF_SOMEBODY and row.relation is None and len(things) == 1:
            return next(iter(things))
        return (row.relation, None if policy.is_sensitive(row.kind) else row.code)
    if row.code:
        return row.code
    stems = stems_of(words_of(row, evidence))
    for key in reversed(things):
        if isinstance(key, frozenset) and _tell_the_same(key, stems):
            return key
    return stems or row.id


def _tell_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    if one == other:
        return True
    shared, shorter = len(one & other), min(len(one), len(other))
    return shared >= _FEWEST_SHARED and shared >= _MOST_SHARED * shorter
