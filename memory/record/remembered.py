"""Stores what was remembered of a ticket, and counts who uses which vector."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.outbox import put_in_outbox
from memory.record.upserts import Row, upsert
from memory.text.unkept import NOT_KEPT, taken_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a memory rests on, and where they stand.

    Attributes:
        part: What the words are to the memory: `said`, or an issue's `title`, `restatement` or
            `resolution`.
        message_id: Of `ticket_id`'s message that contains `quote`; empty for its subject.
        author_id: Who said it, which in a call's transcript is not the message's author.
    """

    part: str
    ticket_id: str
    message_id: str
    quote: str
    author_id: str | None = None


@dataclass(frozen=True, slots=True)
class StoredMemory:
    """One remembered thing about one customer, as the record keeps it.

    Attributes:
        code: For an issue its outcome, for an access need what is needed, for a request the
            agent's id.
        vector: For an issue the digest of its title's vector, by which others find it.
    """

    id: str
    customer_id: str
    ticket_id: str
    kind: str
    relation: str | None
    said_at: datetime
    about_on: date | None
    confidence: float
    sensitive: bool
    evidence: tuple[Evidence, ...]
    code: str | None = None
    vector: bytes | None = None


@dataclass(frozen=True, slots=True)
class SentencePlace:
    """Where an embedded sentence stands, who said it, and the digest of its vector."""

    message_id: str
    author_id: str | None
    start: int
    stop: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Contact:
    """The time one agent and one customer spent on one ticket.

    Attributes:
        talks: Calls; a written exchange counts as one.
        calls: Calls alone.
    """

    customer_id: str
    agent_id: str
    at: datetime
    minutes: float
    talks: int
    calls: int = 0


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Where words stand that are to be taken out of their message, and the mark in their place."""

    message_id: str
    start: int
    stop: int
    mark: str


@dataclass(frozen=True, slots=True)
class RememberedTicket:
    """All that one ticket gives to remember.

    Attributes:
        stamp: The outbox entry this answers; an entry put since then stays.
        never_kept: Per customer, how many sentences were dropped for what they are about.
        to_take_out: What is not to be kept, and still stands in messages.
        without_subject: Whether the subject is not to be kept either.
    """

    ticket_id: str
    stamp: str
    memories: tuple[StoredMemory, ...] = ()
    sentences: tuple[SentencePlace, ...] = ()
    contacts: tuple[Contact, ...] = ()
    never_kept: tuple[tuple[str, int], ...] = ()
    to_take_out: tuple[TakenOut, ...] = ()
    without_subject: bool = False

    @property
    def takes_out(self) -> bool:
        """Whether words of it are to go that are stored."""
        return bool(self.to_take_out) or self.without_subject


def store_remembered(
    connection: sa.Connection,
    account: int,
    tickets: Sequence[RememberedTicket],
    vectors: Mapping[bytes, bytes],
    readings: Mapping[bytes, bytes] = MappingProxyType({}),
) -> list[RememberedTicket]:
    """Replace what was remembered of these tickets, in the transaction that clears the outbox.

    A ticket that has been put in the outbox again or was deleted meanwhile is left alone. Of one
    that tells what is not to be kept, this is taken out of its messages; it is remembered again
    without it, so that the same is remembered whenever it was taken out.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        tickets: What each ticket gives.
        vectors: Digest to float16 bytes, of every vector that `tickets` use.
        readings: Digest to what the head made of the same text's tokens, where it read them.

    Returns:
        The tickets that were stored.
    """
    c = t.outbox.c
    ids = [one.ticket_id for one in tickets]
    waiting = {
        (row.ticket_id, row.stamp)
        for row in connection.execute(
            sa.select(c.ticket_id, c.stamp).where(c.account == account, c.ticket_id.in_(ids))
        )
    }
    kept = [one for one in tickets if (one.ticket_id, one.stamp) in waiting]
    told = [one for one in kept if one.takes_out]
    for one in told:
        _take_out(connection, account, one)
    put_in_outbox(connection, account, [one.ticket_id for one in told])
    kept = [one for one in kept if not one.takes_out]
    added = Counter(place.digest for one in kept for place in one.sentences)
    added.update(m.vector for one in kept for m in one.memories if m.vector is not None)
    _clear(connection, account, [one.ticket_id for one in kept])
    _insert_rows(connection, account, kept)
    rows: list[Row] = [
        {
            "account": account,
            "digest": digest,
            "data": vectors[digest],
            "reading": readings.get(digest),
            "users": 0,
        }
        for digest in sorted(added)
    ]
    upsert(connection, t.vector, rows, keep=("users", "data"))
    _count(connection, account, added)
    drop_unused_vectors(connection, account)
    _clear_outbox(connection, account, kept)
    return kept


def _take_out(connection: sa.Connection, account: int, one: RememberedTicket) -> None:
    """Replace what is not to be kept in a ticket's subject and messages."""
    c, m = t.ticket.c, t.message.c
    if one.without_subject:
        mine = sa.and_(c.account == account, c.id == one.ticket_id)
        connection.execute(t.ticket.update().where(mine).values(subject=NOT_KEPT))
    places: dict[str, list[tuple[int, int, str]]] = {}
    for place in one.to_take_out:
        spans = places.setdefault(place.message_id, [])
        spans.append((place.start, place.stop, place.mark))
    for message_id, spans in places.items():
        this = sa.and_(m.account == account, m.ticket_id == one.ticket_id, m.id == message_id)
        text = connection.scalar(sa.select(m.text).where(this))
        if text is not None:
            connection.execute(t.message.update().where(this).values(text=taken_out(text, spans)))


