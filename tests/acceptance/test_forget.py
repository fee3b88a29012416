"""Somebody who is forgotten is gone to the last byte, and no backfill brings them back."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connector.cli.opening import open_memory, open_settings
from memory.record import Record, tokens
from tests.support.forgetting import GOES, MARKS, NOTE, PHONE, STAY, WROTE_TO, Desk, desk
from tests.support.marks import Needle, found_in, of_vectors, of_words, vectors_in
from tests.support.serve import serving, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.support.house import House, Told

pytestmark = [pytest.mark.xdist_group("forget"), pytest.mark.slow]

WHO = f"zendesk:{GOES}"
FORGET = ("forget", "--customer", WHO, "--yes", "--json")
OTHERS = (WROTE_TO, *STAY)

EXPORT = "quillmarkson.json"
SEED = 2026
KILLS = 20
EARLY_KILLS = 8


@pytest.fixture(scope="module")
def zendesk() -> Iterator[Desk]:
    """The helpdesk, in which they are as everybody else."""
    with desk() as found:
        yield found


@pytest.fixture(scope="module")
def full(zendesk: Desk, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A data folder in which everything was done with them that can be; for reading only."""
    house = zendesk.house(tmp_path_factory.mktemp("forget") / "home")
    done = house.run("backfill", "--no-remember", "--json", "--account", zendesk.account)
    assert done.code == 0, done.err
    assert _remember(house) == 2 + len(OTHERS)
    return house


def _remember(house: House) -> int:
    """Remember what waits, as a backfill's child does, where the model is loaded once for all."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in house.environment.items():
            patch.setenv(name, value)
        with open_memory(open_settings(), None) as memory:
            return memory.remember().remembered


@pytest.fixture
def own(full: House, in_process: Callable[..., Told], tmp_path: Path) -> House:
    """The same folder for a test to change, after a note, an export, a brief and a search."""
    shutil.copytree(full.home, tmp_path / "home")
    house = full.at(tmp_path / "home")
    for command in (
        ("note", NOTE, "--customer", WHO),
        ("export", "--customer", WHO, "--output", str(house.home / EXPORT)),
        ("brief", "--phone", PHONE, "--verified", "--reveal", "--full"),
        *(("brief", "--customer", f"zendesk:{one}", "--verified") for one in OTHERS),
    ):
        told = in_process(house, *command)
        assert told.code == 0, told.err
    return house


def _url(house: House) -> str:
    return f"sqlite:///{house.home / 'record.sqlite'}"


def _theirs(full: House, after: House) -> list[Needle]:
    """What must not be found: their words in every form, and the vectors that nobody else has."""
    had = vectors_in(_url(full))
    gone = sorted(had.keys() - vectors_in(_url(after)).keys())
    assert gone
    return [*of_words(MARKS), *of_vectors(had[one] for one in gone)]


def _exports(house: House, ask: Callable[..., Told], people: Sequence[int]) -> dict[int, str]:
    """What is held about people, to the byte; who looked is part of it, and so is added to."""
    told = {one: ask(house, "export", "--customer", f"zendesk:{one}") for one in people}
    assert {one.code for one in told.values()} == {0}
    return {who: one.out for who, one in told.items()}


def _but_for_their_words(export: str) -> dict[str, Any]:
    """An export of whose ticket they wrote in, without the message that they wrote."""
    document: dict[str, Any] = json.loads(export)
    [ticket] = document["tickets"]
    told = ticket["messages"]
    ticket["messages"] = [one for one in told if one["author"]["ref"] != WHO]
    assert len(told) - len(ticket["messages"]) == 1
    return document


def _certificates(home: Path) -> list[Path]:
    return sorted((home / "certificates").glob("*.json"))


def _read_nothing_yet(house: House) -> None:
    """Have the next backfill take the whole history once more."""
    with closing(sqlite3.connect(house.home / "record.sqlite")) as connection:
        connection.execute("DELETE FROM checkpoint")
        connection.commit()


def test_not_a_byte_is_left(full: House, own: House, in_process: Callable[..., Told]) -> None:
    """Every mark stands in some file before; none does after, nor a vector of theirs."""
    recalled = in_process(own, "recall", "theorbomark router", "--customer", WHO)
    assert "theorbomark" in recalled.out
    before = found_in(own.home, of_words(MARKS))
    assert {name.partition(" as ")[0] for name in before} == set(MARKS)

    told = in_process(own, *FORGET)
    assert told.code == 0, told.err
    needles = _theirs(full, own)
    in_vectors = {name for name in found_in(full.home, needles) if name.startswith("vector")}
    assert {name.partition(" as ")[2] for name in in_vectors} >= {"float16", "float32"}
    assert found_in(own.home, needles) == {}
    assert not (own.home / EXPORT).exists()

    [file] = _certificates(own.home)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    certificate = json.loads(file.read_text())
    assert certificate["complete_at"] is not None
    assert certificate == {key: told.document[key] for key in certificate}
    assert certificate["counts"].keys() >= {"people", "tickets", "messages", "vectors", "files"}


def test_a_whole_backfill_brings_nothing_back_and_changes_nothing_of_others(
    full: House, own: House, in_process: Callable[..., Told]
) -> None:
    """Everything is read and remembered anew, and not a byte of theirs is there.

    What is held about everybody else, who looked at them included, is to the byte what it is in a
    copy of the folder in which nobody was forgotten. Of whose ticket they wrote in, it is so but
    for the one message that was theirs.
    """
    untouched = own.at(own.home.with_name("untouched"))
    shutil.copytree(own.home, untouched.home)
    expected = _exports(untouched, in_process, OTHERS)
    assert all(json.loads(one)["access"] for one in expected.values())

    told = in_process(own, *FORGET)
    assert told.code == 0, told.err
    _read_nothing_yet(own)
    again = in_process(own, "backfill", "--no-remember", "--json", "--account", "zendesk:acme")
    assert again.code == 0, again.err
    rows = {one["name"]: one["rows"] for one in again.document["streams"]}
    assert rows["tickets"] == 2 + len(OTHERS)
    anew = in_process(own, "reindex", "--memories", "--json")
    assert (anew.code, anew.document["remembered"]) == (0, len(OTHERS)), anew.err
    assert found_in(own.home, _theirs(full, own)) == {}
    assert in_process(own, "brief", "--phone", PHONE).code == 5

    found = _exports(own, in_process, OTHERS)
    assert {one: found[one] for one in STAY} == {one: expected[one] for one in STAY}
    assert json.loads(found[WROTE_TO]) == _but_for_their_words(expected[WROTE_TO])


def _accepted(home: Path) -> bool:
    """Whether the record knows that somebody is forgotten."""
    with closing(sqlite3.connect(home / "record.sqlite")) as connection:
        return bool(connection.execute("SELECT count(*) FROM forgotten").fetchone()[0])


def _wait_until_accepted(house: House, process: subprocess.Popen[str]) -> None:
    while process.poll() is None and not _accepted(house.home):
        time.sleep(0.002)  # noqa: TID251 - another process is waited for


def _kill_after(process: subprocess.Popen[str], seconds: float) -> None:
    """Kill a command, unless it has ended by then."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)


