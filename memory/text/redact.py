"""What nobody needs in order to help a customer is taken out before text is stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from memory.text.redacting.cards import cards
from memory.text.redacting.codes import codes, codes_behind_cards
from memory.text.redacting.ibans import ibans
from memory.text.redacting.national import national_ids
from memory.text.redacting.passwords import passwords, pins
from memory.text.redacting.reading import Span, plain, replaced
from memory.text.redacting.tokens import issued_tokens, tokens, web_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Finder = Callable[[str], Iterator[Span]]

_NUMBERS: tuple[Finder, ...] = (ibans, national_ids, cards, codes, codes_behind_cards, pins)
_WORDS: tuple[Finder, ...] = (web_tokens, issued_tokens, tokens, passwords)
_DIGIT = re.compile(r"\d")
_MOST_ROUNDS = 30
"""Letters take two or three; only a text made for it would go on, a secret a round."""


def redact(text: str) -> str:
    """The text with what must not be kept replaced by the name of its sort.

    Card numbers become `[card]`, their codes `[cvv]`, and likewise `[iban]`, `[national id]`,
    `[password]` (PINs and one-time codes too) and `[token]`. A number is taken only with a right
    checksum and in its issuer's form, and where many others look alike only beside its name:
    orders, parcels, devices and phones stay, and so do complaints about a password. Redacting
    twice changes nothing; time grows with the text.
    """
    for _ in range(_MOST_ROUNDS):  # what stood beside a secret may be readable once it is gone
        before, text = text, _once(text)
        if text == before:
            break
    return text


def _once(text: str) -> str:
    for find in _WORDS:
        text = replaced(text, find(plain(text)))
    if _DIGIT.search(text):
        for find in _NUMBERS:
            text = replaced(text, find(plain(text)))
    return text
