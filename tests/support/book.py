"""Writes real records for tests: pages through `Writer.store`, memories without the model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from memory import policy
from memory.asking.brief import compose
from memory.asking.identity import agent_of, look_up
from memory.asking.view import View
from memory.entities import Message, Origin, Page, Person, Role, Status, Ticket
from memory.record import Evidence, Record, RememberedTicket, StoredMemory, access, queries
from memory.record import tables as t
from memory.record.remembered import Contact, SentencePlace, store_remembered
from memory.text.sentences import spoken
from memory.text.vectors import digest, to_bytes
from tests.support.databases import sqlite_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from memory.asking.document import Brief

AS_OF = datetime(2026, 7, 7, 9, 0, tzinfo=UTC)
"""A Tuesday morning; the present of every test that does not say otherwise."""

LONG_AGO = datetime(2017, 3, 1, 12, 0, tzinfo=UTC)


def ago(days: float) -> datetime:
    """So many days before the present."""
    return AS_OF - timedelta(days=days)


def customer(person_id: str = "100", name: str | None = "Mara Lindqvist", **more: Any) -> Person:
    """A customer, known since 2017."""
    told = {"created_at": LONG_AGO, "updated_at": LONG_AGO, **more}
    return Person(person_id, Role.CUSTOMER, name, **told)


def agent(person_id: str = "11", name: str | None = "Daniel Osei", **more: Any) -> Person:
    """An agent."""
    told = {"created_at": LONG_AGO, "updated_at": LONG_AGO, **more}
    return Person(person_id, Role.AGENT, name, **told)


def ticket(ticket_id: str = "1", requester_id: str | None = "100", **more: Any) -> Ticket:
    """A call that is still open."""
    at = more.pop("at", ago(9))
    told = {
        "subject": f"Matter {ticket_id}",
        "status": Status.OPEN,
        "channel": "voice",
        "created_at": at,
        "updated_at": at,
        "version": 1,
        "assignee_id": "11",
        **more,
    }
    return Ticket(ticket_id, requester_id, **told)


def message(message_id: str, text: str, **more: Any) -> Message:
    """What customer 100 wrote in ticket 1, as the ticket tells it."""
    told = {
        "ticket_id": "1",
        "author_id": "100",
        "at": ago(9),
        "channel": "voice",
        "public": True,
        "origin": Origin.TICKET,
        **more,
    }
    return Message(message_id, text=text, **told)


class Book:
    """One account's record in a folder or database, and short words to fill it with.

    What is told of a ticket adds up: each `told`, `issue`, `contact` and `sentence` remembers the
    ticket anew, as the real remembering would.
    """

    def __init__(
        self,
        where: Path | str,
        name: str = "zendesk:acme",
        url: str = "https://acme.zendesk.com",
    ) -> None:
        self.database_url = where if isinstance(where, str) else sqlite_url(where)
        self.record = Record.open(self.database_url)
        self.record.add_account(name, url)
        self.name = name
        self._remembered: dict[str, RememberedTicket] = {}
        self._vectors: dict[bytes, bytes] = {}
        self._told = 0

    @property
    def account(self) -> Any:
        """The account, as the record has it now."""
        return self.record.account(self.name)

    @property
    def number(self) -> int:
        """The account's number."""
        number: int = self.account.number
        return number

    def store(self, page: Page | None = None, *, region: str | None = "US", **more: Any) -> None:
        """Store a page, or the entities of one."""
        options = {key: more.pop(key) for key in ("reread", "at", "read") if key in more}
        with self.record.writing(self.account) as writer:
            writer.store(page or Page(**more), region=region, **options)

    def people(self, *people: Person) -> None:
        """Store people."""
        self.store(people=people)

    def ticket(self, ticket_id: str, requester_id: str | None = "100", **more: Any) -> Ticket:
        """Store a ticket, with its description gone and all its messages read."""
        one = ticket(ticket_id, requester_id, **more)
        self.store(tickets=(one,), whole_tickets=(ticket_id,))
        return one

    def say(self, ticket_id: str, text: str, **more: Any) -> Message:
        """Store a message with an id of its own."""
        self._told += 1
        one = message(f"m{self._told:03}", text, ticket_id=ticket_id, **more)
        self.store(messages=(one,))
        return one

    def told(self, kind: str, words: str, ticket_id: str = "1", **more: Any) -> str:
        """Have a customer say something that is remembered; the memory's id.

        `by`, `public`, `at` and `channel` are the message's; the rest is the memory's. With a
        `vector` the words are embedded, too.
        """
        vector = more.pop("vector", None)
        about = {key: more.pop(key) for key in ("at", "channel", "public") if key in more}
        author = more.pop("by", "100")
        said = self.say(ticket_id, words, author_id=author, **about)
        memory = StoredMemory(
            id=f"{kind}-{said.id}",
            customer_id=more.pop("customer_id", "100"),
            ticket_id=ticket_id,
            kind=kind,
            said_at=said.at,
            evidence=(Evidence("said", ticket_id, said.id, words, author),),
            **{
                "relation": None,
                "about_on": None,
                "confidence": 0.9,
                "sensitive": policy.is_sensitive(kind),
                **more,
            },
        )
        before = self._of(ticket_id)
        places = before.sentences
        if vector is not None:
            key = self._keep(spoken("agent" if author == "11" else "customer", words), vector)
            places = (*places, SentencePlace(said.id, author, 0, len(words), key))
        self._remember(replace(before, memories=(*before.memories, memory), sentences=places))
        return memory.id

    def issue(
        self,
        ticket_id: str,
        title: str,
        *,
        restatement: str | None = None,
        resolution: str | None = None,
        displeased: str | None = None,
        customer_id: str = "100",
        vector: Sequence[float] | None = None,
        **more: Any,
    ) -> str:
        """Have an issue remembered of a ticket; the memory's id."""
        parts = [Evidence("title", ticket_id, "", title)]
        for part, words, by in (
            ("restatement", restatement, customer_id),
            ("resolution", resolution, "11"),
            ("displeased", displeased, customer_id),
        ):
            if words is not None:
                said = self.say(ticket_id, words, author_id=by, at=more.get("at", ago(9)))
                parts.append(Evidence(part, ticket_id, said.id, words, by))
        more.pop("at", None)
        memory = StoredMemory(
            id=f"issue-{ticket_id}",
            customer_id=customer_id,
            ticket_id=ticket_id,
            kind="issue",
            relation=None,
            said_at=ago(9),
            about_on=None,
            confidence=1.0,
            evidence=tuple(parts),
            vector=None if vector is None else self._keep(f"issue {ticket_id}", vector),
            **{"sensitive": False, "code": "solved", **more},
        )
        before = self._of(ticket_id)
        self._remember(replace(before, memories=(*before.memories, memory)))
        return memory.id

    def contact(
        self,
        ticket_id: str,
        agent_id: str,
        minutes: float = 10.0,
        *,
        talks: int = 1,
        calls: int = 1,
        at: datetime | None = None,
        customer_id: str = "100",
    ) -> None:
        """Have an agent and a customer talk on a ticket."""
        contact = Contact(customer_id, agent_id, at or ago(9), minutes, talks, calls)
        before = self._of(ticket_id)
        self._remember(replace(before, contacts=(*before.contacts, contact)))

    def never_kept(self, ticket_id: str, count: int, customer_id: str = "100") -> None:
        """Have sentences of a ticket dropped for what they are about."""
        self._remember(replace(self._of(ticket_id), never_kept=((customer_id, count),)))

    def sentence(self, ticket_id: str, text: str, vector: Sequence[float], **more: Any) -> None:
        """Have a message embedded as one sentence, with a vector made by hand."""
        said = self.say(ticket_id, text, **more)
        place = SentencePlace(said.id, said.author_id, 0, len(text), self._keep(text, vector))
        before = self._of(ticket_id)
        self._remember(replace(before, sentences=(*before.sentences, place)))

    def note(self, text: str, *, at: datetime | None = None, note_id: str = "n1") -> None:
        """Have agent 11 note something about customer 100."""
        with self.record.writing(self.account) as writer:
            writer.add_note(
                note_id=note_id,
                customer_id="100",
                agent_id="11",
                at=at or ago(1),
                text=text,
                sensitive=policy.sensitive_words(text),
            )

    def view(self, **more: Any) -> View:
        """Eyes that look at the present, in UTC."""
        return View(**{"account": self.account, "as_of": AS_OF, "zone": UTC, **more})

    def brief(
        self,
        *,
        by: str = "customer",
        value: str = "zendesk:100",
        agent: str | None = None,
        verified: bool = True,
        **view: Any,
    ) -> Brief:
        """The brief of whoever that is; customer 100, verified, unless told otherwise."""
        eyes = self.view(**view)
        with self.record.reading() as connection:
            found = look_up(connection, eyes, by, value, "US")
            asking = agent_of(connection, eyes, agent) if agent else None
            return compose(connection, eyes, found, agent=asking, verified=verified)

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        """Every row of a table, whatever the account, in the order of its key."""
        with self.record.reading() as connection:
            found = connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()
            return [dict(row) for row in found]

    def seen(self, customer_id: str = "100", *calls: str) -> list[tuple[str, str, str]]:
        """Who saw what of a customer: agent, proof and what, with the memory or call it was."""
        stored = (*self.rows(t.memory), *self.rows(t.note))
        subjects = [*(row["id"] for row in stored), "ring:k1", *calls]
        with self.record.reading() as connection:
            found = access.entries_of(connection, self.account.number, [customer_id], subjects)
        return [
            (one.agent, one.proof, ":".join(filter(None, (one.what, one.subject)))) for one in found
        ]

    def stamp(self, ticket_id: str) -> str | None:
        """The outbox entry of a ticket."""
        waiting = {row["ticket_id"]: row["stamp"] for row in self.rows(t.outbox)}
        return waiting.get(ticket_id)

    def waiting(self) -> list[str]:
        """The tickets in the outbox, in the order they are remembered."""
        with self.record.reading() as connection:
            return [row.ticket_id for row in queries.outbox_batch(connection, self.number, 1000)]

    def remember(
        self, one: RememberedTicket, vectors: Mapping[bytes, bytes] | None = None
    ) -> list[RememberedTicket]:
        """Store what was remembered of a ticket; what was kept."""
        with self.record.writing(self.account) as writer:
            known = self._vectors if vectors is None else vectors
            return store_remembered(writer.connection, self.number, [one], known)

    def drain(self) -> None:
        """Empty the outbox, remembering nothing of what waits there."""
        for ticket_id in self.waiting():
            self.remember(RememberedTicket(ticket_id, self.stamp(ticket_id) or ""))

    def _of(self, ticket_id: str) -> RememberedTicket:
        return self._remembered.get(ticket_id, RememberedTicket(ticket_id, ""))

    def _remember(self, one: RememberedTicket) -> None:
        with self.record.writing(self.account) as writer:
            writer.put_in_outbox([one.ticket_id])
        kept = self.remember(replace(one, stamp=self.stamp(one.ticket_id) or ""))
        assert kept, f"ticket {one.ticket_id} is not in the record"
        self._remembered[one.ticket_id] = one

    def _keep(self, text: str, vector: Sequence[float]) -> bytes:
        key = digest(self.account.key, text)
        self._vectors[key] = to_bytes(np.array(vector, dtype=np.float32))
        return key
