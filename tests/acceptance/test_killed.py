"""A backfill that is killed or interrupted anywhere goes on as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import pytest

from memory.face import Memory
from memory.record import issues
from memory.remembering.indexing import open_index
from memory.workplace import Workplace
from tests.support.tale import ACCOUNT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.house import House, Told

pytestmark = [pytest.mark.xdist_group("small"), pytest.mark.timeout(900), pytest.mark.slow]

EARLIEST_SECONDS = 0.3
SEED = 2026
BACKFILL = ("backfill", "zendesk", "--json", "--account", ACCOUNT)
READING = (*BACKFILL, "--no-remember")
"""Loads no model, which is what most of a run's time goes into: more kills for the same time."""

CHAINS = {"reading": (READING, 20), "remembering": (BACKFILL, 20)}
"""What is killed, and how often in a row, by a name for it."""


def _points(longest: float, count: int) -> list[float]:
    """Seconds after which to kill: points spread over the whole run, shuffled."""
    dice = random.Random(SEED)
    width = (longest - EARLIEST_SECONDS) / count
    points = [EARLIEST_SECONDS + width * (n + dice.random()) for n in range(count)]
    dice.shuffle(points)
    return points


def _kill_after(house: House, command: tuple[str, ...], seconds: float) -> None:
    """Start a command and kill its process, and only that one, after so many seconds."""
    with house.start(*command) as process:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()


def _exports(house: House) -> dict[str, object]:
    """What is held about everyone but for who looked: every export adds to that."""
    with Memory.open(
        house.home, account=ACCOUNT, time_zone="America/New_York", default_region="US"
    ) as memory:
        return {
            f"{n}": {**memory.export(customer=f"zendesk:{n}"), "access": None}
            for n in range(101, 107)
        }


def _issues(house: House) -> tuple[set[str], set[str]]:
    """The issues of the record, and those of the index."""
    url = f"sqlite:///{house.home / 'record.sqlite'}"
    with Memory.open(house.home) as memory, ExitStack() as stack:
        account = memory.record.account(ACCOUNT)
        index = open_index(Workplace(url, house.home / "index"), account, stack)
        with memory.record.reading() as connection:
            return set(issues.ids(connection, account.number)), index.ids()


@pytest.mark.long
@pytest.mark.parametrize("chain", ["reading", "remembering"])
def test_killed_anywhere_then_run_to_the_end_is_as_if_undisturbed(
    small: House, small_report: tuple[House, Told], tmp_path: Path, chain: str
) -> None:
    """`kill -9` at random points, then the backfill: every export the same, the index exact."""
    house = small.at(tmp_path / "home")
    command, count = CHAINS[chain]
    longest = small_report[1].document["seconds"] + 1
    if command is READING:
        whole = small.at(tmp_path / "undisturbed").run(*READING)
        longest = whole.document["seconds"] + 1
    for seconds in _points(longest, count):
        _kill_after(house, command, seconds)
    done = house.run(*BACKFILL)
    assert done.code == 0, done.err
    assert _exports(house) == _exports(small)
    ours, indexed = _issues(house)
    assert len(ours) == 60
    assert indexed == ours


def test_an_interrupt_stops_it_says_how_to_go_on_and_it_goes_on(
    small: House, tmp_path: Path
) -> None:
    """Ctrl-C reaches the whole group: exit 130, a hint, no traceback, no child left; resumable."""
    house = small.at(tmp_path / "home")
    # Whoever runs the tests in the background of a shell has Ctrl-C ignored, and so would we.
    heard = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    with house.start(*BACKFILL, start_new_session=True, preexec_fn=heard) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("tickets: 60"):
                break
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert '"hint": "Run the same command again to go on."' in err
    _gone(process.pid)
    assert house.run(*BACKFILL).code == 0
    assert _exports(house) == _exports(small)


def _gone(group: int) -> None:
    """No process of the group is left, at the latest after a while."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)  # noqa: TID251 - waits for another process
    pytest.fail("A child has survived its parent's interruption.")
