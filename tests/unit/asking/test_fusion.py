"""Several opinions of which passages answer a question, made one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.asking.fusion import HINT, TIME, answering, fuse, of_ticket, spread

_NONE = np.zeros(4)
_ONE_TICKET = np.zeros(4, dtype=np.intp)
_values = st.lists(st.floats(-1, 30), min_size=4, max_size=4).map(np.array)


def test_scores_are_spread_between_nothing_and_all() -> None:
    """The distances stay in proportion."""
    assert spread(np.array([2.0, 4.0, 3.0])).tolist() == [0, 1, 0.5]
    assert spread(np.array([7.0, 7.0])).tolist() == [0, 0]
    assert spread(np.zeros(0)).tolist() == []


def test_an_opinion_that_tells_nothing_has_no_say() -> None:
    """Where no word was found the score is the meaning's alone."""
    meaning = np.array([1, 0.8, 0, 0.5])
    assert fuse(meaning, _NONE, [(HINT, _NONE)], _ONE_TICKET).tolist() == meaning.tolist()


def test_meaning_and_words_weigh_alike() -> None:
    """What both think well of comes before what one finds the best."""
    fused = fuse(np.array([1, 0, 0.8, 0]), np.array([0, 9, 7.2, 0]), [], _ONE_TICKET)
    assert fused[0] == pytest.approx(fused[1])
    assert fused[2] > fused[0] > fused[3] == 0


@pytest.mark.parametrize("weight", [HINT, TIME])
def test_a_hint_is_no_more_than_that(weight: float) -> None:
    """It decides between equals, not against what answers better."""
    meaning = np.array([1, 0.7, 0.7, 0])
    fused = fuse(meaning, meaning, [(weight, np.array([0, 0, 1.0, 1.0]))], _ONE_TICKET)
    assert fused[0] > fused[2] > fused[1] > fused[3] > 0


def test_what_follows_a_question_that_is_found_may_be_its_answer() -> None:
    """In the same ticket; what follows a statement, or follows later, is none."""
    meaning = np.array([0.9, 0, 0.9, 0, 0])
    asks = np.array([True, False, False, False, True])
    scores = answering(meaning, np.zeros(5), asks, np.zeros(5, dtype=np.intp))
    assert scores.tolist() == [0, 1, 0, 0, 0]
    apart = answering(meaning, np.zeros(5), asks, np.array([0, 1, 1, 1, 1]))
    assert apart.tolist() == [0, 0, 0, 0, 0]


def test_a_ticket_with_many_good_hits_lifts_each_of_them_a_little() -> None:
    """Between equals again: the rest of the talk is about the same thing."""
    meaning = np.array([0.9, 0, 0.9, 0.8, 0.95])
    fused = fuse(meaning, np.zeros(5), [], np.array([0, 0, 1, 1, 2]))
    assert fused[2] > fused[0]
    assert fused[4] > fused[3]


def test_a_ticket_is_worth_its_three_best() -> None:
    """Missing ones are worth nothing, so that one lucky line makes no good ticket."""
    worth = of_ticket(np.array([0.9, 0.3, 0.6, 0.3, 0.9]), np.array([0, 0, 0, 0, 1]))
    assert worth == pytest.approx([0.6, 0.6, 0.6, 0.6, 0.3])
    assert of_ticket(np.zeros(0), np.zeros(0, dtype=np.intp)).tolist() == []


@given(_values, _values, st.lists(st.integers(0, 2), min_size=4, max_size=4).map(sorted))
def test_every_score_is_between_nothing_and_all(
    meaning: np.ndarray, words: np.ndarray, tickets: list[int]
) -> None:
    """Whatever the opinions are."""
    hints = [(HINT, np.array([1.0, 0, 0, 1.0])), (TIME, np.array([0, 0, 1.0, 0]))]
    fused = fuse(meaning, words, hints, np.array(tickets, dtype=np.intp))
    assert fused.min() >= 0
    assert fused.max() <= 1 + 1e-9
