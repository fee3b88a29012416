"""How heavy the brief is for a browser: what `<remember-brief>` loads, as it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import connector
from tests.bench.outcome import Bound, Outcome

MOST_BYTES: Final = 30_000
WEB: Final = Path(connector.__file__).with_name("web")
FIRST: Final = ("remember-brief.js", "remember-client.js")
"""What a host names to show a brief."""
FOLLOWING: Final = "remember-later.js"
"""What follows once a brief is painted, or is there before where a page has waited for a call."""

_FROM = re.compile(r'^(?:import|export) (?:[^"]* from )?"\./([\w-]+\.js)";', re.MULTILINE)
_STYLE = re.compile(r'style\("([\w-]+\.css)"\)')


def loaded(*names: str) -> list[str]:
    """Modules, all that they import, and the styles that these add, each once."""
    found: list[str] = []
    waiting = list(names)
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found.append(one)
            text = (WEB / one).read_text() if one.endswith(".js") else ""
            waiting += [*_FROM.findall(text), *_STYLE.findall(text)]
    return found


def measure() -> Outcome:
    """Count the bytes of what a brief needs to be painted, and of what follows it."""
    outcome = Outcome("What the brief weighs in a browser", ("file", "bytes"))
    first = loaded(*FIRST)
    following = [name for name in loaded(FOLLOWING) if name not in first]
    total = _rows(outcome, first, "until a brief is painted")
    _rows(outcome, following, "what follows: note, search, evidence, calls")
    outcome.bounds.append(
        Bound("script and style until a brief is painted, bytes", total, most=MOST_BYTES)
    )
    return outcome


def _rows(outcome: Outcome, names: list[str], title: str) -> int:
    sizes = [(name, (WEB / name).stat().st_size) for name in names]
    total = sum(size for _, size in sizes)
    outcome.rows += [*sizes, (title, total)]
    return total
