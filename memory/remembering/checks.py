"""Details to double-check: what agents marked as doubtful, and what customers spelled or half knew.

`what` is the value in doubt without its mark, with its noun where they stand side by side, or the
noun alone where the value is missing. Doubts about a cause, a price or a product are none of these:
they are not about who the customer is. The rules know English, private shorthand included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, Literal

from memory.words import expressions, straight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

By = Literal["customer", "agent", "note"]

_LONGEST_CLAUSE: Final = 12
_LONGEST_QUESTION: Final = 5
"""Words of a note's question that can be a detail with a question mark behind it."""

_ALIKE: Final = 0.6
"""Two spellings of one name have so much in common, two names have not."""

_FEWEST_LETTERS: Final = 3
_FEWEST_SIGNS: Final = 3
_SHOUTED: Final = frozenset({"cancel", "refund", "help", "stop", "never", "please", "free", "scam"})
"""Words that are spelled for effect."""


@dataclass(frozen=True, slots=True)
class Check:
    """A detail in doubt: `what`, in the exact words, and where they begin in the sentence."""

    what: str
    start: int


def checks_in(sentence: str, by: By) -> list[Check]:
    """The details that a sentence leaves to be double-checked, in its order.

    Args:
        sentence: The words.
        by: Whose they are: the customer's, an agent's to the customer, or a private note's.
    """
    plain = straight(sentence)
    found: list[tuple[int, int]] = []
    for rule in _RULES[by]:
        for start, stop in rule(plain):
            if _tells(plain[start:stop]) and all(
                stop <= one[0] or one[1] <= start for one in found
            ):
                found.append((start, stop))
    return [Check(sentence[start:stop], start) for start, stop in sorted(found)]


def _tells(what: str) -> bool:
    """Whether a detail is more than a figure or a title, of which nobody would know what it is."""
    return sum(map(str.isalnum, what)) >= _FEWEST_SIGNS


_WORDS: Final = dict(expressions("checks"))
_NOUN, _DETAIL, _DOUBT = _WORDS["noun"], _WORDS["detail"], _WORDS["doubt"]
_HAS_NOUN, _IS_DOUBT = re.compile(rf"\b{_NOUN}\b"), re.compile(_DOUBT)
_CERTAIN, _MONEY, _ASKS = (re.compile(_WORDS[name]) for name in ("certain", "money", "asks"))

_NUMBER = r"[A-Z]{0,3}[0-9][0-9A-Za-z]{0,12}"
_NAME = r"[A-Z][a-z][\w'-]{0,40}"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,3}}"
_DATE = (
    r"(?:[0-9]{1,2}(?: [A-Z][a-z]{2,8}|[/.-][0-9]{1,2})(?:[ /.-][0-9]{2,4})?"
    r"|[A-Z][a-z]{2,8} [0-9]{1,4}(?:, [0-9]{4})?)"
)
_VALUE = rf"(?:{_DATE}|{_NAMES}|{_NUMBER})"
_OWNER = r"(?i:(?:the|his|her|their|your) )?"

