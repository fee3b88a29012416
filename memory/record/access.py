"""The access log: who saw what of whom, in a chain that shows whether anybody changed it.

An entry names its customer by an alias, made with a random key of that customer's alone. What the
entry is about, a memory or a call, is made unreadable with the same key. When a customer is
forgotten the key goes, and nobody can tell any more whom the entries were about; the entries
themselves stay as they are, so that the chain still holds. After a merge each alias stays with the
id it was made for: whoever asks for the winner asks for the losers, too.

An entry never holds content. What the chain can show and what it cannot, `chain` tells.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.chain import FIRST, Anchor, Verdict, alias_for, hash_of, head, verify
from memory.record.forgotten import are_forgotten
from memory.record.upserts import chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

__all__ = [
    "FIRST",
    "Anchor",
    "Entry",
    "New",
    "Verdict",
    "entries_of",
    "hash_of",
    "head",
    "keyed",
    "log",
    "log_all",
    "rechain",
    "verify",
]

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class New:
    """An entry that is to be written; its fields are those of `log`."""

    at: datetime
    agent: str
    proof: str
    source: str
    what: str
    customer_id: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Who saw what of a customer, as an export tells it."""

    at: datetime
    agent: str
    proof: str
    source: str
    what: str
    subject: str | None


def log(
    connection: sa.Connection,
    account: int,
    *,
    at: datetime,
    agent: str,
    proof: str,
    source: str,
    what: str,
    customer_id: str,
    subject: str | None = None,
) -> None:
    """Write an entry at the end of the log.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        at: When.
        agent: Who looked, as a ref; of a command the user of the operating system.
        proof: How it is known that it was them.
        source: From where: `command`, `service`, or `service:` and the installation's name.
        what: What they did, such as `reveal`.
        customer_id: Of whom. Where they are forgotten the entry has an alias that leads nowhere.
        subject: Which memory or call it was about; only the customer's own key tells it again.
    """
    log_all(connection, account, [New(at, agent, proof, source, what, customer_id, subject)])


def log_all(connection: sa.Connection, account: int, news: Sequence[New]) -> None:
    """Write entries at the end of the log, in their order; as `log`, for many at once."""
    aliases = _aliases_of(connection, account, {one.customer_id for one in news})
    last = head(connection, account)
    rows: list[dict[str, Any]] = []
    for one in news:
        alias, key = aliases[one.customer_id]
        entry: dict[str, Any] = {
            "account": account,
            "number": last.number + 1,
            "at": one.at,
            "agent": _storable(one.agent),
            "proof": one.proof,
            "source": _storable(one.source),
            "what": one.what,
            "alias": alias,
            "subject": None if one.subject is None else keyed(key, one.subject),
        }
        last = Anchor(last.number + 1, hash_of(last.hash, entry))
        rows.append({**entry, "hash": last.hash})
    if rows:
        connection.execute(t.access.insert(), rows)
        newest = {"account": account, "number": last.number, "hash": last.hash}
        upsert(connection, t.access_head, [newest])


def entries_of(
    connection: sa.Connection, account: int, customers: Sequence[str], subjects: Iterable[str]
) -> list[Entry]:
    """Who saw what of a customer, oldest first.

    Args:
        connection: To the record.
        account: The account's number.
        customers: The ids that the customer has and had.
        subjects: The memories and calls that an entry may be about; of others it is not told.
    """
    c, a = t.access.c, t.alias.c
    known = connection.execute(
        sa.select(a.alias, a.key).where(a.account == account, a.customer_id.in_(customers))
    ).all()
    named = {(one.alias, keyed(one.key, of)): of for of in set(subjects) for one in known}
    rows = connection.execute(
        sa.select(c.at, c.agent, c.proof, c.source, c.what, c.alias, c.subject)
        .where(c.account == account, c.alias.in_([one.alias for one in known]))
        .order_by(c.number)
    )
    return [
        Entry(
            row.at, row.agent, row.proof, row.source, row.what, named.get((row.alias, row.subject))
        )
        for row in rows
    ]


def keyed(key: bytes, subject: str) -> bytes:
    """What stands in the log for a memory or a call of the customer whose key it is."""
    return hmac.digest(key, subject.encode(), "sha256")[:16]


def rechain(connection: sa.Connection, entries: Sequence[sa.Row[Any]]) -> None:
    """Write the entries of a log that had no chain yet at the end of the new one, in their order.

    Each has `account`, `at` in microseconds, `agent`, `proof`, `what` and `customer_id`.
    """
    for one in entries:
        what, _, subject = one.what.partition(":")
        log(
            connection,
            one.account,
            at=t.UtcTime().process_result_value(one.at, connection.dialect),  # type: ignore[arg-type]  # never null
            agent=one.agent,
            proof=one.proof,
            source="command" if one.proof == "os-user" else "service",
            what=what,
            customer_id=one.customer_id,
            subject=subject or None,
        )


def _aliases_of(
    connection: sa.Connection, account: int, customers: Collection[str]
) -> dict[str, tuple[bytes, bytes]]:
    """The aliases and keys of customers, made with their first entries."""
    c = t.alias.c
    known: dict[str, tuple[bytes, bytes]] = {}
    for chunk in chunks(sorted(customers)):
        rows = connection.execute(
            sa.select(c.customer_id, c.alias, c.key).where(
                c.account == account, c.customer_id.in_(chunk)
            )
        )
        known.update((row.customer_id, (row.alias, row.key)) for row in rows)
    new = sorted(set(customers) - known.keys())
    gone = are_forgotten(connection, account, new)
    for one in new:
        key = secrets.token_bytes(_KEY_BYTES)
        known[one] = (alias_for(key, one), key)
    stored = [
        {"account": account, "customer_id": one, "alias": known[one][0], "key": known[one][1]}
        for one in new
        if one not in gone
    ]
    if stored:
        connection.execute(t.alias.insert(), stored)
    return known


def _storable(text: str) -> str:
    """A name as every database gives it back: else its entry would look changed."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
