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
from memory.record.upserts import upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

__all__ = [
    "FIRST",
    "Anchor",
    "Entry",
    "Verdict",
    "entries_of",
    "hash_of",
    "head",
    "keyed",
    "log",
    "rechain",
    "verify",
]

_KEY_BYTES = 32


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
    alias, key = _alias_of(connection, account, customer_id)
    before = head(connection, account)
    entry: dict[str, Any] = {
        "account": account,
        "number": before.number + 1,
        "at": at,
        "agent": _storable(agent),
        "proof": proof,
        "source": _storable(source),
        "what": what,
        "alias": alias,
        "subject": None if subject is None else keyed(key, subject),
    }
    digest = hash_of(before.hash, entry)
    connection.execute(t.access.insert().values(**entry, hash=digest))
    upsert(
        connection,
        t.access_head,
        [{"account": account, "number": before.number + 1, "hash": digest}],
    )


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


def _alias_of(connection: sa.Connection, account: int, customer_id: str) -> tuple[bytes, bytes]:
    """The alias and the key of a customer, made with their first entry."""
    c = t.alias.c
    known = connection.execute(
        sa.select(c.alias, c.key).where(c.account == account, c.customer_id == customer_id)
    ).first()
    if known is not None:
        return known.alias, known.key
    key = secrets.token_bytes(_KEY_BYTES)
    alias = alias_for(key, customer_id)
    if not are_forgotten(connection, account, [customer_id]):
        row = {"account": account, "customer_id": customer_id, "alias": alias, "key": key}
        connection.execute(t.alias.insert().values(**row))
    return alias, key


def _storable(text: str) -> str:
    """A name as every database gives it back: else its entry would look changed."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
