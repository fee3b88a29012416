"""Chooses what an agent sees first: readable in ten seconds while the phone rings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memory.asking.limits import all_fits, fits, top_fits
from memory.asking.lines import lines_of
from memory.asking.phrases import count_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from memory.asking.document import Brief

_MOST = {"adjustments": 2, "care": 3, "context": 2, "open": 3, "missed": 99, "before": 3}
_MOST |= {"promises": 2, "check": 2}
_TOP_DROP_ORDER = ("context", "wishes", "care", "adjustments")
_DROP_ORDER = ("check", "before", "context", "promises", "open", "care", "adjustments")
_SURE, _SURE_OF_A_WISH = 0.4, 0.7
_WISHES = frozenset({"contact_rule", "preference"})
"""What an agent would act upon before the first word has to be surer than the rest."""

_FADES_AFTER_DAYS = {
    "bereavement": 365,
    "health": 365,
    "hardship": 180,
    "family_care": 730,
    "life_event": 365,
}
"""What was told so long ago is one click away; what somebody needs, or loves, does not fade."""

_LEGIBLE, _SHORT = 9, 5
"""A request that is cut to five words may lose what it asks for: others give way to it first."""

_LENGTHS = (16, 12, _LEGIBLE, 7, _SHORT, 3)


def mark_first_view(brief: Brief) -> None:
    """Set `first_view` on everything in the brief's lists so that the printed lines fit.

    Quotes are shortened a little before anything is left out, and more before a section is empty.
    """
    for section, most in _MOST.items():
        place = 0
        for entry in _entries(brief, section):
            wanted = _is_sure(entry) and _is_fresh(entry) and entry.get("state") != "kept"
            entry["first_view"] = wanted and place < most
            place += wanted
    for entry in _to_drop(brief, _TOP_DROP_ORDER, top_fits, _LEGIBLE, keep=1):
        entry["first_view"] = False
    for entry in _to_drop(brief, _TOP_DROP_ORDER, top_fits):
        entry["first_view"] = False
    for entry in _to_drop(brief, _DROP_ORDER, all_fits):
        entry["first_view"] = False
    for entry in _to_drop(brief, _DROP_ORDER, top_fits, _LENGTHS[-1]):
        entry["first_view"] = False
    _put_back(brief)


def _is_sure(entry: dict[str, Any]) -> bool:
    """Whether it is likely enough to be read at a glance; what is not is one click away."""
    least: float = _SURE_OF_A_WISH if entry.get("kind") in _WISHES else _SURE
    return bool(entry.get("confidence", 1.0) >= least)


def _is_fresh(entry: dict[str, Any]) -> bool:
    """Whether it was told lately enough, for its kind, to be thought of first."""
    fades_after = _FADES_AFTER_DAYS.get(entry.get("kind", ""))
    return fades_after is None or bool(entry["said_days_ago"] <= fades_after)


def _put_back(brief: Brief) -> None:
    """Show cares for which what was left out after them has made room again."""
    for entry in _entries(brief, "care")[: _MOST["care"]]:
        if not entry["first_view"] and _is_sure(entry) and _is_fresh(entry):
            entry["first_view"] = True
            entry["first_view"] = _fits(brief, _LEGIBLE)


def first_view_length(brief: Brief) -> int:
    """At most so many words of each quote and title are printed in the first view."""
    return next((length for length in _LENGTHS if _fits(brief, length)), _LENGTHS[-1])


def _to_drop(
    brief: Brief,
    order: Sequence[str],
    enough: Callable[[Sequence[int]], bool],
    longest: int = _SHORT,
    keep: int = 0,
) -> Iterator[dict[str, Any]]:
    """What to leave out, one after the other, for as long as it does not fit.

    Args:
        brief: What is measured, anew before each.
        order: Sections, those that matter least first.
        enough: Whether lines of so many words are short enough.
        longest: At most so many words of each quote and title.
        keep: So many of each section stay, but for wishes.
    """
    for section in order:
        shown = [entry for entry in _entries(brief, section) if entry["first_view"]]
        for entry in reversed(shown[0 if section == "wishes" else keep :]):
            if enough(_counts(brief, longest)):
                return
            yield entry


def _fits(brief: Brief, longest: int) -> bool:
    return fits(_counts(brief, longest))


def _counts(brief: Brief, longest: int) -> list[int]:
    """Words of each line but for what may be said, which takes only the place that is left."""
    return [count_words(str(line)) for line in lines_of(brief, longest=longest, say=False)]


def _entries(brief: Brief, section: str) -> list[dict[str, Any]]:
    if section == "wishes":
        return [entry for entry in _entries(brief, "adjustments") if entry["kind"] == "preference"]
    entries: list[dict[str, Any]] = brief[section]  # type: ignore[literal-required]  # a list of the document
    return entries
