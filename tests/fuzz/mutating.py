"""Documents that are almost right: a true one of its kind with a few places made wild."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WILD_TEXTS: Final = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\u202e\u2066\ufeff",
    "\uff11\u0663\u00b2\u2167",
    "\ufdfa" * 40,
    "e" + "\u0301" * 3000,
    "\U0001f469\u200d\U0001f680",
    "x" * 300,
    "9" * 5000,
    "-1",
    "0",
    "00",
    "1e999",
    "NaN",
    "null",
    "[]",
    "%00%ff",
    "../../etc/passwd",
    "' OR 1=1 --",
    "{{7*7}}{0}{x}%s",
    "<b>x</b><!--",
    "+12125550101",
    "sip:@",
    "sip:" + "1" * 250 + "@h",
    "tel:;;;",
    "zendesk:100",
    "zendesk:",
    "freshdesk:\u0661",
    ":::",
    "2026-07-07T09:00:00Z",
    "2026-07-07T09:00:60Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30",
    "2026-W01-1",
    "20260707",
    "T",
    "\t\r\n\x0b\x0c\x85\u2028",
)
"""Words at which readers stumble."""

WILD_NUMBERS: Final = (
    -1,
    0,
    2**31,
    2**63 - 1,
    2**63,
    -(2**63),
    10**30,
    10**400,
    1e300,
    -1e300,
    0.1,
    float("nan"),
    float("inf"),
    float("-inf"),
)

SCALARS: Final = (
    st.none()
    | st.booleans()
    | st.sampled_from(WILD_NUMBERS)
    | st.integers()
    | st.floats()
    | st.sampled_from(WILD_TEXTS)
    | st.text(alphabet=st.characters(codec=None), max_size=40)
)
DEEP: Final = st.integers(2, 400).map(lambda depth: json.loads("[" * depth + "]" * depth))
JSON: Final = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WILD_TEXTS) | st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=6,
)
WILD: Final = JSON | DEEP
"""Anything that JSON can say, and what Python says of it besides."""


@st.composite
def mutated(draw: st.DrawFn, document: Any, most: int = 3) -> Any:
    """A document with one to `most` places changed: another value, none, two, or one too many.

    Args:
        draw: Hypothesis's.
        document: A true one; it is left as it is.
        most: How many places are changed at most.
    """
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, most))):
        places = list(_places(changed))
        if not places:
            return draw(WILD)
        holder, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["another", "another", "gone", "moved", "doubled", "within"])):
            case "another":
                holder[key] = draw(WILD)
            case "gone":
                del holder[key]
            case "moved":
                other, there = draw(st.sampled_from(places))
                if there in other if isinstance(other, dict) else there < len(other):
                    holder[key] = copy.deepcopy(other[there])
            case "doubled":
                holder[key] = [holder[key], copy.deepcopy(holder[key])]
            case _:
                holder[key] = {str(key): holder[key]}
    return changed


def wild_bytes(document: Any) -> st.SearchStrategy[bytes]:
    """A document as bytes that are hardly, or not at all, what they were.

    A mutated one, one cut short, one with bytes set into it, one with a key that stands twice, one
    too deep for a parser, one with a number too long for one, or anything at all.
    """
    whole = mutated(document).map(as_bytes)
    return st.one_of(whole, whole, whole, _cut(whole), _struck(whole), _odd(document))


def as_bytes(document: Any) -> bytes:
    """A document as a body, be there halves of characters in it."""
    try:
        return json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(document).encode()


@st.composite
def _cut(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    body = draw(whole)
    return body[: draw(st.integers(0, len(body)))]


@st.composite
def _struck(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    body = draw(whole)
    at = draw(st.integers(0, len(body)))
    return body[:at] + draw(st.binary(max_size=6)) + body[at + draw(st.integers(0, 3)) :]


def _odd(document: Any) -> st.SearchStrategy[bytes]:
    plain = as_bytes(document)
    twice = plain[:-1] + b"," + plain[1:] if plain.startswith(b"{") and len(plain) > 2 else plain
    made = [
        b"",
        b"\xef\xbb\xbf" + plain,
        plain.decode().encode("utf-16"),
        plain + plain,
        twice,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 5_000,
        b'{"id":' + b"9" * 5_000 + b"}",
        b"null",
        b'"text"',
        b"[]",
        b"{}",
        b"\xff\xfe\x00",
        b"Infinity",
    ]
    return st.sampled_from(made) | st.binary(max_size=200)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document: what holds it, and its key there."""
    items: Any = ()
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, item in items:
        yield value, key
        yield from _places(item)


def lengthened(document: Mapping[str, Any], text: str) -> Iterator[tuple[str, Any]]:
    """The document with each of its texts, one after the other, made this one; and which it was."""
    for number, (holder, key) in enumerate(_places(document)):
        if isinstance(holder, dict) and isinstance(holder[key], str):
            changed = copy.deepcopy(document)
            there, _ = list(_places(changed))[number]
            there[key] = text
            yield f"{number}:{key}", changed
