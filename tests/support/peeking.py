"""Lets tests look into the record across accounts, which the program itself never may."""

from __future__ import annotations

import sys
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memory.record import guard

if TYPE_CHECKING:
    from collections.abc import Callable

_TESTS = str(Path(__file__).parents[1])
_BETWEEN = ("sqlalchemy", guard.__name__, __name__, f"{__package__}.compiling")
"""What stands between whoever asks and the look at their statement."""


def allow() -> None:
    """Have the guard of accounts pass what a file of the tests asks by itself.

    Whatever the program asks, on behalf of a test too, is looked at as ever.
    """
    plain: Callable[..., None] = guard.check
    module: Any = guard

    @wraps(plain)
    def check(*looked_at: Any) -> None:
        if not asked_by_tests():
            plain(*looked_at)

    module.check = check


def asked_by_tests() -> bool:
    """Whether the statement that is compiled now is what a file of the tests asks by itself."""
    frame = sys._getframe()
    while frame.f_globals.get("__name__", "").startswith(_BETWEEN):
        if frame.f_back is None:
            return False
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(_TESTS)
