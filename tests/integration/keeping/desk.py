"""A simulated helpdesk, a memory of it, and connections that are lost when a test says so."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from connector.demo.zendesk.account import Account
from connector.http import Transport
from connector.sync.together import Together
from connector.zendesk import ClientCredentials, Zendesk
from connector.zendesk.auth import NOTES_SCOPE, SCOPE
from memory import Memory
from memory.record import tables as t
from memory.record.notes import MARKER
from tests.integration.sync.conftest import Heard
from tests.support.tale import ACCOUNT

if TYPE_CHECKING:
    from pathlib import Path

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk
    from connector.demo.zendesk.live import LiveComment
    from connector.http import Response

WORDS = "Prefers mornings; street is ?Ashgrove"


class Killed(BaseException):
    """The process ends here."""


class Wire(Transport):
    """Connections that can be lost at one request that changes something.

    Attributes:
        before: What is raised before the request is sent.
        after: What is raised once it was answered.
        left: How many requests of any kind the process makes before it is killed.
    """

    before: BaseException | None = None
    after: BaseException | None = None
    left: int | None = None

    async def send(self, method: str, path: str, **more: Any) -> Response:
        """Send a request, or lose it."""
        if self.left is not None:
            if not self.left:
                raise Killed
            self.left -= 1
        if method not in {"PUT", "POST"} or "oauth" in path:
            return await super().send(method, path, **more)
        if self.before is not None:
            raise self.before
        answer = await super().send(method, path, **more)
        if self.after is not None:
            raise self.after
        return answer


class Desk:
    """A simulated helpdesk, a memory of it, and runs between them."""

    account = ACCOUNT

    def __init__(self, folder: Path, helpdesk: DemoHelpdesk, clock: ManualClock) -> None:
        self.helpdesk = helpdesk
        self.clock = clock
        self.heard = Heard()
        self.scopes: tuple[str, ...] = (SCOPE, NOTES_SCOPE)
        self.wire = Wire(helpdesk.url)
        self.memory = Memory.open(folder, now=clock.now)
        self.record = self.memory.record
        self.record.add_account(self.account, helpdesk.url)

    def client(self, wire: Wire) -> Any:
        """A client of the helpdesk that uses these connections."""
        known = self.helpdesk.credentials
        credentials = ClientCredentials(known.client_id, known.client_secret, self.scopes)
        return Zendesk(
            self.helpdesk.url,
            credentials,
            clock=self.clock,
            share=1.0,
            account=self.account,
            retry_seconds=5,
            wire=wire,
        )

    def run(self, what: str = "sync", *, notes: bool = True) -> None:
        """A backfill, a sync that looks again at everything, or only the writing of notes."""

        async def work() -> None:
            wire = Wire(self.helpdesk.url)
            wire.before, wire.after, wire.left = self.wire.before, self.wire.after, self.wire.left
            client = self.client(wire)
            together = Together(
                self.record,
                self.record.account(self.account),
                client,
                None,
                clock=self.clock,
                listener=self.heard,
                recheck_days=0,
                notes=notes,
            )
            async with client:
                await getattr(together, what)()

        asyncio.run(work())

    def note(self, who: str = "zendesk:101", **more: Any) -> str:
        """Have an agent note something that is to be written to the helpdesk."""
        return self.memory.note(WORDS, customer=who, to_helpdesk=True, **more)

    @property
    def state(self) -> Account:
        """What the helpdesk holds."""
        found = self.helpdesk.state
        assert isinstance(found, Account)
        return found

    def comments(self, ticket_id: int) -> list[LiveComment]:
        """The comments of a ticket that are notes of ours."""
        found = self.state.tickets[ticket_id].comments
        return [one for one in found if MARKER.search(one.text)]

    def all_comments(self) -> list[LiveComment]:
        """Our notes in all tickets."""
        return [one for number in self.state.tickets for one in self.comments(number)]

    def row(self) -> dict[str, Any]:
        """The one note there is."""
        with self.record.reading() as connection:
            [found] = connection.execute(t.note.select()).mappings()
        return dict(found)
