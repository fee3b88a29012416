"""What the words of a ticket tell of a problem."""

from __future__ import annotations

import pytest

from memory.asking.signs import Signs, says_something


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("again", "It is grinding again"),
        ("again", "Schon wieder zu wenig"),
        ("again", "Otra vez sin agua"),
        ("again", "La panne est de retour, encore"),
        ("same", "Same thing as last week"),
        ("another", "Not the leak again, but the window"),
        ("fault", "The tap leaks"),
        ("fault", "It doesn't spin"),
        ("fault", "Das Gerät ist kaputt"),
        ("wish", "Please send my usual order"),
        ("wish", "¿Pueden poner el NIF?"),
        ("thanks", "Everything works fine"),
        ("unanswered", "Any news?"),
    ],
)
def test_words_give_a_sign(sign: str, words: str) -> None:
    """In any of the four languages."""
    assert getattr(Signs(words), sign)


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("again", "Not the leak again, but the window"),
        ("wish", "Can you help, the tap is broken?"),
        ("fault", "When do you open?"),
        ("names", "Die Kisten kamen mit der Rechnung"),
        ("names", "THE WHOLE STREET IS AWAKE"),
        ("numbers", "Since 2019"),
    ],
)
def test_other_words_give_none(sign: str, words: str) -> None:
    """What is said to be something else is not back; who reports a fault wishes nothing new."""
    assert not getattr(Signs(words), sign)


def test_a_sum_is_one_number() -> None:
    """Its cents are not another order."""
    assert Signs("$22.49 for shop 20, order A-77, 7 days").numbers == {"22.49", "20", "a-77"}


def test_what_a_reply_tells() -> None:
    """A ticket may be closed for another, or be called solved while it is open."""
    assert Signs("x", "Closing this as a duplicate.").duplicate
    assert Signs("x", "It is fixed.").fixed
    assert not Signs("x", "Passed to the team.").fixed


def test_words_of_one_stem_are_one() -> None:
    """Small words name nothing."""
    assert Signs("The taps are leaking").stems == Signs("a tap leaks").stems == {"tap", "leak"}
    assert Signs("The tap", "We sealed the tap").reply_stems == {"seal"}


@pytest.mark.parametrize(
    ("words", "conceded"),
    [
        (
            "The line is quick, no complaint there. But the bill is wrong.",
            {"lin", "quick", "complaint"},
        ),
        ("The heating works fine, but there is no hot water.", {"heat", "work", "fin"}),
        ("Die Leitung: keine Klagen. Aber die Rechnung fehlt.", {"leitung", "klag"}),
        ("The line is fine, but a line hums.", {"fin"}),
        ("The line is dead, but the bill came.", set()),
        ("I rang. The line is fine.", set()),
        ("But", set()),
    ],
)
def test_what_is_well_before_a_but_is_conceded(words: str, conceded: set[str]) -> None:
    """Unless the matter names it, too."""
    assert Signs(words).conceded == conceded


@pytest.mark.parametrize("title", ["", "Help", "Question?", "Me again", "#4711"])
def test_some_titles_name_nothing(title: str) -> None:
    """They can stand over anything."""
    assert not says_something(title)
    assert says_something("Roaming bill")
