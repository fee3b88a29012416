"""Who said which part of a message: a call's transcript holds more than one voice."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from memory.entities import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from memory.record.stored import Stored

_LABEL = re.compile(r"^[ \t]*(customer|caller|agent)[ \t]*:[ \t]*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of a message that one person said.

    Attributes:
        start: Where `text` begins in the message.
    """

    ticket_id: str
    message_id: str
    speaker_id: str | None
    role: Role
    public: bool
    at: datetime
    start: int
    text: str

    @property
    def voice(self) -> Literal["customer", "agent"]:
        """The role that stands before an embedded sentence."""
        return "customer" if self.role is Role.CUSTOMER else "agent"


def turns_of(message: Stored, customer_id: str | None) -> Iterator[Turn]:
    """Split a message by who speaks.

    In a transcript a line that begins with `Customer:` or `Agent:` changes the speaker; what
    stands before the first such line belongs to nobody. Both voices heard it all, even where the
    helpdesk keeps it as a private note. Any other message is its author's.

    Args:
        message: A row of `queries.messages_of_tickets`.
        customer_id: The requester of the ticket, who is the customer on the phone.
    """
    labels = list(_LABEL.finditer(message.text)) if message.channel == "voice" else []
    if not labels:
        is_call = message.direction is not None
        role = Role.OTHER if is_call else _role(message.role)
        yield _turn(message, message.author_id, role, 0, message.text)
        return
    ends = [label.start() for label in labels[1:]] + [len(message.text)]
    for label, end in zip(labels, ends, strict=True):
        by_agent = label.group(1).casefold() == "agent"
        speaker = message.answered_by if by_agent else customer_id
        role = Role.AGENT if by_agent else Role.CUSTOMER
        said = _turn(message, speaker, role, label.end(), message.text[label.end() : end].rstrip())
        yield replace(said, public=True)


def _role(role: str | None) -> Role:
    return Role(role) if role else Role.OTHER


def _turn(message: Stored, speaker_id: str | None, role: Role, start: int, text: str) -> Turn:
    return Turn(
        ticket_id=message.ticket_id,
        message_id=message.id,
        speaker_id=speaker_id,
        role=role,
        public=message.public,
        at=message.at,
        start=start,
        text=text,
    )
