"""What nobody needs in order to help a customer is taken out before text is stored."""

from __future__ import annotations

import re

from stdnum import iban, luhn

_DIGITS = re.compile(r"(?<![\d+])\d(?:[ .\-]?\d){12,}+")
_CARD_LENGTHS = range(13, 20)  # ISO/IEC 7812-1
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \-]?[A-Za-z0-9]){11,30}")
_IBAN_LENGTHS = range(15, 35)  # ISO 13616
_PASSWORD = re.compile(
    r"""
    (?P<before> \b (?: pass[ ]?(?:word|code|wort|phrase) | kennwort | pwd | contraseña
                     | clave | mot[ ]de[ ]passe )
        [ \t]*+ (?: (?P<sign> [:=] ) | (?:is|was|ist|es|est)\b [ \t]*+ :? ) [ \t]*+ )
    (?P<secret> (?! \[password\] ) [^\s]++ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_SECRETS = frozenset(
    """
    a again also always an asked being changed correct different expired falsch forgotten gone
    having in incorrect invalid locked lost never new no not now on ok old rejected required
    reset saved stuck still stored that the there to too unknown weg wrong
    """.split()  # noqa: SIM905 - a list would take a line per word
)
"""Words that follow `password is` in complaints about one."""


def redact(text: str) -> str:
    """The text with card numbers, IBANs and told passwords replaced.

    They become `[card]`, `[iban]` and `[password]`. A number is a card only with 13 to 19 digits,
    a card's first digit and a right Luhn sum; an IBAN only with a right checksum: order and phone
    numbers stay. Redacting twice changes nothing; time grows with the text.
    """
    before = None
    while text != before:  # what stood beside a secret may be readable once it is gone
        before = text
        text = _IBAN.sub(_without_iban, text)
        text = _DIGITS.sub(_without_cards, text)
        text = _PASSWORD.sub(_without_password, text)
    return text


def _without_iban(match: re.Match[str]) -> str:
    said = match.group()
    ends = [at + 1 for at, character in enumerate(said) if character.isalnum()]
    for length in _IBAN_LENGTHS:
        if length <= len(ends) and iban.is_valid(said[: ends[length - 1]], check_country=False):
            return "[iban]" + said[ends[length - 1] :]
    return said


def _without_cards(match: re.Match[str]) -> str:
    """Look at every run of whole groups, as a card may stand beside other numbers."""
    pieces = re.split(r"([ .\-])", match.group())
    done: list[str] = []
    at = 0
    while at < len(pieces):
        width = _card_at(pieces, at)
        done.append("[card]" if width else pieces[at])
        at += width or 1
    return "".join(done)


def _card_at(pieces: list[str], at: int) -> int:
    """How many pieces from here on make a card number, or 0. Every second piece is digits."""
    digits, width = "", 0
    if at % 2 or pieces[at][0] not in "23456":
        return 0
    for end in range(at, len(pieces), 2):
        digits += pieces[end]
        if len(digits) >= _CARD_LENGTHS.stop:
            break
        if len(digits) in _CARD_LENGTHS and luhn.is_valid(digits):
            width = end - at + 1
    return width


def _without_password(match: re.Match[str]) -> str:
    secret = match["secret"]
    bare = secret.rstrip(".,;")
    if not bare or (match["sign"] is None and bare.casefold() in _NO_SECRETS):
        return match.group()
    return f"{match['before']}[password]{secret[len(bare) :]}"
