"""The replay: messages from the oldest ticket on, many to an answer, beside single reading."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from connector.clock import ManualClock
from connector.demo import faults
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED, Limits
from connector.errors import CredentialsError
from connector.sync.helpdesk import Checkpoint
from connector.sync.intake import Intake
from connector.sync.replay import Replay
from connector.sync.run import Run
from connector.zendesk import ClientCredentials, Zendesk
from memory.record import due
from memory.record import tables as t
from tests.support.busy import AS_OF, MESSAGES, busy_account
from tests.support.tale import ACCOUNT, DAY, customer, message, tale, ticket
from tests.support.tale import AS_OF as TOLD_AT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from connector.sync.report import Tally
    from memory.record import Record
    from tests.integration.sync.conftest import Heard

TICKETS = 120
EVENTS = "/incremental/ticket_events"
REPLAY = "ticket_events_replay"


class Bench:
    """A record, a helpdesk, and the parts of a run that fill the one from the other."""

    def __init__(
        self, record: Record, heard: Heard, desk: DemoHelpdesk, clock: ManualClock
    ) -> None:
        self.record = record
        self.desk = desk
        self.account = record.add_account(ACCOUNT, desk.url)
        self._heard = heard
        self._clock = clock

    def zendesk(self) -> Zendesk:
        """The real client."""
        known = self.desk.credentials
        credentials = ClientCredentials(known.client_id, known.client_secret)
        return Zendesk(
            self.desk.url,
            credentials,
            clock=self._clock,
            share=1.0,
            account=ACCOUNT,
            retry_seconds=90,
        )

    def do(self, work: Callable[[Zendesk, Intake], Awaitable[None]]) -> Tally:
        """Do something with the helpdesk; what was counted."""
        intake = Intake(self.record, self.account, clock=self._clock, listener=self._heard)

        async def open_and_do() -> None:
            async with self.zendesk() as zendesk:
                await zendesk.check()
                await work(zendesk, intake)

        asyncio.run(open_and_do())
        return intake.tally

    def backfill(self, **options: Any) -> Tally:
        """A whole backfill."""

        async def work() -> Tally:
            async with self.zendesk() as zendesk:
                run = Run(
                    self.record,
                    self.account,
                    zendesk,
                    clock=self._clock,
                    listener=self._heard,
                    **options,
                )
                await run.backfill()
                return run.tally

        return asyncio.run(work())

    def ask(self, question: Any) -> Any:
        """One value of the record."""
        with self.record.reading() as connection:
            return connection.scalar(question)

    @property
    def due(self) -> int:
        """How many tickets' messages are to be read."""
        with self.record.reading() as connection:
            return due.counts_due(connection, self.account.number)

    @property
    def messages(self) -> set[tuple[str, str]]:
        """What is said in which ticket."""
        with self.record.reading() as connection:
            rows = connection.execute(sa.select(t.message.c.ticket_id, t.message.c.text))
            return {(row.ticket_id, row.text) for row in rows}

    def asked(self, path: str) -> list[str]:
        """The queries of what was asked for."""
        return [one.query for one in self.desk.seen if path in one.path]


async def _tickets(zendesk: Zendesk, intake: Intake, replay: Replay) -> None:
    async for batch in zendesk.stream("tickets", Checkpoint()):
        await intake.batch("tickets", batch, reread=True, then=replay.finish)
        replay.stir()


@pytest.fixture
def busy(record: Record, heard: Heard) -> Any:
    """A busy account whose pages of events are small."""
    clock = ManualClock(AS_OF)
    with DemoHelpdesk(busy_account(TICKETS), clock=clock.now, limits=UNLIMITED) as desk:
        desk.faults.append(faults.fewer_rows(100, path=EVENTS))
        yield Bench(record, heard, desk, clock)


def test_events_tell_every_message_of_tickets_that_are_known(busy: Bench) -> None:
    """Without a single request for a ticket; the stand-ins are gone, all is to be remembered."""

    async def work(zendesk: Zendesk, intake: Intake) -> None:
        replay = Replay(intake, zendesk, above=10)
        replay.begin(0)
        await _tickets(zendesk, intake, replay)
        replay.exported()
        await replay.run()

    tally = busy.do(work)
    # The last second's ticket may change yet; nothing later tells that it did not.
    assert tally.replayed >= TICKETS - 1
    assert busy.due == TICKETS - tally.replayed
    assert busy.asked("/comments") == []
    read = t.ticket.c.messages_read
    stand_ins = (
        sa.select(sa.func.count())
        .select_from(t.message)
        .join(t.ticket, t.ticket.c.id == t.message.c.ticket_id)
    )
    assert busy.ask(stand_ins.where(read, t.message.c.id == "description")) == 0
    assert busy.ask(stand_ins.where(read)) == tally.replayed * MESSAGES
    assert busy.ask(sa.select(sa.func.count()).select_from(t.outbox)) == TICKETS


