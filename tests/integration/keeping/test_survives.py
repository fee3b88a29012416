"""What exists only here is the same after whatever may happen to everything that is derived."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from connector.clock import ManualClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED
from memory.record import tables as t
from memory.remembering.personal import PersonalHead
from memory.remembering.remember import Rememberer
from memory.text.encoder import Encoder
from tests.integration.keeping.desk import Desk, Killed
from tests.support.tale import ACCOUNT, AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("model")]

ANA, BO, CY = "101", "102", "103"
SAID = {
    1: (ANA, "I breed greyhounds, it is my great love."),
    2: (ANA, "Please speak slowly, my hearing is not good."),
    3: (BO, "My mother passed away last week."),
    4: (BO, "I would rather speak to Daniel about this."),
    5: (CY, "My husband has dementia and I look after him."),
}
LATER = AS_OF + DAY
"""When Bo turns out to be Ana; until then they are two."""


class Model:
    """The packaged model and head, loaded when first needed."""

    def __init__(self) -> None:
        self.encoder = Encoder.load(threads=1)
        self.head = PersonalHead.load()


@pytest.fixture(scope="session")
def model() -> Model:
    """What remembers."""
    return Model()


def _story() -> dict[str, Any]:
    """Three customers who told us of themselves, of whom two are one."""
    tickets = [
        ticket(
            number,
            int(who),
            AS_OF - (20 - number) * DAY,
            messages=[message("customer", AS_OF - (20 - number) * DAY, words)],
        )
        for number, (who, words) in SAID.items()
    ]
    story = tale(tickets, [customer(int(who)) for who in (ANA, BO, CY)])
    more = message("customer", LATER + 60, "The line is dead again.")
    story["changes"] = [
        {"at": LATER, "do": "merge_customers", "loser": int(BO), "winner": int(ANA)},
        {"at": LATER + 60, "do": "add_message", "ticket": 1, "message": more},
    ]
    return story


class Life(Desk):
    """A record with notes, corrections and an opt-out, and all that may happen to it."""

    def __init__(
        self, folder: Path, helpdesk: DemoHelpdesk, clock: ManualClock, model: Model
    ) -> None:
        super().__init__(folder, helpdesk, clock)
        self._model = model
        self.run("backfill")
        self.remember()
        kinds = {row["id"]: row["kind"] for row in self.rows(t.memory)}
        by_words = {
            row["quote"]: row["memory_id"]
            for row in self.rows(t.evidence)
            if kinds[row["memory_id"]] != "issue"
        }
        self.wrong, self.unwanted = by_words[SAID[2][1]], by_words[SAID[1][1]]
        self.outdated = by_words[SAID[3][1]]
        self.memory.correct(self.wrong, "wrong")
        self.memory.correct(self.unwanted, "unwanted", "daniel@acme.example")
        self.memory.correct(self.outdated, "outdated")
        self.memory.opt_out(f"zendesk:{CY}")
        self.memory.note("rings on Fridays", customer=f"zendesk:{ANA}", agent="zendesk:11")
        self.note(f"zendesk:{BO}")

    def rows(self, table: Any) -> list[dict[str, Any]]:
        """Every row of a table."""
        with self.record.reading() as connection:
            found = connection.execute(table.select().order_by(*table.primary_key)).mappings()
            return [dict(row) for row in found]

    def remember(self) -> None:
        """Remember what waits."""
        account = self.record.account(ACCOUNT)
        rememberer = Rememberer(self.record, account, self._model.encoder, self._model.head)
        rememberer.remember_next()
        while rememberer.progress.waiting:
            rememberer.remember_next()

    def happen(self, what: str) -> None:
        """Let something happen, and remember."""
        match what.partition(" "):
            case ("sync" | "backfill", _, _):
                self.run(what)
            case ("tomorrow", _, _):
                self.clock.advance(2 * DAY)
                self.run()
            case ("reindex", _, _):
                with self.record.writing(self.record.account(ACCOUNT)) as writer:
                    writer.remember_everything_again()
            case ("kill", _, requests):
                self.wire.left = int(requests)
                with contextlib.suppress(Killed):
                    self.run()
                self.wire.left = None
            case _:
                raise ValueError(what)
        self.remember()

    def kept(self) -> dict[str, list[tuple[Any, ...]]]:
        """Notes, corrections and opt-outs, Bo's as Ana's."""

        def who(row: dict[str, Any]) -> str:
            return ANA if row["customer_id"] == BO else str(row["customer_id"])

        return {
            "notes": [
                (row["id"], who(row), row["agent_id"], row["at"], row["text"], row["sensitive"])
                for row in self.rows(t.note)
            ],
            "corrections": [
                (row["memory_id"], who(row), row["verdict"], row["agent_id"], row["at"])
                for row in self.rows(t.correction)
            ],
            "opt-outs": [(who(row), row["at"]) for row in self.rows(t.opt_out)],
        }


@contextlib.contextmanager
def _life(model: Model) -> Iterator[Life]:
    clock = ManualClock(datetime.fromtimestamp(AS_OF, UTC))
    told = DemoHelpdesk(read_story(_story()), clock=clock.now, limits=UNLIMITED)
    with tempfile.TemporaryDirectory() as folder, told as helpdesk:
        life = Life(Path(folder), helpdesk, clock, model)
        with contextlib.closing(life.memory):
            yield life


def _holds(life: Life) -> None:
    """Everything that was decided is so in what is derived, too."""
    derived = {row["id"]: row for row in life.rows(t.memory)}
    assert life.unwanted not in derived
    assert SAID[1][1] not in str(life.rows(t.evidence))
    assert {life.wrong, life.outdated} <= set(derived)
    assert {row["kind"] for row in derived.values() if row["customer_id"] == CY} == {"issue"}
    for who in {ANA, *(row["id"] for row in life.rows(t.person) if row["active"])} - {"10", "11"}:
        brief = life.memory.brief(customer=f"zendesk:{who}", verified=True)
        shown = [*brief["adjustments"], *brief["care"], *brief["context"]]
        assert not {life.wrong, life.outdated, life.unwanted} & {one["memory"] for one in shown}
        notes = [one["memory"] for one in shown if one["kind"] == "note"]
        assert len(notes) == len(set(notes))


HAPPENINGS = ("sync", "backfill", "tomorrow", "reindex", *(f"kill {n}" for n in (1, 3, 5, 8, 13)))


@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(HAPPENINGS), min_size=2, max_size=5))
def test_whatever_happens_all_that_was_decided_stays(model: Model, happenings: list[str]) -> None:
    """In any order, killed anywhere: notes, corrections and opt-outs before are those after."""
    with _life(model) as life:
        before = life.kept()
        for what in happenings:
            life.happen(what)
            assert life.kept() == before
            _holds(life)


def test_everything_that_can_happen_in_turn(model: Model) -> None:
    """A merge among it; at the end each note stands in the helpdesk once at most."""
    with _life(model) as life:
        before = life.kept()
        for what in ("sync", "kill 4", "tomorrow", "reindex", "backfill", "kill 9", "tomorrow"):
            life.happen(what)
            assert life.kept() == before
            _holds(life)
        assert [row["winner_id"] for row in life.rows(t.merge)] == [ANA]
        assert {row["customer_id"] for row in life.rows(t.note)} == {ANA}
        assert {row["customer_id"] for row in life.rows(t.correction)} == {ANA}
        assert len(life.all_comments()) == 1
        [written] = [row for row in life.rows(t.note) if row["message_id"] is not None]
        assert written["due"] is False
