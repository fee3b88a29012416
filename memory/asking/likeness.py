"""Whether two tellings are of one thing, though their words are others: by day, or by meaning."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from memory.asking.meanings import LASTING, cosines_of
from memory.asking.signs import Signs, stems_of
from memory.entities import Role
from memory.words import sections

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from memory.asking.meanings import Meanings
    from memory.record.stored import Stored

_ALIKE, _ALIKE_ON_AVERAGE = 0.45, 0.4
"""Cosines: of the likest tellings of two things that are one, and of all of them on average.

Of 589 interests in our own text, each of another person, 5 pairs in 1,000 are so alike and share
the beginning of a word; of 45 of those, 35 do tell one hobby. By meaning alone a cat is as like a
dog. Without the average one who tells of two hobbies at once would make them one.
"""

_ALIKE_ON_A_DAY = 0.5
"""A cosine from which on what was told and what was noted of one day are one without one word."""

_SHORTEST, _SHORTEST_BEGINNING = 3, 4
_OF_ANY_HOBBY: Final = stems_of(
    " ".join(
        f"{word} {word}s" for _, lines in sections("hobbies") for word in " ".join(lines).split()
    )
)


class Tellings:
    """How alike tellings of one kind are.

    Args:
        rows: Memories of one kind.
        evidence: By memory id.
        meanings: As `meanings_of` reads them.
    """

    def __init__(
        self,
        rows: Sequence[Stored],
        evidence: Mapping[str, Sequence[Stored]],
        meanings: Meanings,
    ) -> None:
        self._said = {
            row.id: _Said.of(place, row, evidence.get(row.id, ())) for place, row in enumerate(rows)
        }
        self._cosines = cosines_of([meanings.get(row.id) for row in rows])

    def nearest(self, told: Sequence[Stored], others: Sequence[Sequence[Stored]]) -> int | None:
        """The place among `others` of the thing that is the same as the one told, if any."""
        likeness = [self._likeness(told, other) for other in others]
        best = max(likeness, default=0.0)
        return likeness.index(best) if best > 0 else None

    def _likeness(self, told: Sequence[Stored], other: Sequence[Stored]) -> float:
        """From 0, another thing, to 1."""
        pairs = [(self._said[one.id], self._said[two.id]) for one in told for two in other]
        if any(self._of_one_day(*pair) for pair in pairs):
            return 1.0
        if told[0].kind not in LASTING:
            return 0.0
        average = sum(self._cosine(*pair) for pair in pairs) / len(pairs)
        if average < _ALIKE_ON_AVERAGE:
            return 0.0
        return average if any(self._of_one_subject(*pair) for pair in pairs) else 0.0

    def _of_one_day(self, one: _Said, other: _Said) -> bool:
        """Whether one is what an agent noted of what the customer told."""
        day, another = one.row.about_on, other.row.about_on
        if day is None or day != another or one.noted == other.noted:
            return False
        # Where a note names nobody it is taken to be about the customer.
        if len({one.row.relation, other.row.relation} - {None, "self"}) > 1:
            return False
        return bool(one.words & other.words) or self._cosine(one, other) >= _ALIKE_ON_A_DAY

    def _of_one_subject(self, one: _Said, other: _Said) -> bool:
        """Whether they mean alike and share a word or its beginning; two dogs have two names."""
        if self._cosine(one, other) < _ALIKE or one.row.relation != other.row.relation:
            return False
        if one.signs.names and other.signs.names and not one.signs.names & other.signs.names:
            return False
        return any(_begin_alike(mine, yours) for mine in one.hobbies for yours in other.hobbies)

    def _cosine(self, one: _Said, other: _Said) -> float:
        return self._cosines[one.place][other.place]


@dataclass(frozen=True)
class _Said:
    """One telling.

    Attributes:
        place: Among all that are compared.
        signs: What its words tell.
        noted: Whether these are an agent's words.
    """

    place: int
    row: Stored
    signs: Signs
    noted: bool

    @classmethod
    def of(cls, place: int, row: Stored, evidence: Sequence[Stored]) -> _Said:
        """What was said, and by whom."""
        noted = bool(evidence) and evidence[0].role == Role.AGENT.value
        return cls(place, row, Signs(evidence[0].quote if evidence else ""), noted)

    @cached_property
    def words(self) -> frozenset[str]:
        """The beginnings of its words that name something."""
        return frozenset(one for one in self.signs.stems if _names_something(one))

    @cached_property
    def hobbies(self) -> frozenset[str]:
        """Those that may name what is loved."""
        return self.words - _OF_ANY_HOBBY


def _names_something(stem: str) -> bool:
    """Whether a stem is that of a word, and no number or "can't"."""
    return len(stem) >= _SHORTEST and not stem[0].isdigit() and "'" not in stem


def _begin_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SHORTEST_BEGINNING and longer.startswith(shorter)
