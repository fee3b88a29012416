"""Turns Freshdesk's rows into plain entities.

https://developers.freshdesk.com/api/#tickets
https://developers.freshdesk.com/api/#conversations
https://developers.freshdesk.com/api/#contacts
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from connector.freshdesk import codes, voice
from connector.freshdesk.zones import iana
from connector.words import is_number, without_tags
from memory.entities import (
    DESCRIPTION,
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

    from connector.fields import Row

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The version of what is only known in passing: whatever a person's own row says wins."""

_REPLIES = ("agent_responded_at", "requester_responded_at", "first_responded_at")


def contact(row: Row) -> Person:
    """A contact of a list or of its own page; `active` there means verified and is not read."""
    name = row.word("name")
    return Person(
        id=row.id("id"),
        role=Role.CUSTOMER,
        name=None if name is None or is_number(name) else name,
        created_at=row.time("created_at"),
        updated_at=row.time("updated_at"),
        email=row.word("email"),
        phone=row.word("phone") or row.word("mobile"),
        organization_id=row.maybe_id("company_id"),
        language=row.word("language"),
        time_zone=iana(row.word("time_zone")),
        external_id=row.word("unique_external_id"),
        active=not row.flag("deleted", default=False),
        # A list shows the first address only; who has none there has no further ones.
        identities_known="other_emails" in row or "email" not in row,
    )


def identities(row: Row) -> list[Identity]:
    """All that a contact's row says they can be reached by."""
    person_id = row.id("id")
    others = row.raw("other_emails")
    emails = others if isinstance(others, list) else []
    found = [
        ("phone", row.word("phone")),
        ("phone", row.word("mobile")),
        ("email", row.word("email")),
        *(("email", one.strip()) for one in emails if isinstance(one, str)),
        ("external", row.word("unique_external_id")),
    ]
    return [Identity(person_id, kind, value) for kind, value in dict.fromkeys(found) if value]


def requester(row: Row) -> Person | None:
    """Who asks, as a ticket shows them: enough to be recognised until their own row is read."""
    one = row.child("requester")
    person_id = one.maybe_id("id")
    if person_id is None:
        return None
    name = one.word("name")
    return Person(
        id=person_id,
        role=Role.CUSTOMER,
        name=None if name is None or is_number(name) else name,
        created_at=row.time("created_at"),
        updated_at=NEVER,
        email=one.word("email"),
        phone=one.word("phone") or one.word("mobile"),
        identities_known=True,
    )


def agent(row: Row) -> Person:
    """An agent; their name and address stand in the contact inside."""
    one = row.child("contact")
    created_at = row.maybe_time("created_at") or one.time("created_at")
    return Person(
        id=row.id("id"),
        role=Role.AGENT,
        name=one.word("name"),
        created_at=created_at,
        updated_at=row.maybe_time("updated_at") or one.maybe_time("updated_at") or created_at,
        email=one.word("email"),
        phone=one.word("phone") or one.word("mobile"),
        language=one.word("language"),
        time_zone=iana(one.word("time_zone")),
        active=not row.flag("deactivated", default=False),
    )


def company(row: Row) -> Organization:
    """A company."""
    return Organization(row.id("id"), row.word("name") or "")


def ticket(row: Row, statuses: Mapping[int, Status], *, gone: bool = False) -> Ticket:
    """A ticket of a list or of its own page.

    Args:
        row: The ticket.
        statuses: What the account's codes of states mean.
        gone: Whether it stands in the list of deleted or of spam tickets.
    """
    updated_at = row.time("updated_at")
    gone = gone or row.flag("deleted", default=False) or row.flag("spam", default=False)
    stats = row.child("stats")
    code = row.number("status")
    status = Status.OPEN if code is None else statuses.get(int(code), Status.OPEN)
    return Ticket(
        id=row.id("id"),
        requester_id=row.maybe_id("requester_id"),
        subject="" if gone else row.word("subject") or "",
        status=Status.DELETED if gone else status,
        channel=codes.channel(source(row), codes.TICKET_CHANNELS),
        created_at=row.time("created_at"),
        updated_at=updated_at,
        version=version(updated_at),
        assignee_id=row.maybe_id("responder_id"),
        solved_at=stats.maybe_time("resolved_at") or stats.maybe_time("closed_at"),
        archived=row.flag("archived", default=False),
    )


