"""Writes what a helpdesk says into the record: the newest version wins, the rest follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import access
from memory.record import tables as t
from memory.record.calls import store_calls, store_legs
from memory.record.erasing import erase_departed, erase_ticket_contents
from memory.record.forgotten import refuse_forgotten
from memory.record.identities import store_identities
from memory.record.merges import infer_merges, store_merges
from memory.record.outbox import put_in_outbox, remember_everything_again
from memory.record.people import say_goodbye, store_people
from memory.record.quarantined import put_aside
from memory.record.tickets import store_messages, store_ratings, store_tickets
from memory.record.told import finish_told, mark_stale, mark_untold_second
from memory.record.upserts import Row, upsert
from memory.record.whole import WholeTicket, finish_tickets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from memory.entities import Page, Unreadable


HIDDEN_FOR = timedelta(days=30)
"""How long a deleted customer may still be restored with everything, out of sight."""

QUARANTINED_FOR = timedelta(days=30)
"""How long a row that could not be read is kept."""


class Writer:
    """One transaction of writes for one account."""

    def __init__(self, connection: sa.Connection, account: int) -> None:
        self.connection = connection
        self.account = account

    def store(
        self,
        page: Page,
        *,
        region: str | None = None,
        reread: bool = True,
        at: datetime | None = None,
        read: Mapping[str, WholeTicket] | None = None,
    ) -> None:
        """Store what one answer of the helpdesk brought.

        Args:
            page: The entities.
            region: Where phone numbers without a country code are from, such as `US`.
            reread: Whether the messages of tickets that changed are to be read again; False
                when the changes' messages come by themselves.
            at: When the helpdesk said so; now unless given.
            read: For `page.whole_tickets`, what was known of each ticket when reading began.
        """
        at = at or datetime.now(UTC)
        self._store_organizations(page)
        store_people(self.connection, self.account, page.people, region, at)
        store_merges(self.connection, self.account, page.merges, at)
        if page.identities or page.identified:
            store_identities(
                self.connection, self.account, page.identities, page.identified, region
            )
        store_tickets(self.connection, self.account, page.tickets, at, reread=reread)
        store_messages(self.connection, self.account, page.messages, region)
        finish_tickets(self.connection, self.account, page.whole_tickets, read or {}, at)
        if page.stale_tickets:
            mark_stale(self.connection, self.account, page.stale_tickets)
        for ticket_id in page.gone_tickets:
            erase_ticket_contents(self.connection, self.account, ticket_id)
        say_goodbye(self.connection, self.account, page.gone_people, at)
        store_ratings(self.connection, self.account, page.ratings)
        store_calls(self.connection, self.account, page.calls)
        store_legs(self.connection, self.account, page.legs)

    def settle(self, at: datetime) -> None:
        """Draw the conclusions from all that has been stored: who was merged, and who is to go.

        Args:
            at: The present.
        """
        infer_merges(self.connection, self.account, at)
        erase_departed(self.connection, self.account, at - HIDDEN_FOR, at)
        self.connection.execute(
            t.quarantine.delete().where(
                t.quarantine.c.account == self.account, t.quarantine.c.at <= at - QUARANTINED_FOR
            )
        )

    def checkpoint(self, stream: str, value: str, *, done: bool, rows: int = 0) -> None:
        """Remember where a stream goes on, in the transaction that stores its page."""
        stored = self.connection.scalar(
            sa.select(t.checkpoint.c.rows).where(
                t.checkpoint.c.account == self.account, t.checkpoint.c.stream == stream
            )
        )
        row = {"account": self.account, "stream": stream, "value": value, "done": done}
        upsert(self.connection, t.checkpoint, [row | {"rows": (stored or 0) + rows}])

    def finish_told(self, *, since: int, until: int, at: datetime) -> int:
        """All messages of the tickets that events have passed are stored; how many those are.

        Args:
            since: The second (Unix) from which events were told.
            until: The second up to which they were.
            at: When the helpdesk told them.
        """
        return finish_told(self.connection, self.account, since=since, until=until, at=at)

    def mark_untold_second(self, second: int) -> None:
        """Of this second (Unix) not every event was told: tickets of that time are to be read."""
        mark_untold_second(self.connection, self.account, second)

    def begin(self, stream: str, value: str) -> None:
        """Set a stream's first checkpoint, unless it has one."""
        row: Row = {"account": self.account, "stream": stream, "value": value, "done": True}
        upsert(self.connection, t.checkpoint, [row], keep=("value", "done"))

    def quarantine(self, unreadable: Sequence[Unreadable], at: datetime) -> None:
        """Put rows that could not be read aside, to be counted and shown."""
        put_aside(self.connection, self.account, unreadable, at)

    def synced(self, at: datetime) -> None:
        """The record now says what the helpdesk said at that time."""
        self.connection.execute(
            t.account.update().where(t.account.c.number == self.account).values(synced_at=at)
        )

    def made_by(self, encoder: str) -> None:
        """The account's vectors are made by this model from now on."""
        self.connection.execute(
            t.account.update().where(t.account.c.number == self.account).values(encoder=encoder)
        )

    def remember_everything_again(self) -> None:
        """Drop all that was remembered and every vector, and put every ticket in the outbox."""
        remember_everything_again(self.connection, self.account)

    def put_in_outbox(self, ticket_ids: Iterable[str]) -> None:
        """These tickets are to be remembered (again)."""
        put_in_outbox(self.connection, self.account, ticket_ids)

    def add_note(
        self,
        *,
        note_id: str,
        customer_id: str,
        agent_id: str | None,
        at: datetime,
        text: str,
        sensitive: bool,
        due: bool = False,
    ) -> None:
        """Store what an agent noted about a customer; it exists only here.

        One that is `due` is to be written to the helpdesk as well.

        Raises:
            ForgottenError: Nothing is noted of somebody who is forgotten.
        """
        refuse_forgotten(self.connection, self.account, customer_id)
        row: Row = {
            "account": self.account,
            "id": note_id,
            "customer_id": customer_id,
            "agent_id": agent_id,
            "at": at,
            "text": text,
            "sensitive": sensitive,
            "due": due,
            "ticket_id": None,
            "message_id": None,
        }
        upsert(self.connection, t.note, [row])

    def log_access(
        self,
        *,
        at: datetime,
        agent: str,
        proof: str,
        source: str,
        what: str,
        customer_id: str,
        subject: str | None = None,
    ) -> None:
        """Write down who saw what of whom, before it is shown; as `memory.record.access.log`.

        Raises:
            ForgottenError: They were forgotten meanwhile: it is not to be shown.
        """
        refuse_forgotten(self.connection, self.account, customer_id)
        access.log(
            self.connection,
            self.account,
            at=at,
            agent=agent,
            proof=proof,
            source=source,
            what=what,
            customer_id=customer_id,
            subject=subject,
        )

    def _store_organizations(self, page: Page) -> None:
        rows: list[Row] = [
            {"account": self.account, "id": one.id, "name": one.name} for one in page.organizations
        ]
        upsert(self.connection, t.organization, rows)
