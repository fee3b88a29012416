"""How a name is said, where somebody spells out its sound."""

from __future__ import annotations

import pytest

from memory.remembering.pronunciation import pronunciation_in


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("It's pronounced MAH-ra, by the way.", "MAH-ra"),
        ("My name is shi-VAWN, not Siobhan with a b.", "shi-VAWN"),
        ("name pron. NGOO-yen, pls say it right", "NGOO-yen"),
        ("say it like zho-ZAY", "zho-ZAY"),
        ("She says it KEE-ra.", "KEE-ra"),
        ("Name sounds like “OH-lu-wa-shay-un”", "OH-lu-wa-shay-un"),
    ],
)
def test_a_respelling_tells_how_a_name_is_said(sentence: str, told: str) -> None:
    """The stressed syllable stands in capitals."""
    assert pronunciation_in(sentence) == told


@pytest.mark.parametrize(
    "sentence",
    [
        "My WI-FI is down again.",
        "It's the USB-C port that is broken.",
        "The order is LL-42190.",
        "My name is Anne-Marie.",
        "It's a follow-up to my e-mail.",
        "The router says NO-LINE.",
    ],
)
def test_other_words_with_hyphens_do_not(sentence: str) -> None:
    """Without a stressed syllable beside others, or without being spoken of as a sound."""
    assert pronunciation_in(sentence) is None
