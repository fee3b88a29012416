"""Pages of a list, by cursor or by offset, and the parameters that ask for them."""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

from connector.demo.zendesk import problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Key = TypeVar("Key", int, tuple[int, int])

_LARGEST = 100
_DEEPEST = 10_000


def number(params: Mapping[str, str], name: str, default: int) -> int:
    """The whole number given as `name`.

    Raises:
        RefusedError: 400: it is not a whole number, or below zero.
    """
    given = params.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise problems.invalid_value(f"Invalid value for parameter {name}")
    return int(given)


def address(base: str, path: str, params: Mapping[str, str], **changed: object) -> str:
    """An absolute URL as Zendesk puts it in an answer, with some parameters changed."""
    query = {**params, **{name: str(value) for name, value in changed.items()}}
    return f"{base}{path}.json?{urlencode(query)}"


class Listing:
    """One list endpoint's page: which rows are on it, and what stands beside them.

    Args:
        base: The canonical address.
        path: Of the endpoint, without ``.json``.
        params: Of the query.
    """

    def __init__(self, base: str, path: str, params: Mapping[str, str]) -> None:
        self._base = base
        self._path = path
        self._params = dict(params)
        self.by_cursor = any(name.startswith("page[") for name in params)

    def page(
        self, keys: Sequence[Key], *, reverse: bool = False
    ) -> tuple[list[Key], dict[str, Any]]:
        """The keys on the page that was asked for; `keys` ascend.

        Returns:
            The keys in their order, and ``meta`` and ``links`` or ``count`` and ``next_page``.

        Raises:
            RefusedError: 400: the page parameters cannot be used.
        """
        if self.by_cursor:
            return self._cursor_page(keys, reverse=reverse)
        return self._offset_page(keys, reverse=reverse)

    def _cursor_page(
        self, keys: Sequence[Key], *, reverse: bool
    ) -> tuple[list[Key], dict[str, Any]]:
        size = number(self._params, "page[size]", _LARGEST)
        if not 1 <= size <= _LARGEST:
            raise problems.invalid_paging(f"page[size] must be between 1 and {_LARGEST}")
        low, high = 0, len(keys)
        before = self._pivot(keys, "page[before]")
        after = self._pivot(keys, "page[after]")
        upward = before is None
        pivot = after if upward else before
        if pivot is not None and upward != reverse:
            low = bisect_right(keys, pivot)
        elif pivot is not None:
            high = bisect_left(keys, pivot)
        # A page lies at the near end of what remains: the low end when the walk ascends.
        more = high - low > size
        if upward != reverse:
            shown = list(keys[low : min(high, low + size)])
        else:
            shown = list(keys[max(low, high - size) : high])
        if reverse:
            shown.reverse()
        return shown, self._cursor_frame(shown, more=more)

    def _cursor_frame(self, shown: list[Key], *, more: bool) -> dict[str, Any]:
        """``links.next`` is there even when ``has_more`` is false: only the latter ends a walk."""
        first = _encode(shown[0]) if shown else None
        last = _encode(shown[-1]) if shown else self._params.get("page[after]")
        asked = {k: v for k, v in self._params.items() if k not in {"page[after]", "page[before]"}}
        there = [
            address(self._base, self._path, asked, **{name: cursor}) if cursor else None
            for name, cursor in (("page[before]", first), ("page[after]", last))
        ]
        return {
            "meta": {"has_more": more, "after_cursor": last, "before_cursor": first},
            "links": {"prev": there[0], "next": there[1]},
        }

    def _pivot(self, keys: Sequence[Key], name: str) -> Key | None:
        cursor = self._params.get(name)
        if not cursor:
            return None
        try:
            decoded = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            key: Any = tuple(decoded) if isinstance(decoded, list) else decoded
            if keys:
                bisect_left(keys, key)
        except (binascii.Error, ValueError, TypeError) as error:
            raise problems.invalid_paging(f"{name} is not valid") from error
        return cast("Key", key)

    def _offset_page(
        self, keys: Sequence[Key], *, reverse: bool
    ) -> tuple[list[Key], dict[str, Any]]:
        size = min(number(self._params, "per_page", _LARGEST), _LARGEST) or _LARGEST
        page = number(self._params, "page", 1) or 1
        if page * size > _DEEPEST:
            raise problems.too_deep()
        ordered = keys[::-1] if reverse else keys
        shown = list(ordered[(page - 1) * size : page * size])
        following = page + 1 if page * size < len(keys) else None
        previous = page - 1 if page > 1 else None
        there = [
            address(self._base, self._path, self._params, page=other) if other else None
            for other in (following, previous)
        ]
        return shown, {"count": len(keys), "next_page": there[0], "previous_page": there[1]}


def _encode(key: int | tuple[int, int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()
