"""A real record that a real client fills from a simulated helpdesk, on a clock that tests move."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED
from connector.sync.report import StreamState
from connector.sync.together import Together
from connector.zendesk import ClientCredentials, Zendesk
from memory.record import Record
from tests.support.tale import ACCOUNT, AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.sync.report import Report


class Heard:
    """A listener that writes down what it hears."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.streams: list[StreamState] = []

    def stream(self, state: StreamState) -> None:
        """A stream has moved."""
        self.streams.append(StreamState(**{k: getattr(state, k) for k in state.__slots__}))

    def warn(self, sentence: str) -> None:
        """Something the user should read."""
        self.warnings.append(sentence)


@pytest.fixture
def document() -> dict[str, Any]:
    """Ten old tickets and three of this month, of two messages each."""
    ages = [400, 390, 380, 370, 360, 350, 340, 330, 320, 310, 20, 10, 5]
    tickets = [
        ticket(
            n,
            101 + n % 2,
            AS_OF - age * DAY,
            messages=[
                message("customer", AS_OF - age * DAY, f"Question {n}"),
                message("agent", AS_OF - age * DAY + 60, f"Answer {n}"),
            ],
        )
        for n, age in enumerate(ages, 1)
    ]
    return tale(tickets, [customer(101), customer(102)])


@pytest.fixture
def clock() -> ManualClock:
    """The time of helpdesk and client; it stands at the story's present."""
    return ManualClock(datetime.fromtimestamp(AS_OF, UTC))


@pytest.fixture
def record(database_url: str) -> Iterator[Record]:
    """An empty record."""
    with contextlib.closing(Record.open(database_url)) as opened:
        yield opened


@pytest.fixture
def heard() -> Heard:
    """Who listens to every run of the test."""
    return Heard()


@pytest.fixture
def helpdesk(document: dict[str, Any], clock: ManualClock) -> Iterator[DemoHelpdesk]:
    """Tells `document`, without limits."""
    with DemoHelpdesk(read_story(document), clock=clock.now, limits=UNLIMITED) as started:
        yield started


@pytest.fixture
def run(
    helpdesk: DemoHelpdesk, clock: ManualClock, record: Record, heard: Heard
) -> Callable[..., Report]:
    """Runs a backfill, or a sync with `sync=True`, without remembering; its report.

    Nothing is looked at again unless `recheck_days` is given.
    """

    def go(*, sync: bool = False, recheck_days: float | None = None, **options: Any) -> Report:
        async def work() -> Report:
            known = helpdesk.credentials
            credentials = ClientCredentials(known.client_id, known.client_secret)
            zendesk = Zendesk(
                helpdesk.url, credentials, clock=clock, share=1.0, account=ACCOUNT, retry_seconds=5
            )
            account = record.add_account(ACCOUNT, helpdesk.url)
            together = Together(
                record,
                account,
                zendesk,
                None,
                clock=clock,
                listener=heard,
                region="US",
                recheck_days=recheck_days,
            )
            async with zendesk:
                return await (together.sync() if sync else together.backfill(**options))

        return asyncio.run(work())

    return go
