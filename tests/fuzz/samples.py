"""True rows of each helpdesk's answers, and how their readers make pages of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from connector.freshdesk import codes
from connector.freshdesk import pages as freshdesk
from connector.zendesk import pages as zendesk
from memory.record import tables as t
from tests.support.zendesk_rows import AT, COMMENT, RATING, TICKET, USER

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from memory.entities import Page

LATER: Final = "2026-07-02T10:00:00Z"
TICKET_ID: Final = "8831"


class Sample(NamedTuple):
    """A stream of a helpdesk.

    Attributes:
        row: A true row.
        key: Where its id is.
        read: Makes a page of rows.
        table: Where a row is found afterwards; None where nothing of it has the row's id.
    """

    row: dict[str, Any]
    key: str
    read: Callable[[list[Any]], Page]
    table: sa.Table | None


_USER: dict[str, Any] = {**USER, "permanently_deleted": False}
_TICKET: dict[str, Any] = {**TICKET, "requester_id": 100}
_COMMENT: dict[str, Any] = {
    **COMMENT,
    "author_id": 100,
    "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": "merge"}},
}
_TALK: dict[str, Any] = {
    **_COMMENT,
    "type": "VoiceComment",
    "data": {
        "from": "+12125550101",
        "to": "+12125550100",
        "outbound": False,
        "call_id": 9,
        "call_duration": 5820,
        "answered_by_id": 11,
        "transcription_text": "Customer: hello",
    },
}
_PARTNER: dict[str, Any] = {
    **_COMMENT,
    "type": "TpeVoiceComment",
    "data": {
        "from_line": "+12125550101",
        "to_line": "+12125550100",
        "direction": "inbound",
        "title": "Missed call",
        "call_id": "c1",
        "call_started_at": AT,
        "call_ended_at": LATER,
        "answered_by_id": 11,
        "transcript": {"segments": [{"speaker": "Agent", "text": "good day"}]},
    },
}
_EVENT: dict[str, Any] = {
    "id": 1,
    "ticket_id": 8831,
    "timestamp": 1782900100,
    "created_at": AT,
    "child_events": [
        {"id": 52, "event_type": "Comment", "author_id": 100, "public": True, "body": "Hello"},
        {"id": 53, "event_type": "Change", "comment_present": True},
    ],
}
_CALL: dict[str, Any] = {
    "id": 5,
    "customer_id": 100,
    "ticket_id": 8831,
    "agent_id": 11,
    "direction": "inbound",
    "completion_status": "completed",
    "talk_time": 300,
    "duration": 320,
    "voicemail": False,
    "created_at": AT,
    "updated_at": AT,
}
_LEG: dict[str, Any] = {
    "id": 6,
    "call_id": 5,
    "agent_id": 11,
    "type": "agent",
    "completion_status": "completed",
    "talk_time": 300,
}
_RATING: dict[str, Any] = {**RATING, "requester_id": 100}
_CONTACT: dict[str, Any] = {
    "id": 7,
    "name": "Mara Lindqvist",
    "email": "mara@example.com",
    "phone": "+12125550101",
    "mobile": "+12125550102",
    "other_emails": ["m@example.com"],
    "company_id": 5,
    "active": False,
    "language": "en",
    "time_zone": "Eastern Time (US & Canada)",
    "unique_external_id": "crm-1",
    "created_at": AT,
    "updated_at": LATER,
}
_FRESH_TICKET: dict[str, Any] = {
    "id": 8831,
    "requester_id": 100,
    "responder_id": 11,
    "subject": "Missed call from +12125550101",
    "description": "<div>It costs<br>too much</div>",
    "description_text": "It costs too much",
    "status": 4,
    "source": 3,
    "spam": False,
    "created_at": AT,
    "updated_at": LATER,
    "requester": {"id": 100, "name": "Mara", "email": "mara@example.com", "phone": None},
    "stats": {"agent_responded_at": LATER, "resolved_at": LATER, "closed_at": None},
}
_CONVERSATION: dict[str, Any] = {
    "id": 90,
    "ticket_id": 8831,
    "user_id": 100,
    "body": "<div>Thank you,<br>Mara</div>",
    "body_text": "Thank you, Mara",
    "incoming": True,
    "private": False,
    "source": 0,
    "auto_response": False,
    "created_at": AT,
    "updated_at": AT,
}
_AGENT: dict[str, Any] = {
    "id": 12,
    "contact": {"name": "Dana", "email": "d@acme.example", "language": "en", "time_zone": "UTC"},
    "deactivated": False,
    "created_at": AT,
    "updated_at": AT,
}
_FRESH_RATING: dict[str, Any] = {
    "id": 3,
    "ticket_id": 8831,
    "user_id": 100,
    "agent_id": 11,
    "ratings": {"default_question": 103},
    "feedback": "fine",
    "created_at": AT,
    "updated_at": AT,
}


def _of(key: str, read: Callable[[dict[str, Any]], Page]) -> Callable[[list[Any]], Page]:
    """Zendesk's pages are objects with the rows under a name."""
    return lambda rows: read({key: rows})


_comments = _of("comments", partial(zendesk.comments, ticket_id=TICKET_ID, last=True))

SAMPLES: Final[dict[str, Sample]] = {
    "zendesk users": Sample(_USER, "id", _of("users", zendesk.users), t.person),
    "zendesk organizations": Sample(
        {"id": 5, "name": "Acme", "deleted_at": None, "updated_at": AT},
        "id",
        _of("organizations", zendesk.organizations),
        t.organization,
    ),
    "zendesk tickets": Sample(_TICKET, "id", _of("tickets", zendesk.tickets), t.ticket),
    "zendesk comments": Sample(_COMMENT, "id", _comments, t.message),
    "zendesk talk": Sample(_TALK, "id", _comments, t.message),
    "zendesk partner": Sample(_PARTNER, "id", _comments, t.message),
    "zendesk events": Sample(_EVENT, "id", _of("ticket_events", zendesk.events), None),
    "zendesk ratings": Sample(
        _RATING, "id", _of("satisfaction_ratings", zendesk.ratings), t.rating
    ),
    "zendesk calls": Sample(_CALL, "id", _of("calls", zendesk.calls), None),
    "zendesk legs": Sample(_LEG, "id", _of("legs", zendesk.legs), None),
    "zendesk identities": Sample(
        {"id": 1, "user_id": 100, "type": "phone_number", "value": "+12125550101"},
        "id",
        _of("identities", partial(zendesk.identities, person_id="100", last=True)),
        None,
    ),
    "freshdesk contacts": Sample(_CONTACT, "id", freshdesk.contacts, t.person),
    "freshdesk agents": Sample(_AGENT, "id", freshdesk.agents, t.person),
    "freshdesk companies": Sample(
        {"id": 5, "name": "Acme"}, "id", freshdesk.companies, t.organization
    ),
    "freshdesk tickets": Sample(
        _FRESH_TICKET,
        "id",
        partial(freshdesk.tickets, stream="tickets", statuses=codes.STATUSES),
        t.ticket,
    ),
    "freshdesk conversations": Sample(
        _CONVERSATION,
        "id",
        partial(
            freshdesk.conversations,
            ticket_id=TICKET_ID,
            requester_id="100",
            last=True,
            name_agents=True,
        ),
        t.message,
    ),
    "freshdesk ratings": Sample(_FRESH_RATING, "id", freshdesk.ratings, t.rating),
}
"""Every stream that a sync reads."""
