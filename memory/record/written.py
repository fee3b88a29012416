"""Files about one customer that were written here, so that they go when the customer does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from memory.record import tables as t
from memory.record.forgotten import refuse_forgotten
from memory.record.upserts import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

_FILE = t.written.c

UNFINISHED: Final = b""
"""In place of the SHA-256 of a file that is about to be written: it may hold the half of it."""


def note_file(
    connection: Connection,
    account: int,
    *,
    path: str,
    customer_id: str,
    digest: bytes,
    at: datetime,
) -> None:
    """Write down that a file about a customer is about to be written.

    Args:
        connection: Inside a transaction of writes.
        account: The account's number.
        path: Where, from the root on.
        customer_id: Whom it is about.
        digest: The SHA-256 of what is written; `UNFINISHED` until it is.
        at: The present.

    Raises:
        ForgottenError: The customer is forgotten.
    """
    refuse_forgotten(connection, account, customer_id)
    row: Row = {
        "account": account,
        "path": path,
        "customer_id": customer_id,
        "digest": digest,
        "at": at,
    }
    upsert(connection, t.written, [row])


def digests_of(connection: Connection, account: int, paths: Sequence[str]) -> dict[str, bytes]:
    """The SHA-256 of what was written, by path; `UNFINISHED` where nobody knows how far."""
    found: dict[str, bytes] = {}
    for chunk in chunks(paths):
        rows = connection.execute(
            sa.select(_FILE.path, _FILE.digest).where(
                _FILE.account == account, _FILE.path.in_(chunk)
            )
        )
        found.update((row.path, bytes(row.digest)) for row in rows)
    return found


def drop_files(connection: Connection, account: int, paths: Sequence[str]) -> None:
    """Know of these files no more; their names may say whom they are about."""
    for chunk in chunks(paths):
        connection.execute(
            t.written.delete().where(_FILE.account == account, _FILE.path.in_(chunk))
        )
