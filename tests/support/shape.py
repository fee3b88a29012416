"""Says where a JSON document differs from the shape it was promised to have.

A shape is a type, None, a literal, a compiled pattern for a whole text, a list holding the shape of
each entry, a dict with exactly these keys, or a tuple of shapes of which one must fit.
"""

from __future__ import annotations

import re
from typing import Any

NUMBER = (int, float)
REF = re.compile(r"(zendesk|freshdesk):\d+")
ON = re.compile(r"\d{4}-\d\d-\d\d")
AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
LINK = re.compile(r"https?://[^ ]+/agent/(tickets|users)/\d+")


def misfit(value: object, shape: Any, path: str = "document") -> str | None:
    """The first place where `value` does not have `shape`, or None."""
    if isinstance(shape, tuple):
        misfits = [misfit(value, one, path) for one in shape]
        return None if None in misfits else misfits[-1]
    if isinstance(shape, dict):
        return _keys(value, shape, path)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{path} is no list"
        found = (misfit(one, shape[0], f"{path}[{n}]") for n, one in enumerate(value))
        return next((one for one in found if one), None)
    return None if _fits(value, shape) else f"{path} is {type(value).__name__}, not {shape}"


def _keys(value: object, shape: dict[str, Any], path: str) -> str | None:
    if not isinstance(value, dict):
        return f"{path} is no object"
    if list(value) != list(shape):
        return f"{path} has the keys {list(value)}, not {list(shape)}"
    found = (misfit(value[key], one, f"{path}.{key}") for key, one in shape.items())
    return next((one for one in found if one), None)


def _fits(value: object, shape: Any) -> bool:
    if isinstance(shape, re.Pattern):
        return isinstance(value, str) and shape.fullmatch(value) is not None
    if isinstance(shape, type):
        return type(value) is shape
    return value is shape or (type(value) is type(shape) and value == shape)
