"""How a command ends: with its exit code, and with an error that a person or a program can read."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import typer

from memory.errors import RememberError

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED = 130
QUARANTINED = 3
NOTHING_FOUND = 5

_INTERRUPTS = (KeyboardInterrupt, typer.Abort)


def explained(command: Callable[[], object], *, as_json: bool) -> int:
    """Run a command and say what went wrong, if anything did.

    Args:
        command: Returns its exit code, or None for 0.
        as_json: Write errors as RFC 9457 documents.

    Returns:
        The exit code.
    """
    try:
        code = command()
        if code == INTERRUPTED:  # what typer makes of Ctrl-C
            raise KeyboardInterrupt
    except typer.Exit as error:
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe has left; what it wanted it has.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (RememberError, typer.TyperException, OSError, *_INTERRUPTS) as error:
        problem = _problem(error)
        _write(problem, as_json=as_json)
        return int(str(problem["exit_code"]))
    return code if isinstance(code, int) else 0


def _problem(error: BaseException) -> dict[str, object]:
    if isinstance(error, RememberError):
        return error.problem()
    if isinstance(error, typer.TyperException):
        return _usage(error)
    return _system(error) if isinstance(error, OSError) else _INTERRUPTION


_INTERRUPTION: dict[str, object] = {
    "type": "urn:remember-them:interrupted",
    "title": "Interrupted",
    "detail": "Stopped before the end; everything stored so far is kept.",
    "hint": "Run the same command again to go on.",
    "exit_code": INTERRUPTED,
}


def _usage(error: typer.TyperException) -> dict[str, object]:
    return {
        "type": "urn:remember-them:usage",
        "title": "Not understood",
        "detail": error.format_message() or "A command is needed.",
        "hint": "Add --help to the command to see what it takes.",
        "exit_code": error.exit_code,
    }


def _system(error: OSError) -> dict[str, object]:
    return {
        "type": "urn:remember-them:system",
        "title": "The system refused",
        "detail": f"{error.strerror or type(error).__name__}: {error.filename or 'a file'}.",
        "hint": "Check disk space and that the file may be written, then run the command again.",
        "exit_code": 1,
    }


def _write(problem: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        sys.stderr.write(json.dumps(problem) + "\n")
        return
    colour = sys.stderr.isatty()
    bold, plain = ("\033[1;31m", "\033[0m") if colour else ("", "")
    sys.stderr.write(f"{bold}{problem['title']}.{plain} {problem['detail']}\n")
    if problem["hint"]:
        sys.stderr.write(f"{problem['hint']}\n")
