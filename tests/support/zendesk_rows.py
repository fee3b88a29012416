"""Rows as Zendesk answers them, each of a kind; the people are invented."""

from __future__ import annotations

from typing import Any, Final

AT: Final = "2026-07-01T10:00:00Z"
USER: Final[dict[str, Any]] = {
    "id": 7,
    "name": "Mara Lindqvist",
    "role": "end-user",
    "email": "mara@example.com",
    "phone": "+12125550101",
    "shared_phone_number": False,
    "organization_id": 5,
    "locale": "en-US",
    "time_zone": "Eastern Time (US & Canada)",
    "iana_time_zone": "America/New_York",
    "external_id": "crm-1",
    "active": True,
    "created_at": AT,
    "updated_at": AT,
}
TICKET: Final[dict[str, Any]] = {
    "id": 8831,
    "requester_id": 7,
    "submitter_id": 11,
    "assignee_id": 11,
    "subject": "Roaming refund",
    "description": "It costs too much",
    "status": "solved",
    "via": {"channel": "email"},
    "created_at": AT,
    "updated_at": AT,
    "generated_timestamp": 1782900100,
    "satisfaction_rating": {"id": 1, "score": "good"},
    "comment_count": 4,
    "metric_set": {"solved_at": AT},
}
COMMENT: Final[dict[str, Any]] = {
    "id": 51,
    "type": "Comment",
    "author_id": 7,
    "plain_body": "Hello",
    "html_body": "<p>Hello</p>",
    "body": "Hello",
    "public": True,
    "via": {"channel": "web"},
    "created_at": AT,
    "metadata": {"system": {"ip_address": "203.0.113.9", "location": "Oslo"}},
}
RATING: Final[dict[str, Any]] = {
    "id": 3,
    "ticket_id": 8831,
    "requester_id": 7,
    "assignee_id": 11,
    "score": "bad",
    "created_at": AT,
    "updated_at": AT,
}
