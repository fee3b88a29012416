"""Reads single fields of a helpdesk's rows: strict in kind, forgiving in form."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from memory.entities import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

_BROKEN = re.compile("[\ud800-\udfff]")
_ID = re.compile(r"-?\d{1,19}")
_LEAP_SECOND = re.compile(r"(?<=[T ])(\d\d:\d\d:)60")
_LARGEST_ID = 2**63
_LONGEST_TIME = 40
_DEEPEST, _WIDEST, _LONGEST_KEY = 4, 60, 60


class FieldError(Exception):
    """A field that cannot be read.

    Attributes:
        path: Where it is in the row, such as `data.call_duration`.
        reason: What is wrong with it, without its value.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


class Row:
    """A JSON object with the path that leads to it.

    Every method raises `FieldError` where the field's kind is not what the helpdesk documents. A
    field that is null reads as one that is not there.
    """

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, dict):
            raise FieldError(path, "is not an object")
        self._fields: dict[str, Any] = value
        self._path = path

    def __contains__(self, key: str) -> bool:
        return self._fields.get(key) is not None

    def tells(self, key: str) -> bool:
        """Whether the field is there, be it null."""
        return key in self._fields

    def path(self, key: str) -> str:
        """The path of a field, for an error about it."""
        return f"{self._path}.{key}" if self._path else key

    def raw(self, key: str) -> Any:
        """The field as it is."""
        return self._fields.get(key)

    def child(self, key: str) -> Row:
        """The object in a field; an empty one where there is none."""
        return Row(self._fields.get(key) or {}, self.path(key))

    def id(self, key: str) -> str:
        """An id, which must be there."""
        found = self.maybe_id(key)
        if found is None:
            raise FieldError(self.path(key), "is missing")
        return found

    def maybe_id(self, key: str) -> str | None:
        """An id as text, or None."""
        value = self._fields.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_ID:
            return str(value)
        if isinstance(value, str) and _ID.fullmatch(value) and value.isascii():
            return value
        raise FieldError(self.path(key), "is not an id")

    def text(self, key: str) -> str | None:
        """Text without what no database stores (NUL, halves of characters), or None."""
        value = self._fields.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise FieldError(self.path(key), "is not text")
        return clean(value)

    def word(self, key: str) -> str | None:
        """Text without space around it; None where nothing is left. Numbers count as text."""
        value = self._fields.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_ID:
            return str(value)
        return (self.text(key) or "").strip() or None

    def flag(self, key: str, *, default: bool) -> bool:
        """A truth value."""
        value = self._fields.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise FieldError(self.path(key), "is neither true nor false")
        return value

    def time(self, key: str) -> datetime:
        """A time, which must be there."""
        found = self.maybe_time(key)
        if found is None:
            raise FieldError(self.path(key), "is missing")
        return found

    def maybe_time(self, key: str) -> datetime | None:
        """A time in UTC: RFC 3339, `2026-07-01 10:00:00 UTC` or Unix seconds; or None."""
        value = self._fields.get(key)
        if value is None or value == "":
            return None
        try:
            if isinstance(value, int | float) and not isinstance(value, bool):
                return datetime.fromtimestamp(value, UTC)
            if isinstance(value, str) and len(value) <= _LONGEST_TIME:
                told = value.strip().removesuffix(" UTC")
                # No clock of ours has the 61st second that some minutes have: it is the next one's.
                whole, leaps = _LEAP_SECOND.subn(r"\g<1>59", told)
                parsed = datetime.fromisoformat(whole) + timedelta(seconds=leaps)
                aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
                return aware.astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            pass
        raise FieldError(self.path(key), "is not a time")

    def number(self, key: str) -> float | None:
        """A number of at least zero, also where it is written as text; or None."""
        value = self._fields.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, str) and re.fullmatch(r"\s*\d{1,11}(\.\d{1,9})?\s*", value):
            return float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e11:
            return float(value)
        raise FieldError(self.path(key), "is not a number")


def clean(text: str) -> str:
    """Text without NUL and without halves of characters."""
    if text.isascii():
        return text.replace("\0", "")
    return _BROKEN.sub("\ufffd", text).replace("\0", "")


def read_all(
    stream: str, rows: Sequence[object], read: Callable[[Row], T | None]
) -> tuple[list[T], list[Unreadable]]:
    """Read every row that can be read.

    Args:
        stream: What the rows belong to.
        rows: The rows as they came.
        read: What reads a row; None for one that holds nothing of interest.

    Returns:
        What was read, and the rows that could not be.
    """
    found: list[T] = []
    unreadable: list[Unreadable] = []
    for position, row in enumerate(rows):
        try:
            entity = read(Row(row))
        except FieldError as error:
            unreadable.append(_unreadable(stream, position, row, error))
        else:
            if entity is not None:
                found.append(entity)
    return found, unreadable


def _unreadable(stream: str, position: int, row: object, error: FieldError) -> Unreadable:
    try:
        name = Row(row).id("id")
    except FieldError:
        name = f"#{position}"
    shape = outline(row)
    body = shape if isinstance(shape, dict) else {"row": shape}
    return Unreadable(stream, name, error.path, error.reason, body)


def outline(value: object, key: str = "", depth: int = 0) -> Any:
    """A JSON value without its words: keys, ids and the kinds of everything else."""
    if isinstance(value, dict):
        if depth >= _DEEPEST:
            return "object"
        return {
            name[:_LONGEST_KEY]: outline(item, name, depth + 1)
            for name, item in list(value.items())[:_WIDEST]
            if name.isidentifier() and name.isascii()
        }
    if isinstance(value, list):
        return [outline(value[0], key, depth + 1)] if value and depth < _DEEPEST else []
    is_id = key == "id" or key.endswith("_id")
    if is_id and isinstance(value, int) and abs(value) < _LARGEST_ID:
        return value
    kinds = {str: "text", bool: "truth", int: "number", float: "number", type(None): None}
    return kinds.get(type(value), "unknown")
