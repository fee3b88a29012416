"""What makes the access log a chain: each entry's hash is over the one before, and all it says.

What a check shows: that an entry, or the head, is not as it was written; that one was taken out,
put in or put elsewhere; that the newest are gone; that an alias leads to another customer than it
was made for.

What it cannot show by itself: whoever may write the record and knows this program can cut the end
and set the head back, or write the whole log anew, as can whoever restores an older copy. Against
that stands the anchor: a check tells the number and the hash of the newest entry, an auditor keeps
them where that person does not reach, and a later check is told what to expect. Nor can it show
that an alias was removed otherwise than by forgetting, nor what was never written: a view that was
lost by a kill, and on SQLite the last moments before the power failed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy import exc

from memory.record import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIRST: Final = hashlib.sha256(b"remember-them access log").digest()
"""What the first entry of an account follows."""

Reason = Literal["changed", "missing", "cut", "added", "rewritten", "alias"]
"""An entry says something else; it is gone; it and all after it are gone; nobody of ours wrote it;
it, or one before it, is not the one that was expected; an alias leads to somebody else."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_READ: Final = 5000
"""Rows that are read at once."""

_STRANGE = (TypeError, ValueError, AttributeError, OverflowError, KeyError)
"""What a value raises that no entry can hold, or one that is not there."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry that an auditor has written down elsewhere: its number and its hash."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """An anchor as it is printed.

        Raises:
            ValueError: It is none.
        """
        number, _, digest = text.strip().partition(":")
        found = cls(int(number), bytes.fromhex(digest))
        if found.number < 0 or len(found.hash) != len(FIRST):
            raise ValueError("that is no anchor")
        return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the log of an account is as it was written.

    Attributes:
        entries: How many entries hold, from the first on.
        broken_at: The number of the first that does not; None where all do, and where an alias
            that no entry has any more is not what it was.
        reason: What is wrong there; None where nothing is.
    """

    entries: int
    broken_at: int | None = None
    reason: Reason | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.reason is None


def head(connection: sa.Connection, account: int) -> Anchor:
    """The newest entry, as it was written; `FIRST` under the number 0 where there is none."""
    question = sa.select(*_plain(t.access_head)).where(t.access_head.c.account == account)
    found = connection.execute(question).first()
    return Anchor(0, FIRST) if found is None else Anchor(found.number, found.hash)


def verify(connection: sa.Connection, account: int, expected: Anchor | None = None) -> Verdict:
    """Read the whole log of an account, and say where it is not as it was written.

    Args:
        connection: Reads one moment of the record.
        account: The account's number.
        expected: What an earlier check told as the head; the log has grown since.
    """
    last = Anchor(0, FIRST)
    if expected is not None and expected.number == 0 and expected != last:
        return Verdict(0, None, "rewritten")
    for entry in _rows(connection, account, t.access.c.number):
        reason = _wrong(last, entry)
        if reason is not None:
            return Verdict(last.number, last.number + 1, reason)
        last = Anchor(entry["number"], entry["hash"])
        if expected is not None and expected.number == last.number and expected != last:
            return Verdict(last.number - 1, last.number, "rewritten")
    return _at_the_end(connection, account, last, expected) or _by_alias(connection, account, last)


def alias_for(key: bytes, customer_id: str) -> bytes:
    """The alias of a customer: as good as random to whoever has not the key, which is theirs alone.

    Whoever has the key sees that it leads to this customer and to nobody else.
    """
    return hmac.digest(key, b"customer:" + customer_id.encode(), "sha256")[:16]


def hash_of(before: bytes, entry: Mapping[str, Any]) -> bytes:
    """SHA-256 over the hash before and every field of an entry, each with its name.

    Raises:
        TypeError: A field holds what it cannot; so do ValueError, AttributeError, OverflowError.
    """
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


def _wrong(last: Anchor, entry: Mapping[str, Any]) -> Reason | None:
    """What is wrong with the entry that follows another."""
    try:
        if entry["number"] != last.number + 1:
            return "added" if entry["number"] <= last.number else "missing"
        moment = _EPOCH + timedelta(microseconds=entry["at"])
        digest = hash_of(last.hash, {**entry, "at": moment})
        return None if hmac.compare_digest(digest, entry["hash"]) else "changed"
    except _STRANGE:
        return "changed"


def _at_the_end(
    connection: sa.Connection, account: int, last: Anchor, expected: Anchor | None
) -> Verdict | None:
    """What is wrong with the head, or with how long the log is."""
    try:
        told = head(connection, account)
        if told.number < last.number:
            return Verdict(told.number, told.number + 1, "added")
        if told.number > last.number or (expected is not None and expected.number > last.number):
            return Verdict(last.number, last.number + 1, "cut")
        same = hmac.compare_digest(told.hash, last.hash)
    except (*_STRANGE, exc.DBAPIError):
        same = False
    return None if same else Verdict(max(last.number - 1, 0), last.number or None, "changed")


def _by_alias(connection: sa.Connection, account: int, last: Anchor) -> Verdict:
    """The verdict on a log whose entries hold, by where its aliases lead to."""
    try:
        aliases = _rows(connection, account, t.alias.c.customer_id)
        strange = [one.get("alias") for one in aliases if not _leads_rightly(one)]
    except exc.DBAPIError:
        if connection.dialect.name != "sqlite":
            raise
        return Verdict(last.number, None, "alias")  # one of them is no text any more
    if not strange:
        return Verdict(last.number)
    known = [one for one in strange[:_READ] if isinstance(one, bytes)]
    c = t.access.c
    of_them = sa.and_(c.account == account, c.alias.in_(known))
    first = connection.scalar(sa.select(sa.func.min(c.number)).where(of_them))
    return Verdict(last.number if first is None else first - 1, first, "alias")


def _leads_rightly(row: Mapping[str, Any]) -> bool:
    try:
        right = alias_for(row["key"], row["customer_id"])
        return hmac.compare_digest(right, row["alias"])
    except _STRANGE:
        return False


def _plain(table: sa.FromClause) -> list[sa.Label[Any]]:
    """The columns as the database has them: what no column can hold is for the check to find."""
    return [sa.type_coerce(one, sa.types.NullType()).label(one.name) for one in table.c]


def _rows(
    connection: sa.Connection, account: int, key: sa.Column[Any]
) -> Iterator[Mapping[str, Any]]:
    """All rows of a table in the order of a key; one that cannot be read is its key alone."""
    question = sa.select(*_plain(key.table)).where(key.table.c.account == account).order_by(key)
    found = _some(connection, question, key, _READ)
    while found:
        yield from found
        found = _some(connection, question.where(key > found[-1][key.name]), key, _READ)


def _some(
    connection: sa.Connection, question: sa.Select[Any], key: sa.Column[Any], most: int
) -> list[Mapping[str, Any]]:
    """The next rows; where SQLite cannot read them all, fewer."""
    try:
        return [dict(one) for one in connection.execute(question.limit(most)).mappings()]
    except exc.DBAPIError:
        if connection.dialect.name != "sqlite":
            raise
        if most > 1:
            return _some(connection, question, key, most // 2)
        found = connection.scalar(question.with_only_columns(key).limit(1))
        return [] if found is None else [{key.name: found}]
