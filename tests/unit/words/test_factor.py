"""Expressions factored by first letters: faster, and no different."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.words import expressions
from memory.words.factor import alternatives, factored

LETTERS = st.text("abc ", max_size=12)
ATOMS = st.sampled_from(["a", "b", "c", "ab", "ca", " ", r"\w", "[ab]", "[c|(]", r"\(", "."])


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions out of smaller ones."""
    group = inner.map("(?:{})".format)
    repeated = st.tuples(group | ATOMS, st.sampled_from(["?", "??", "*", "+", "{2}"])).map("".join)
    sequence = st.lists(group | repeated | ATOMS, min_size=1, max_size=4).map("".join)
    return st.lists(sequence, min_size=1, max_size=4).map("|".join)


EXPRESSIONS = st.recursive(ATOMS, larger, max_leaves=12)


@given(EXPRESSIONS, st.lists(LETTERS, min_size=1, max_size=5))
def test_a_factored_expression_matches_the_same_texts(expression: str, texts: list[str]) -> None:
    """Whatever the expression is made of, the same texts match it before and after."""
    before, after = re.compile(expression), re.compile(factored(expression))
    for text in texts:
        assert bool(after.fullmatch(text)) == bool(before.fullmatch(text))
        assert bool(after.search(text)) == bool(before.search(text))


@pytest.mark.parametrize("name", ["sensitive", "never_kept"])
def test_the_word_lists_find_what_they_found(name: str) -> None:
    """Each alternative of the lists, read as a text where it is one, is found when factored."""
    whole = "|".join(expression for _, expression in expressions(name))
    plain = [one for one in re.split(r"[(|)]", whole) if re.fullmatch(r"[a-z' -]+", one)]
    before, after = re.compile(f"(?:{whole})"), re.compile(f"(?:{factored(whole)})")
    assert len(plain) > 50
    for text in plain:
        assert bool(after.fullmatch(text)) == bool(before.fullmatch(text)), text


def test_common_letters_stand_once() -> None:
    """Alternatives with common first letters share them, however deep they stand."""
    assert factored("passed|(?:passing|pass)(?: away)?") == "pas" + factored(
        "sed|(?:sing|s)(?: away)?"
    )


def test_bars_inside_brackets_divide_nothing() -> None:
    """Bars in groups and in classes of letters, and escaped bars, belong to their alternative."""
    assert alternatives(r"a(?:b|c)|[|)]|d\|e|") == ["a(?:b|c)", "[|)]", r"d\|e", ""]
