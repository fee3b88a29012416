"""Chooses what an agent sees first: readable in ten seconds while the phone rings."""

from __future__ import annotations

from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any

from memory.asking.limits import all_fits, fits, top_fits
from memory.asking.lines import RESTATED, lines_of
from memory.asking.phrases import count_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import tzinfo

    from memory.asking.document import Brief

_MOST = {"adjustments": 2, "care": 3, "context": 2, "open": 3, "missed": 99, "before": 3}
_MOST |= {"promises": 2, "check": 2}
_TOP_DROP_ORDER = ("context", "wishes", "care", "adjustments")
_DROP_ORDER = ("check", "before", "context", "promises", "open", "care", "adjustments")
_SURE, _SURE_OF_A_WISH = 0.4, 0.7
_WISHES = frozenset({"contact_rule", "preference"})
"""What an agent would act upon before the first word has to be surer than the rest."""

_FADES_AFTER_DAYS = {
    "feeling": 14,
    "bereavement": 365,
    "health": 365,
    "hardship": 180,
    "family_care": 730,
    "life_event": 365,
}
"""What was told so long ago is one click away; what somebody needs, or loves, does not fade."""

_NEVER = 10**6

_LEGIBLE, _SHORT = 9, 5
"""A request that is cut to five words may lose what it asks for: others give way to it first."""

_LENGTHS = (RESTATED, 16, 12, _LEGIBLE, 7, _SHORT, 3)


def mark_first_view(brief: Brief, zone: tzinfo = UTC) -> None:
    """Set `first_view` on everything in the brief's lists so that the printed lines fit.

    Quotes are shortened a little before anything is left out, and more before a section is empty.

    Args:
        brief: Changed in place.
        zone: Whose day it is, as the lines will say it.
    """
    for section, most in _MOST.items():
        place = 0
        entries = _entries(brief, section)
        told = any(not entry.get("hidden") for entry in entries)
        for entry in entries:
            wanted = _is_wanted(entry) and not (told and _is_bare_need(entry))
            entry["first_view"] = wanted and place < most
            place += wanted
    drop = partial(_to_drop, brief, zone)
    for entry in drop(_TOP_DROP_ORDER, top_fits, longest=_LEGIBLE, keep=1):
        entry["first_view"] = False
    for entry in drop(_TOP_DROP_ORDER, top_fits):
        entry["first_view"] = False
    for entry in drop(_DROP_ORDER, all_fits):
        entry["first_view"] = False
    for entry in drop(_DROP_ORDER, top_fits, longest=_LENGTHS[-1]):
        entry["first_view"] = False
    _put_back(brief, zone)


def is_sure(kind: str, confidence: float) -> bool:
    """Whether something of a kind is likely enough to be read at a glance."""
    return confidence >= (_SURE_OF_A_WISH if kind in _WISHES else _SURE)


def _is_wanted(entry: dict[str, Any]) -> bool:
    """Whether it is sure, and told lately enough, and not done with; else it is one click away."""
    kind = entry.get("kind", "")
    fresh = entry.get("said_days_ago", 0) <= _FADES_AFTER_DAYS.get(kind, _NEVER)
    return fresh and is_sure(kind, entry.get("confidence", 1.0)) and entry.get("state") != "kept"


def _is_bare_need(entry: dict[str, Any]) -> bool:
    """Whether it says that something is needed and not what, since its words hold the reason."""
    return entry.get("kind") == "access_need" and bool(entry["hidden"])


def _put_back(brief: Brief, zone: tzinfo) -> None:
    """Show cares for which what was left out after them has made room again."""
    for entry in _entries(brief, "care")[: _MOST["care"]]:
        if not entry["first_view"] and _is_wanted(entry):
            entry["first_view"] = True
            entry["first_view"] = fits(_counts(brief, zone, _LEGIBLE))


def first_view_length(brief: Brief, zone: tzinfo = UTC) -> int:
    """At most so many words of each quote and title are printed in the first view."""
    fitting = (length for length in _LENGTHS if fits(_counts(brief, zone, length)))
    return next(fitting, _LENGTHS[-1])


def _to_drop(
    brief: Brief,
    zone: tzinfo,
    order: Sequence[str],
    enough: Callable[[Sequence[int]], bool],
    *,
    longest: int = _SHORT,
    keep: int = 0,
) -> Iterator[dict[str, Any]]:
    """What to leave out, one after the other, for as long as it does not fit.

    Args:
        brief: What is measured, anew before each.
        zone: Whose day it is.
        order: Sections, those that matter least first.
        enough: Whether lines of so many words are short enough.
        longest: At most so many words of each quote and title.
        keep: So many of each section stay, but for wishes.
    """
    for section in order:
        shown = [entry for entry in _entries(brief, section) if entry["first_view"]]
        for entry in reversed(shown[0 if section == "wishes" else keep :]):
            if enough(_counts(brief, zone, longest)):
                return
            yield entry


def _counts(brief: Brief, zone: tzinfo, longest: int) -> list[int]:
    """Words of each line but for what may be said, which takes only the place that is left."""
    return [
        count_words(str(line)) for line in lines_of(brief, longest=longest, say=False, zone=zone)
    ]


def _entries(brief: Brief, section: str) -> list[dict[str, Any]]:
    if section == "wishes":
        return [entry for entry in _entries(brief, "adjustments") if entry["kind"] == "preference"]
    entries: list[dict[str, Any]] = brief[section]  # type: ignore[literal-required]  # a list of the document
    return entries
