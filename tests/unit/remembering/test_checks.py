"""Details to double-check: what is in doubt, and what settles it."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.remembering.checks import checks_in
from memory.remembering.doubts import MOST, doubts_of
from tests.evaluation.tickets import events_of

if TYPE_CHECKING:
    from memory.remembering.checks import By


def doubted(sentence: str, by: By = "note") -> list[str]:
    """What the sentence leaves in doubt."""
    found = checks_in(sentence, by)
    assert all(sentence[one.start :].startswith(one.what) for one in found)
    return [one.what for one in found]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("clr ?Haraldsen, very tired", "Haraldsen"),
        ("Surname Petrov?", "Surname Petrov"),
        ("acct ends 4471 ??, unlocked", "acct ends 4471"),
        ("Contact is Siobhan Keoghane (sp?), mornings", "Siobhan Keoghane"),
        ("Moving out 28 Aug tbc, wants a reading", "Moving out 28 Aug"),
        ("New billing e-mail a@b.example (to be confirmed).", "billing e-mail a@b.example"),
        ("Son's name is Tadhg or similar", "Son's name is Tadhg"),
        ("?Halloran, apt 3B or 3D", "Halloran, apt 3B or 3D"),
        ("not sure if it's 14 or 40", "14 or 40"),
        ("bad line: Kowalski/Kovalsky", "Kowalski/Kovalsky"),
        ("couldn't hear the house number.", "the house number"),
        ("Unit number unknown", "Unit number"),
        ("work phone 646-555-01.. didnt get last 2 digits", "work phone 646-555-01"),
        ("dob maybe 7/19/58, she mumbled", "dob maybe 7/19/58"),
        ("pls verify mobile nr next time", "mobile nr"),
        ("Double-check spelling of the street", "spelling of the street"),
        ("unclear whether the landline is hers", "the landline is hers"),
        ("I think it was 12 March 1961, he said", "12 March 1961"),
    ],
)
def test_a_note_marks_what_it_doubts(sentence: str, expected: str) -> None:
    """The value without its mark, with its noun beside it, or the noun where there is no value."""
    assert ", ".join(doubted(sentence)) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "not sure why the router drops, poss. DNS?",
        "@Eli do we still waive the fee in month 1?",
        "quoted him £29 or £32, not sure which",
        "Reach him at 212-555-0129 or 212-555-0151, both verified.",
        "Sent him https://help.example.com/reset?step=2 and the PDF.",
        "visa/mastercard both declined",
        "delivery to be confirmed by the carrier",
        "wants 12 or 24 months",
        "couldn't get the app to start",
        "parcel in the locker?? courier laughing",
    ],
)
def test_other_doubts_are_none_of_the_customers_details(sentence: str) -> None:
    """Causes, prices, questions to colleagues, numbers that are both right."""
    assert doubted(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Meier, that's M-E-I-E-R.", "M-E-I-E-R"),
        ("It is Myers, M Y E R S, since 1974.", "M Y E R S"),
        ("F, A, double R, O, W.", "F, A, double R, O, W"),
        ("S for Sierra, Z for Zulu, A for Alfa.", "S for Sierra, Z for Zulu, A for Alfa"),
        ("I think it was October 2019.", "October 2019"),
        ("My policy number is HX207, I think, or HX270.", "HX207, I think, or HX270"),
    ],
)
def test_a_customer_spells_or_half_knows(sentence: str, expected: str) -> None:
    """Letters one by one, in any style, and values behind "I think"."""
    assert doubted(sentence, "customer") == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "I want to C-A-N-C-E-L.",
        "Serial is TX-4-0-9-B, no doubt about it.",
        "I think it was very rude.",
        "is it 0% over 12 or 24 months",
        "Do you people even know my name??",
    ],
)
def test_a_customer_who_shouts_or_asks_leaves_no_doubt(sentence: str) -> None:
    """Words spelled for effect, opinions, questions about the service."""
    assert doubted(sentence, "customer") == []


def test_an_agent_asks_which_of_two() -> None:
    """Spelling a code or naming keys is no doubt."""
    assert doubted("I've got 917 555 0136, was that one three six or one six three?", "agent") == [
        "917 555 0136"
    ]
    assert doubted("Your flat is 207 or 270?", "agent") == ["207 or 270"]
    assert doubted("K for Kilo, 7, R for Romeo, T for Tango.", "agent") == []


def left(*messages: tuple[str, str]) -> list[str]:
    """What is left in doubt after these: who (`call` for a transcript), and the words."""
    rows = [
        {
            "by": "agent" if by == "call" else by,
            "who": "Dana Reyes",
            "at": f"2026-07-{day:02}T10:00",
            "text": text,
            **({"call": "inbound"} if by == "call" else {}),
        }
        for day, (by, text) in enumerate(messages, 1)
    ]
    return [one.check.what for one in doubts_of(events_of(rows, UTC))]


def test_a_doubt_noted_twice_is_one() -> None:
    """Its words are the latest note's."""
    assert left(("note", "acct holder ?Vandermeer"), ("note", "?Vandermeer, no ID yet")) == [
        "Vandermeer"
    ]


def test_a_doubt_is_settled_by_whoever_confirms_it() -> None:
    """Another doubt is not."""
    doubts = ("note", "?Haraldsen, apt 3B or 3D")
    assert left(doubts, ("note", "Name confirmed: Haraldsen is correct.")) == ["apt 3B or 3D"]
    assert left(doubts, ("note", "Confirmed the date.")) == ["Haraldsen", "apt 3B or 3D"]


def test_a_question_is_settled_by_its_answer() -> None:
    """Not by other words."""
    asked = "Agent: Was it Chestnut Street fifteen or fifty?\nCustomer: "
    assert left(("call", asked + "Fifty.")) == []
    assert left(("call", asked + "Hello? Hello?")) == ["Chestnut Street fifteen or fifty"]


def test_a_spelling_is_settled_when_it_is_read_back_and_agreed() -> None:
    """Not by a thank-you."""
    spelled = "Customer: T-H-I-B-A-U-L-T.\n"
    assert left(("call", spelled + "Agent: T-H-I-B-A-U-L-T?\nCustomer: Yes.")) == []
    assert left(("call", spelled + "Agent: Thank you.\nCustomer: Yes.")) == ["T-H-I-B-A-U-L-T"]


def test_a_note_full_of_doubts_keeps_the_latest() -> None:
    """So that a ticket takes no longer than its length."""
    note = "\n".join(f"clr ?Name{number} rang" for number in range(MOST + 20))
    assert len(left(("note", note))) == MOST


_PIECES = st.sampled_from(
    [
        *("?", "??", "A", "B-", "C,", "for", "Alfa", "double", "tbc", "(sp?)", "or", "14", "40"),
        *("not sure if", "the house number", "couldn't hear", "I think it was", "apt", "X/Xy", "."),
    ]
)


@given(
    st.text() | st.lists(_PIECES, max_size=30).map(" ".join),
    st.sampled_from(["customer", "agent", "note"]),
)
def test_any_words_leave_exact_pieces_of_themselves(sentence: str, by: By) -> None:
    """Nothing raises; the pieces are in order and apart."""
    stop = 0
    for one in checks_in(sentence, by):
        assert one.start >= stop
        assert sentence[one.start : one.start + len(one.what)] == one.what
        stop = one.start + len(one.what)
