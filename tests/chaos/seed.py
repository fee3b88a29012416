"""Plays one seed: a story, a helpdesk that tells it, faults and kills; then compares."""

from __future__ import annotations

import random
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector.demo import faults
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from memory.record import Record
from tests.chaos.running import KILLED, Job, run
from tests.chaos.story import HOURS, Teller
from tests.chaos.vectors import flaws
from tests.contract.held import differences, held
from tests.contract.kinds import KINDS
from tests.contract.troubles import PASSING, STOPPING
from tests.support.tale import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.demo.faults import Fault
    from tests.contract.kind import Kind

REMEMBERED = 7
"""One seed in so many is remembered, too."""

MOST_RUNS = 12
STATEMENTS = 300
"""Within how many statements a run that is to be killed is killed."""

DOCUMENTED = {0, 1, 3, 4, 6, 7, KILLED}
"""How a run may end."""


@dataclass(slots=True)
class Outcome:
    """What became of a seed.

    Attributes:
        wrong: Where the record is not the truth, and runs that ended as none should.
        told: What was done, one line per run.
    """

    seed: int
    provider: str
    wrong: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    kills: int = 0


class _Present:
    """A helpdesk's clock, which goes on with every look at it: things happen during runs."""

    def __init__(self, pace: float) -> None:
        self.at = datetime.fromtimestamp(AS_OF, UTC)
        self._pace = timedelta(seconds=pace)

    def now(self) -> datetime:
        """The present."""
        self.at += self._pace
        return self.at


def play(seed: int) -> Outcome:
    """Play a seed from beginning to end."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        return _Seed(seed, Path(folder) / "home").play()


class _Seed:
    def __init__(self, seed: int, home: Path) -> None:
        self._dice = random.Random(seed)
        self._kind = self._dice.choice(KINDS)
        self._home = home
        self._remember = seed % REMEMBERED == 0
        self._present = _Present(self._dice.choice([0.1, 2, 10]))
        self._rows = self._dice.choice([None, None, *range(1, 10)])
        self._outcome = Outcome(seed, self._kind.provider)

    def play(self) -> Outcome:
        with self._served() as helpdesk:
            self._backfill(helpdesk)
            for _ in range(self._dice.randint(1, 4)):
                self._pass(self._dice.randint(0, HOURS * 1200))
                self._run(helpdesk, "sync", troubled=True)
            self._pass(2 * HOURS * 3600)
            helpdesk.faults[:] = self._habits()
            code = self._go(helpdesk, command="sync", recheck_days=0, remember=self._remember)
            if code:
                self._outcome.wrong.append(f"the last sync ended with {code}")
            self._compare(helpdesk)
        return self._outcome

    @contextmanager
    def _served(self) -> Iterator[DemoHelpdesk]:
        story = read_story(Teller(self._dice).tell())
        account = self._dice.choice([self._kind.unlimited, *self._kind.others])
        options: dict[str, Any] = {"clock": self._present.now, **account}
        with DemoHelpdesk(story, **options) as helpdesk:
            yield helpdesk

    def _pass(self, seconds: int) -> None:
        self._present.at += timedelta(seconds=seconds)

    def _backfill(self, helpdesk: DemoHelpdesk) -> None:
        for attempt in range(MOST_RUNS):
            limit = self._dice.choice([None, None, 2])
            code = self._run(helpdesk, "backfill", troubled=attempt < 6, limit=limit)
            if code in {0, 3} and limit is None:
                return
        self._outcome.wrong.append(f"no backfill came to its end in {MOST_RUNS} runs")

    def _run(self, helpdesk: DemoHelpdesk, command: str, *, troubled: bool, **more: Any) -> int:
        helpdesk.faults[:] = [*(self._troubles() if troubled else []), *self._habits()]
        dies = troubled and self._dice.random() < 0.5
        return self._go(
            helpdesk,
            command=command,
            dies_at=self._dice.randint(1, STATEMENTS) if dies else None,
            skew=self._dice.choice([0, 0, -7200, -30, 600]),
            remember=self._remember and self._dice.random() < 0.3,
            **more,
        )

    def _go(self, helpdesk: DemoHelpdesk, **how: Any) -> int:
        job = Job(self._kind.provider, helpdesk.url, self._home, self._present.at, **how)
        code = run(job)
        self._outcome.kills += code == KILLED
        self._outcome.told.append(f"{job.command} {how} -> {code}")
        if code not in DOCUMENTED:
            self._outcome.wrong.append(f"{job.command} ended with {code}")
        return code

    def _troubles(self) -> list[Fault]:
        return [self._trouble(self._kind) for _ in range(self._dice.choice([0, 1, 1, 2, 3]))]

    def _trouble(self, kind: Kind) -> Fault:
        dice = self._dice
        stops = dice.random() < 0.25
        name = dice.choice(sorted(STOPPING if stops else PASSING))
        make = STOPPING[name][0] if stops else PASSING[name]
        fault = make(kind)
        fault.path = kind.places[dice.choice(sorted(kind.places))].path
        fault.times = faults.ALWAYS if stops else dice.randint(1, 2)
        return faults.after(dice.randint(0, 4), fault)

    def _habits(self) -> list[Fault]:
        """How this helpdesk answers: always in pages of one size, else for as long as a run lasts.

        A place in a list that goes by page number holds for one size only.
        """
        dice, kind = self._dice, self._kind
        found = []
        if dice.random() < 0.3:
            what = dice.choice(["tickets", "people", "messages"])
            order = dice.choice([lambda rows: rows[::-1], lambda rows: rows + rows])
            found.append(kind.rows(what, order))
        if self._rows is not None:
            found.append(faults.fewer_rows(self._rows))
        return found

    def _compare(self, helpdesk: DemoHelpdesk) -> None:
        url = f"sqlite:///{self._home / 'record.sqlite'}"
        with closing(Record.open(url)) as record:
            account = record.account(self._kind.account)
            self._outcome.wrong += differences(held(record, account), self._kind.truth(helpdesk))
            if self._remember:
                self._outcome.wrong += flaws(record, account, self._home / "index")
