"""The sync that goes on as long as the service runs: where it begins, and what stops it not."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connector.cli.opening import open_helpdesk
from connector.clock import ManualClock
from connector.demo.faults import status
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED
from connector.errors import HelpdeskError
from connector.service.syncing import SLOWLY_SECONDS, News, SyncChild, Syncing, SyncJob
from connector.settings import Settings
from connector.sync.report import Silent
from connector.sync.together import Together
from memory.record import Record, due, kept
from memory.record import tables as t
from memory.record.traces import has_leavings
from tests.support.tale import ACCOUNT, AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVERY = 60.0
TICKETS = 6
CHANGED = AS_OF + EVERY * 1.5


@pytest.fixture
def clock() -> ManualClock:
    """The time of helpdesk and sync."""
    return ManualClock(datetime.fromtimestamp(AS_OF, UTC))


@pytest.fixture
def helpdesk(clock: ManualClock) -> Iterator[DemoHelpdesk]:
    """Six tickets, one every hundred days; a word is added to one after the first sync."""
    tickets = [
        ticket(n, 101, at, messages=[message("customer", at, f"Question {n}")])
        for n, at in ((n, AS_OF - (TICKETS + 1 - n) * 100 * DAY) for n in range(1, TICKETS + 1))
    ]
    story = tale(tickets, [customer(101)])
    more = message("customer", int(CHANGED), "One thing more")
    story["changes"] = [{"at": int(CHANGED), "do": "add_message", "ticket": 1, "message": more}]
    with DemoHelpdesk(read_story(story), clock=clock.now, limits=UNLIMITED) as started:
        yield started


class House:
    """A record, and a sync of it that runs until it has reported so often."""

    def __init__(self, helpdesk: DemoHelpdesk, clock: ManualClock, folder: Path) -> None:
        known = helpdesk.credentials
        self.settings = Settings.model_validate(
            {
                "home": folder,
                "zendesk_url": helpdesk.url,
                "zendesk_client_id": known.client_id,
                "zendesk_client_secret": known.client_secret,
                "zendesk_rate_share": 1.0,
                "retry_seconds": 30,
                "default_region": "US",
            }
        )
        self.helpdesk = helpdesk
        self.clock = clock
        self.url = f"sqlite:///{folder / 'record.sqlite'}"
        self.record = Record.open(self.url)
        self.record.add_account(ACCOUNT, helpdesk.url)
        self.news: list[tuple[float, News]] = []

    @property
    def job(self) -> SyncJob:
        """What a sync is to do."""
        return SyncJob(self.settings, self.url, ACCOUNT, EVERY, open_helpdesk)

    def sync(self, reports: int, **settings: Any) -> None:
        """Sync until there were so many reports of a try that ended."""
        self.settings = self.settings.model_copy(update=settings)
        self.news.clear()
        began = self.clock.monotonic()

        async def live() -> None:
            def report(news: News) -> None:
                if news.doing.startswith("Waiting"):
                    self.news.append((self.clock.monotonic() - began, news))
                if len(self.news) == reports:
                    task.cancel()

            task = asyncio.create_task(Syncing(self.job, self.record, report, self.clock).run())
            with contextlib.suppress(asyncio.CancelledError):
                await task

        asyncio.run(live())

    def backfill(self, **how: Any) -> None:
        """What `remember backfill` does."""

        async def work() -> None:
            client = open_helpdesk(self.settings, self.clock, ACCOUNT)
            account = self.record.account()
            together = Together(
                self.record, account, client, None, clock=self.clock, listener=Silent()
            )
            async with client:
                await together.backfill(**how)

        asyncio.run(work())

    def texts(self) -> set[str]:
        """Every message in the record."""
        with self.record.reading() as connection:
            return {row.text for row in connection.execute(t.message.select())}

    def unfinished(self) -> list[str]:
        """The streams that have not reached their end."""
        with self.record.reading() as connection:
            known = due.checkpoints(connection, self.record.account().number)
        return [name for name, stored in known.items() if not stored.done]


@pytest.fixture
def house(helpdesk: DemoHelpdesk, clock: ManualClock, tmp_path: Path) -> Iterator[House]:
    """A record that knows the account and nothing else."""
    made = House(helpdesk, clock, tmp_path)
    yield made
    made.record.close()


ALL = {f"Question {n}" for n in range(1, TICKETS + 1)}


def test_it_begins_with_the_backfill_and_goes_on_with_what_changes(house: House) -> None:
    """The whole history first; then what came, an interval later."""
    house.sync(1)
    assert house.texts() == ALL
    assert house.record.account().synced_at is not None
    house.sync(4)  # an export holds back its last minute
    assert house.texts() == {*ALL, "One thing more"}
    assert all(news.trouble is None for _, news in house.news)
    assert [round(at - house.news[0][0]) for at, _ in house.news] == [n * EVERY for n in range(4)]


def test_it_goes_on_with_a_backfill_that_was_interrupted(house: House) -> None:
    """The rest of the history is taken, not only what changes from now on."""
    house.helpdesk.faults.append(status(503, times=10_000, path="incremental/tickets"))
    with pytest.raises(HelpdeskError):
        house.backfill()
    assert house.texts() < ALL
    house.helpdesk.faults.clear()
    house.sync(1)
    assert house.texts() == ALL
    assert house.unfinished() == []


def test_it_keeps_to_the_bound_of_a_backfill_that_was_interrupted(house: House) -> None:
    """Who asked for this year's tickets does not get them all because the service restarted."""
    bound = datetime.fromtimestamp(AS_OF - 350 * DAY, UTC)
    house.backfill(since=bound, limit=1)
    house.sync(2)
    assert "Question 4" in house.texts()
    assert "Question 1" not in house.texts()


