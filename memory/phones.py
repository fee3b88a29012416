"""Phone numbers: free text to E.164, and the many ways to say that a number is withheld."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import Leniency, NumberParseException, PhoneNumberFormat

_HIDDEN = frozenset(
    {
        "",
        "anonymous",
        "restricted",
        "private",
        "blocked",
        "unavailable",
        "unknown",
        "+266696687",  # "anonymous" on a telephone's keys, which Twilio sends
        "266696687",
    }
)
_URI = re.compile(r"\s*+(?:\"?[^\"<]*+\"?\s*+<)?(sips?|tel|client):([^;>@?]*+)", re.IGNORECASE)
_DIGITS = re.compile(r"^[+\d\s().-]+$")
_FEWEST_DIGITS = 6
"""Fewer is a short code or an internal extension, which names nobody outside."""
_LONGEST = 500
"""A phone field longer than this is a text; a number is looked for in its beginning only."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as E.164 (`+12125550101`), and the extension behind it where one was given."""

    e164: str
    extension: str | None = None


def normalise(raw: str | None, region: str | None) -> Phone | None:
    """The number that a text holds, or None.

    A number need only be possible (a length its country uses), not assigned, so that fictional
    ones and numbering plans younger than the library pass.

    Args:
        raw: A number in any usual writing, or a text with one in it; in a text the first counts.
        region: ISO 3166 code of the country for numbers without `+`, such as `US`; without it
            only international numbers are understood.
    """
    if raw is None or is_hidden(raw):
        return None
    text = unicodedata.normalize("NFKC", from_sip(raw) or raw)[:_LONGEST].strip()
    abroad = re.sub(r"^00(?=[1-9])", "+", text)
    return _whole(text, region) or _whole(abroad, region) or _inside(text, region)


def is_hidden(raw: str | None) -> bool:
    """Whether the caller withheld the number, in any of the ways phone systems say so."""
    said = "" if raw is None else unicodedata.normalize("NFKC", raw).strip()
    uri = _URI.match(said)
    if uri is not None:
        user = uri.group(2).strip()
        return _plain(user) in _HIDDEN or from_sip(said) is None
    return _plain(said) in _HIDDEN


def from_sip(raw: str | None) -> str | None:
    """The number in an address such as `sip:+12125550101@host`; None where there is none."""
    uri = None if raw is None else _URI.match(raw)
    if uri is None:
        return None
    user = unicodedata.normalize("NFKC", uri.group(2)).strip()
    enough = sum(character.isdigit() for character in user) >= _FEWEST_DIGITS
    return user if enough and _DIGITS.match(user) else None


def _plain(text: str) -> str:
    return text.strip(" \t\"'<>()[].").casefold()


def _whole(text: str, region: str | None) -> Phone | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    return _phone(number)


def _inside(text: str, region: str | None) -> Phone | None:
    for match in phonenumbers.PhoneNumberMatcher(text, region, Leniency.POSSIBLE, 100):
        found = _phone(match.number)
        if found is not None:
            return found
    return None


def _phone(number: phonenumbers.PhoneNumber) -> Phone | None:
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict != phonenumbers.ValidationResult.IS_POSSIBLE:  # such as without the area code
        return None
    return Phone(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        number.extension or None,
    )
