"""Whatever is wrong with the helpdesk, the settings or the machine is said clearly, once.

Every failure has its exit code, names what is wrong and what to do next, and shows no traceback;
what was stored before stays.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import SystemClock
from connector.demo import faults
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED
from tests.support.house import House, settings_for
from tests.support.tale import ACCOUNT, AS_OF, customer, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connector.demo.faults import Fault
    from tests.support.house import Told

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BACKFILL = ("backfill", "zendesk", "--json", "--account", ACCOUNT, "--no-remember")
ALWAYS = 1_000_000


@pytest.fixture
def helpdesk() -> Iterator[DemoHelpdesk]:
    """Two customers with three tickets, told by the machine's own clock; faults may be added."""
    tickets = [ticket(n, 101 + n % 2, AS_OF - n * 86_400) for n in range(1, 4)]
    story = read_story(tale(tickets, [customer(101), customer(102)]))
    with DemoHelpdesk(story, limits=UNLIMITED, clock=SystemClock().now) as started:
        yield started


@pytest.fixture
def house(helpdesk: DemoHelpdesk, tmp_path: Path) -> House:
    """An empty data folder and the settings of that helpdesk; a run gives up after a second."""
    return House(tmp_path / "home", settings_for(helpdesk.url, RETRY_SECONDS="1"))


def _fails(told: Told, code: int, *words: str) -> None:
    """The command ended so: one problem, these words in it, something to do, no traceback."""
    assert told.code == code, told.err
    assert told.out == ""
    assert "Traceback" not in told.err
    problem = told.problem
    said = f"{problem['title']} {problem['detail']} {problem['hint']}"
    assert [word for word in words if word.lower() not in said.lower()] == [], said
    assert problem["exit_code"] == code
    assert problem["hint"]


# The helpdesk


def test_a_clock_that_is_wrong_is_noted_and_stops_nothing(house: House, tmp_path: Path) -> None:
    """Minutes apart: a note on standard error that says by how much."""
    story = read_story(tale([ticket(1, 101, AS_OF - 86_400)], [customer(101)]))
    with DemoHelpdesk(story, limits=UNLIMITED) as elsewhen:
        told = house.but(ZENDESK_URL=elsewhen.url).run(*BACKFILL)
    assert told.code == 0
    assert "clock is" in told.err
    assert told.document["tickets"] == 1


def test_a_clock_that_is_right_is_not_spoken_of(
    house: House, in_process: Callable[..., Told]
) -> None:
    """No note where there is nothing to note."""
    told = in_process(house, *BACKFILL)
    assert told.code == 0
    assert "Note:" not in told.err


def test_a_host_that_does_not_exist_is_named(house: House, in_process: Callable[..., Told]) -> None:
    """A subdomain mistyped, or no network at all: which host, and what to check."""
    told = in_process(house.but(ZENDESK_URL="https://no-such-helpdesk.invalid"), *BACKFILL[:3])
    # A resolver that is offline cannot say whether the host exists.
    _fails(told, 2 if "There is no host" in told.err else 7, "no-such-helpdesk.invalid")