def test_events_may_run_ahead_of_the_tickets(busy: Bench) -> None:
    """A ticket that comes once its messages are there is finished on arrival."""

    async def work(zendesk: Zendesk, intake: Intake) -> None:
        replay = Replay(intake, zendesk, above=-1)
        replay.begin(0)
        await replay.run()
        await _tickets(zendesk, intake, replay)

    tally = busy.do(work)
    assert tally.replayed >= TICKETS - 1
    assert busy.asked("/comments") == []


def test_both_ways_together_bring_what_single_reading_brings(busy: Bench, record: Record) -> None:
    """Every message once, nothing left to read, in fewer requests."""
    busy.backfill(replay_above=10)
    told = busy.messages
    assert len(told) == TICKETS * MESSAGES
    assert busy.due == 0
    assert len(busy.asked("/comments")) < TICKETS
    assert len(busy.asked(EVENTS)) > 1
    row = busy.ask(sa.select(t.checkpoint.c.done).where(t.checkpoint.c.stream == REPLAY))
    assert row is True
    expected = {
        (str(one.id), said.text) for one in busy_account(TICKETS).tickets for said in one.messages
    }
    assert told == expected


def test_a_small_account_is_read_one_by_one(busy: Bench) -> None:
    """A replay would cost more than it spares."""
    busy.backfill()
    assert busy.asked(EVENTS) == []
    assert len(busy.asked("/comments")) == TICKETS


def test_a_limited_backfill_replays_nothing(busy: Bench) -> None:
    """It is about the newest tickets."""
    busy.backfill(limit=5, replay_above=1)
    assert busy.asked(EVENTS) == []


def test_a_run_that_breaks_off_asks_for_one_page_again_at_most(busy: Bench) -> None:
    """The next one goes on where the last stored page ended."""

    async def work(zendesk: Zendesk, intake: Intake) -> None:
        replay = Replay(intake, zendesk, above=10)
        replay.begin(0)
        await _tickets(zendesk, intake, replay)
        replay.exported()
        await replay.run()

    small = faults.fewer_rows(100, times=3, path=EVENTS)
    busy.desk.faults[:] = [small, faults.status(403, path=EVENTS)]
    with pytest.raises(CredentialsError):
        busy.do(work)
    before = busy.asked(EVENTS)
    busy.desk.faults[:] = [faults.fewer_rows(100, path=EVENTS)]
    busy.do(work)
    after = busy.asked(EVENTS)[len(before) :]
    assert len(set(before) & set(after)) <= 1
    assert busy.due <= 1


def test_a_later_backfill_does_not_replay_what_is_read(busy: Bench) -> None:
    """It goes on from the end of the first."""
    busy.backfill(replay_above=10)
    before = len(busy.asked(EVENTS))
    busy.backfill(replay_above=10)
    assert len(busy.asked(EVENTS)) == before


def test_what_events_do_not_tell_is_read_from_the_ticket(record: Record, heard: Heard) -> None:
    """Calls come without their data, also where the ticket is known only later."""
    call = {"minutes": 7, "answered_by": 11}
    at = TOLD_AT - 300 * DAY
    tickets = [
        ticket(
            number,
            101,
            at + number * DAY,
            messages=[
                message("customer", at + number * DAY, f"Hello {number}", call=call)
                if number % 4 == 0
                else message("customer", at + number * DAY, f"Question {number}"),
                message("agent", at + number * DAY + 60, f"Answer {number}"),
            ],
        )
        for number in range(1, 41)
    ]
    clock = ManualClock(AS_OF)
    story = read_story(tale(tickets, [customer(101)]))
    with DemoHelpdesk(story, clock=clock.now, limits=UNLIMITED) as desk:
        bench = Bench(record, heard, desk, clock)

        async def ahead(zendesk: Zendesk, intake: Intake) -> None:
            replay = Replay(intake, zendesk, above=-1)
            replay.begin(0)
            await replay.run()
            await _tickets(zendesk, intake, replay)

        tally = bench.do(ahead)
        assert 29 <= tally.replayed <= 30
        bench.backfill(replay_above=10)
        minutes = bench.ask(
            sa.select(sa.func.count()).select_from(t.message).where(t.message.c.minutes == 7)
        )
        assert minutes == 10
        assert bench.due == 0


def test_single_reading_is_not_held_up_by_exports_that_wait(record: Record, heard: Heard) -> None:
    """With few exports a minute the newest are read meanwhile, and nobody is refused."""
    clock = ManualClock(AS_OF)
    limits = Limits(requests=60, exports=3, users_export=3)
    with DemoHelpdesk(busy_account(TICKETS), clock=clock.now, limits=limits) as desk:
        desk.faults.append(faults.fewer_rows(50, path=EVENTS))
        bench = Bench(record, heard, desk, clock)
        bench.backfill(replay_above=10)
        assert bench.due == 0
        assert len(bench.messages) == TICKETS * MESSAGES
        assert sum(one.status == 429 for one in desk.seen) <= 0.01 * len(desk.seen)
