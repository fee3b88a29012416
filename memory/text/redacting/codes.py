"""The three or four digits printed on a card: named, asked for, or behind a card's number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from memory.text.redacting.reading import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_LABEL = r"""
    (?: cv[vc]2? | cvn | (?:card[ ])? security[ ]code | card[ ]verification[ ](?:value|code|number)
      | (?:the[ ])? (?:three|four|3|4) [ -] (?: digits?|numbers?)
        [ ] (?:on|at) [ ] the [ ] (?:back|front)
      | sicherheits(?:code|nummer) | (?:karten)? prüf(?:nummer|ziffern?)
      | (?: drei|3|vier|4) [ ] (?: ziffern|zahlen) [ ] (?:auf|hinten) (?: [ ] der [ ] rückseite)?
      | c[óo]digo [ ] de [ ] seguridad | (?: tres|3) [ ] (?: n[úu]meros|d[íi]gitos)
        [ ] de [ ] (?: atr[áa]s|detr[áa]s)
      | cryptogramme (?: [ ] visuel)? | code [ ] de [ ] s[ée]curit[ée]
      | (?: trois|3) [ ] chiffres [ ] (?: au|du) [ ] dos )
"""
_LINK = r"""
    [ \t]*+ (?: (?: number|no\.?|code|is|are|was|ist|sind|lautet|es|son|est|sont) \b [ \t]*+ ){0,2}
    [:=\#]? [ \t]*+
"""
_ANSWER = r"""
    [^\n\d?]{0,40} \? [ \t]*+ \n [ \t]*+ (?: [^\W\d]{2,20} [ \t]*+ : [ \t]*+ )?
    (?: (?: it'?s|it[ ]is|es[ ]ist|das[ ]ist|es|c'est|yes|sure|ja|s[íi]|oui) \b ,? [ \t]*+ ){0,2}
"""
_DIGITS = r"(?P<code> (?<!\d) \d{3,4} ) (?! [.,\-/:]?\d | [ \t]*+ (?: eur|usd|gbp|chf|[€$£%] ) )"
_TOLD = rf"{_LABEL} (?![^\W\d]) (?: {_LINK} | {_ANSWER} ) {_DIGITS}"
_NAMED = re.compile(rf"(?<!\w) {_TOLD}", re.VERBOSE | re.IGNORECASE)
_GOES_ON = re.compile(_TOLD, re.VERBOSE | re.IGNORECASE)
"""One that stands directly behind another: found with it, not in a round of its own."""
_EXPIRY = r"(?: \d{1,2} [ ]? [/.\-] [ ]? \d{2,4} | (?: exp\w* \.? [ :]? ) [ ]? \d{4} )"
_BEHIND = re.compile(
    rf"""
    \[card\] [ \t]*+
    (?: [,;/]? [^\n\d\[]{{0,20}} \n? [ \t]*+ {_EXPIRY} [ \t]*+ [,;/]? [ \t]*+ \n? [ \t]*+
        (?: (?: cid|csc|code|cv\w) \b [ \t:]*+ )? {_DIGITS}
      | [,;/]? [ \t]*+ (?: cid|csc ) [ \t:]++ (?P<named> \d{{3,4}} ) (?!\d)
      | [,;/]? [ \t]*+ (?P<last> \d{{3,4}} ) (?= [ \t]*+ [.;]? [ \t]*+ $ ) )
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)


def codes(plain: str) -> Iterator[Span]:
    """Where a card's code is told beside its name, or in answer to a question for it."""
    found = _NAMED.search(plain)
    while found is not None:
        yield Span(*found.span("code"), "[cvv]")
        at = found.end()
        found = _GOES_ON.match(plain, at) or _NAMED.search(plain, at)


def codes_behind_cards(plain: str) -> Iterator[Span]:
    """Where a code follows a card that was redacted: behind its expiry, or at its line's end."""
    for match in _BEHIND.finditer(plain):
        yield Span(*match.span(match.lastgroup or 0), "[cvv]")
