"""Words by their stems, and BM25 with neighbours."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.asking.lexical import NEIGHBOURS, Words, bm25, with_neighbours, words_of


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "sailing", "sailed"),
        ("en-US", "bills", "Bill"),
        ("de", "Rechnungen", "Rechnung"),
        ("es", "camiones", "camión"),
        ("fr_CA", "résiliées", "résilié"),
        ("nb", "båtene", "båten"),
    ],
)
def test_forms_of_a_word_are_one_word(language: str, one: str, other: str) -> None:
    """By the stemmer of the language; accents and capitals make no difference."""
    words = Words(language)
    assert words.stems(one) == words.stems(other) != []


@pytest.mark.parametrize("language", [None, "", "tlh", "english please"])
def test_without_a_stemmer_words_are_compared_as_written(language: str | None) -> None:
    """In capitals or not."""
    assert Words(language).stems("My Bills, my bill") == ["my", "bills", "my", "bill"]


def test_words_that_tell_nothing_are_left_out() -> None:
    """What is asked for is what remains."""
    assert Words("en").stems("When did she tell us about the boat?") == ["tell", "boat"]
    assert Words("de").stems("Was hat sie über das Boot gesagt?") == ["boot", "gesagt"]


def test_scripts_without_spaces_are_read_character_by_character() -> None:
    """So that a part of a run of them is found."""
    assert Words("ja").stems("請求書 123") == ["請", "求", "書", "123"]


def test_matched_words_are_shown_as_they_stand() -> None:
    """In their order, each once, with their own capitals."""
    words = Words("en")
    asked = frozenset(words.stems("sail and boats"))
    assert words.standing_in("Boat people sailed; the boat's sails", asked) == [
        *("Boat", "sailed", "sails"),
    ]


def test_words_of_many_texts_are_counted_at_once() -> None:
    """Per stem and text, with the length of each text without stop words."""
    words = Words("en")
    read = words.read(["The boats and a boat", "", "bill\0boat\nbill", "so it is"])
    counts = read.count(["boat", "bill", "nothing"])
    assert counts.tolist() == [[2, 0, 1, 0], [0, 0, 2, 0], [0, 0, 0, 0]]
    assert read.lengths.tolist() == [2, 0, 3, 0]


@given(st.lists(st.text(st.sampled_from("aB1 _'-\0\n\x1f請é…"), max_size=12), max_size=6))
def test_texts_are_read_together_as_one_by_one(texts: list[str]) -> None:
    """Plain ones and others, in any order; a word is the same in both."""
    words = Words("en")
    read = words.read(texts)
    stems = sorted({stem for text in texts for stem in words.stems(text)})
    alone = [Counter(words.stems(text)) for text in texts]
    assert read.lengths.tolist() == [one.total() for one in alone]
    assert read.count(stems).tolist() == [[one[stem] for one in alone] for stem in stems]


def test_what_was_read_is_known_the_next_time() -> None:
    """One reader per language; what it reads later changes no count."""
    words = words_of("en")
    assert words_of("en") is words
    read = words.read(["boat bill"])
    words.read(["many other words, unheard of before"])
    assert read.count(["bill", "unheard"]).tolist() == [[1], [0]]
    assert words.read(["boat bill"]).count(["bill"]).tolist() == [[1]]


def _scores(counts: list[list[float]], lengths: list[float]) -> list[float]:
    return [float(score) for score in bm25(np.array(counts), np.array(lengths))]


def test_rare_words_weigh_more_than_common_ones() -> None:
    """The first passage has a word that no other has."""
    rare, common, _, none = _scores([[1, 0, 0, 0], [0, 1, 1, 0]], [5, 5, 5, 5])
    assert rare > common > none == 0


def test_repeating_a_word_helps_less_each_time() -> None:
    """And a long passage is worth less than a short one that says as much."""
    once, twice, thrice, none = _scores([[1, 2, 3, 0]], [5, 5, 5, 5])
    assert twice - once > thrice - twice > 0 == none
    short, long, _ = _scores([[1, 1, 0]], [3, 30, 3])
    assert short > long > 0


def test_a_question_without_words_finds_nothing_by_them() -> None:
    """Stop words alone leave nothing to look for."""
    assert bm25(np.zeros((0, 3)), np.ones(3)).tolist() == [0, 0, 0]


def test_neighbours_words_count_less_the_farther_they_are() -> None:
    """To both sides, and no farther than three places."""
    heard = with_neighbours(np.array([0, 0, 0, 0, 1.0, 0, 0, 0, 0]), np.zeros(9, dtype=np.intp))
    near, far, farthest = NEIGHBOURS
    assert heard.tolist() == [0, farthest, far, near, 1, near, far, farthest, 0]


def test_neighbours_are_of_one_ticket() -> None:
    """What was said in another ticket stands in another talk."""
    heard = with_neighbours(np.array([[0, 1.0, 0, 0]]), np.array([0, 0, 1, 1]))
    assert heard.tolist() == [[NEIGHBOURS[0], 1, 0, 0]]
    assert with_neighbours(np.ones((2, 1)), np.zeros(1, dtype=np.intp)).tolist() == [[1], [1]]