_NOTED: Final = [
    re.compile(pattern)
    for pattern in (
        r"(?<!\S)\?(?P<what>\w[\w'-]{0,60})",
        rf"(?P<what>{_NAMES}|\b\w[\w'-]{{0,40}}) ?\((?:sp|spell(?:ing|ed)?)\.?\??\)",
        rf"\b(?P<what>{_NOUN})(?i: (?:is |was )?(?:unknown|unclear|illegible))\b",
        rf"(?i:\bname sound(?:ed|s) like) (?P<what>{_NAMES})",
        (
            rf"\b(?P<what>{_NOUN}(?i: (?:maybe|perhaps|poss|prob|possibly|probably)\.?) {_NUMBER}"
            r"(?:[/.-][0-9]{1,4}){0,2})"
        ),
        rf"\b(?P<what>{_NOUN}(?i: (?:maybe|perhaps|poss|prob|possibly|probably)\.?) {_NAMES})",
        (
            r"(?i:(?:^|[.,;] |\bpls |\bplease |\bneed to |\bmust |\bto )"
            r"(?:verify|double-?check|dbl ?chk|re-?check|re-?confirm|confirm|check) )"
            rf"(?P<what>{_OWNER}{_NOUN}(?: of (?:the |his |her |their )?\w+)?)\b"
        ),
        rf"(?i:{_DOUBT} (?:whether|if)) (?P<what>[^,.;?]{{0,60}}\b{_NOUN}\b[^,.;?]{{0,60}})",
        r"\b(?P<what>[0-9]+\w? ?\([0-9]+\w?\?\) ?[\w' ]{0,40}\b)",
    )
]
_MISHEARD: Final = [
    re.compile(pattern)
    for pattern in (
        (
            rf"(?P<what>(?:{_NOUN} )?[0-9][0-9 -]{{2,18}}[0-9])(?=\W{{1,4}}"
            r"(?i:(?:didn'?t|couldn'?t) (?:get|hear|catch) (?:the )?(?:last|first|other|rest)))"
        ),
        (
            r"(?i:\b(?:couldn'?t|could not|didn'?t|did not) (?:quite )?"
            rf"(?:hear|catch|get|make out|read|understand)) (?P<what>{_OWNER}{_DETAIL})\b"
        ),
    )
]
_HALF_KNOWN: Final = [
    re.compile(
        r"(?i:\b(?:i think|i believe|i guess|maybe|must be),? (?:it|that) (?:was|is|were)) "
        rf"(?P<what>{_VALUE})"
    )
]
_READ_BACK: Final = [
    re.compile(
        r"(?P<what>\+?[0-9][0-9 -]{4,18}[0-9])[,.;]? (?i:was|is|were) (?:that|it|those)"
        r" [\w ]{1,40} or "
    ),
    re.compile(
        rf"(?i:\b(?:was|is) (?:it|that)) (?P<what>(?:{_NAMES} )?"
        r"(?:\w+teen|\w+ty|[a-z]{3,8}) or (?:\w+teen|\w+ty))\?"
    ),
]
_MARK: Final = re.compile(
    r"(?i: ?\(?\b(?:tbc|tbd|to be confirmed|needs? (?:confirming|checking)|unconfirmed)\b(?! by)"
    r"| \bor (?:similar|something like that|so it sounded)\b)"
    r"|(?<=\w)\?,? (?i:need to (?:confirm|check)|pls (?:confirm|check))"
)
_NOT_CAUGHT: Final = re.compile(
    r"(?i:(?:\bi )?\b(?:didn't|did not|couldn't) (?:quite )?catch that\b"
    r"|\b(?:not sure|unsure) (?:i|how|of the|about the) (?:to )?(?:say|spell|pron))"
)
_QUESTION: Final = re.compile(r"(?<=\w) ?(?P<marks>\?+)(?=[\s,.;)]|$)")
_PERSON: Final = re.compile(rf"\b{_NAME}(?: {_NAME}|/)|^M[rs]s?\b")
_CLAUSE_START: Final = re.compile(r"[,;:]\s|\(|(?<!\b[A-Z])\.\s|\bbut\b|\band\b")
_LEADING: Final = re.compile(
    r"^(?:(?:new|updated?|the|also|poss(?:ibly|\.)?|prob(?:ably|\.)?|maybe|perhaps|clr|cust)\s)+",
    re.IGNORECASE,
)
_LETTER = r"(?:double )?[A-Z](?:,? (?:for|as in|like) [A-Z][a-z]+)?"
_LETTERS: Final = re.compile(rf"(?<![\w-]){_LETTER}(?:(?:-|, ?| ){_LETTER}){{2,30}}(?![\w'-])")
_ALONE: Final = re.compile(r"\b[A-Z]\b(?! (?:for|as in|like) [A-Z]\b)")
_FOR_EFFECT: Final = re.compile(
    r"\b(?:to|not|please|so|you|we|i|very|a|the|just|press)\s*$", re.IGNORECASE
)
_PLACE = r"(?:\b(?P<place>(?i:apt|flat|unit|no|nr|house|room|suite|zip|postcode|dob)\.? ))?"
_EITHER: Final = re.compile(
    rf"{_PLACE}(?<![\w.$£€-])(?P<one>{_NUMBER})(?:, (?i:i think),?)?,? or (?P<other>{_NUMBER})"
    r"(?!\w|%|[.-]\w| (?i:months?|years?|days?|weeks?|hours?|[gmk]b|inch|cm|mm|wide|people|litre))"
)
_SLASHED: Final = re.compile(rf"\b(?P<one>{_NAME})/(?P<other>{_NAME})\b")


