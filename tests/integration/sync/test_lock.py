"""One process writes a data folder; who comes second is told who holds it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from connector.clock import ManualClock
from connector.lock import hold, holder
from memory.errors import BusyError, RecordError

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = ManualClock(datetime(2026, 7, 7, 9, 0, tzinfo=UTC))
_HOLD = """
import pathlib, sys
from connector.clock import SystemClock
from connector.lock import hold
with hold(pathlib.Path(sys.argv[1]), "sync", SystemClock()):
    print("held", flush=True)
    input()
"""


def test_who_holds_is_named_while_it_holds(tmp_path: Path) -> None:
    """Command, process and since when; afterwards nobody."""
    with hold(tmp_path, "backfill", CLOCK):
        named = f"`remember backfill`, process {os.getpid()}, since 2026-07-07 09:00:00Z"
        assert holder(tmp_path) == named
        with (
            pytest.raises(BusyError, match="remember backfill") as caught,
            hold(tmp_path, "sync", CLOCK),
        ):
            pytest.fail("two hold it")
        assert caught.value.exit_code == 6
        assert holder(tmp_path) == named
    assert holder(tmp_path) == "another process"
    with hold(tmp_path, "sync", CLOCK):
        assert "remember sync" in holder(tmp_path)


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    """Its name is still written there, but the lock went with the process."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(BusyError, match=str(other.pid)), hold(tmp_path, "backfill", CLOCK):
            pytest.fail("two hold it")
        other.kill()
    assert json.loads((tmp_path / "lock.json").read_text())["pid"] == other.pid
    with hold(tmp_path, "backfill", CLOCK):
        assert str(os.getpid()) in holder(tmp_path)


def test_a_failure_lets_go(tmp_path: Path) -> None:
    """Whatever happens within the block."""
    with pytest.raises(ZeroDivisionError), hold(tmp_path, "sync", CLOCK):
        _ = 1 / 0
    with hold(tmp_path, "backfill", CLOCK):
        assert "remember backfill" in holder(tmp_path)


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """With those above it; nobody else may look in."""
    folder = tmp_path / "a" / "b"
    with hold(folder, "backfill", CLOCK):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    """What to set instead."""
    (tmp_path / "home").write_text("")
    with pytest.raises(RecordError, match="home") as caught, hold(tmp_path / "home", "x", CLOCK):
        pytest.fail("held")
    assert "REMEMBER_HOME" in caught.value.hint


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pid": 1}', "no json"])
def test_a_holder_that_cannot_be_read_is_another_process(tmp_path: Path, content: str) -> None:
    """Half a file is no failure of whoever asks."""
    (tmp_path / "lock.json").write_text(content)
    assert holder(tmp_path) == "another process"
