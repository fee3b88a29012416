"""How a command ends: its exit code, and an error a person or a program can read."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer

from connector.cli.app import app
from connector.cli.failing import explained
from connector.errors import (
    ConfigurationError,
    CredentialsError,
    HelpdeskError,
    LimitedError,
    MalformedError,
    MissingError,
    RetryableError,
)
from memory.errors import BusyError, NotFoundError, RecordError, RememberError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_FULL = OSError(errno.ENOSPC, "No space left on device", "/somewhere/file")

ENDINGS: list[tuple[BaseException, int]] = [
    (RememberError("what", "next"), 1),
    (RecordError("what", "next"), 1),
    (UsageError("what", "next"), 2),
    (ConfigurationError("what", "next"), 2),
    (CredentialsError("what", "next"), 4),
    (NotFoundError("what", "next"), 5),
    (BusyError("what", "next"), 6),
    (HelpdeskError("what", "next"), 7),
    (RetryableError("what", "next"), 7),
    (LimitedError("what", "next"), 7),
    (MissingError("what", "next"), 7),
    (MalformedError("what", "next"), 7),
    (typer.BadParameter("what"), 2),
    (KeyboardInterrupt(), 130),
    (typer.Abort(), 130),
    (_FULL, 1),
]


def _raising(error: BaseException) -> Callable[[], object]:
    def command() -> object:
        raise error

    return command


@pytest.mark.parametrize(("error", "code"), ENDINGS, ids=lambda one: type(one).__name__)
def test_an_error_is_a_problem_document_with_its_exit_code(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """RFC 9457: type, title, detail and what to do next; nothing on standard output."""
    assert explained(_raising(error), as_json=True) == code
    told = capsys.readouterr()
    problem: dict[str, Any] = json.loads(told.err)
    assert told.out == ""
    assert set(problem) == {"type", "title", "detail", "hint", "exit_code"}
    assert problem["exit_code"] == code
    assert problem["type"].startswith("urn:remember-them:")
    assert all(problem[key] for key in ("title", "detail", "hint"))


@pytest.mark.parametrize(("error", "code"), ENDINGS, ids=lambda one: type(one).__name__)
def test_an_error_is_two_plain_lines_for_people(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """What happened, then what to do; no colour where no terminal reads."""
    assert explained(_raising(error), as_json=False) == code
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "\x1b" not in "".join(lines)


def test_an_error_without_a_hint_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """No empty line stands for what is not there."""
    explained(_raising(RememberError("what")), as_json=False)
    assert capsys.readouterr().err == "Failed. what\n"


def test_a_system_error_names_the_file_and_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """A full disk says so, and where."""
    explained(_raising(_FULL), as_json=False)
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "/somewhere/file" in said


@pytest.mark.parametrize(("answer", "code"), [(None, 0), (0, 0), (3, 3), (5, 5)])
def test_a_command_that_ends_well_says_its_own_code(answer: object, code: int) -> None:
    """None is done; a number is the exit code."""
    assert explained(lambda: answer, as_json=False) == code


def test_help_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` prints on standard output and ends with 0."""
    assert explained(lambda: app(["--help"], standalone_mode=False), as_json=False) == 0
    told = capsys.readouterr()
    assert "backfill" in told.out
    assert told.err == ""


@pytest.mark.parametrize("arguments", [["dance"], ["brief", "--phone"], ["sync", "--every", "x"]])
def test_what_the_command_line_does_not_know_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 and one problem, as the parser names it."""
    code = explained(lambda: app(arguments, standalone_mode=False), as_json=True)
    problem = json.loads(capsys.readouterr().err)
    assert (code, problem["type"]) == (2, "urn:remember-them:usage")
    assert arguments[0] in problem["detail"] or arguments[1] in problem["detail"]


def test_a_reader_that_leaves_is_no_failure() -> None:
    """Like `remember export … | head -1`: the rest is dropped without a word."""
    program = (
        "import sys; from connector.cli.failing import explained;"
        "code = explained(lambda: sys.stdout.write('line\\n' * 100_000) and None, as_json=False);"
        "sys.exit(code)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