def _points(kills: int, in_every_run: int) -> Sequence[object]:
    """Fractions of the time that something takes, spread over all of it; a few in every run."""
    dice = random.Random(SEED)
    points = [(number + dice.random()) / kills for number in range(kills)]
    dice.shuffle(points)
    return [
        pytest.param(
            point, id=f"{number:02}", marks=[] if number < in_every_run else [pytest.mark.long]
        )
        for number, point in enumerate(points)
    ]


@dataclass(frozen=True, slots=True)
class _Undisturbed:
    """Where they were forgotten by the command as it is installed, and how long that took.

    Attributes:
        before: Seconds from its start until they were forgotten.
        after: Seconds from then on until its end.
    """

    house: House
    before: float
    after: float


@pytest.fixture(scope="module")
def undisturbed(full: House, tmp_path_factory: pytest.TempPathFactory) -> _Undisturbed:
    """A forgetting that nobody killed."""
    house = full.at(tmp_path_factory.mktemp("undisturbed") / "home")
    shutil.copytree(full.home, house.home)
    began = time.monotonic()
    with house.start(*FORGET) as process:
        _wait_until_accepted(house, process)
        accepted = time.monotonic()
        process.communicate()
    assert process.returncode == 0
    return _Undisturbed(house, accepted - began, time.monotonic() - accepted)


def _assert_gone(full: House, own: House, undisturbed: _Undisturbed) -> None:
    assert found_in(own.home, _theirs(full, undisturbed.house)) == {}
    [file] = _certificates(own.home)
    assert json.loads(file.read_text())["complete_at"] is not None


@pytest.mark.parametrize("point", _points(KILLS, 2))
def test_killed_anywhere_and_started_again_not_a_byte_is_left(
    full: House,
    own: House,
    undisturbed: _Undisturbed,
    in_process: Callable[..., Told],
    point: float,
) -> None:
    """They are out of sight meanwhile; any start that follows removes what the kill left."""
    with own.start(*FORGET) as process:
        _wait_until_accepted(own, process)
        _kill_after(process, point * undisturbed.after)
    assert in_process(own, "brief", "--phone", PHONE).code == 5
    _read_nothing_yet(own)
    started = in_process(own, "backfill", "--no-remember", "--account", "zendesk:acme")
    assert started.code == 0, started.err
    _assert_gone(full, own, undisturbed)


