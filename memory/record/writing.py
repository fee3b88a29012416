"""Writes what a helpdesk says into the record: the newest version wins, the rest follows."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.entities import DESCRIPTION, Message, Origin, Role, Status
from memory.record import tables as t
from memory.record.erasing import erase_person, erase_ticket_contents
from memory.record.identities import normal_value, store_identities, store_profile
from memory.record.upserts import Row, upsert
from memory.text.clean import clean
from memory.text.redact import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from memory.entities import Page, Person, Rating, Ticket, Unreadable
    from memory.record.stored import Stored

_CHUNK = 500


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
        read_versions: Mapping[str, int] | None = None,
    ) -> None:
        """Store what one answer of the helpdesk brought.

        Args:
            page: The entities.
            region: Where phone numbers without a country code are from, such as `US`.
            reread: Whether the messages of tickets that changed are to be read again; False
                when the changes' messages come by themselves.
            read_versions: For `page.whole_tickets`, each ticket's version when reading began; a
                ticket that has changed since stays due.
        """
        self._store_organizations(page)
        self._store_people(page.people, region)
        if page.identities or page.identified:
            store_identities(
                self.connection, self.account, page.identities, page.identified, region
            )
        self._store_tickets(page.tickets, reread=reread)
        self._store_messages(page.messages)
        self._finish_tickets(page.whole_tickets, read_versions or {})
        if page.stale_tickets:
            self._mark_stale(page.stale_tickets)
        for ticket_id in page.gone_tickets:
            erase_ticket_contents(self.connection, self.account, ticket_id)
        self._store_ratings(page.ratings)

    def checkpoint(self, stream: str, value: str, *, done: bool, rows: int = 0) -> None:
        """Remember where a stream goes on, in the transaction that stores its page."""
        stored = self.connection.scalar(
            sa.select(t.checkpoint.c.rows).where(
                t.checkpoint.c.account == self.account, t.checkpoint.c.stream == stream
            )
        )
        row = {"account": self.account, "stream": stream, "value": value, "done": done}
        upsert(self.connection, t.checkpoint, [row | {"rows": (stored or 0) + rows}])

    def begin(self, stream: str, value: str) -> None:
        """Set a stream's first checkpoint, unless it has one."""
        row: Row = {"account": self.account, "stream": stream, "value": value, "done": True}
        upsert(self.connection, t.checkpoint, [row], keep=("value", "done"))

    def quarantine(self, unreadable: Sequence[Unreadable], at: datetime) -> None:
        """Put rows that could not be read aside, to be counted and shown."""
        rows: list[Row] = [
            {
                "account": self.account,
                "stream": row.stream,
                "id": row.id,
                "field": row.field,
                "reason": row.reason,
                "body": row.body,
                "at": at,
            }
            for row in unreadable
        ]
        upsert(self.connection, t.quarantine, rows)

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
        for table in (t.evidence, t.memory, t.sentence, t.contact, t.never_kept, t.vector):
            self.connection.execute(table.delete().where(table.c.account == self.account))
        self.connection.execute(
            t.account.update().where(t.account.c.number == self.account).values(encoder=None)
        )
        c = t.ticket.c
        self.put_in_outbox(
            self.connection.scalars(
                sa.select(c.id).where(c.account == self.account, c.status != Status.DELETED.value)
            )
        )

    def put_in_outbox(self, ticket_ids: Iterable[str]) -> None:
        """These tickets are to be remembered (again)."""
        for chunk in _chunks(sorted(set(ticket_ids))):
            times = self.connection.execute(
                sa.select(t.ticket.c.id, t.ticket.c.updated_at).where(
                    t.ticket.c.account == self.account,
                    t.ticket.c.id.in_(chunk),
                    t.ticket.c.status != Status.DELETED.value,
                )
            )
            rows: list[Row] = [
                {
                    "account": self.account,
                    "ticket_id": ticket_id,
                    "stamp": uuid.uuid4().hex,
                    "at": updated_at,
                }
                for ticket_id, updated_at in times
            ]
            upsert(self.connection, t.outbox, rows)

    def add_note(
        self,
        *,
        note_id: str,
        customer_id: str,
        agent_id: str | None,
        at: datetime,
        text: str,
        sensitive: bool,
    ) -> None:
        """Store what an agent noted about a customer; it exists only here."""
        row: Row = {
            "account": self.account,
            "id": note_id,
            "customer_id": customer_id,
            "agent_id": agent_id,
            "at": at,
            "text": text,
            "sensitive": sensitive,
        }
        upsert(self.connection, t.note, [row])

    def log_access(
        self, *, at: datetime, agent: str, proof: str, what: str, customer_id: str
    ) -> None:
        """Write down who saw what of whom, before it is shown."""
        last = self.connection.scalar(
            sa.select(sa.func.max(t.access.c.number)).where(t.access.c.account == self.account)
        )
        self.connection.execute(
            t.access.insert().values(
                account=self.account,
                number=(last or 0) + 1,
                at=at,
                agent=agent,
                proof=proof,
                what=what,
                customer_id=customer_id,
            )
        )

    def _store_organizations(self, page: Page) -> None:
        rows: list[Row] = [
            {"account": self.account, "id": one.id, "name": one.name} for one in page.organizations
        ]
        upsert(self.connection, t.organization, rows)

    def _store_people(self, people: Sequence[Person], region: str | None) -> None:
        newest: dict[str, Person] = {}
        for one in people:
            if one.id not in newest or one.updated_at >= newest[one.id].updated_at:
                newest[one.id] = one
        for chunk in _chunks(sorted(newest)):
            before = self._known_people(chunk)
            fresh = [
                newest[key]
                for key in chunk
                if key not in before or newest[key].updated_at >= before[key].updated_at
            ]
            for one in fresh:
                if one.erased:
                    erase_person(self.connection, self.account, one.id)
            upsert(
                self.connection,
                t.person,
                [self._person_row(one, before.get(one.id), region) for one in fresh],
            )
            store_profile(self.connection, self.account, fresh, region)
            self._remember_again_for(fresh, before)

    def _known_people(self, ids: Sequence[str]) -> dict[str, Stored]:
        c = t.person.c
        rows = self.connection.execute(
            sa.select(c.id, c.role, c.name, c.active, c.updated_at, c.identities_due).where(
                c.account == self.account, c.id.in_(ids)
            )
        )
        return {row.id: row for row in rows}

    def _person_row(self, one: Person, before: Stored | None, region: str | None) -> Row:
        changed = before is None or before.updated_at != one.updated_at or before.identities_due
        wanted = one.role is Role.CUSTOMER and one.active and not one.erased
        return {
            "account": self.account,
            "id": one.id,
            "role": one.role.value,
            "name": one.name,
            "email": one.email,
            "phone": normal_value("phone", one.phone or "", region) or one.phone,
            "organization_id": one.organization_id,
            "language": one.language,
            "time_zone": one.time_zone,
            "active": one.active and not one.erased,
            "created_at": one.created_at,
            "updated_at": one.updated_at,
            "identities_due": bool(changed and wanted and not one.identities_known),
        }

    def _remember_again_for(self, people: Sequence[Person], before: Mapping[str, Stored]) -> None:
        """What a ticket is remembered by depends on who its people are and what agents are called.

        A newly known author, a changed role, or a name that an agent has now or had before
        therefore puts the tickets concerned in the outbox again.
        """
        authors = [
            one.id
            for one in people
            if one.id not in before or before[one.id].role != one.role.value
        ]
        c = t.message.c
        mine = c.account == self.account
        found = self.connection.scalars(
            sa.select(c.ticket_id).distinct().where(mine, c.author_id.in_(authors))
        )
        tickets = set(found)
        for one in people:
            old = before.get(one.id)
            was = old.name or "" if old is not None and old.role == Role.AGENT.value else ""
            name = one.name or "" if one.role is Role.AGENT else ""
            changed = f"{was} {name}" if was != name else ""
            for part in {part for part in changed.split() if len(part) > 1}:
                says = c.text.icontains(part, autoescape=True)
                tickets |= set(
                    self.connection.scalars(sa.select(c.ticket_id).distinct().where(mine, says))
                )
        self.put_in_outbox(tickets)

    def _store_tickets(self, tickets: Sequence[Ticket], *, reread: bool) -> None:
        newest: dict[str, Ticket] = {}
        for one in tickets:
            if one.id not in newest or one.version >= newest[one.id].version:
                newest[one.id] = one
        for chunk in _chunks(sorted(newest)):
            c = t.ticket.c
            rows = self.connection.execute(
                sa.select(c.id, c.version, c.messages_due, c.messages_read, c.status).where(
                    c.account == self.account, c.id.in_(chunk)
                )
            )
            before = {row.id: row for row in rows}
            fresh = [
                newest[key]
                for key in chunk
                if key not in before or newest[key].version > before[key].version
            ]
            upsert(
                self.connection,
                t.ticket,
                [self._ticket_row(one, before.get(one.id), reread=reread) for one in fresh],
            )
            gone = [one for one in fresh if one.status is Status.DELETED]
            for one in gone:
                erase_ticket_contents(self.connection, self.account, one.id)
            here = [one for one in fresh if one.status is not Status.DELETED]
            unread = [
                one for one in here if one.id not in before or not before[one.id].messages_read
            ]
            self._store_messages([m for one in unread for m in _first_message(one)])
            self.put_in_outbox(one.id for one in here)

    def _ticket_row(self, one: Ticket, before: Stored | None, *, reread: bool) -> Row:
        gone = one.status is Status.DELETED
        read = before is not None and before.messages_read and not gone
        due = not read or reread or bool(before is not None and before.messages_due)
        return {
            "account": self.account,
            "id": one.id,
            "requester_id": one.requester_id,
            "assignee_id": one.assignee_id,
            "subject": "" if gone else redact(clean(one.subject)),
            "status": one.status.value,
            "channel": one.channel,
            "created_at": one.created_at,
            "updated_at": one.updated_at,
            "solved_at": one.solved_at,
            "rating": one.rating,
            "version": one.version,
            "messages_due": due and not gone,
            "messages_read": read,
        }

    def _store_messages(self, messages: Sequence[Message]) -> None:
        gone = self._deleted(one.ticket_id for one in messages)
        by_origin = sorted(messages, key=lambda one: one.origin is Origin.TICKET)
        latest = {(one.ticket_id, one.id): one for one in by_origin if one.ticket_id not in gone}
        for chunk in _chunks(sorted(latest)):
            rows = [self._message_row(latest[key]) for key in chunk]
            upsert(
                self.connection,
                t.message,
                rows,
                unless=lambda incoming: sa.and_(
                    t.message.c.origin == Origin.TICKET.value,
                    incoming.origin != Origin.TICKET.value,
                ),
            )
        self.put_in_outbox(one.ticket_id for one in messages)

    def _message_row(self, one: Message) -> Row:
        call = one.call
        return {
            "account": self.account,
            "ticket_id": one.ticket_id,
            "id": one.id,
            "author_id": one.author_id,
            "at": one.at,
            "channel": one.channel,
            "public": one.public,
            "text": redact(clean(one.text)),
            "origin": one.origin.value,
            "direction": call.direction if call else None,
            "minutes": call.minutes if call else None,
            "answered_by": call.answered_by if call else None,
            "number": call.number if call else None,
        }

    def _finish_tickets(self, ticket_ids: Sequence[str], versions: Mapping[str, int]) -> None:
        for ticket_id in ticket_ids:
            c = t.ticket.c
            here = sa.and_(c.account == self.account, c.id == ticket_id)
            read = sa.and_(here, c.status != Status.DELETED.value)
            self.connection.execute(t.ticket.update().where(read).values(messages_read=True))
            unchanged = c.version == versions[ticket_id] if ticket_id in versions else sa.true()
            self.connection.execute(
                t.ticket.update().where(here, unchanged).values(messages_due=False)
            )
            self.connection.execute(
                t.message.delete().where(
                    t.message.c.account == self.account,
                    t.message.c.ticket_id == ticket_id,
                    t.message.c.id == DESCRIPTION,
                )
            )
        self.put_in_outbox(ticket_ids)

    def _mark_stale(self, ticket_ids: Sequence[str]) -> None:
        c = t.ticket.c
        self.connection.execute(
            t.ticket.update()
            .where(
                c.account == self.account,
                c.id.in_(ticket_ids),
                c.status != Status.DELETED.value,
            )
            .values(messages_due=True)
        )

    def _deleted(self, ticket_ids: Iterable[str]) -> set[str]:
        """Which of these tickets are deleted: what comes late of them is not stored."""
        c = t.ticket.c
        found: set[str] = set()
        for chunk in _chunks(sorted(set(ticket_ids))):
            found |= set(
                self.connection.scalars(
                    sa.select(c.id).where(
                        c.account == self.account,
                        c.id.in_(chunk),
                        c.status == Status.DELETED.value,
                    )
                )
            )
        return found

    def _store_ratings(self, ratings: Sequence[Rating]) -> None:
        gone = self._deleted(one.ticket_id for one in ratings)
        rows: list[Row] = [
            {
                "account": self.account,
                "id": one.id,
                "ticket_id": one.ticket_id,
                "customer_id": one.customer_id,
                "agent_id": one.agent_id,
                "score": one.score,
                "at": one.at,
            }
            for one in ratings
            if one.ticket_id not in gone
        ]
        upsert(self.connection, t.rating, rows)


def _first_message(ticket: Ticket) -> list[Message]:
    if not ticket.description:
        return []
    return [
        Message(
            id=DESCRIPTION,
            ticket_id=ticket.id,
            author_id=ticket.submitter_id or ticket.requester_id,
            at=ticket.created_at,
            channel=ticket.channel,
            public=True,
            text=ticket.description,
            origin=Origin.DESCRIPTION,
        )
    ]


def _chunks(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))