def _clause_before(text: str, stop: int) -> tuple[int, int]:
    """The clause that ends at `stop`, without "new" or "poss" in front."""
    begin = max(0, stop - 120)
    for match in _CLAUSE_START.finditer(text, begin, stop):
        if text[match.end() : stop].strip(" ,;.("):
            begin = match.end()
    while begin < stop and not text[begin].isalnum():
        begin += 1
    lead = _LEADING.match(text[begin:stop])
    begin += lead.end() if lead else 0
    while stop > begin and not (text[stop - 1].isalnum() or text[stop - 1] == ")"):
        stop -= 1
    return begin, stop


def _whats(patterns: list[re.Pattern[str]]) -> Callable[[str], Iterator[tuple[int, int]]]:
    """A rule that yields each pattern's `what`."""

    def found(text: str) -> Iterator[tuple[int, int]]:
        for pattern in patterns:
            for match in pattern.finditer(text):
                yield match.span("what")

    return found


def _misheard(text: str) -> Iterator[tuple[int, int]]:
    """Couldn't hear the house number: the noun, where no values are told."""
    if _EITHER.search(text) is None:
        yield from _whats(_MISHEARD)(text)


def _not_caught(text: str) -> Iterator[tuple[int, int]]:
    """Wirra-something Road, I didn't quite catch that."""
    for match in _NOT_CAUGHT.finditer(text):
        yield _clause_before(text, match.start())


def _marked(text: str) -> Iterator[tuple[int, int]]:
    """Moving out 28 Aug tbc; Husband's name is Tadhg or similar."""
    for match in _MARK.finditer(text):
        begin, stop = _clause_before(text, match.start())
        if len(text[begin:stop].split()) <= _LONGEST_CLAUSE:
            yield begin, stop


def _questioned(text: str) -> Iterator[tuple[int, int]]:
    """Surname Petrov? Ms/Mr? acct ends 4471 ??"""
    if _MONEY.search(text):
        return
    for match in _QUESTION.finditer(text):
        begin, stop = _clause_before(text, match.start())
        words = text[begin:stop]
        if _ASKS.match(words) or _ASKS.match(text):
            continue
        doubled = len(match["marks"]) > 1
        short = len(words.split()) <= (_LONGEST_CLAUSE if doubled else _LONGEST_QUESTION)
        if short and (_HAS_NOUN.search(words) or _PERSON.search(words)):
            yield begin, stop


def _either(text: str) -> Iterator[tuple[int, int]]:
    """Apt 3B or 3D; not sure if it's 14 or 40; Kowalski/Kovalsky."""
    if _CERTAIN.search(text):
        return
    doubted = _IS_DOUBT.search(text) is not None
    for match in _EITHER.finditer(text):
        if (doubted or match["place"]) and _alike(match["one"], match["other"]):
            yield match.span()
    for match in _SLASHED.finditer(text):
        if _alike(match["one"], match["other"]):
            yield match.span()


def _own_either(text: str) -> Iterator[tuple[int, int]]:
    """My policy number is HX20718, I think, or HX20178."""
    if _IS_DOUBT.search(text) and _HAS_NOUN.search(text):
        yield from _either(text)


def _alike(one: str, other: str) -> bool:
    if one == other:
        return False
    if any(letter.isdigit() for letter in one):
        return len(one) == len(other) and bool(set(one) & set(other))
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= _ALIKE


def _spelled(text: str) -> Iterator[tuple[int, int]]:
    """M-E-I-E-R; S, H, A, F as in Frank; S for Sierra, Z for Zulu."""
    for match in _LETTERS.finditer(text):
        letters = _ALONE.findall(match.group())
        shouted = "".join(letters).casefold() in _SHOUTED
        if len(letters) >= _FEWEST_LETTERS and not shouted:
            before = text[max(0, match.start() - 12) : match.start()]
            if _FOR_EFFECT.search(before) is None:
                yield match.span()


_RULES: Final[dict[By, tuple[Callable[[str], Iterator[tuple[int, int]]], ...]]] = {
    "note": (
        *(_either, _whats(_NOTED), _marked, _misheard, _not_caught),
        *(_whats(_HALF_KNOWN), _questioned),
    ),
    "agent": (_whats(_READ_BACK), _either, _misheard, _not_caught),
    "customer": (_spelled, _own_either, _whats(_HALF_KNOWN)),
}
