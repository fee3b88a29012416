"""Reads what phone systems send: strict in kind, forgiving in form."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from connector.fields import FieldError, Row
from memory.phones import from_sip, is_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 256
"""Characters of an id or a name."""
_MILLISECONDS = 100_000_000_000
"""A larger number counts milliseconds: as seconds it would be the year 5138."""


def json_row(raw: bytes) -> Row:
    """The JSON object that a body holds.

    Raises:
        FieldError: It holds none.
    """
    try:
        return Row(json.loads(raw.decode()))
    except (ValueError, RecursionError):
        raise FieldError("", "is not JSON") from None


def word(row: Row, key: str) -> str | None:
    """A short text or a number as text; None where it is not there.

    Raises:
        FieldError: It is longer than any id or name.
    """
    found = row.word(key)
    if found is not None and len(found) > LONGEST:
        raise FieldError(row.path(key), "is too long")
    return found


def needed(row: Row, key: str) -> str:
    """A short text that must be there."""
    found = word(row, key)
    if found is None:
        raise FieldError(row.path(key), "is missing")
    return found


def number(raw: str | None) -> str | None:
    """A caller as the phone system writes it; None where the number is withheld or there is none.

    Of an address such as `sip:+12125550101@host` only the number is taken.
    """
    if raw is None or is_hidden(raw):
        return None
    return from_sip(raw) or raw.strip()


def moment(row: Row, keys: Iterable[str], now: datetime) -> datetime:
    """The first of several fields that is a time, or now: no ring is lost for its time.

    Args:
        row: Where the fields are.
        keys: Their names, the best first. Numbers are Unix seconds or milliseconds.
        now: When the request came; UTC.
    """
    for key in keys:
        found = _time(row, key)
        if found is not None:
            return found
    return now


def _time(row: Row, key: str) -> datetime | None:
    value = row.raw(key)
    try:
        if isinstance(value, int) and value > _MILLISECONDS:
            return datetime.fromtimestamp(value / 1000, UTC)
        return row.maybe_time(key)
    except (FieldError, ValueError, OverflowError, OSError):
        return None


def part(row: Row, key: str) -> Row:
    """An object in a field that may be anything; an empty one where it is none."""
    value = row.raw(key)
    return Row(value if isinstance(value, dict) else {}, row.path(key))


def known(names: Iterable[str | None]) -> tuple[str, ...]:
    """The names that are told, each once."""
    return tuple(dict.fromkeys(name for name in names if name))
