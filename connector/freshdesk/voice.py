"""Calls, as far as Freshdesk's API tells of them.

A call is a ticket of source 3, or a conversation of source 9 in any ticket: what an agent or the
phone system noted of it. Neither says in which direction it went, how long it was, from which
number it came, or whether anybody answered; so every call is inbound and of unknown length. Only
the subject of a ticket that a phone system made of a call in vain says that it was one. Other
notes in a ticket that was logged from a call are not calls.
https://developers.freshdesk.com/api/#conversations
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from memory.entities import Call

if TYPE_CHECKING:
    from connector.fields import Row

_IN_VAIN = re.compile(
    r"^\W*(?:(?:missed|abandoned|unanswered)\s+(?:phone\s+|voice\s+)?call|voicemail|voice\s+mail)"
    r"(?:\s+from\b(?P<number>.*))?",
    re.IGNORECASE,
)


def in_vain(subject: str) -> Call | None:
    """The call that nobody answered, of which a phone system made a ticket with this subject.

    No field says so, but phone systems name such tickets alike: "Missed call from +12125550101".

    Args:
        subject: Of a ticket of source 3.
    """
    found = _IN_VAIN.match(subject)
    if found is None:
        return None
    return Call("inbound", number=(found["number"] or "").strip() or None, missed=True)


def read_call(row: Row, author_id: str | None) -> Call:
    """The call that a conversation of source 9 notes; who noted it has answered it.

    Args:
        row: The conversation.
        author_id: Who wrote it.
    """
    incoming = row.flag("incoming", default=False)
    return Call("inbound", answered_by=None if incoming else author_id)
