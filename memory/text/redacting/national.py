"""National identity numbers: a right checksum, and their name near them or a form of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stdnum.be import nn
from stdnum.br import cpf
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.in_ import aadhaar
from stdnum.it import codicefiscale
from stdnum.mx import curp
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.us import ssn

from memory.text.redacting.reading import Span
from memory.text.redacting.things import names_a_thing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_REACH = 70


@dataclass(frozen=True, slots=True)
class _Sort:
    """One country's number.

    Attributes:
        form: How it is written.
        is_valid: Whether its checksum is right.
        names: A pattern of what it is called; empty where its form needs no name.
        before: Its name and few words, up to where the number begins.
        behind: Its name directly behind the number.
    """

    form: re.Pattern[str]
    is_valid: Callable[[str], bool]
    names: str = ""
    before: re.Pattern[str] | None = None
    behind: re.Pattern[str] | None = None


def _alone(form: str, is_valid: Callable[[str], bool]) -> _Sort:
    return _Sort(_form(form), is_valid)


def _named(form: str, is_valid: Callable[[str], bool], names: str) -> _Sort:
    return _Sort(
        _form(form),
        is_valid,
        names,
        re.compile(rf"(?<!\w)(?:{names})(?!\w)[^,;!?\d\n]{{0,30}}\n?[ \t]*$", re.IGNORECASE),
        re.compile(
            rf"[ \t]*[(\[]?(?:(?:is|=|ist|es|est)[ ])?(?:my[ ])?(?:{names})(?!\w)", re.IGNORECASE
        ),
    )


def _form(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9+])(?:{form})(?![A-Za-z0-9])", re.IGNORECASE)


def _digits(count: int, most: int | None = None) -> str:
    """So many digits, in groups of any kind."""
    return rf"\d(?:[ .\-]?\d){{{count - 1},{(most or count) - 1}}}"


_SORTS = (
    _alone(r"[XYZ][ \-]?\d{7}[ \-]?[A-Z]", nie.is_valid),
    _alone(r"\d{3}\.\d{3}\.\d{3}-\d{2}", cpf.is_valid),
    _alone(
        r"[A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]", codicefiscale.is_valid
    ),
    _alone(r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d", curp.is_valid),
    _alone(r"756\.\d{4}\.\d{4}\.\d{2}", ahv.is_valid),
    _named(r"\d{8}[ \-]?[A-Z]", dni.is_valid, r"dni|nif|documento(?: nacional)?(?: de identidad)?"),
    _named(_digits(9), bsn.is_valid, "bsn|burgerservicenummer|sofinummer"),
    _named(_digits(11), cpf.is_valid, "cpf"),
    _named(
        r"\d{3}[ \-]?\d{2}[ \-]?\d{4}",
        ssn.is_valid,
        r"ssn|itin|social(?: security)?(?: number| no\.?| ?#)?|soc sec(?: no\.?)?",
    ),
    _named(_digits(10), nhs.is_valid, "nhs"),
    _named(_digits(12), aadhaar.is_valid, r"aadh?aa?r|uidai|uid"),
    _named(
        _digits(11),
        idnr.is_valid,
        r"steuer-?[ ]?id(?:entifikations)?-?(?:nr|nummer)?|steuernummer|idnr|tax id",
    ),
    _named(
        r"[12](?:[ .\-]?[0-9AB]){14}",
        nir.is_valid,
        r"nir|num[ée]ro de s[ée]cu(?:rit[ée] sociale)?|s[ée]curit[ée] sociale|n° ?(?:de )?s[ée]cu",
    ),
    _named(_digits(11), pesel.is_valid, "pesel"),
    _named(
        _digits(11),
        nn.is_valid,
        r"rijksregister(?:nummer)?|registre national|rrn|num[ée]ro national",
    ),
    _named(r"\d{6}[ \-]?\d{4}", cpr.is_valid, r"cpr(?:-?(?:nummer|nr))?"),
    _named(r"(?:\d{2})?\d{6}[\-+]?\d{4}", personnummer.is_valid, r"personnummer|pers\.?nr"),
)


_NAMES = re.compile(
    r"(?<!\w)(?:" + "|".join(sort.names for sort in _SORTS if sort.names) + r")(?!\w)",
    re.IGNORECASE,
)


def national_ids(plain: str) -> Iterator[Span]:
    """Where national identity numbers stand."""
    named = _NAMES.search(plain) is not None
    found = [
        Span(*match.span(), "[national id]")
        for sort in _SORTS
        if named or not sort.names
        for match in sort.form.finditer(plain)
        if _is_told(sort, plain, *match.span()) and sort.is_valid(match.group())
    ]
    at = 0
    for span in sorted(found):
        if span.start >= at:
            yield span
            at = span.stop


def _is_told(sort: _Sort, plain: str, start: int, stop: int) -> bool:
    if sort.before is None or sort.behind is None:
        return True
    behind = sort.behind.match(plain, stop) is not None
    window = plain[max(start - _REACH, 0) : start]
    return (behind or sort.before.search(window) is not None) and not names_a_thing(plain, start)
