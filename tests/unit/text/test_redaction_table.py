"""The table of redactions, and what it does not say: other countries, other forms, huge texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.text.redact import redact
from tests.evaluation import redaction

PIECES = st.lists(
    st.sampled_from(
        [
            "4111 1111 1111 1111", "5555555555554444", "[card]", "[password]", " 12/27 ", " 123",
            "1234", "\n", " ", ", ", "?", ": ", "Customer: ", "password", "pin", "is", "cvv",
            "order", "BSN", "111222333", "DE89 3704 0044 0532 0130 00", "api_key=", '"', "+1",
            "deadbeefcafe0000deadbeefcafe0000", "X1234567L", "x", "\uff11", "\u00a0", "your code",
        ]
    )
).map(" ".join)  # fmt: skip
HUGE = ["4 ", "1 ", "4111 ", "DE89 ", "bsn 111222333 ", "pin ?\n", 'password "', "order # ", "a1"]


def test_every_case_of_the_table_is_right() -> None:
    """What is redacted is exactly what the table says, and stays so when redacted again."""
    score = redaction.evaluate()
    assert score.wrong == []


@given(PIECES)
def test_nothing_readable_is_left_for_a_second_time(text: str) -> None:
    """However secrets stand together, one redaction finds them all."""
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("rijksregisternummer 85.07.30-033 28", "rijksregisternummer [national id]"),
        ("AHV 756.9217.0769.85", "AHV [national id]"),
        ("CURP BOXW310820HNERXN09", "CURP [national id]"),
        ("min personnummer er 811228-9874", "min personnummer er [national id]"),
        ("DNI 12345678Z y NIE X1234567L", "DNI [national id] y NIE [national id]"),
    ],
)
def test_ids_of_other_countries(said: str, kept: str) -> None:
    """Every country's number goes by its own checksum."""
    assert redact(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("my password for the portal is Kiwi-77", "my password for the portal is [password]"),
        ("el pin es 4821", "el pin es [password]"),
        ("le mot de passe est Soleil44.", "le mot de passe est [password]."),
        (
            "https://shop.example/?password=abc1&x=2",
            "https://shop.example/?password=[password]&x=2",
        ),
        ("my PIN code is 482133", "my PIN code is [password]"),
        ("my password is banana.", "my password is [password]."),
    ],
)
def test_passwords_however_they_are_told(said: str, kept: str) -> None:
    """The label stays, what it names goes."""
    assert redact(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "my password is blocked, please help",
        "My password is not accepted since Monday",
        "mein Passwort ist abgelaufen",
        "my password is bad and I am tired",
        "the password must be 12 characters long",
        "I have a password manager with 300 entries",
        "please reset my pin by 2026",
        "password 2FA prompt never comes",
        "ring me at 415-555-0100 415-555-0123 after 5",
        "EAN 4006381333931 is out of stock",
        "it reads 4006381333931",
        "see case 41111111-1111-4111-8111-111111111111",
        "our customer number 12345678Z",
    ],
)
def test_talk_about_secrets_is_no_secret(said: str) -> None:
    """Complaints, rules, phones and the numbers of things stay."""
    assert redact(said) == said


@pytest.mark.parametrize("piece", HUGE)
def test_long_runs_of_look_alikes_is_survived(piece: str) -> None:
    """Time grows with the text: quadratic work would time out here."""
    text = piece * (2**17 // len(piece))
    assert len(redact(text)) <= len(text) * len("[password]")
