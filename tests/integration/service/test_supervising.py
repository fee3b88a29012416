"""Parts that run in processes of their own: started again, told of, ended together."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from connector.clock import ScaledClock
from connector.service.standing import Standing, Trouble
from connector.service.supervising import FIRST_PAUSE, Part, Supervisor, deaf
from memory.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from connector.service.standing import PartState
    from memory.errors import RememberError

FOREVER = "import sys; print(flush=True); sys.stdin.read()"
STUBBORN = "import signal; print(flush=True); signal.pause()"
NOTHING = "pass"
PATIENCE = 50.0
SPEED = 50
"""So many times as fast as real time, so that pauses are short."""


class Program:
    """A child that is a little program; the end of its input lets it go."""

    def __init__(self, code: str, *, fine: bool = False) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._fine = fine
        self.doing = "Running."
        self.trouble: Trouble | None = None

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._process.poll() is None

    def begun(self) -> None:
        """Wait until it does what it is to do."""
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def look(self) -> Trouble | None:
        """What the test says."""
        return self.trouble

    def ended(self) -> RememberError | None:
        """Why it has ended."""
        self._close()
        return None if self._fine else RecordError(f"exit {self._process.returncode}")

    def let_go(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def kill(self) -> None:
        """End it."""
        self._process.kill()
        self._close()

    def _close(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


class House:
    """A supervisor, and the children it has started."""

    def __init__(self, *programs: str, fine: bool = False, **how: object) -> None:
        self.clock = ScaledClock(SPEED)
        self.standing = Standing()
        self.children: list[Program] = []
        self.began: list[float] = []
        self._fine = fine
        parts = [self._part(number, code, how) for number, code in enumerate(programs)]
        self.supervisor = Supervisor(parts, self.standing, self.clock)

    def _part(self, number: int, code: str, how: dict[str, object]) -> Part:
        def start() -> Program:
            self.began.append(self.clock.monotonic())
            self.children.append(Program(code, fine=self._fine))
            return self.children[-1]

        return Part("worker", f"zendesk:{number}", start, PATIENCE, **how)  # type: ignore[arg-type]

    def run(self, test: Callable[[], Coroutine[None, None, None]]) -> None:
        """Supervise while a test goes on; whatever it leaves is ended."""

        async def live() -> None:
            self.supervisor.open()
            try:
                await asyncio.wait_for(test(), timeout=60)
            finally:
                await self.supervisor.close()

        asyncio.run(live())
        assert not any(child.running for child in self.children)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is so."""
        while not true():  # noqa: ASYNC110 - another process' doing is waited for
            await asyncio.sleep(0.005)

    @property
    def state(self) -> PartState:
        """How the first part does."""
        return self.standing.parts()[0]


def test_a_part_that_runs_is_up() -> None:
    """And says what it is at."""
    house = House(FOREVER)

    async def test() -> None:
        await house.until(lambda: bool(house.standing.parts()))
        assert (house.state.up, house.state.trouble, house.state.doing) == (True, None, "Running.")

    house.run(test)


def test_a_part_in_trouble_stays_up_and_says_so_until_it_is_over() -> None:
    """Since when, is told anew with every change."""
    house = House(FOREVER)
    trouble = Trouble("Refused.", "Mend it.")

    async def test() -> None:
        await house.until(lambda: bool(house.standing.parts()))
        before = house.state.since
        house.children[0].trouble = trouble
        await house.until(lambda: house.state.trouble == trouble)
        assert house.state.up
        assert house.state.since > before
        house.children[0].trouble = None
        await house.until(lambda: house.state.trouble is None)

    house.run(test)
    assert len(house.children) == 1


def test_a_part_that_is_killed_is_started_again() -> None:
    """Meanwhile it is down, and it is said why."""
    house = House(FOREVER)

    async def test() -> None:
        await house.until(lambda: bool(house.children))
        os.kill(house.children[0].pid, signal.SIGKILL)
        await house.until(lambda: bool(house.standing.parts()) and not house.state.up)
        assert house.state.trouble is not None
        assert house.state.trouble.detail == "exit -9"
        await house.until(lambda: len(house.children) == 2 and house.state.up)
        assert house.state.trouble is None

    house.run(test)


