"""Phones: what counts as a number, and what counts as a number withheld."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.phones import Phone, from_sip, is_hidden, normalise

NEW_YORK = Phone("+12125550101")


@pytest.mark.parametrize(
    "raw",
    [
        "2125550101",
        "(212) 555-0101",
        "212.555.0101",
        "1 212 555 0101",
        "+1 212-555-0101",
        "001 212 555 0101",
        "call me at 212-555-0101 after 5",
        "Caller +1 (212) 555-0101",
        "home: (212) 555-0101, work: (212) 555-0102",
        "２１２－５５５－０１０１",  # noqa: RUF001 as East Asian keyboards write it
        "sip:+12125550101@pbx.example;transport=udp",
        '"Mara" <sip:2125550101@pbx.example>',
        "tel:+12125550101",
    ],
)
def test_the_usual_writings_are_one_number(raw: str) -> None:
    """However a number is written, it is the same E.164; a fictional one counts."""
    assert normalise(raw, "US") == NEW_YORK


@pytest.mark.parametrize("raw", ["+442079460958", "0044 20 7946 0958", "011 44 20 7946 0958"])
def test_numbers_from_abroad(raw: str) -> None:
    """`+`, `00` and the country's own prefix lead abroad."""
    assert normalise(raw, "US") == Phone("+442079460958")


def test_an_extension_is_kept_apart() -> None:
    """An extension is no part of the E.164."""
    assert normalise("212-555-0101 x123", "US") == Phone("+12125550101", "123")
    assert normalise("+1 212 555 0101 ext. 7", None) == Phone("+12125550101", "7")


def test_without_a_region_only_international_numbers_are_understood() -> None:
    """A country is never guessed."""
    assert normalise("212-555-0101", None) is None
    assert normalise("0044 20 7946 0958", None) == Phone("+442079460958")


@pytest.mark.parametrize(
    "raw",
    [None, "", "  ", "mara@example.com", "555-0101", "12", "order 12, 2021-03-04", "client:mara"],
)
def test_what_holds_no_number_gives_none(raw: str | None) -> None:
    """Words, dates, short codes and numbers without an area code point to nobody."""
    assert normalise(raw, "US") is None


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        " ",
        "Anonymous",
        "RESTRICTED",
        "private",
        "Blocked",
        "unavailable",
        "Unknown",
        "+266696687",
        "client:mara",
        "sip:anonymous@anonymous.invalid",
        "sip:266696687@host",
        '"Anonymous" <sip:anonymous@anonymous.invalid>',
    ],
)
def test_hidden_callers(raw: str | None) -> None:
    """Every way of withholding a number is known, and is never read as a number."""
    assert is_hidden(raw)
    assert normalise(raw, "US") is None


@pytest.mark.parametrize("raw", ["+12125550101", "sip:+12125550101@h", "private 212-555-0101"])
def test_a_number_is_not_hidden(raw: str) -> None:
    """A number stays a number, also beside a word of the list."""
    assert not is_hidden(raw)


def test_the_number_of_a_sip_address() -> None:
    """Only an address with a number in it gives one."""
    assert from_sip("sip:+12125550101@host") == "+12125550101"
    assert from_sip("sips:2125550101@host;user=phone") == "2125550101"
    assert from_sip("sip:mara@host") is None
    assert from_sip("+12125550101") is None
    assert from_sip(None) is None


@given(st.text())
def test_any_text_is_survived(raw: str) -> None:
    """Wild text gives a number or none, and a number given is stable."""
    phone = normalise(raw, "US")
    if phone is not None:
        again = normalise(phone.e164, None)
        assert again is not None
        assert again.e164 == phone.e164
