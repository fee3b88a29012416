"""How a promise stands on a day, and who made it: all that a brief asks, without reading texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import date

_NAMED = re.compile(r"\b(?P<name>[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2}) (?:has |had )?promised\b")


class State(NamedTuple):
    """How a promise stands on a day."""

    state: Literal["open", "overdue", "kept"]
    overdue_days: int


def state_of(due_on: date | None, as_of: date, *, kept: bool) -> State:
    """How a promise stands; on the day itself it is not late yet.

    Args:
        due_on: The day by which; without one it is never late.
        as_of: The day of asking.
        kept: Whether it was kept by then.
    """
    if kept:
        return State("kept", 0)
    late = (as_of - due_on).days if due_on is not None else 0
    return State("overdue", late) if late > 0 else State("open", 0)


def promised_by(note: str) -> str | None:
    """The colleague who, as a note says, promised: "Eli Stone promised her a SIM"."""
    name = _NAMED.search(note)
    return name["name"] if name else None
