"""The access log: who saw what of whom, in a chain that shows whether anybody changed it.

An entry names its customer by an alias: random bytes that another table leads from the customer to.
What the entry is about, a memory or a call, is keyed with that customer's key. When a customer is
forgotten their alias goes, and nobody can tell any more whom the entries were about; the entries
themselves stay as they are, so that the chain still holds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.upserts import upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

FIRST = hashlib.sha256(b"remember-them access log").digest()
"""What the first entry of an account follows."""

_ALIAS_BYTES = 16
_KEY_BYTES = 32
_READ = 5000
"""Entries that are read at once."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who saw what of a customer, as an export tells it."""

    at: datetime
    agent: str
    proof: str
    source: str
    what: str
    subject: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the log of an account is as it was written.

    Attributes:
        entries: How many entries were looked at.
        broken_at: The number of the first that is not as it was written; None where all are.
        reason: What is wrong there: `changed`, `missing` or `cut`; None where nothing is.
    """

    entries: int
    broken_at: int | None = None
    reason: str | None = None


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
        customer_id: Of whom.
        subject: Which memory or call it was about; only the customer's own key tells it again.
    """
    alias, key = _alias_of(connection, account, customer_id)
    number, before = _head(connection, account)
    entry: dict[str, Any] = {
        "account": account,
        "number": number + 1,
        "at": at,
        "agent": agent,
        "proof": proof,
        "source": source,
        "what": what,
        "alias": alias,
        "subject": None if subject is None else keyed(key, subject),
    }
    digest = hash_of(before, entry)
    connection.execute(t.access.insert().values(**entry, hash=digest))
    head = {"account": account, "number": number + 1, "hash": digest}
    upsert(connection, t.access_head, [head])


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


def verify(connection: sa.Connection, account: int) -> Verdict:
    """Read the whole log of an account, and say where it is not as it was written."""
    before, number = FIRST, 0
    for entry in _entries(connection, account):
        if entry["number"] != number + 1:
            return Verdict(number, number + 1, "missing")
        if not hmac.compare_digest(hash_of(before, entry), entry["hash"]):
            return Verdict(number, entry["number"], "changed")
        before, number = entry["hash"], entry["number"]
    last, digest = _head(connection, account)
    if last != number:
        return Verdict(number, min(last, number) + 1, "cut" if last > number else "changed")
    if not hmac.compare_digest(digest, before):
        return Verdict(number, number or None, "changed")
    return Verdict(number)


def keyed(key: bytes, subject: str) -> bytes:
    """What stands in the log for a memory or a call of the customer whose key it is."""
    return hmac.digest(key, subject.encode(), "sha256")[:16]


def hash_of(before: bytes, entry: RowMapping | dict[str, Any]) -> bytes:
    """SHA-256 over the hash before and every field of an entry, each with its name."""
    fields = {
        "account": entry["account"],
        "number": entry["number"],
        "at": entry["at"].isoformat(),
        "agent": entry["agent"],
        "proof": entry["proof"],
        "source": entry["source"],
        "what": entry["what"],
        "alias": entry["alias"].hex(),
        "subject": None if entry["subject"] is None else entry["subject"].hex(),
    }
    text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(before + text.encode()).digest()


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


def _alias_of(connection: sa.Connection, account: int, customer_id: str) -> tuple[bytes, bytes]:
    c = t.alias.c
    known = connection.execute(
        sa.select(c.alias, c.key).where(c.account == account, c.customer_id == customer_id)
    ).first()
    if known is not None:
        return known.alias, known.key
    alias, key = secrets.token_bytes(_ALIAS_BYTES), secrets.token_bytes(_KEY_BYTES)
    connection.execute(
        t.alias.insert().values(account=account, customer_id=customer_id, alias=alias, key=key)
    )
    return alias, key


def _head(connection: sa.Connection, account: int) -> tuple[int, bytes]:
    c = t.access_head.c
    head = connection.execute(sa.select(c.number, c.hash).where(c.account == account)).first()
    return (0, FIRST) if head is None else (head.number, head.hash)


def _entries(connection: sa.Connection, account: int) -> Iterator[RowMapping]:
    """All entries of an account in their order, some at a time."""
    c = t.access.c
    some = sa.select(t.access).where(c.account == account).order_by(c.number).limit(_READ)
    last = 0
    while found := connection.execute(some.where(c.number > last)).mappings().all():
        yield from found
        last = found[-1]["number"]
