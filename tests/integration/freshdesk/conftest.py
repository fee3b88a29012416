"""A real record that the real client fills from a simulated Freshdesk, on a clock tests move."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from connector.clock import ManualClock
from connector.demo.freshdesk.account import Account
from connector.demo.freshdesk.plan import UNLIMITED, FreshdeskKeys, FreshdeskPlan
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.freshdesk import ApiKey, Freshdesk
from connector.sync.together import Together
from memory.record import Record
from memory.record import tables as t
from tests.support.tale import AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connector.sync.report import Report, StreamState

ACCOUNT = "freshdesk:acme"


@dataclass
class Desk:
    """A simulated Freshdesk, the record it fills, and what was said on the way."""

    helpdesk: DemoHelpdesk
    record: Record
    clock: ManualClock
    warnings: list[str] = field(default_factory=list)

    @property
    def state(self) -> Account:
        """The account as it is now."""
        state = self.helpdesk.state
        assert isinstance(state, Account)
        return state

    def stream(self, state: StreamState) -> None:
        """Heard and forgotten."""

    def warn(self, sentence: str) -> None:
        """Something the user should read."""
        self.warnings.append(sentence)

    def client(self, **options: Any) -> Freshdesk:
        """A client with an admin's key and the whole of the limits, unless told otherwise."""
        key = ApiKey(options.pop("key", FreshdeskKeys().admin))
        told = {"clock": self.clock, "share": 1.0, "account": ACCOUNT, "retry_seconds": 100.0}
        return Freshdesk(self.helpdesk.url, key, **{**told, **options})

    def run(
        self, *, sync: bool = False, recheck_days: float | None = None, **options: Any
    ) -> Report:
        """A backfill, or a sync, without remembering; its report."""

        async def work() -> Report:
            client = self.client(**options)
            account = self.record.add_account(ACCOUNT, self.helpdesk.url)
            together = Together(
                self.record,
                account,
                client,
                None,
                clock=self.clock,
                listener=self,
                region="US",
                recheck_days=recheck_days,
            )
            async with client:
                return await (together.sync() if sync else together.backfill())

        return asyncio.run(work())

    def rows(self, question: sa.Select[Any]) -> list[Any]:
        """The rows of a question to the record."""
        with self.record.reading() as connection:
            return list(connection.execute(question))

    def statuses(self) -> dict[str, str]:
        """Each ticket of the record with its state."""
        return {row.id: row.status for row in self.rows(sa.select(t.ticket))}

    def words(self) -> Counter[tuple[str, str | None, str]]:
        """Each message of the record: its ticket, whose it is, its text."""
        return Counter(
            (row.ticket_id, row.author_id, row.text) for row in self.rows(sa.select(t.message))
        )

    def told(self) -> Counter[tuple[str, str | None, str]]:
        """Each message the record should have of the tickets that are neither deleted nor spam."""
        found: Counter[tuple[str, str | None, str]] = Counter()
        for one in self.state.tickets.values():
            if one.place != "plain":
                continue
            if one.source != 15:
                by_agent = one.source in {3, 10} and one.agent is not None
                author = one.agent if by_agent else one.requester
                found[str(one.id), str(author), one.description.text] += 1
            for said in one.conversations:
                user = None if said.user is None or said.category == 5 else str(said.user)
                found[str(one.id), user, said.text] += 1
        return found


@pytest.fixture
def document() -> dict[str, Any]:
    """Old and new tickets: mails, a web chat, calls, private notes; one is long archived."""
    tickets = [
        ticket(n, 101 + n % 3, AS_OF - age * DAY, channel="email")
        for n, age in enumerate((400, 90, 60, 20, 10), 1)
    ]
    tickets[0] |= {"status": "closed", "solved_at": AS_OF - 399 * DAY}
    at = AS_OF - 5 * DAY
    call = {"minutes": 12.0, "answered_by": 11, "transcript": "Customer: It is dead."}
    tickets += [
        ticket(
            6,
            101,
            at,
            channel="chat",
            messages=[message("customer", at, "Hello?"), message("agent", at + 9, "Hello!")],
            rating={"score": "good", "agent": 11, "at": at + 99},
        ),
        ticket(7, 102, at, messages=[message("customer", at, "A call", call=call)]),
        ticket(
            8,
            103,
            at,
            channel="email",
            messages=[
                message("customer", at, "One"),
                message("agent", at + 60, "call back Friday", public=False),
                message("customer", at + 90, "Two"),
            ],
        ),
    ]
    people = [customer(101), customer(102), customer(103, email=None)]
    return tale(tickets, people)


@pytest.fixture
def open_desk(document: dict[str, Any], tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Serves `document` as a Freshdesk, without limits unless told otherwise."""
    with contextlib.ExitStack() as opened:

        def start(**plan: Any) -> Desk:
            clock = ManualClock(datetime.fromtimestamp(AS_OF, UTC))
            told = FreshdeskPlan(**{"rates": UNLIMITED, **plan})
            helpdesk = opened.enter_context(
                DemoHelpdesk(read_story(document), provider="freshdesk", clock=clock.now, plan=told)
            )
            record = Record.open(f"sqlite:///{tmp_path / 'record.sqlite'}")
            opened.enter_context(contextlib.closing(record))
            return Desk(helpdesk, record, clock)

        yield start
