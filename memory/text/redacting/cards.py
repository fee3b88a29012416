"""Card numbers: a card's first digits and length, a right Luhn sum, and no other thing's name."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from stdnum import ean, luhn

from memory.text.redacting.reading import Span, digits_of
from memory.text.redacting.things import names_a_thing

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN = re.compile(
    r"""(?P<uuid> [0-9a-f]{8} - (?: [0-9a-f]{4} - ){3} [0-9a-f]{12} )  # RFC 9562
      | \d (?: [ .,/\-\n]{0,3} \d )*+""",
    re.VERBOSE | re.IGNORECASE,
)
_GROUP = re.compile(r"\d+")
_FEWEST_DIGITS = 13
_MOST_DIGITS = 19
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # a digit's part in a Luhn sum, every second one's
_ISSUER_REACH = 16  # characters that hold an issuer's four digits, however they are spaced
_ISSUERS = (  # ISO/IEC 7812; the usual length of each issuer comes first
    (re.compile(r"4"), (16, 19, 13)),
    (re.compile(r"5[1-5]|22[2-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"30[0-5]|3095|3[689]"), (14, 16, 19)),
    (re.compile(r"35[2-8]|220[0-4]|50|5[6-8]|6|8[12]"), (16, 19, 18, 17)),
)
_MOST_PHONE_DIGITS = 15  # ITU-T E.164
_BARCODE_DIGITS = 13


def cards(plain: str) -> Iterator[Span]:
    """Where card numbers stand, in groups of any kind and over line ends."""
    for run in _RUN.finditer(plain):
        if run["uuid"] is None and run.end() - run.start() >= _FEWEST_DIGITS:
            yield from _in_run(plain, *run.span())


def _in_run(plain: str, start: int, stop: int) -> Iterator[Span]:
    """Look at every run of whole groups, as a card may stand beside other numbers."""
    run = _Run(plain, start, stop)
    index = 0
    while index < len(run.groups):
        width = run.card_at(index)
        if width:
            yield Span(run.groups[index][0], run.groups[index + width - 1][1], "[card]")
        index += width or 1


class _Run:
    """Groups of digits, and sums over them, so that a wrong number costs next to nothing."""

    def __init__(self, plain: str, start: int, stop: int) -> None:
        self._plain = plain
        self.groups = [match.span() for match in _GROUP.finditer(plain, start, stop)]
        sizes = [stop - start for start, stop in self.groups]
        self._offsets = [0, *accumulate(sizes)]
        self._group_ending = {offset: index for index, offset in enumerate(self._offsets[1:])}
        digits = list(map(int, digits_of(plain[start:stop])))
        self._sums = tuple(
            [
                0,
                *accumulate(
                    _DOUBLED[d] if place % 2 == odd else d for place, d in enumerate(digits)
                ),
            ]
            for odd in (0, 1)
        )

    def card_at(self, index: int) -> int:
        """How many groups from here on make a card number, or 0."""
        start, stop = self.groups[index]
        if self._plain[start - 1 : start] == "+" and stop - start <= _MOST_PHONE_DIGITS:
            return 0
        first = self._offsets[index]
        for length in _lengths(digits_of(self._plain[start : start + _ISSUER_REACH])[:4]):
            end = first + length
            last = self._group_ending.get(end)
            if last is None or (self._sums[end % 2][end] - self._sums[end % 2][first]) % 10:
                continue
            if _is_card(self._plain, start, self.groups[last][1]):
                return last - index + 1
        return 0


def _lengths(first: str) -> tuple[int, ...]:
    for issuer, lengths in _ISSUERS:
        if issuer.match(first):
            return lengths
    return ()


def _is_card(plain: str, start: int, stop: int) -> bool:
    said = plain[start:stop]
    digits = digits_of(said)
    return (
        luhn.is_valid(digits)
        and not (len(digits) == _BARCODE_DIGITS and ean.is_valid(digits))
        and _evenly_split(said)
        and _stands_free(plain, start, stop)
        and not names_a_thing(plain, start)
    )


def _evenly_split(said: str) -> bool:
    """One sign between the groups, if any: coordinates and lists of phones mix several."""
    between = {part.strip() or " " for part in re.findall(r"[ .,/\-]+", said)}
    return len(between) <= 1


def _stands_free(plain: str, start: int, stop: int) -> bool:
    """At most a word without digits is glued to it: not a piece of a checksum or a key."""
    before, after = start, stop
    while before and _glued(plain[before - 1]):
        before -= 1
        if plain[before].isdigit() or start - before > _MOST_DIGITS:
            return False
    while after < len(plain) and _glued(plain[after]):
        if plain[after].isdigit() or after - stop > _MOST_DIGITS:
            return False
        after += 1
    return True


def _glued(character: str) -> bool:
    return character.isascii() and character.isalnum()
