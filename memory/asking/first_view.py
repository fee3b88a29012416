"""Chooses what an agent sees first: readable in ten seconds while the phone rings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memory.asking.lines import lines_of
from memory.asking.phrases import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memory.asking.document import Brief

MOST_WORDS = 90
MOST_WORDS_ON_TOP = 40
TOP_LINES = 4
"""The name line and the three after it."""

_MOST = {"adjustments": 2, "care": 3, "context": 2, "open": 3, "missed": 1, "before": 3}
_MOST |= {"promises": 2, "check": 2}
_DROP_ORDER = ("check", "before", "context", "missed", "promises", "open", "care", "adjustments")
_LENGTHS = (16, 12, 9, 7, 5, 3)


def mark_first_view(brief: Brief) -> None:
    """Set `first_view` on everything in the brief's lists so that the printed lines fit."""
    for section, most in _MOST.items():
        for place, entry in enumerate(_entries(brief, section)):
            entry["first_view"] = place < most
    for entry in _to_drop(brief):
        if _fits(brief):
            return
        entry["first_view"] = False


def first_view_length(brief: Brief) -> int:
    """At most so many words of each quote and title are printed in the first view."""
    return next((length for length in _LENGTHS if _measure(brief, length)), _LENGTHS[-1])


def _to_drop(brief: Brief) -> Iterator[dict[str, Any]]:
    for section in _DROP_ORDER:
        shown = [entry for entry in _entries(brief, section) if entry["first_view"]]
        yield from reversed(shown)


def _fits(brief: Brief) -> bool:
    return any(_measure(brief, length) for length in _LENGTHS[:3])


def _measure(brief: Brief, longest: int) -> bool:
    counts = [count_words(str(line)) for line in lines_of(brief, longest=longest)]
    return sum(counts) <= MOST_WORDS and sum(counts[:TOP_LINES]) <= MOST_WORDS_ON_TOP


def _entries(brief: Brief, section: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = brief[section]  # type: ignore[literal-required]  # a list of the document
    return entries