def description(row: Row) -> Message | None:
    """A ticket's first text; None where the row lacks it, and for a web chat.

    The conversations of a web chat hold it too. Freshdesk does not say who wrote it. What came by
    e-mail, form or chat is the requester's. What an agent began is the agent's; so is what stands
    in a ticket logged from a call, once it is somebody's: nobody writes by phone. The agent is
    whose ticket it is. What a phone system wrote of a call in vain is nobody's.
    """
    if "description" not in row and "description_text" not in row:
        return None
    number = source(row)
    if number == codes.WEB_CHAT:
        return None
    call = voice.in_vain(row.word("subject") or "") if number == codes.PHONE else None
    author = row.maybe_id("requester_id")
    if call is not None:
        author = None
    elif number in {codes.OUTBOUND_EMAIL, codes.PHONE}:
        author = row.maybe_id("responder_id") or author
    return Message(
        id=DESCRIPTION,
        ticket_id=row.id("id"),
        author_id=author,
        at=row.time("created_at"),
        channel=codes.channel(number, codes.TICKET_CHANNELS),
        public=True,
        text=_text(row, "description", "description_text"),
        origin=Origin.TICKET,
        call=call,
    )


def is_untouched(row: Row) -> bool:
    """Whether nothing can stand in a ticket but its first text.

    Its statistics show no answer, and it has not changed since it was made. A call's note may be
    put into its ticket in the second in which that is made, so one logged from a call never is.
    """
    if not isinstance(row.raw("stats"), dict) or "updated_at" not in row:
        return False
    if source(row) in {codes.PHONE, codes.WEB_CHAT, None}:
        return False
    answered = any(one in row.child("stats") for one in _REPLIES)
    return not answered and row.time("updated_at") == row.time("created_at")


def conversation(row: Row, ticket_id: str, requester_id: str | None) -> Message:
    """A conversation of a ticket: an answer, a note, what was noted of a call.

    Args:
        row: The conversation.
        ticket_id: Its ticket.
        requester_id: Whose words an incoming one without an author is.
    """
    incoming = row.flag("incoming", default=False)
    number = source(row)
    author = row.maybe_id("user_id")
    if author is None and incoming:
        author = requester_id
    if row.number("category") == codes.AUTOMATIC or row.flag("auto_response", default=False):
        author = None
    return Message(
        id=row.id("id"),
        ticket_id=ticket_id,
        author_id=author,
        at=row.time("created_at"),
        channel=codes.channel(number, codes.CONVERSATION_CHANNELS),
        public=not row.flag("private", default=False),
        text=_text(row, "body", "body_text"),
        origin=Origin.TICKET,
        call=voice.read_call(row, author) if number == codes.CALL_NOTE else None,
    )


def speaking_agent(row: Row) -> Person | None:
    """Who wrote an outgoing conversation, known by nothing but that."""
    person_id = row.maybe_id("user_id")
    if person_id is None or row.flag("incoming", default=False):
        return None
    return Person(person_id, Role.AGENT, None, row.time("created_at"), NEVER)


def rating(row: Row) -> Rating | None:
    """A customer's rating; None for one that is neither good nor bad."""
    told = row.child("ratings").raw("default_question")
    number = told if isinstance(told, int) and not isinstance(told, bool) else None
    score = codes.score(number)
    if score is None:
        return None
    return Rating(
        id=row.id("id"),
        ticket_id=row.id("ticket_id"),
        customer_id=row.maybe_id("user_id"),
        agent_id=row.maybe_id("agent_id"),
        score=score,
        at=row.maybe_time("updated_at") or row.time("created_at"),
    )


def source(row: Row) -> int | None:
    """The code of how a ticket or conversation came."""
    number = row.number("source")
    return None if number is None else int(number)


def version(at: datetime) -> int:
    """A time as a number that grows with it: microseconds since 1970."""
    since = at - NEVER
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _text(row: Row, html_key: str, text_key: str) -> str:
    """Words with their lines: Freshdesk's own plain text has lost them."""
    html, plain = row.text(html_key), row.text(text_key) or ""
    return (without_tags(html) if html else "") or plain
