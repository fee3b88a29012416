"""What is never kept is taken out sentence by sentence, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory import policy
from memory.text.sentences import split
from memory.text.unkept import (
    IS_NEVER_KEPT,
    NEVER_KEPT,
    NOT_KEPT,
    subject_without_never_kept,
    taken_out,
    without_never_kept,
)

TOLD = [
    "I pray at the mosque.",
    "My son was arrested!",
    "Estoy sin papeles.",
    "Ich bin in der Gewerkschaft.",
    "Je suis syndiquée…",
]
BUSINESS = [
    "Please deliver it to the church in Mill Lane.",
    "Deliveries of Monday are late for the strike, it says on your page.",
    "Visa card ending in 1111, please.",
    "My router keeps dropping the line.",
    "",
]


@pytest.mark.parametrize("said", TOLD)
def test_a_sentence_goes_and_those_beside_it_stay(said: str) -> None:
    """Word for word, and as sentences of their own."""
    text = f"The line is dead. {said} Call me on Monday."
    left = without_never_kept(text)
    assert left == f"The line is dead. {NEVER_KEPT}. Call me on Monday."
    spans = [one.text for one in split(left)]
    assert [bool(IS_NEVER_KEPT.fullmatch(one)) for one in spans] == [False, True, False]


@pytest.mark.parametrize("said", BUSINESS)
def test_what_tells_of_nobody_stays(said: str) -> None:
    """A customer's parcel, card or street is no matter of their life."""
    assert without_never_kept(said) == said


def test_a_note_is_about_its_customer() -> None:
    """Agents leave out who; so it goes without."""
    said = "Muslim, prays at noon. Ring after two."
    assert without_never_kept(said) == said
    assert without_never_kept(said, private=True) == f"{NEVER_KEPT}. Ring after two."


def test_who_speaks_in_a_transcript_stays() -> None:
    """The next line is still the agent's."""
    said = "Customer: I was arrested last night.\nAgent: I am sorry, I will cut the line."
    assert without_never_kept(said) == (
        f"Customer: {NEVER_KEPT}.\nAgent: I am sorry, I will cut the line."
    )


def test_all_of_a_long_message_is_read() -> None:
    """Also behind the sentences that are remembered of it."""
    said = "The line is dead.\n" * 1000 + "I pray at the mosque."
    assert without_never_kept(said).endswith(f"dead.\n{NEVER_KEPT}.")


def test_a_subject_goes_whole() -> None:
    """Where it speaks of somebody; what is called so stays."""
    assert subject_without_never_kept("My asylum case") == NEVER_KEPT
    assert subject_without_never_kept("The remote is on strike") == "The remote is on strike"


def test_places_are_taken_out_of_a_text() -> None:
    """In whatever order they are told."""
    assert taken_out("One. Two. Three.", [(10, 16, NOT_KEPT), (0, 4, NEVER_KEPT)]) == (
        f"{NEVER_KEPT}. Two. {NOT_KEPT}."
    )
    assert taken_out("One.", []) == "One."


@given(st.lists(st.sampled_from(TOLD + BUSINESS) | st.text(max_size=40), max_size=6))
def test_twice_is_as_good_as_once(parts: list[str]) -> None:
    """And what is left has no told sentence that the lists find of somebody."""
    left = without_never_kept(" ".join(parts), private=True)
    assert without_never_kept(left, private=True) == left
    assert not any(policy.never_kept_words(one.text) for one in split(left))
