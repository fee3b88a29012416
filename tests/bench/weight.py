"""How heavy the brief is for a browser: what `<remember-brief>` loads, as it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import connector
from tests.bench.outcome import Bound, Outcome

MOST_BYTES: Final = 30_000
WEB: Final = Path(connector.__file__).with_name("web")
COMPONENT: Final = "remember-brief.js"
STYLE: Final = "remember.css"

_IMPORT = re.compile(r'^import (?:[^"]* from )?"\./([\w-]+\.js)";', re.MULTILINE)


def loaded(name: str) -> list[str]:
    """A module and all that it imports, each once."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found.append(one)
            waiting += _IMPORT.findall((WEB / one).read_text())
    return found


def measure() -> Outcome:
    """Count the bytes of the component's modules and of its style."""
    outcome = Outcome("What the brief weighs in a browser", ("file", "bytes"))
    outcome.rows = [(name, (WEB / name).stat().st_size) for name in (*loaded(COMPONENT), STYLE)]
    total = sum(size for _, size in outcome.rows)
    outcome.rows.append(("together", total))
    outcome.bounds.append(
        Bound("component with its modules, and style, bytes", total, most=MOST_BYTES)
    )
    return outcome
