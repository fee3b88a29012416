"""Access tokens and keys: in a header or an address, beside their name, or by their form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from memory.text.redacting.reading import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_VALUE = r"(?P<token> [\w\-.~+/=]{16,}+ )"
_JSON = re.compile(r"(?<![\w.-])eyJ[\w-]{5,}+\.[\w-]{2,}+(?:\.[\w-]*+)?")  # RFC 7519
_ISSUED = re.compile(
    r"(?<!\w)(?:[spr]k_(?:live|test)_\w{10,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{15,}"
    r"|xox[abeprs]-[\w-]{10,}|AKIA[0-9A-Z]{16})(?!\w)"
)
_NAMED = re.compile(
    rf"""
    (?: (?<![^\W_]) (?: (?:x-)? (?: api|access|secret|auth|authentication|refresh|client|private
              | session|id|bearer
              |webhook|signing )
            [ _-]? (?: access[ _-]? )? (?: key|token|secret|schlüssel )
          | clave [ ] (?: de [ ] )? api | cl[ée] [ ] (?: d'|de[ ] )? api | token | jeton )
        (?!\w) ["']?
        (?: [ \t]*+ [:=] [ \t]*+ | [ \t]++ (?: is|was|ist|lautet|es|est ) \b [ \t]*+ :? [ \t]*+
            | [ \t]++ )
        ["'`]? (?: bearer [ ] )?
      | (?<!\w) (?: bearer|basic ) [ ]
      | [?&] (?: key|sig|signature|secret|auth|code|jwt|sid|session ) = )
    {_VALUE}
    """,
    re.VERBOSE | re.IGNORECASE,
)


def tokens(plain: str) -> Iterator[Span]:
    """Where tokens stand beside their name, in a header or in an address."""
    for match in _NAMED.finditer(plain):
        start, stop = match.span("token")
        stop -= len(match["token"]) - len(match["token"].rstrip("."))
        said = plain[start:stop]
        if any(map(str.isdigit, said)):
            yield Span(start, stop, "[token]")


def web_tokens(plain: str) -> Iterator[Span]:
    """Where a signed token of two or three parts stands."""
    for match in _JSON.finditer(plain):
        yield Span(*match.span(), "[token]")


def issued_tokens(plain: str) -> Iterator[Span]:
    """Where a token stands that begins with its issuer's own letters."""
    for match in _ISSUED.finditer(plain):
        yield Span(*match.span(), "[token]")
