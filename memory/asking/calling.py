"""Whom a number that rings belongs to, where it is one person's alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from memory.asking.identity import look_up
from memory.asking.view import View

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from memory.record import Account
    from memory.record.stored import Stored


def caller_of(
    connection: sa.Connection, account: Account, number: str, at: datetime
) -> Stored | None:
    """The one customer whom a number points to; None where it is several, or nobody.

    Args:
        connection: Reads one moment of the record.
        account: Whose record.
        number: As E.164.
        at: The present.
    """
    view = View(account=account, as_of=at, zone=ZoneInfo("UTC"))
    return look_up(connection, view, "phone", number, None).customer