@pytest.mark.parametrize("point", _points(EARLY_KILLS, 1))
def test_killed_before_it_is_accepted_they_are_as_before(
    full: House,
    own: House,
    undisturbed: _Undisturbed,
    in_process: Callable[..., Told],
    point: float,
) -> None:
    """Nothing of theirs or of others is lost; the same command, run again, forgets them.

    The last of these kills may come too late for that: then they are forgotten, and nothing else.
    """
    untouched = own.at(own.home.with_name("untouched"))
    shutil.copytree(own.home, untouched.home)
    with own.start(*FORGET) as process:
        _kill_after(process, point * undisturbed.before)
    if not _accepted(own.home):
        everybody = (GOES, *OTHERS)
        expected = _exports(untouched, in_process, everybody)
        assert _exports(own, in_process, everybody) == expected
    again = in_process(own, *FORGET)
    assert again.code == 0, again.err
    assert in_process(own, "brief", "--phone", PHONE).code == 5
    _assert_gone(full, own, undisturbed)


def _token(house: House) -> str:
    """A new token that may ask for briefs."""
    with closing(Record.in_folder(house.home)) as record:
        account = record.account()
        with record.writing(account) as writer:
            _, text = tokens.create(
                writer.connection,
                account.number,
                name="A test's",
                scopes=("brief:read",),
                at=datetime.now(UTC),
            )
    return text


def _rings(house: House) -> list[str]:
    """The keys of the rings in the record."""
    with closing(sqlite3.connect(house.home / "record.sqlite")) as connection:
        return [key for (key,) in connection.execute("SELECT id FROM ring")]


@pytest.mark.long
def test_a_service_that_runs_removes_what_a_command_forgot(full: House, own: House) -> None:
    """The command hides them and says who removes the bytes; a few seconds later they are gone.

    The service knows nothing of them any more either, though they ring at the moment.
    """
    house = own.but(RING_GENERIC_SECRET="ring-9e8d7c6b5a")
    token = _token(house)
    call = {"call_id": "c-1", "caller": PHONE, "called": "+12125550100", "state": "ringing"}
    with serving(house, "--no-sync", "--account", "zendesk:acme") as serve:
        at = datetime.now(UTC).isoformat()
        rings = serve.ring("ring-9e8d7c6b5a", **call, at=at, agent_email="daniel@acme.example")
        assert rings.is_success, rings.text
        [ring] = _rings(house)
        for question in ({"phone": PHONE}, {"ring": ring}):
            found = serve.post("/v1/briefs", question, token).json()
            assert found["match"]["outcome"] == "one"
        until(serve.children, "the worker has begun", serve.process)
        told = house.run(*FORGET)
        assert told.code == 0, told.err
        assert told.document["complete_at"] is None
        found = serve.post("/v1/briefs", {"phone": PHONE}, token).json()
        assert found["match"]["outcome"] == "none"

        def certified() -> bool:
            held = [json.loads(one.read_text()) for one in _certificates(house.home)]
            return bool(held) and all(one["complete_at"] for one in held)

        until(certified, "it is certified", serve.process)
        needles = _theirs(full, own)
        assert found_in(own.home, needles) == {}

        def is_unknown() -> bool:
            return serve.post("/v1/briefs", {"ring": ring}, token).status_code == 404

        until(is_unknown, "the board has lost the ring", serve.process)
        assert serve.stop() == 0
        assert MARKS["phone"] not in serve.log
    assert found_in(own.home, needles) == {}


@pytest.mark.long
def test_whom_the_helpdesk_deletes_for_good_is_gone_to_the_last_byte(
    full: House, own: House
) -> None:
    """The next sync ends in the same bytes as forgetting them, and in a certificate."""
    with desk() as later:
        later.delete_them()
        house = own.but(ZENDESK_URL=later.settings["ZENDESK_URL"])
        done = house.run("sync", "--json", "--account", later.account)
    assert done.code == 0, done.err
    assert found_in(own.home, _theirs(full, own)) == {}
    [file] = _certificates(own.home)
    certificate = json.loads(file.read_text())
    assert (certificate["reason"], "helpdesk" in certificate["outside"]) == ("deleted", False)


@pytest.mark.long
def test_whom_freshdesk_deletes_for_good_is_gone_to_the_last_byte(tmp_path: Path) -> None:
    """Nobody tells of it: looking again at everything shows that they are gone."""
    with desk("freshdesk") as freshdesk:
        house = freshdesk.house(tmp_path / "home")
        told = ("--json", "--account", freshdesk.account)
        assert house.run("backfill", "--no-remember", *told).code == 0
        before = found_in(house.home, of_words(MARKS))
        assert {name.partition(" as ")[0] for name in before} == set(MARKS) - {"note"}
        freshdesk.delete_them()
        done = house.run("sync", *told)
        assert done.code == 0, done.err
    assert found_in(house.home, of_words(MARKS)) == {}
    [file] = _certificates(house.home)
    assert json.loads(file.read_text())["complete_at"] is not None
