"""One process writes a data folder; who comes second is told who holds it."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from connector.modes import close_to_others
from memory.errors import BusyError, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.clock import Clock


@contextmanager
def hold(folder: Path, command: str, clock: Clock) -> Iterator[None]:
    """Hold a data folder for as long as the block runs; a killed process lets go of it.

    Whatever others could read or write in it, they no longer can.

    Args:
        folder: The data folder.
        command: What this process does, for whoever comes second.
        clock: Tells since when.

    Raises:
        BusyError: Another process holds it; the error names that process.
        RecordError: The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(folder / "lock", mode=0o600)
        lock.acquire(blocking=False)
    except Timeout:
        raise BusyError(
            f"The data folder is in use by {holder(folder)}.",
            "Wait for it to end, or stop it; reading commands work meanwhile.",
        ) from None
    except OSError as error:
        raise RecordError(
            f"The data folder {folder} cannot be written ({error.strerror}).",
            "Set REMEMBER_HOME to a folder you may write to.",
        ) from None
    try:
        _holder_file(folder).write_text(
            json.dumps(
                {
                    "pid": os.getpid(),
                    "command": command,
                    "since": f"{clock.now():%Y-%m-%d %H:%M:%SZ}",
                }
            )
        )
        close_to_others(folder)
        yield
    finally:
        _holder_file(folder).unlink(missing_ok=True)
        lock.release()


def holder(folder: Path) -> str:
    """Who holds a data folder, in words."""
    try:
        known = json.loads(_holder_file(folder).read_text())
        return f"`remember {known['command']}`, process {known['pid']}, since {known['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _holder_file(folder: Path) -> Path:
    return folder / "lock.json"
