"""Runs `remember` in this process: the same code, without the start of a program."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from connector.cli.app import app
from connector.cli.failing import explained

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def _built() -> Callable[..., Any]:
    """The command line, put together once: that takes longer than most commands."""
    return get_command(app)


def remember(*arguments: str) -> int:
    """Run a command to its end, told on standard output and error as ever; its exit code."""
    return explained(
        lambda: _built()([*arguments], standalone_mode=False), as_json="--json" in arguments
    )
