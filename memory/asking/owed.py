"""What is owed to a customer: promises, and details to double-check."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from memory import policy
from memory.asking.before import is_solved
from memory.remembering.standing import promised_by, state_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from memory.asking.document import Check, Promise
    from memory.asking.facts import Facts
    from memory.asking.view import View
    from memory.record.stored import Stored

_TITLES: Final = {
    "call": "Call back",
    "send": "Something to send",
    "refund": "Refund",
    "visit": "Visit",
    "tell": "Answer",
    "do": "Something to do",
}
_NEWS_FOR: Final = timedelta(days=30)
"""So long a kept promise is worth knowing, and one of a solved ticket that nobody saw kept: by then
it was kept elsewhere, or is no longer waited for."""

_ORDER: Final = {"overdue": 0, "open": 1, "kept": 2}


def promises_of(view: View, facts: Facts) -> list[Promise]:
    """What was promised: what is late, what is open, what was kept lately, each the latest first.

    Its title comes from a closed list that says nothing of the person; the words that promise it
    are its evidence, hidden where they speak of something sensitive.

    Args:
        view: How the question is asked.
        facts: What is known of the customer.
    """
    unsolved = {row.id for row in facts.tickets if not is_solved(row)}
    found = [
        _promise(view, facts, row)
        for row in reversed(_memories(facts, "promise"))
        if row.code in _TITLES and _matters(view, facts, row, unsolved)
    ]
    return sorted(found, key=lambda one: _ORDER[one["state"]])


def _matters(view: View, facts: Facts, row: Stored, unsolved: Collection[str]) -> bool:
    if row.ticket_id in unsolved and not _is_kept(view, facts, row):
        return True
    said: date = row.said_at.astimezone(view.zone).date()
    due: date = row.about_on or said
    return max(said, due) > view.today - _NEWS_FOR


def _promise(view: View, facts: Facts, row: Stored) -> Promise:
    said = [one for one in facts.evidence[row.id] if one.part == "said"]
    state = state_of(row.about_on, view.today, kept=_is_kept(view, facts, row))
    hidden = _is_hidden(view, facts, row)
    return {
        "memory": row.id,
        "title": _TITLES[row.code],
        "promised_by": promised_by(said[0].quote) or said[0].author_name,
        "due_on": row.about_on.isoformat() if row.about_on else None,
        "state": state.state,
        "overdue_days": state.overdue_days,
        "evidence": [] if hidden else [view.evidence(one) for one in said],
        "hidden": hidden,
        "first_view": state.state != "kept",
    }


def _is_kept(view: View, facts: Facts, row: Stored) -> bool:
    """Kept by what was said on its ticket by then, or by a call on any other."""
    told = any(one.part == "kept" and one.at <= view.as_of for one in facts.evidence[row.id])
    by_voice = row.code in {"call", "tell"}
    return told or (by_voice and any(at > row.said_at for at in facts.rung))


def _is_hidden(view: View, facts: Facts, row: Stored) -> bool:
    """Whether its words are hidden: for their kind, or for what they speak of."""
    if view.reveal:
        return False
    if facts.shown.get(row.kind) == "masked":
        return True
    said = (one.quote for one in facts.evidence[row.id] if one.part == "said")
    return row.sensitive and not (
        view.sensitive == "full"
        and all(policy.may_read(words, view.sensitive, facts.shown) for words in said)
    )


def _memories(facts: Facts, kind: str) -> Sequence[Stored]:
    """Those of a kind, unless the account wants nothing of it shown."""
    return () if facts.shown.get(kind) == "off" else facts.memories.get(kind, ())


def checks_of(view: View, facts: Facts) -> list[Check]:
    """What to double-check, noted latest first; of what is hidden nothing is shown.

    Args:
        view: How the question is asked.
        facts: What is known of the customer.
    """
    noted = sorted(
        [*_noted(view, facts), *_told(view, facts)], key=lambda one: one["noted_on"], reverse=True
    )
    latest: dict[str, Check] = {}
    for one in noted:
        latest.setdefault(one["what"].casefold(), one)
    return list(latest.values())


def _told(view: View, facts: Facts) -> Iterator[Check]:
    """What tickets leave in doubt."""
    for row in reversed(_memories(facts, "check")):
        if row.code and not _is_hidden(view, facts, row):
            yield {
                "memory": row.id,
                "what": row.code,
                "noted_on": view.day(row.said_at),
                "evidence": [view.evidence(one) for one in facts.evidence[row.id]],
                "first_view": True,
            }


def _noted(view: View, facts: Facts) -> Iterator[Check]:
    """What agents marked with a question mark in their notes here."""
    shown = not {"masked", "off"} & {facts.shown.get("note"), facts.shown.get("check")}
    for row in reversed(facts.notes if shown else ()):
        for word in () if row.sensitive else row.text.split():
            if word.startswith("?") and any(letter.isalnum() for letter in word):
                yield {
                    "memory": row.id,
                    "what": word.strip("?.,;:!"),
                    "noted_on": view.day(row.at),
                    "evidence": [],
                    "first_view": True,
                }
