"""What each language gets: where heads and rules read nothing, nothing is invented."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from memory.remembering.personal import Head

RULES: Final = "en"
"""The language of the rules: promises, details to check, and what is told in set words."""

_ALWAYS: Final = "issues, search and the preferred agent, cleaned and redacted"


def code_of(language: str | None) -> str:
    """The bare language of a tag such as `pt-BR`; empty where nobody said which."""
    return re.split(r"[-_]", (language or "").strip().casefold())[0]


def what_it_gets(language: str | None, head: Head) -> str:
    """What is remembered of customers who speak a language, in a phrase.

    Args:
        language: Its tag. Where it is not known, each sentence is looked at by itself.
        head: Who finds personal context.
    """
    code = code_of(language) or RULES
    more = []
    if code in head.languages:
        more.append("personal context")
    if code == RULES:
        more.append("promises and details to check")
    if not more:
        return f"{_ALWAYS}; no personal context, promises or details to check"
    lacks = "" if code in head.languages else "; of personal context only what set words tell"
    return f"{_ALWAYS}; {', '.join(more)}{lacks}"
