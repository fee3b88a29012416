"""What every helpdesk's texts have in common: tags, and names that are only numbers."""

from __future__ import annotations

import re
from typing import Any

from inscriptis import get_text  # type: ignore[import-untyped]
from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]
from inscriptis.html_properties import Display  # type: ignore[import-untyped]
from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]
from inscriptis.model.css import CssParse  # type: ignore[import-untyped]
from inscriptis.model.html_element import HtmlElement  # type: ignore[import-untyped]
from inscriptis.model.tag import CustomHtmlTagHandlerMapping  # type: ignore[import-untyped]

from connector.fields import clean

_NOT_DIGITS = re.compile(r"\D+")
_NUMBER_ONLY = re.compile(
    r"(?:caller\s++)?\+?[\d\s().\-/]++(?:(?:x|ext\.?)\s*+\d+)?", re.IGNORECASE
)
_FEWEST_DIGITS = 5
_ROWS, _CELLS = ("table", "tr"), ("td", "th")
_STYLES = frozenset({"display", "white-space"})
"""What of a style is heeded: whether it is shown, and in which lines; not how far from what."""


def _lines() -> ParserConfig:
    """Lines as a browser breaks them, and of no layout more than that.

    The library's own layout pads every row of a table to its widest cell, every line of a list to
    its depth, and heeds margins of any size: of 32 kilobytes of mail it made 13 megabytes, and of
    four times the mail sixteen times that.
    """
    block = HtmlElement(display=Display.block)
    css = {**CSS_PROFILES["strict"], **dict.fromkeys((*_ROWS, "ul", "ol"), block)}
    handlers = CustomHtmlTagHandlerMapping(
        start_tag_mapping=dict.fromkeys((*_ROWS, *_CELLS)),
        end_tag_mapping=dict.fromkeys(_ROWS) | dict.fromkeys(_CELLS, _end_cell),
    )
    config = ParserConfig(css=css, custom_html_tag_handler_mapping=handlers)
    config.attribute_handler.attribute_mapping = {"style": _style}
    return config


def _end_cell(state: Any) -> None:
    """Part a cell from the next one."""
    state.tags[-1].canvas.write(state.tags[-1], " ")


def _style(style: str, element: Any) -> None:
    told = (one for one in style.split(";") if one.partition(":")[0].strip().lower() in _STYLES)
    CssParse.attr_style(";".join(told), element)


_AS_BROWSERS = _lines()


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
