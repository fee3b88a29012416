"""A helpdesk that is served, a record of it, and the events that are applied to the record."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from connector.sync.intake import Intake
from connector.sync.report import Silent
from connector.sync.run import Run
from connector.sync.webhooks import Webhooks
from memory.asking.export import export_of
from memory.asking.identity import look_up
from memory.asking.view import View
from tests.support.book import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractAsyncContextManager

    import sqlalchemy as sa

    from connector.clock import ManualClock
    from connector.sync.helpdesk import Helpdesk
    from connector.sync.webhooks import Event
    from memory.record import Record

    Connect = Callable[[], AbstractAsyncContextManager[Any]]


class Desk:
    """Takes a helpdesk's history once, then hears of it by webhook alone."""

    def __init__(self, record: Record, account: str, connect: Connect, clock: ManualClock) -> None:
        self.record = record
        self.account = record.add_account(account, "https://acme.example")
        self.clock = clock
        self._connect = connect

    def backfill(self) -> None:
        """Take the whole history."""
        self._do(lambda helpdesk: self._run(helpdesk).backfill())

    def sync(self) -> None:
        """Take what changed."""
        self._do(lambda helpdesk: self._run(helpdesk).sync())

    def hear(self, *events: Event) -> None:
        """Apply events, all at the same time."""

        async def apply(helpdesk: Helpdesk) -> None:
            webhooks = Webhooks(self._intake(), helpdesk)
            await asyncio.gather(*(webhooks.apply(one) for one in events))

        self._do(apply)

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        """Every row of a table, in the order of its key."""
        with self.record.reading() as connection:
            found = connection.execute(table.select().order_by(*table.primary_key)).mappings()
            return [dict(row) for row in found]

    def row(self, table: sa.Table, **where: str) -> dict[str, Any]:
        """The one row with these values."""
        [found] = [row for row in self.rows(table) if all(row[key] == where[key] for key in where)]
        return found

    def waiting(self, outbox: sa.Table) -> list[str]:
        """The tickets that are to be remembered."""
        return [row["ticket_id"] for row in self.rows(outbox)]

    def empty(self, *tables: sa.Table) -> None:
        """Take all rows out of some tables."""
        with self.record.writing(self.account) as writer:
            for table in tables:
                writer.connection.execute(table.delete())

    def export(self, ref: str) -> dict[str, Any]:
        """Everything held about a person."""
        view = View(self.account, AS_OF, AS_OF.tzinfo)  # type: ignore[arg-type]  # it has one
        with self.record.reading() as connection:
            found = look_up(connection, view, "customer", ref, "US")
            assert found.customer is not None
            return export_of(connection, view, found.customer)

    def _run(self, helpdesk: Helpdesk) -> Run:
        return Run(
            self.record, self.account, helpdesk, clock=self.clock, listener=Silent(), region="US"
        )

    def _intake(self) -> Intake:
        return Intake(self.record, self.account, clock=self.clock, listener=Silent(), region="US")

    def _do(self, work: Callable[[Any], Any]) -> None:
        async def go() -> None:
            async with self._connect() as helpdesk:
                await work(helpdesk)

        asyncio.run(go())


def asked(seen: Iterable[Any], since: int = 0) -> list[str]:
    """Of the requests seen, the paths from a place on, without signing in."""
    return [one.path for one in list(seen)[since:] if "/oauth/" not in one.path]