def test_a_part_that_ends_again_and_again_is_started_ever_more_slowly() -> None:
    """Each pause at least twice the last."""
    house = House(NOTHING)

    async def test() -> None:
        await house.until(lambda: len(house.began) == 5)

    house.run(test)
    pauses = [later - sooner for sooner, later in zip(house.began, house.began[1:], strict=False)]
    assert all(pause >= FIRST_PAUSE * 2**number for number, pause in enumerate(pauses)), pauses


def test_a_part_that_cannot_be_started_is_tried_again() -> None:
    """The machine may lack room for a moment."""
    house = House(FOREVER)
    [part] = house.supervisor._parts
    tries = 0

    def start() -> Program:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OSError(11, "Resource temporarily unavailable")
        return part.start()  # type: ignore[return-value]  # it is the house's own

    house.supervisor._parts = [Part("worker", "zendesk:0", start, PATIENCE)]

    async def test() -> None:
        await house.until(lambda: bool(house.standing.parts()))
        assert house.state.trouble is not None
        assert "Resource temporarily unavailable" in house.state.trouble.detail
        await house.until(lambda: house.state.up)

    house.run(test)


def test_a_part_that_is_only_wanted_at_times_does_not_run_in_between() -> None:
    """Which is no trouble; once it is done it is not missed."""
    wanted = [False]
    house = House(NOTHING, fine=True, wanted=lambda: wanted[0])

    async def test() -> None:
        await house.until(lambda: bool(house.standing.parts()))
        assert house.children == []
        assert house.state.up
        wanted[0] = True
        await house.until(lambda: len(house.children) >= 2)
        assert house.state.trouble is None

    house.run(test)


def test_parts_in_turns_never_run_side_by_side() -> None:
    """Of two that share something, one at a time has it, and both get it."""
    house = House(NOTHING, NOTHING, fine=True, turns=asyncio.Lock(), wanted=lambda: True)
    most = 0

    async def test() -> None:
        nonlocal most
        while len(house.children) < 6:
            most = max(most, sum(child.running for child in house.children))
            await asyncio.sleep(0.002)

    house.run(test)
    assert most == 1
    assert {one.account for one in house.standing.parts()} == {"zendesk:0", "zendesk:1"}


@pytest.mark.parametrize("hurried", [False, True], ids=["out of patience", "hurried"])
def test_who_does_not_let_go_is_ended(hurried: bool) -> None:  # noqa: FBT001  a case
    """After a while, or at once where there is no time."""
    house = House(STUBBORN)

    async def test() -> None:
        await house.until(lambda: bool(house.children))
        await asyncio.to_thread(house.children[0].begun)
        if hurried:
            house.supervisor.hurry()
        began = house.clock.monotonic()
        await house.supervisor.close()
        assert (house.clock.monotonic() - began >= PATIENCE) != hurried
        assert house.children[0]._process.returncode == -signal.SIGKILL

    house.run(test)


def test_what_is_started_meanwhile_is_deaf_to_signals() -> None:
    """A signal to the whole group is for the parent; it hears it itself afterwards."""
    code = "import signal; print(sorted(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ()))))"
    with deaf():
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert told.stdout.decode().strip() == str([int(signal.SIGINT), int(signal.SIGTERM)])
    mine = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert not mine & {signal.SIGINT, signal.SIGTERM}


def test_the_first_process_of_all_is_deaf_too() -> None:
    """Python starts a helper of its own with it, which lets go of signals meanwhile."""
    told = subprocess.run(
        [sys.executable, "-c", _FIRST], capture_output=True, check=True, text=True
    )
    assert told.stdout.strip() == f"[{int(signal.SIGINT)}, {int(signal.SIGTERM)}]"


_FIRST = """
import multiprocessing
from connector.service.supervising import deaf
from tests.support.deafness import tell

if __name__ == "__main__":
    with deaf():
        process = multiprocessing.get_context("spawn").Process(target=tell)
        process.start()
    process.join()
"""
