"""Freshdesk's numbers for channels, states and scores, as words.

The documentation names some of them; the others are seen in its answers.
https://developers.freshdesk.com/api/#tickets
https://developers.freshdesk.com/api/#conversations
https://github.com/chatwoot/chatwoot/pull/15261
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.entities import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

PHONE, OUTBOUND_EMAIL, WEB_CHAT = 3, 10, 15
"""Sources of a ticket: logged from a call, begun by an agent, begun in the web chat."""

CALL_NOTE = 9
"""The source of a conversation that notes a call."""

VOICE = "voice"

TICKET_CHANNELS = {
    1: "email",
    2: "web",
    PHONE: VOICE,
    4: "forum",
    5: "twitter",
    6: "facebook",
    7: "chat",
    8: "mobile",
    9: "web",
    OUTBOUND_EMAIL: "email",
    11: "ecommerce",
    12: "bot",
    13: "whatsapp",
    14: "chat",
    WEB_CHAT: "chat",
    16: "web",
    17: "instagram",
    18: "instagram",
    19: "facebook",
    20: "facebook",
    21: "mobile",
    22: "sms",
}
CONVERSATION_CHANNELS = {
    0: "email",
    2: "web",
    5: "twitter",
    6: "survey",
    7: "facebook",
    8: "email",
    CALL_NOTE: VOICE,
    10: "mobile",
    11: "ecommerce",
    13: "whatsapp",
    15: "chat",
    20: "chat",
}
AUTOMATIC = 5
"""The category of a conversation that nobody wrote, such as a greeting."""

STATUSES = {
    2: Status.OPEN,
    3: Status.PENDING,
    4: Status.SOLVED,
    5: Status.CLOSED,
    6: Status.PENDING,
    7: Status.HOLD,
}
"""States as every account has them; 6 and 7, waiting on customer and on others, can be changed."""

FIXED_STATUSES = frozenset({2, 3, 4, 5})
"""States that no account can change."""

_STATUS_WORDS = (
    ("closed", Status.CLOSED),
    ("resolved", Status.SOLVED),
    ("solved", Status.SOLVED),
    ("waiting on third", Status.HOLD),
    ("hold", Status.HOLD),
    ("waiting on customer", Status.PENDING),
    ("awaiting your reply", Status.PENDING),
    ("pending", Status.PENDING),
)
_SCORES = {1: "good", 3: "bad", 101: "good", 102: "good", 103: "good"} | dict.fromkeys(
    (-101, -102, -103), "bad"
)


def channel(source: int | None, names: Mapping[int, str]) -> str:
    """The channel of a source; a number nobody knows keeps it, as `source-77`."""
    if source is None:
        return "other"
    return names.get(source) or f"source-{source}"


def status_of_labels(labels: object) -> Status:
    """A state by what an account calls it: for agents, then for customers.

    Args:
        labels: One of the choices of the ticket field `default_status`.
    """
    told = labels if isinstance(labels, list) else [labels]
    for label in told:
        words = label.casefold() if isinstance(label, str) else ""
        for word, status in _STATUS_WORDS:
            if word in words:
                return status
    return Status.OPEN


def score(number: float | None) -> str | None:
    """`good`, `bad`, or None for what is neither; 1 to 3 are the classic survey's.

    https://developers.freshdesk.com/api/#surveys
    """
    return None if number is None else _SCORES.get(int(number))
