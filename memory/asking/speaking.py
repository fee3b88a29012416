"""Whose words a question asks for, and the question as it is compared with what they said.

Sentences are embedded behind the role of who said them, without a name. So a question that says
whose words it asks for, by name or by "she" or "we", is embedded the same way: behind the role,
and without the names. It is a hint and no more: nothing is left out for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from memory.entities import Role
from memory.text.sentences import spoken
from memory.words import fold, sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from memory.record.stored import Stored

Voice: TypeAlias = Literal["customer", "agent"]

_VOICES: Final[tuple[Voice, ...]] = ("customer", "agent")
_WORD: Final = re.compile(r"[^\W_]+")
_NAMED: Final = re.compile(r"[^\W_]+(?:['\u2019]s\b)?")
_MEANT: Final = {voice: frozenset(" ".join(lines).split()) for voice, lines in sections("speakers")}


def asked_of(query: str, people: Sequence[Stored], customer_id: str) -> Voice | None:
    """Whose words a question asks for, if it says so of one side alone.

    A name says more than "she" or "we", which are read only where nobody is named.

    Args:
        query: The question.
        people: Who speaks in the history: rows with `id`, `name` and `role`.
        customer_id: Whose history is searched.
    """
    asked = _folded(query)
    for called in (_names(people, customer_id), _MEANT):
        found = [voice for voice in _VOICES if not asked.isdisjoint(called[voice])]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def as_embedded(query: str, people: Sequence[Stored], customer_id: str) -> str:
    """The question as a sentence of this history would be embedded; as `asked_of`."""
    names = frozenset().union(*_names(people, customer_id).values())
    unnamed = _NAMED.sub(lambda found: _unless_named(found.group(), names), query)
    voice = asked_of(query, people, customer_id)
    words = " ".join(unnamed.split()) if _WORD.search(unnamed) else query
    return words if voice is None else spoken(voice, words)


def _unless_named(word: str, names: frozenset[str]) -> str:
    return "" if fold(_WORD.findall(word)[0]) in names else word


def _names(people: Iterable[Stored], customer_id: str) -> dict[Voice, frozenset[str]]:
    """The parts of the names of the customer, and of the agents they had to do with."""
    names: dict[Voice, set[str]] = {voice: set() for voice in _VOICES}
    for one in people:
        if one.id == customer_id:
            names["customer"] |= _folded(one.name or "")
        elif one.role == Role.AGENT.value:
            names["agent"] |= _folded(one.name or "")
    return {voice: frozenset(name for name in of if len(name) > 1) for voice, of in names.items()}


def _folded(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text)))
