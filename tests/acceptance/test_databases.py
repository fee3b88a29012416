"""On PostgreSQL everything is as on SQLite, and a backup restores either."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.tale import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.house import House, Told
    from tests.support.postgres import Server

pytestmark = [
    pytest.mark.xdist_group("small"),
    pytest.mark.timeout(900),
    pytest.mark.slow,
    pytest.mark.long,
]

BACKFILL = ("backfill", "zendesk", "--json", "--account", ACCOUNT)
PEOPLE = tuple(f"zendesk:{number}" for number in range(101, 107))
AS_OF = "2026-07-07T09:00:00Z"
SECRET = "open-sesame"


@pytest.fixture(scope="module")
def on_server(
    small: House, postgres: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The small story on PostgreSQL, remembered; its first backfill was killed half-way."""
    postgres.run(f"CREATE USER {{}} PASSWORD '{SECRET}'", "remy")
    with postgres.database(template="template0") as address:
        name = address.partition("@/")[2].partition("?")[0]
        postgres.run("ALTER DATABASE {} OWNER TO {}", name, "remy")
        url = address.replace("//remember@", f"//remy:{SECRET}@")
        home = tmp_path_factory.mktemp("server") / "home"
        house = small.at(home).but(DATABASE_URL=url, LOG_LEVEL="DEBUG")
        with house.start(*BACKFILL, "--no-remember") as first:
            assert first.stderr is not None
            for line in first.stderr:
                assert SECRET not in line
                if line.startswith("tickets: 60"):
                    break
            assert first.poll() is None
            first.kill()
        done = house.run(*BACKFILL)
        assert done.code == 0, done.err
        assert SECRET not in done.err + done.out
        yield house
    postgres.run("DROP USER {}", "remy")


def _answers(house: House, ask: Callable[..., Told]) -> list[str]:
    """What every reading command says of everyone, to the byte."""
    told = [ask(house, "export", "--customer", one).held for one in PEOPLE]
    for one in PEOPLE:
        how = ("--customer", one, "--as-of", AS_OF, "--verified", "--full", "--json")
        brief = ask(house, "brief", *how).document
        told.append(json.dumps({**brief, "synced_at": None}))
    return told


def test_both_databases_answer_the_same_to_the_byte(
    small: House, on_server: House, in_process: Callable[..., Told]
) -> None:
    """Every export and every brief of the same story, though one backfill was killed meanwhile."""
    expected = _answers(small, in_process)
    assert all(json.loads(one)["memories"] for one in expected[: len(PEOPLE)])
    assert _answers(on_server, in_process) == expected


def test_the_status_says_that_it_is_complete(on_server: House) -> None:
    """Numbers, not where they are kept."""
    told = on_server.run("status", "--json")
    [account] = told.document["accounts"]
    assert (account["complete"], account["tickets"], account["customers"]) == (True, 60, 6)
    assert SECRET not in told.out + told.err


def test_a_wrong_password_ends_every_command_alike(on_server: House) -> None:
    """Exit 1, what to mend, and not a letter of the password."""
    url = on_server.settings["DATABASE_URL"].replace(SECRET, f"not-{SECRET}")
    for command in (("status", "--json"), BACKFILL, ("doctor", "--json"), ("backup", "x")):
        told = on_server.but(DATABASE_URL=url).run(*command)
        assert told.code == 1, command
        assert "refuses the user or the password" in told.out + told.err
        assert SECRET not in told.out + told.err
        assert "Traceback" not in told.err


def _restored(house: House, file: Path, home: Path, postgres: Server) -> Iterator[House]:
    """A backup in another data folder, restored as the README says."""
    if "DATABASE_URL" not in house.settings:
        home.mkdir()
        shutil.copy(file, home / "record.sqlite")
        yield house.at(home)
        return
    with postgres.database(template="template0") as address:
        plain = address.replace("+psycopg", "")
        command: list[str | Path] = [postgres.programs / "pg_restore", "--no-owner", "-d", plain]
        subprocess.run([*command, file], check=True, capture_output=True)
        yield house.at(home).but(DATABASE_URL=address)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_restored_answers_as_what_was_backed_up(
    request: pytest.FixtureRequest,
    postgres: Server,
    in_process: Callable[..., Told],
    tmp_path: Path,
    kind: str,
) -> None:
    """Everything but the index, which the next command that needs it makes."""
    patch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    patch.setenv("PATH", str(postgres.programs), prepend=":")
    house: House = request.getfixturevalue("small" if kind == "sqlite" else "on_server")
    file = tmp_path / "copy"
    told = house.run("backup", str(file), "--json")
    assert told.code == 0, told.err
    expected = {"file": str(file), "bytes": file.stat().st_size, "accounts": [ACCOUNT]}
    assert told.document == {"version": 1, **expected}
    for again in _restored(house, file, tmp_path / "home", postgres):
        assert _answers(again, in_process) == _answers(house, in_process)
        ours, theirs = (one.run("status", "--json").out for one in (again, house))
        assert ours == theirs
    twice = house.run("backup", str(file))
    assert (twice.code, twice.out) == (2, "")
    assert "Name another file." in twice.err
