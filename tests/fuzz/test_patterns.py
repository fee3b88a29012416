"""No regular expression of the product takes a text's whole day, whatever the text."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.fuzz.measuring import seconds
from tests.fuzz.patterns import Attack, attacks, patterns
from tests.fuzz.profile import LONG, drawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST: Final = 400
"""Characters of a sentence, the longest that most expressions ever see."""

WORST: Final = 2.6
"""The power of the length with which the time may grow: what is cubic or worse has 3 and more."""

LIKELY: Final = 2.2
"""What was looked at once and is no worse is quadratic at most; what is, is measured with care."""

PARTS: Final = 8
TRIED: Final = 150 if LONG else 14
_SLOW = 0.02
_WORTH = 0.004
"""Seconds below which nothing cubic can be."""

_CERTAIN = 60
"""Characters for which nothing takes long but what takes for ever; it is not looked at twice."""

_SHORTEST = 8
_STEP = 1.3


def test_the_expressions_are_found() -> None:
    """Those of tables and of tuples, too, those made later, and those of a single line."""
    assert len(patterns()) > 350
    for place in (
        "memory.phones._URI",
        "memory.phones:",
        "memory.text.redacting.national._SORTS",
        "memory.words.sensitive_by_kind()",
        "memory.words.whole_words('never_kept',)",
    ):
        assert any(one.startswith(place) for one in patterns()), place


def test_an_expression_that_takes_for_ever_is_known_as_one() -> None:
    """The texts come from the expression alone; nobody need think of them."""
    for bad in (r"(?:a+)+$", r"^(?:\w\w?)*;", r"^\s*\s*\s*;"):
        pattern = re.compile(bad)
        assert any(_power(pattern, one) > WORST for one in attacks(pattern)), bad
    for good in (r"\s*;", r"[a-z]+\d", r"(?:ab|cd)+e"):
        pattern = re.compile(good)
        assert all(_power(pattern, one) < WORST for one in attacks(pattern)), good


@pytest.mark.parametrize("part", range(PARTS))
def test_no_expression_is_worse_than_quadratic_in_a_sentence(part: int) -> None:
    """Each against the texts that its own parse tree suggests."""
    bad = {
        place: (attack, round(power, 1))
        for place in sorted(patterns())[part::PARTS]
        for attack in _tried(place)
        if (power := _power(patterns()[place], attack)) > WORST
    }
    assert not bad


def _tried(place: str) -> list[Attack]:
    every = attacks(patterns()[place])
    return every if len(every) <= TRIED else drawn(place).sample(every, TRIED)


def _power(pattern: re.Pattern[str], attack: Attack) -> float:
    """With which power of its length the time of a text grows, where it is long at all.

    What looks bad is looked at again: another process may have taken the caches away.
    """
    found = 0.0
    for way in ("search", "fullmatch"):
        grown = _grown(pattern, attack, way)
        found = max(found, min(grown, _grown(pattern, attack, way)) if grown > WORST else grown)
    return found


def _grown(pattern: re.Pattern[str], attack: Attack, way: str) -> float:
    """Texts are made longer until one takes long; nothing is tried that would never end."""
    use = getattr(pattern, way)
    taken: dict[int, float] = {}
    for length in _lengths():
        text = attack.of(length)
        taken[length] = seconds(lambda: use(text))  # noqa: B023  called at once
        if taken[length] > _SLOW:
            break
    if length == LONGEST and taken[length] < _WORTH:
        return 0.0
    half = min(taken, key=lambda one: abs(one - length / 2))
    power = _power_between(taken, half, length)
    if power > LIKELY and length > _CERTAIN:
        for one in (half, length):
            text = attack.of(one)
            taken[one] = seconds(lambda: use(text), 3)  # noqa: B023  as above
        power = _power_between(taken, half, length)
    return power


def _power_between(taken: Mapping[int, float], short: int, long: int) -> float:
    return math.log(taken[long] / taken[short]) / math.log(long / short)


def _lengths() -> Iterator[int]:
    length = float(_SHORTEST)
    while length < LONGEST:
        yield int(length)
        length *= _STEP
    yield LONGEST
