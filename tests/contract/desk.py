"""A simulated helpdesk, a record, and the runs that fill the one from the other."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from connector.sync.report import StreamState
from connector.sync.together import Together
from tests.contract.held import REGION, Held, differences, held

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk
    from connector.sync.helpdesk import Batch, Checkpoint, Helpdesk, Usage
    from connector.sync.report import Report
    from memory.entities import Page
    from memory.record import Account, Record
    from tests.contract.kind import Kind

RETRY_SECONDS = 60.0


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


class Desk:
    """A record and the helpdesk it is filled from.

    Attributes:
        heard: Who listens to every run.
        usage: What the last run spent.
    """

    def __init__(
        self, kind: Kind, helpdesk: DemoHelpdesk, record: Record, clock: ManualClock
    ) -> None:
        self.kind = kind
        self.helpdesk = helpdesk
        self.record = record
        self.clock = clock
        self.heard = Heard()
        self.usage: Usage | None = None

    @property
    def account(self) -> Account:
        """The account in the record."""
        return self.record.account(self.kind.account)

    def client(self, **options: Any) -> Helpdesk:
        """A client of the helpdesk."""
        told = {"retry_seconds": RETRY_SECONDS, **options}
        return self.kind.connect(self.helpdesk.url, told.pop("clock", self.clock), **told)

    def backfill(self, *, client: Helpdesk | None = None, **options: Any) -> Report:
        """Take the whole history, without remembering it."""
        return self._run(client, lambda together: together.backfill(**options))

    def sync(self, *, client: Helpdesk | None = None, recheck_days: float = 7) -> Report:
        """Take what changed, without remembering it."""
        return self._run(client, lambda together: together.sync(), recheck_days)

    def _run(
        self,
        client: Helpdesk | None,
        work: Callable[[Together], Awaitable[Report]],
        recheck_days: float = 7,
    ) -> Report:
        helpdesk = client or self.client()
        account = self.record.add_account(self.kind.account, self.helpdesk.url)
        together = Together(
            self.record,
            account,
            helpdesk,
            None,
            clock=self.clock,
            listener=self.heard,
            region=REGION,
            recheck_days=recheck_days,
        )
        self.usage = helpdesk.usage
        report: Report = self.ask(lambda _: work(together), helpdesk)
        return report

    def ask(
        self, question: Callable[[Helpdesk], Awaitable[Any]], client: Helpdesk | None = None
    ) -> Any:
        """Ask a client something, and let go of it."""
        helpdesk: Any = client or self.client()

        async def work() -> Any:
            async with helpdesk:
                return await question(helpdesk)

        return asyncio.run(work())

    def batches(self, stream: str, checkpoint: Checkpoint, client: Helpdesk | None = None) -> Any:
        """All pages of a stream from a checkpoint on."""

        async def question(helpdesk: Helpdesk) -> list[Batch]:
            return [batch async for batch in helpdesk.stream(stream, checkpoint)]

        return self.ask(question, client)

    def pages(
        self, walk: Callable[[Helpdesk], AsyncIterator[Page]], client: Helpdesk | None = None
    ) -> list[Page]:
        """All pages of a ticket's messages or a person's identities."""

        async def question(helpdesk: Helpdesk) -> list[Page]:
            return [page async for page in walk(helpdesk)]

        found: list[Page] = self.ask(question, client)
        return found

    @property
    def held(self) -> Held:
        """What the record holds."""
        return held(self.record, self.account)

    @property
    def truth(self) -> Held:
        """What it should hold."""
        return self.kind.truth(self.helpdesk)

    @property
    def differences(self) -> list[str]:
        """Where the record and the truth differ."""
        return differences(self.held, self.truth)

    def asked(self, what: str) -> list[str]:
        """The answered requests for rows of one sort, in their order: path and query."""
        path = self.kind.places[what].path
        return [
            f"{one.path}?{one.query}"
            for one in self.helpdesk.seen
            if one.status == 200 and re.search(path, one.path)
        ]
