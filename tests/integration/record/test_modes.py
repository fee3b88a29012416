"""What is written here only its owner may read, whatever the system would give others."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from connector.cli.opening import open_settings
from connector.clock import ManualClock
from connector.doctor import examine
from connector.lock import hold
from connector.settings import OURS, Settings
from memory.record import Record, engine
from memory.record.backup import back_up
from memory.workplace import Workplace
from tests.support.book import AS_OF
from tests.support.house import REMEMBER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "quincewort-of-the-north"


@pytest.fixture(autouse=True)
def lax() -> Iterator[None]:
    """A system that gives everybody everything."""
    before = os.umask(0)
    yield
    os.umask(before)


def _modes(folder: Path) -> set[tuple[str, int]]:
    return {
        (one.relative_to(folder).as_posix(), stat.S_IMODE(one.stat().st_mode))
        for one in (folder, *folder.rglob("*"))
    }


def _open_to_others(folder: Path) -> list[str]:
    return [name for name, mode in _modes(folder) if mode & 0o077]


def test_the_record_and_the_files_beside_it_are_its_owners(tmp_path: Path) -> None:
    """Also while it is written, and when a program opens it without the command line."""
    home = tmp_path / "home"
    record = Record.in_folder(home)
    with record.writing(record.add_account("zendesk:acme", "https://acme.example")) as writer:
        writer.synced(AS_OF)
        assert {name for name, _ in _modes(home)} >= {"record.sqlite-wal", "record.sqlite-shm"}
        assert _open_to_others(home) == []
    back_up(record, home / "copy")
    record.close()
    assert _open_to_others(home) == []


def test_who_holds_a_folder_closes_it(tmp_path: Path) -> None:
    """What an older version, or a copy, left open to others; a link is not followed."""
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    Record.in_folder(home).close()
    (home / "index").mkdir(mode=0o755)
    (home / "index" / "data").write_text("x")
    elsewhere.write_text("x")
    (home / "link").symlink_to(elsewhere)
    for path in (home, home / "record.sqlite"):
        path.chmod(0o777)
    with hold(home, "sync", ManualClock(AS_OF)):
        assert {mode for name, mode in _modes(home) if name != "link"} <= {0o700, 0o600}
        assert {"lock", "lock.json"} <= {name for name, _ in _modes(home)}
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o666


def test_doctor_says_what_others_can_read(tmp_path: Path) -> None:
    """And says so of one file in a folder that is closed."""
    home = tmp_path / "home"
    Record.in_folder(home).close()
    (home / "brief.json").write_text("{}")

    def looked() -> bool:
        place = Workplace(f"sqlite:///{home / 'record.sqlite'}", home / "index")
        return next(examine(Settings.model_validate({"home": home}), place, {})).ok

    assert not looked()
    (home / "brief.json").chmod(0o600)
    assert looked()


def test_doctor_says_which_secrets_are_short(tmp_path: Path) -> None:
    """Of those that anybody may try; it never says them."""
    settings = Settings.model_validate(
        {"home": tmp_path, "freshdesk_webhook_secret": "short", "ring_generic_secret": SECRET}
    )
    found = [
        one
        for one in examine(settings, Workplace("sqlite://", tmp_path), {})
        if one.check == "secret"
    ]
    assert [one.ok for one in found] == [False]
    assert "FRESHDESK_WEBHOOK_SECRET" in found[0].detail
    assert "short " not in found[0].detail.replace("shorter ", "")


def test_the_command_makes_its_owners_files_alone(tmp_path: Path) -> None:
    """The process and its children, from their first file on."""
    told = subprocess.run(
        [sys.executable, "-c", _MAIN, str(tmp_path / "made")], capture_output=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o600


_MAIN = """
import pathlib, sys
from connector import cli
cli.explained = lambda *_, **__: pathlib.Path(sys.argv[1]).write_text("x") * 0
cli.main()
"""


def test_settings_never_say_their_secrets() -> None:
    """Neither printed, nor in a frame of a traceback that shows what is in it."""
    urls = dict.fromkeys(("database_url", "chroma_url"), f"https://u:{SECRET}@h/x")
    secrets = {
        name: SECRET for name, field in Settings.model_fields.items() if "Secret" in str(field)
    }
    assert len(secrets) > 8
    settings = Settings.model_validate({**secrets, **urls, "zendesk_email": f"{SECRET}@a.example"})
    assert SECRET not in repr(settings) + str(settings)


def test_a_traceback_shows_no_values(tmp_path: Path) -> None:
    """A fault of ours shows where it was, not what was in the settings or the arguments."""
    told = subprocess.run(
        [REMEMBER, "status", "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "REMEMBER_HOME": str(tmp_path),
            "REMEMBER_DATABASE_URL": f"mysql://u:{SECRET}@h/x",
            "REMEMBER_FRESHDESK_API_KEY": SECRET,
        },
    )
    assert told.returncode
    assert SECRET not in told.stdout + told.stderr


def test_only_our_own_lines_are_logged_below_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other libraries log rows and headers: at `LOG_LEVEL=DEBUG` they still do not."""
    monkeypatch.setenv("REMEMBER_HOME", str(tmp_path))
    monkeypatch.setenv("REMEMBER_LOG_LEVEL", "DEBUG")
    root = logging.getLogger()
    ours = [logging.getLogger(name) for name in OURS]
    before = root.level, list(root.handlers), [one.level for one in ours]
    try:
        root.handlers[:] = []
        open_settings()
        assert all(one.isEnabledFor(logging.DEBUG) for one in ours)
        for name in ("httpx", "httpcore", "chromadb", "sqlalchemy.engine.Engine"):
            assert not logging.getLogger(name).isEnabledFor(logging.INFO), name
        made = engine.open_engine("sqlite://")
        assert not made._should_log_info()
    finally:
        root.setLevel(before[0])
        root.handlers[:] = before[1]
        for one, level in zip(ours, before[2], strict=True):
            one.setLevel(level)
