"""The words of one hidden thing, for an agent who knows who is calling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from memory.asking.document import VERSION, Evidence
from memory.asking.items import items_of
from memory.asking.owed import promises_of

if TYPE_CHECKING:
    from memory import policy
    from memory.asking.facts import Facts
    from memory.asking.view import View

_SECTIONS: Final[tuple[policy.Section, ...]] = ("adjustments", "care", "context")


class Revealed(TypedDict):
    """What stands behind one thing that a brief shows without its words."""

    version: int
    memory: str
    quote: str | None
    evidence: list[Evidence]


def revealed(view: View, facts: Facts, memory_id: str) -> Revealed | None:
    """The words and evidence of one thing of a customer; None when they have none of this id.

    Args:
        view: That reveals; the caller writes down what is shown before it is.
        facts: What is known of the customer.
        memory_id: As a brief names it.
    """
    for section in _SECTIONS:
        for item in items_of(view, facts, section)[0]:
            if item["memory"] == memory_id:
                return _of(memory_id, item["quote"], item["evidence"])
    for promise in promises_of(view, facts):
        if promise["memory"] == memory_id:
            said = promise["evidence"]
            return _of(memory_id, said[0]["quote"] if said else None, said)
    return None


def _of(memory_id: str, quote: str | None, evidence: list[Evidence]) -> Revealed:
    return {"version": VERSION, "memory": memory_id, "quote": quote, "evidence": evidence}
