"""IBANs: the country's length and a right checksum."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from stdnum import iban, numdb

from memory.text.redacting.reading import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_START = re.compile(
    r"(?:(?<![A-Z0-9])|(?<=IBAN))[A-Z]{2}[ \-]?\d{2}(?=[ \-\n]{0,2}[A-Z0-9])", re.IGNORECASE
)
_LENGTHS = re.compile(r"(\d+)!")


def ibans(plain: str) -> Iterator[Span]:
    """Where IBANs stand, in groups of any kind and over line ends."""
    at = 0
    while start := _START.search(plain, at):
        at = start.start() + 1
        length = _length(start.group()[:2].upper())
        said = _characters(length).match(plain, start.start()) if length else None
        if said and iban.is_valid("".join(said.group().split()), check_country=False):
            yield Span(said.start(), said.end(), "[iban]")
            at = said.end()


@cache
def _length(country: str) -> int:
    """How many characters an IBAN of the country has, or 0 (the SWIFT registry, ISO 13616)."""
    for _, told in numdb.get("iban").info(country):
        if "bban" in told:
            return 4 + sum(map(int, _LENGTHS.findall(told["bban"])))
    return 0


@cache
def _characters(count: int) -> re.Pattern[str]:
    return re.compile(rf"[A-Z0-9](?:[ \-\n]{{0,2}}[A-Z0-9]){{{count - 1}}}", re.IGNORECASE)
