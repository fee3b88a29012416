"""How long the first view may be: readable in ten seconds while the phone rings (design: 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_WORDS = 90
MOST_WORDS_ON_TOP = 40
TOP_LINES = 4
"""The name line and the three after it."""


def top_fits(counts: Sequence[int]) -> bool:
    """Whether the lines on top, of so many words each, are short enough."""
    return sum(counts[:TOP_LINES]) <= MOST_WORDS_ON_TOP


def all_fits(counts: Sequence[int]) -> bool:
    """Whether lines of so many words are short enough together."""
    return sum(counts) <= MOST_WORDS


def fits(counts: Sequence[int]) -> bool:
    """Whether lines of so many words each make a first view."""
    return top_fits(counts) and all_fits(counts)