def test_nobody_listening_ends_soon_and_can_be_resumed(
    house: House, in_process: Callable[..., Told]
) -> None:
    """A refused connection is retried for REMEMBER_RETRY_SECONDS, then exit 7."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    _fails(in_process(house.but(ZENDESK_URL=url), *BACKFILL), 7, "cannot be reached", "again")


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (faults.status(401, {"error": "invalid_client"}, times=ALWAYS), 4, ["refuses", "client"]),
        (
            faults.status(403, {"error": "Forbidden"}, times=ALWAYS, path="/api/"),
            4,
            ["scope read", "admin"],
        ),
        (
            faults.status(
                403, {"error": "insufficient_scope"}, times=ALWAYS, path="/incremental/tickets"
            ),
            4,
            ["tickets", "scope read"],
        ),
        (
            faults.status(404, {"error": "No help desk at nowhere.zendesk.com"}, times=ALWAYS),
            2,
            ["no Zendesk account", "subdomain"],
        ),
        (faults.not_json(times=ALWAYS), 7, ["a web page", "zendesk.com"]),
        (faults.not_json(times=ALWAYS, path="/incremental/tickets"), 7, ["a web page", "tickets"]),
        (
            faults.status(200, {"tickets": "none"}, times=ALWAYS, path="/incremental/tickets"),
            7,
            ["tickets"],
        ),
        (faults.half_body(times=ALWAYS, path="/incremental/users"), 7, ["again"]),
        (faults.reset(times=ALWAYS, path="/comments"), 7, ["broke off", "again"]),
        (faults.status(503, times=ALWAYS, path="/comments"), 7, ["503", "again"]),
        (
            faults.status(429, headers={"Retry-After": "3600"}, times=ALWAYS, path="/incremental"),
            7,
            ["limits", "again"],
        ),
    ],
    ids=[
        "refused",
        "forbidden",
        "scope",
        "no account",
        "not zendesk",
        "html page",
        "malformed page",
        "half a page",
        "broken off",
        "storm",
        "limited",
    ],
)
def test_a_helpdesk_in_trouble_is_explained_and_the_run_resumed(
    house: House,
    helpdesk: DemoHelpdesk,
    in_process: Callable[..., Told],
    *,
    fault: Fault,
    code: int,
    words: list[str],
) -> None:
    """Its code and message; once the trouble is over, the same command completes the history."""
    fault.times = ALWAYS
    helpdesk.faults.append(fault)
    _fails(in_process(house, *BACKFILL), code, *words)
    helpdesk.faults.clear()
    done = in_process(house, *BACKFILL)
    assert done.code == 0, done.err
    assert (done.document["tickets"], done.document["customers"]) == (3, 2)


def test_wrong_credentials_are_refused(house: House) -> None:
    """Exit 4; neither the secret nor a part of it is repeated."""
    told = house.but(ZENDESK_CLIENT_SECRET="not-the-secret").run(*BACKFILL)
    _fails(told, 4, "refuses", "client id and secret")
    assert "not-the-secret" not in told.err


def test_an_agent_who_is_no_admin_is_refused(house: House, in_process: Callable[..., Told]) -> None:
    """Exports need an admin: exit 4, and the role is named."""
    as_agent = house.but(
        ZENDESK_CLIENT_ID="",
        ZENDESK_CLIENT_SECRET="",
        ZENDESK_EMAIL="daniel@acme.example",
        ZENDESK_API_TOKEN="demo-api-token",
    )
    _fails(in_process(as_agent, *BACKFILL), 4, "admin")


def test_a_row_that_cannot_be_read_is_set_aside_and_named(
    house: House, helpdesk: DemoHelpdesk, in_process: Callable[..., Told]
) -> None:
    """Exit 3 with the document; all else is stored; status names stream, id, field and reason."""
    bad = {"id": 77, "requester_id": {"nobody": 1}, "subject": "x", "created_at": "then"}
    page = {"tickets": [bad], "after_cursor": "MTc4MzQxNDgwMC4wfHw3N3w=", "end_of_stream": True}
    helpdesk.faults.append(faults.status(200, page, path="/incremental/tickets/cursor"))
    told = house.run(*BACKFILL)
    assert told.code == 3, told.err
    assert told.document["quarantined"] == 1
    assert told.document["tickets"] == 3
    status = in_process(house, "status", "--json")
    assert status.code == 0
    [row] = status.document["accounts"][0]["quarantined"]
    assert (row["stream"], row["id"]) == ("tickets", "77")
    assert row["field"]
    assert row["reason"]
    assert "77" in in_process(house, "status").out


# The settings


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"TIME_ZONE": "Mars/Olympus"}, ["REMEMBER_TIME_ZONE", "Mars/Olympus", "IANA"]),
        ({"ZENDESK_RATE_SHARE": "2"}, ["REMEMBER_ZENDESK_RATE_SHARE"]),
        ({"RETRY_SECONDS": "soon"}, ["REMEMBER_RETRY_SECONDS"]),
        ({"LOG_LEVEL": "LOUD"}, ["REMEMBER_LOG_LEVEL"]),
        ({"SENSITIVE": "maybe"}, ["REMEMBER_SENSITIVE"]),
        ({"ZENDESK_URL": ""}, ["REMEMBER_ZENDESK_URL", "demo"]),
        ({"ZENDESK_URL": "acme"}, ["ZENDESK_URL", "web address"]),
        ({"ZENDESK_URL": "http://acme.zendesk.com"}, ["unencrypted"]),
        ({"ZENDESK_URL": "https://me:pw@acme.zendesk.com"}, ["password"]),
        ({"ZENDESK_CLIENT_SECRET": ""}, ["sign in", "REMEMBER_ZENDESK_CLIENT_SECRET"]),
        ({"DATABASE_URL": "somewhere"}, ["REMEMBER_DATABASE_URL"]),
        ({"CONFIG": "/nowhere/remember.toml"}, ["REMEMBER_CONFIG", "/nowhere/remember.toml"]),
    ],
    ids=lambda one: "=".join(next(iter(one.items()))) if isinstance(one, dict) else "",
)
def test_a_setting_that_cannot_be_used_is_named(
    house: House, in_process: Callable[..., Told], settings: dict[str, str], words: list[str]
) -> None:
    """Exit 2, the setting by name, what it should be."""
    _fails(in_process(house.but(**settings), *BACKFILL), 2, *words)


def test_a_settings_file_that_is_no_toml_is_named(
    house: House, in_process: Callable[..., Told]
) -> None:
    """The file and the place in it."""
    house.home.mkdir()
    (house.home / "remember.toml").write_text("zendesk_url = = 1\n")
    _fails(in_process(house, "status", "--json"), 2, "remember.toml", "line 1")


def test_a_folder_that_holds_another_account_is_not_mixed_up(
    house: House, in_process: Callable[..., Told]
) -> None:
    """Exit 2 with both names; with --account it is meant, and nothing crosses."""
    assert in_process(house, *BACKFILL).code == 0
    other = tuple("zendesk:other" if word == ACCOUNT else word for word in BACKFILL)
    unnamed = tuple(word for word in BACKFILL if word not in {"--account", ACCOUNT})
    _fails(in_process(house, *unnamed), 2, ACCOUNT, "--account")
    assert in_process(house, *other).code == 0
    ask = ("brief", "--customer", "zendesk:101", "--json")
    _fails(in_process(house, *ask), 2, ACCOUNT, "zendesk:other", "--account")
    assert in_process(house, *ask, "--account", ACCOUNT).document["account"] == ACCOUNT


@pytest.mark.parametrize(
    "command",
    [
        ("brief", "--phone", "+12125550101", "--json"),
        ("recall", "line", "--everyone", "--json"),
        ("note", "x", "--customer", "zendesk:1", "--json"),
        ("export", "--customer", "zendesk:1", "--json"),
        ("reindex", "--json"),
        ("sync", "zendesk", "--json", "--account", ACCOUNT),
    ],
    ids=lambda words: words[0],
)
def test_without_a_record_every_command_says_to_backfill_first(
    house: House, in_process: Callable[..., Told], command: tuple[str, ...]
) -> None:
    """Exit 2: nothing was asked wrongly of a helpdesk that was never read."""
    _fails(in_process(house, *command), 2, "remember backfill")


def test_the_status_of_nothing_is_an_empty_list(house: House) -> None:
    """No account is no failure."""
    assert house.run("status", "--json").document == {"version": 1, "accounts": []}


# The machine


def test_a_record_that_is_no_record_is_not_touched(
    house: House, in_process: Callable[..., Told]
) -> None:
    """Exit 1, what to do; the file is left as it is."""
    house.home.mkdir()
    record = house.home / "record.sqlite"
    record.write_bytes(b"no database, but something of value\n" * 100)
    _fails(in_process(house, *BACKFILL), 1, "not a record", "backup")
    assert record.read_bytes().startswith(b"no database")


@pytest.mark.parametrize("command", [BACKFILL, ("status", "--json")], ids=["writing", "reading"])
def test_a_home_that_is_no_folder_is_named(
    house: House, command: tuple[str, ...], in_process: Callable[..., Told]
) -> None:
    """A file stands where the data folder should be: exit 1, which one, what to set."""
    house.home.write_text("in the way")
    told = in_process(house, *command)
    _fails(told, 1, str(house.home))
    assert house.home.read_text() == "in the way"


def test_a_second_process_is_told_who_holds_the_folder(
    house: House, helpdesk: DemoHelpdesk, in_process: Callable[..., Told]
) -> None:
    """Exit 6 with command and process; reading goes on; once it is gone, the next one may."""
    helpdesk.faults.append(faults.hang(times=ALWAYS, path="/incremental"))
    with house.start(*BACKFILL) as first:
        _until((house.home / "lock.json").is_file)
        _fails(house.run(*BACKFILL), 6, "remember backfill", str(first.pid))
        assert in_process(house, "status", "--json").code == 0
        first.send_signal(signal.SIGKILL)
    helpdesk.faults.clear()
    assert in_process(house, *BACKFILL).code == 0


@pytest.mark.long
def test_a_full_disk_is_said_and_room_is_all_it_takes(
    house: House, helpdesk: DemoHelpdesk, tmp_path: Path
) -> None:
    """Exit 1; after making room the same command completes the history."""
    long = "word " * 40_000
    story = tale(
        [
            ticket(
                n,
                101,
                AS_OF - n * 86_400,
                messages=[{"by": "customer", "at": AS_OF - n * 86_400, "text": f"{n} {long}"}],
            )
            for n in range(1, 41)
        ],
        [customer(101)],
    )
    with (
        DemoHelpdesk(read_story(story), limits=UNLIMITED, clock=SystemClock().now) as large,
        _small_disk(tmp_path / "disk") as disk,
    ):
        there = House(disk / "home", {**house.settings, "ZENDESK_URL": large.url})
        _fails(there.run(*BACKFILL), 1, "disk", "again")
        _make_room(disk)
        done = there.run(*BACKFILL)
        assert done.code == 0, done.err
        assert done.document["tickets"] == 40


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _make_room(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)


def _until(so: Any) -> None:
    for _ in range(300):
        if so():
            return
        time.sleep(0.1)  # noqa: TID251 - waits for another process
    pytest.fail("It did not come to that.")


@pytest.mark.xdist_group("small")
@pytest.mark.parametrize(
    "harm",
    [
        "garbage",
        pytest.param("gone", marks=pytest.mark.long),
        pytest.param("half", marks=pytest.mark.long),
    ],
)
def test_an_index_that_is_lost_or_damaged_is_healed_by_the_next_sync(
    own: House, in_process: Callable[..., Told], harm: str
) -> None:
    """Whatever became of the Chroma folder, like issues are found as before."""
    asked = ("recall", "the line keeps dropping", "--everyone", "--json")
    before = in_process(own, *asked)
    index = own.home / "index"
    if harm == "gone":
        shutil.rmtree(index)
    elif harm == "garbage":
        for file in [one for one in index.rglob("*") if one.is_file()]:
            file.write_bytes(b"garbage" * 1000)
    else:
        (index / "chroma.sqlite3").unlink()
    done = own.run("sync", "zendesk", "--json", "--account", ACCOUNT)
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    assert in_process(own, *asked).document == before.document
