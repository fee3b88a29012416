"""What every helpdesk's texts have in common: tags, and names that are only numbers."""

from __future__ import annotations

import re

from inscriptis import get_text  # type: ignore[import-untyped]
from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]
from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]

from connector.fields import clean

_NOT_DIGITS = re.compile(r"\D+")
_NUMBER_ONLY = re.compile(
    r"(?:caller\s++)?\+?[\d\s().\-/]++(?:(?:x|ext\.?)\s*+\d+)?", re.IGNORECASE
)
_FEWEST_DIGITS = 5
_AS_BROWSERS = ParserConfig(css=CSS_PROFILES["strict"])
"""Lines as a browser breaks them; the library's usual way also indents what stands in a `div`."""


def without_tags(html: str) -> str:
    """The text of HTML, line by line; nothing where a parser cannot read it."""
    try:
        return clean(get_text(html, _AS_BROWSERS)).strip()
    except Exception:  # noqa: BLE001 - whatever a parser chokes on, the plain text stands in
        return ""


def is_number(name: str) -> bool:
    """Whether a name is only the number its caller rang from, as unknown callers are named."""
    digits = _NOT_DIGITS.sub("", name)
    return len(digits) >= _FEWEST_DIGITS and _NUMBER_ONLY.fullmatch(name) is not None
