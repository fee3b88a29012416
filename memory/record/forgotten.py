"""Who was forgotten: of each a keyed digest, so that no page of a helpdesk brings them back.

The digest says nothing to whoever does not hold the account's key and the person's id. A person is
out of sight from the transaction on that stores their digest; the bytes in files follow, and until
they have the row is pending.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import sqlalchemy as sa

from memory.errors import ForgottenError
from memory.record import tables as t
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from memory.record.record import Account

Reason = Literal["asked", "deleted"]
"""They asked, or the helpdesk deleted them."""

OUTSIDE: Final = "outside"
"""Among the counts: in how many of other people's tickets they are named, which stay."""

OUTSIDE_NOTES: Final = "outside_notes"
"""The same of notes on other people."""

_CERTIFICATE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Somebody of whom nothing is held any more.

    Attributes:
        digest: Keyed with the account's key, of their id.
        reason: Why.
        accepted_at: Since when they are out of sight.
        complete_at: Since when no byte of theirs is left in our files; None as long as one may be.
        counts: How much went, by what it was.
        files: Files about them that were written here and are still to be removed.
    """

    digest: bytes
    reason: Reason
    accepted_at: datetime
    complete_at: datetime | None
    counts: Mapping[str, int]
    files: tuple[str, ...] = ()

    @property
    def certificate(self) -> str:
        """The number of their certificate."""
        return self.digest[:_CERTIFICATE_BYTES].hex()


Pending: TypeAlias = Forgotten
"""One whose bytes may still be in our files."""


def digest_of(account: Account, person_id: str) -> bytes:
    """What stays of a person who was forgotten.

    Args:
        account: Its key makes the digest; without it nobody can tell whose it is.
        person_id: The helpdesk's id.
    """
    return _digest(account.key, person_id)


def are_forgotten(connection: Connection, account: int, ids: Iterable[str | None]) -> set[str]:
    """Which of these people are forgotten: nothing of theirs is stored again.

    Args:
        connection: To the record.
        account: The account's number.
        ids: The helpdesk's ids; None is nobody.
    """
    wanted = sorted({one for one in ids if one is not None})
    f = t.forgotten.c
    anybody = sa.select(f.digest).where(f.account == account).limit(1)
    if not wanted or connection.scalar(anybody) is None:
        return set()
    key = _key(connection, account)
    found: set[str] = set()
    for chunk in chunks(wanted):
        whose = {_digest(key, one): one for one in chunk}
        rows = connection.scalars(
            sa.select(f.digest).where(f.account == account, f.digest.in_(list(whose)))
        )
        found |= {whose[bytes(row)] for row in rows}
    return found


def refuse_forgotten(connection: Connection, account: int, person_id: str) -> None:
    """Raise when a person is forgotten, in the transaction that was to write of them.

    Raises:
        ForgottenError: They are.
    """
    if are_forgotten(connection, account, [person_id]):
        raise ForgottenError(
            "This person is forgotten: nothing is held or written down of them.",
            "`remember allow REF` lets the next sync know them again.",
        )


def put_down(
    connection: Connection,
    account: int,
    ids: Sequence[str],
    *,
    reason: Reason,
    at: datetime,
) -> None:
    """These people are forgotten from now on; who was before stays as they were.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        ids: The helpdesk's ids.
        reason: Why.
        at: The present.
    """
    key = _key(connection, account)
    rows: list[Row] = [
        {
            "account": account,
            "digest": _digest(key, one),
            "reason": reason,
            "accepted_at": at,
            "complete_at": None,
            "counts": {},
        }
        for one in ids
    ]
    upsert(connection, t.forgotten, rows, keep=("reason", "accepted_at", "complete_at", "counts"))


def put_counts(
    connection: Connection, account: int, person_id: str, counts: Mapping[str, int]
) -> None:
    """Write down how much went of a person, beside what went before.

    Where anything went, their bytes are to be looked for again.
    """
    one = forgotten(connection, account, person_id)
    if one is None or not counts:
        return
    total = {key: one.counts.get(key, 0) + counts.get(key, 0) for key in {*one.counts, *counts}}
    f = t.forgotten.c
    connection.execute(
        t.forgotten.update()
        .where(f.account == account, f.digest == one.digest)
        .values(counts=dict(sorted(total.items())), complete_at=None)
    )


def forgotten(connection: Connection, account: int, person_id: str) -> Forgotten | None:
    """What is known of the forgetting of a person; None where they are not forgotten."""
    digest = _digest(_key(connection, account), person_id)
    found = _read(connection, account, t.forgotten.c.digest == digest)
    return found[0] if found else None


def pending(connection: Connection, account: int) -> list[Pending]:
    """Everybody whose bytes may still be in our files, who was forgotten first first."""
    return _read(connection, account, t.forgotten.c.complete_at.is_(None))


def complete(connection: Connection, account: int, digests: Sequence[bytes], at: datetime) -> None:
    """No byte of these people is left in our files, nor any file about them.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        digests: Theirs.
        at: The present.
    """
    f, w = t.forgotten.c, t.written.c
    for chunk in chunks(digests):
        connection.execute(
            t.forgotten.update()
            .where(f.account == account, f.digest.in_(chunk))
            .values(complete_at=at)
        )
        names = [_owner(one) for one in chunk]
        connection.execute(t.written.delete().where(w.account == account, w.customer_id.in_(names)))


def allow(connection: Connection, account: int, person_id: str) -> bool:
    """Let a person be known again, once the helpdesk tells of them.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        person_id: The helpdesk's id.

    Returns:
        False when they were not forgotten.
    """
    digest = _digest(_key(connection, account), person_id)
    f = t.forgotten.c
    gone = connection.execute(t.forgotten.delete().where(f.account == account, f.digest == digest))
    return gone.rowcount > 0


def disown_files(connection: Connection, account: int, person_id: str, ids: Sequence[str]) -> int:
    """Lead from files about these people to their digest alone, by which they are removed.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        person_id: Whose digest the files are removed by.
        ids: Whom the files are about.

    Returns:
        How many files there are.
    """
    w = t.written.c
    owner = _owner(_digest(_key(connection, account), person_id))
    changed = connection.execute(
        t.written.update()
        .where(w.account == account, w.customer_id.in_(ids))
        .values(customer_id=owner)
    )
    return changed.rowcount


def _read(connection: Connection, account: int, which: sa.ColumnElement[bool]) -> list[Forgotten]:
    f, w = t.forgotten.c, t.written.c
    rows = connection.execute(
        sa.select(t.forgotten).where(f.account == account, which).order_by(f.accepted_at, f.digest)
    ).all()
    files: dict[str, list[str]] = {}
    for chunk in chunks([_owner(row.digest) for row in rows]):
        found = connection.execute(
            sa.select(w.customer_id, w.path)
            .where(w.account == account, w.customer_id.in_(chunk))
            .order_by(w.path)
        )
        for one in found:
            files.setdefault(one.customer_id, []).append(one.path)
    return [
        Forgotten(
            row.digest,
            row.reason,
            row.accepted_at,
            row.complete_at,
            row.counts,
            tuple(files.get(_owner(row.digest), ())),
        )
        for row in rows
    ]


def _owner(digest: bytes) -> str:
    """Under what stands, in the table of written files, a file about a forgotten person."""
    return f"forgotten:{digest.hex()}"


def _key(connection: Connection, account: int) -> bytes:
    a = t.account.c
    return bytes(connection.execute(sa.select(a.key).where(a.number == account)).scalar_one())


def _digest(key: bytes, person_id: str) -> bytes:
    return hmac.digest(key, b"person:" + person_id.encode(), "sha256")
