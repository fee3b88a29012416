"""Words as places in a table."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from memory.remembering.wording import PLACES, places, weight


@given(st.text(max_size=200))
def test_any_text_has_distinct_places_in_the_table(text: str) -> None:
    """Wild text neither fails nor points outside; the same text has the same places."""
    found = places(text)
    assert len(set(found.tolist())) == len(found)
    assert np.all((found >= 0) & (found < PLACES))
    assert np.array_equal(found, places(text))


def test_places_never_move() -> None:
    """A trained head is worthless once a word stands elsewhere."""
    assert places("My dog died?").tolist() == [688, 3725, 4296, 5249, 5444, 6042, 6525]


def test_numbers_and_capitals_make_no_difference() -> None:
    """What counts is that there is a number, not which."""
    assert np.array_equal(places("Since 2014"), places("since 1987"))


def test_order_makes_a_difference() -> None:
    """Pairs of neighbours tell "call, not write" from "write, not call"."""
    assert not np.array_equal(places("call not write"), places("write not call"))


def test_a_sentence_weighs_the_same_however_long() -> None:
    """The places of a sentence are a vector of length one; a sentence without words has none."""
    assert np.isclose(9 * weight(9) ** 2, 1)
    assert (len(places("…")), weight(0)) == (0, 1)