def test_a_backfill_that_is_done_is_not_done_again(house: House) -> None:
    """A restart costs a sync, not the history."""
    house.sync(1)
    before = len(house.helpdesk.seen)
    house.sync(1)
    assert len(house.helpdesk.seen) - before < before


def test_it_writes_the_record_anew_for_what_was_not_wanted(house: House) -> None:
    """Where no worker starts in days that would; tickets wait here, and so it is after a day."""
    house.sync(1)
    account = house.record.account()
    with house.record.writing(account) as writer:
        kept.opt_out(writer.connection, account.number, "101", house.clock.now())
    house.sync(1)
    assert not has_leavings(house.record, house.clock.now())
    house.clock.advance(DAY)
    assert has_leavings(house.record, house.clock.now())
    house.sync(1)
    assert not has_leavings(house.record, house.clock.now() + timedelta(days=2))


def test_where_credentials_are_refused_it_says_so_and_tries_slowly(house: House) -> None:
    """A helpdesk may lock out who tries too often; once they are right it goes on."""
    right = house.settings.zendesk_client_secret
    house.sync(3, zendesk_client_secret=type(right)("wrong"))  # type: ignore[misc]
    assert all(news.trouble is not None for _, news in house.news)
    [first, second, third] = [at for at, _ in house.news]
    assert second - first >= SLOWLY_SECONDS
    assert third - second >= SLOWLY_SECONDS
    trouble = house.news[0][1].trouble
    assert trouble is not None
    assert "secret" in trouble.hint
    assert "wrong" not in trouble.detail + trouble.hint
    house.sync(1, zendesk_client_secret=right)
    assert house.news[0][1].trouble is None


def test_where_the_helpdesk_is_away_it_tries_at_the_next_interval(house: House) -> None:
    """And says so until it is back."""
    house.sync(1)
    house.helpdesk.faults.append(status(503, times=10_000))
    house.sync(2)
    assert all(news.trouble is not None for _, news in house.news)
    house.helpdesk.faults.clear()
    house.sync(1)
    assert house.news[0][1].trouble is None


def _ends(child: SyncChild, seconds: float = 30.0) -> bool:
    until = time.monotonic() + seconds
    while child.running and time.monotonic() < until:
        time.sleep(0.05)  # noqa: TID251 - waits for another process
    return not child.running


@pytest.mark.slow
def test_the_child_syncs_and_ends_when_it_is_let_go(house: House) -> None:
    """Its parent hears how it does; what it has begun to store is stored."""
    child = SyncChild(house.job)
    try:
        while not child.doing.startswith("Waiting"):
            assert child.look() is None
            assert child.running
            time.sleep(0.05)  # noqa: TID251 - waits for another process
        assert house.texts() >= ALL
        child.let_go()
        assert _ends(child)
        assert child._process.exitcode == 0
    finally:
        child.kill()


@pytest.mark.slow
def test_a_child_that_is_killed_says_how_it_ended(house: House) -> None:
    """So that its supervisor can start it again."""
    child = SyncChild(house.job)
    assert child._process.pid is not None
    os.kill(child._process.pid, signal.SIGKILL)
    assert _ends(child)
    assert child.look() is None
    assert "exit -9" in child.ended().detail
