"""Calls, as far as Freshdesk's API tells of them.

A call is a ticket of source 3, or a conversation of source 9 in any ticket: what an agent or the
phone system noted of it. Neither says in which direction it went, how long it was, from which
number it came, or whether anybody answered; so every call is inbound, of unknown length, and none
is marked as missed. Other notes in a ticket that was logged from a call are not calls.
https://developers.freshdesk.com/api/#conversations
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.entities import Call

if TYPE_CHECKING:
    from connector.fields import Row


def read_call(row: Row, author_id: str | None) -> Call:
    """The call that a conversation of source 9 notes; who noted it has answered it.

    Args:
        row: The conversation.
        author_id: Who wrote it.
    """
    incoming = row.flag("incoming", default=False)
    return Call("inbound", answered_by=None if incoming else author_id)