def _insert_rows(
    connection: sa.Connection, account: int, tickets: Sequence[RememberedTicket]
) -> None:
    memories = [memory for one in tickets for memory in one.memories]
    _insert(connection, t.memory, [_memory_row(account, one) for one in memories])
    _insert(connection, t.evidence, [row for one in memories for row in _evidence(account, one)])
    _insert(connection, t.sentence, [row for one in tickets for row in _sentences(account, one)])
    _insert(connection, t.contact, [row for one in tickets for row in _contacts(account, one)])
    _insert(connection, t.never_kept, [row for one in tickets for row in _never_kept(account, one)])


def count_of_ticket(connection: sa.Connection, account: int, ticket_id: str) -> Counter[str]:
    """How many `memories`, `sentences` and `contacts` there are of a ticket."""
    found: Counter[str] = Counter()
    for table, what in ((t.memory, "memories"), (t.sentence, "sentences"), (t.contact, "contacts")):
        c = table.c
        of_ticket = sa.and_(c.account == account, c.ticket_id == ticket_id)
        count = sa.select(sa.func.count()).select_from(table).where(of_ticket)
        found[what] = connection.scalar(count) or 0
    return found


def forget_ticket(connection: sa.Connection, account: int, ticket_id: str) -> int:
    """Remove what was remembered of a ticket, and every vector that nobody else uses.

    Returns:
        How many vectors.
    """
    _clear(connection, account, [ticket_id])
    return drop_unused_vectors(connection, account)


def release(connection: sa.Connection, account: int, used: Mapping[bytes, int]) -> None:
    """Count down the users of vectors; those with none left go with `drop_unused_vectors`."""
    _count(connection, account, {digest: -count for digest, count in used.items()})


def drop_unused_vectors(connection: sa.Connection, account: int) -> int:
    """Remove the vectors whose last user has gone; how many."""
    c = t.vector.c
    gone = connection.execute(t.vector.delete().where(c.account == account, c.users <= 0))
    return gone.rowcount


def _clear(connection: sa.Connection, account: int, ticket_ids: Sequence[str]) -> None:
    s, m, e = t.sentence.c, t.memory.c, t.evidence.c
    of_tickets = sa.and_(m.account == account, m.ticket_id.in_(ticket_ids))
    said = sa.select(s.digest).where(s.account == account, s.ticket_id.in_(ticket_ids))
    used = Counter(connection.scalars(said))
    used.update(connection.scalars(sa.select(m.vector).where(of_tickets, m.vector.is_not(None))))
    release(connection, account, used)
    ids = sa.select(m.id).where(of_tickets)
    connection.execute(t.evidence.delete().where(e.account == account, e.memory_id.in_(ids)))
    for table in (t.memory, t.sentence, t.contact, t.never_kept):
        c = table.c
        connection.execute(table.delete().where(c.account == account, c.ticket_id.in_(ticket_ids)))


def _count(connection: sa.Connection, account: int, changes: Mapping[bytes, int]) -> None:
    if not changes:
        return
    c = t.vector.c
    connection.execute(
        t.vector.update()
        .where(c.account == account, c.digest == sa.bindparam("which"))
        .values(users=c.users + sa.bindparam("change")),
        [{"which": digest, "change": change} for digest, change in sorted(changes.items())],
    )


def _clear_outbox(
    connection: sa.Connection, account: int, tickets: Sequence[RememberedTicket]
) -> None:
    if not tickets:
        return
    c = t.outbox.c
    connection.execute(
        t.outbox.delete().where(
            c.account == account,
            c.ticket_id == sa.bindparam("which"),
            c.stamp == sa.bindparam("answered"),
        ),
        [{"which": one.ticket_id, "answered": one.stamp} for one in tickets],
    )


def _insert(connection: sa.Connection, table: sa.Table, rows: list[Row]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _memory_row(account: int, one: StoredMemory) -> Row:
    return {
        "account": account,
        "id": one.id,
        "customer_id": one.customer_id,
        "ticket_id": one.ticket_id,
        "kind": one.kind,
        "relation": one.relation,
        "said_at": one.said_at,
        "about_on": one.about_on,
        "confidence": one.confidence,
        "sensitive": one.sensitive,
        "code": one.code,
        "vector": one.vector,
    }


def _evidence(account: int, one: StoredMemory) -> list[Row]:
    return [
        {
            "account": account,
            "memory_id": one.id,
            "place": place,
            "part": evidence.part,
            "ticket_id": evidence.ticket_id,
            "message_id": evidence.message_id,
            "author_id": evidence.author_id,
            "quote": evidence.quote,
        }
        for place, evidence in enumerate(one.evidence)
    ]


def _sentences(account: int, one: RememberedTicket) -> list[Row]:
    return [
        {
            "account": account,
            "ticket_id": one.ticket_id,
            "message_id": place.message_id,
            "start": place.start,
            "stop": place.stop,
            "author_id": place.author_id,
            "digest": place.digest,
        }
        for place in one.sentences
    ]


def _contacts(account: int, one: RememberedTicket) -> list[Row]:
    return [
        {
            "account": account,
            "customer_id": contact.customer_id,
            "ticket_id": one.ticket_id,
            "agent_id": contact.agent_id,
            "at": contact.at,
            "minutes": contact.minutes,
            "talks": contact.talks,
            "calls": contact.calls,
        }
        for contact in one.contacts
    ]


def _never_kept(account: int, one: RememberedTicket) -> list[dict[str, Any]]:
    return [
        {"account": account, "customer_id": who, "ticket_id": one.ticket_id, "count": count}
        for who, count in one.never_kept
    ]
