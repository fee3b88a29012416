"""Turns Zendesk's rows into plain entities.

A comment's `metadata` (the author's address and place) is never read.
https://developer.zendesk.com/api-reference/ticketing/users/users/
https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.words import is_number, without_tags
from connector.zendesk import voice
from memory.entities import (
    Identity,
    Message,
    Organization,
    Origin,
    Person,
    Rating,
    Role,
    Status,
    Ticket,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.fields import Row

ERASED_NAME = "Permanently Deleted User"
UNKNOWN_CHANNEL = "other"

_ROLES = {"end-user": Role.CUSTOMER, "agent": Role.AGENT, "admin": Role.AGENT}
_GONE = frozenset({"deleted", "scrubbed"})
_KINDS = {"phone_number": "phone", "email": "email", "foreign": "external"}
_MERGED = "merge"
_MOST_COMMENTS = 2**31 - 1
"""More is no count, and no database's integer holds it."""

_CHAT = frozenset({"chat", "messaging", "native_messaging"})


def person(row: Row) -> Person:
    """A user."""
    name, phone, email = row.word("name"), row.word("phone"), row.word("email")
    active = row.flag("active", default=True)
    erased = row.flag("permanently_deleted", default=False) or (
        name == ERASED_NAME and phone is None and email is None
    )
    return Person(
        id=row.id("id"),
        role=_ROLES.get(row.word("role") or "", Role.OTHER),
        name=None if name is None or is_number(name) else name,
        created_at=row.time("created_at"),
        updated_at=row.time("updated_at"),
        email=email,
        phone=phone,
        shared_phone=row.flag("shared_phone_number", default=False),
        organization_id=row.maybe_id("organization_id"),
        language=row.word("locale"),
        time_zone=row.word("iana_time_zone"),
        external_id=row.word("external_id"),
        active=active and not erased,
        erased=erased,
    )


def organization(row: Row) -> Organization | None:
    """An organization; None for one that is deleted."""
    found = Organization(row.id("id"), row.word("name") or "")
    return None if "deleted_at" in row else found


def identity(row: Row) -> Identity | None:
    """A phone, e-mail or external id of a user; None for a kind nobody rings or writes from."""
    kind = _KINDS.get(row.word("type") or "")
    value = row.word("value")
    if kind is None or value is None:
        return None
    return Identity(row.id("user_id"), kind, value)


def ticket(row: Row, solved: Mapping[str, datetime]) -> Ticket:
    """A ticket of an export.

    Args:
        row: The ticket.
        solved: When tickets were solved, where metric sets came beside them.
    """
    name, status = row.id("id"), _status(row)
    updated_at = row.time("updated_at")
    version = row.number("generated_timestamp")
    is_gone = status is Status.DELETED
    return Ticket(
        id=name,
        requester_id=row.maybe_id("requester_id"),
        subject="" if is_gone else row.word("subject") or row.word("raw_subject") or "",
        status=status,
        channel=channel(row),
        created_at=row.time("created_at"),
        updated_at=updated_at,
        version=int(updated_at.timestamp() if version is None else version),
        assignee_id=row.maybe_id("assignee_id"),
        submitter_id=row.maybe_id("submitter_id"),
        description=None if is_gone else row.text("description"),
        solved_at=row.child("metric_set").maybe_time("solved_at") or solved.get(name),
        rating=_score(row.child("satisfaction_rating"))
        if isinstance(row.raw("satisfaction_rating"), dict)
        else None,
        messages=_count(row),
    )


def comment(row: Row, ticket_id: str) -> Message:
    """A comment as its ticket tells it."""
    call = voice.read_call(row)
    return Message(
        id=row.id("id"),
        ticket_id=ticket_id,
        author_id=row.maybe_id("author_id"),
        at=row.time("created_at"),
        channel=voice.CHANNEL if call else channel(row),
        public=row.flag("public", default=True),
        text=_text(row) if call is None else voice.transcript(row) or voice.own_words(_text(row)),
        origin=Origin.TICKET,
        call=call,
    )


def event_comment(row: Row, ticket_id: str, at: datetime) -> Message:
    """A comment as an event replays it.

    Args:
        row: The child event.
        ticket_id: The event's ticket.
        at: The event's time, for a child without one.
    """
    return Message(
        id=row.id("id"),
        ticket_id=ticket_id,
        author_id=row.maybe_id("author_id"),
        at=row.maybe_time("created_at") or at,
        channel=channel(row),
        public=row.flag("public", default=True),
        text=_text(row),
        origin=Origin.EVENT,
    )


def rating(row: Row) -> Rating | None:
    """A customer's rating; None while it is only offered."""
    score = _score(row)
    if score is None:
        return None
    return Rating(
        id=row.id("id"),
        ticket_id=row.id("ticket_id"),
        customer_id=row.maybe_id("requester_id"),
        agent_id=row.maybe_id("assignee_id"),
        score=score,
        at=row.maybe_time("updated_at") or row.time("created_at"),
    )


def channel(row: Row) -> str:
    """The channel of a ticket or comment, chats of every kind under one name."""
    via = row.raw("via")
    name = row.word("via") if isinstance(via, str) else row.child("via").word("channel")
    if name is None:
        return UNKNOWN_CHANNEL
    return "chat" if name.lower() in _CHAT else name.lower()


def _status(row: Row) -> Status:
    name = row.word("status") or ""
    if name in _GONE:
        return Status.DELETED
    return Status(name) if name in set(Status) else Status.OPEN


def _score(row: Row) -> str | None:
    score = row.word("score")
    return score if score in {"good", "bad"} else None


def _count(row: Row) -> int | None:
    count = row.number("comment_count")
    return None if count is None or count > _MOST_COMMENTS else int(count)


def _text(row: Row) -> str:
    plain = row.text("plain_body")
    if plain:
        return _own_words(row, plain)
    html, body = row.text("html_body"), row.text("body") or ""
    return _own_words(row, (without_tags(html) if html else "") or body)


def _own_words(row: Row, text: str) -> str:
    """The text of a comment without what its author did not write.

    Whoever merges two tickets is the author of a comment in the one that stays. As Zendesk
    proposes it, it repeats the other's last comment after a line that ends with a colon.
    """
    via = row.raw("via")
    if isinstance(via, dict) and row.child("via").child("source").raw("rel") == _MERGED:
        head, _, rest = text.partition("\n")
        if rest and head.rstrip().endswith(":"):
            return head.rstrip()
    return text
