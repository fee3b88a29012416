"""Whose story a sentence tells: the customer's own, or that of somebody close to them.

Rules over kinship words. The owner of a surgery or a diagnosis is who stands last before the word
that names it; the dead and the cared-for are the nearest kinship word on either side.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from memory.remembering.cues import PATTERN_OF
from memory.words import expressions, fold

Relation = Literal["self", "partner", "child", "parent", "relative", "friend", "pet"]

_RELATIONS: Final = dict(expressions("relations"))
_SELF: Final = re.compile(_RELATIONS.pop("self"))
_KIN: Final = re.compile(
    rf"(?<![a-z-])(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _RELATIONS.items())})"
    r"(?=$|[^a-z-])"
)
_ROLE_OF_SELF: Final = re.compile(
    r"(?:\b(?:i'm|i am|as|became|being|been|was|am|cx is|cx) an? "
    r"|\bsingle |\bonly |\bwrite |\bteach )$"
)
"""What stands before a kinship word that is not another person: "I'm a dad", "I teach children"."""
_NEAREST: Final = frozenset({"bereavement", "family_care"})
_OF_THE_SPEAKER: Final = frozenset({"preference", "contact_rule", "loyalty", "feeling", "interest"})
_CUE_OF: Final = {"access_need": "access"}


def relation_of(
    sentence: str, kind: str, role: Literal["customer", "agent"] = "customer"
) -> Relation | None:
    """Who the matter of this kind belongs to, or None where the sentence does not say.

    An agent's note without any person in it is about the customer.
    """
    folded = fold(sentence)
    people = _people(folded)
    if kind in _OF_THE_SPEAKER:
        return "self"
    pattern = PATTERN_OF.get(_CUE_OF.get(kind, kind))
    found = pattern.search(folded) if pattern else None
    at, end = found.span() if found else (len(folded), len(folded))
    if kind in _NEAREST:
        return _nearest(people, at, end)
    before = [who for start, who in [*people, *_selves(folded)] if start < at]
    if before:
        latest = max((start, who) for start, who in [*people, *_selves(folded)] if start < at)
        return latest[1]
    if people:
        return people[0][1]
    return "self" if role == "agent" or re.search(r"\b(?:i|i'm|my|me|im)\b", folded) else None


def _people(folded: str) -> list[tuple[int, Relation]]:
    """Kinship words with their places; "my friend's son" is the friend's, not a child."""
    found: list[tuple[int, Relation]] = []
    owned_until = -1
    for match in _KIN.finditer(folded):
        if _ROLE_OF_SELF.search(folded, 0, match.start()):
            continue
        relation: Relation = match.lastgroup  # type: ignore[assignment]  # the group names are the relations
        if match.start() != owned_until:
            found.append((match.start(), relation))
        elif found[-1][1] != "friend":
            found[-1] = (found[-1][0], "pet" if relation == "pet" else "relative")
        owned_until = match.end() + 3 if folded[match.end() : match.end() + 3] == "'s " else -1
    return found


def _selves(folded: str) -> list[tuple[int, Relation]]:
    return [(match.start(), "self") for match in _SELF.finditer(folded)]


def _nearest(people: list[tuple[int, Relation]], at: int, end: int) -> Relation | None:
    """The person closest to the place of the cue; of two as close, the one before."""
    if not people:
        return None
    return min(people, key=lambda who: at - who[0] if who[0] < at else max(who[0] - end, 0) + 1)[1]
