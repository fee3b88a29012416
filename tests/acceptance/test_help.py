"""`remember --help` is instant: it imports what a command line needs, and nothing it tells of.

What is imported is compared, never how long it takes; `make bench` measures that.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REMEMBER = Path(sys.executable).with_name("remember")

_TOLD_LATER = {
    "torch",
    "sentence_transformers",
    "transformers",
    "chromadb",
    "sqlalchemy",
    "alembic",
    "numpy",
    "pydantic",
    "pydantic_settings",
    "httpx",
    "starlette",
    "uvicorn",
    "phonenumbers",
    "stdnum",
    "inscriptis",
}


def _imported(*command: str) -> set[str]:
    """The top-level modules a command imports, as Python's own `-X importtime` tells them."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command], capture_output=True, text=True, check=True
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def test_help_imports_no_library_of_a_command() -> None:
    """Beside Typer and Rich, help needs none of the libraries that the commands work with."""
    imported = _imported(str(REMEMBER), "--help")
    assert {"typer", "rich", "connector"} <= imported
    assert not _TOLD_LATER & imported


def test_help_names_every_command() -> None:
    """Help tells of the commands of the spine, each with its sentence."""
    done = subprocess.run([REMEMBER, "--help"], capture_output=True, text=True, check=True)
    for command in ("demo", "backfill", "sync", "brief", "recall", "note", "status", "doctor"):
        assert f" {command} " in done.stdout
