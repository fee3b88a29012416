"""Runs JavaScript outside a browser, by the Node that comes with Playwright."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LINT = Path(__file__).with_name("lint.cjs")


def node(script: Path, *, told: object, options: tuple[str, ...] = ()) -> Any:
    """What a script answers.

    Args:
        script: A CommonJS file; it reads JSON from standard input and writes JSON.
        told: What it reads.
        options: Of Node's own.

    Raises:
        AssertionError: The script failed; its words are the message.
    """
    from playwright._impl._driver import compute_driver_executable  # noqa: PLC0415  heavy

    program, _ = compute_driver_executable()
    done = subprocess.run(
        [program, *options, str(script)],
        input=json.dumps(told),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lint(sources: Mapping[str, str]) -> dict[str, Any]:
    """What `lint.cjs` says of JavaScript files, by name, and what server.js exports."""
    return _lint(tuple(sorted(sources.items())))


@cache
def _lint(sources: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    answer: dict[str, Any] = node(LINT, told=dict(sources), options=("--expose-internals",))
    return answer
