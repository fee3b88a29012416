"""Examples for the OpenAPI document: an invented caller on 7 July 2026, once she is verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from memory.asking.document import Brief, Evidence

_URL = "https://acme.zendesk.com/agent"


def _evidence(ticket: str, message: str, on: str, quote: str, *, by: str = "customer") -> Evidence:
    name = "Mara Lindqvist" if by == "customer" else "Daniel Osei"
    return {
        "ticket": f"zendesk:{ticket}",
        "message": message,
        "url": f"{_URL}/tickets/{ticket}",
        "said_on": on,
        "channel": "voice",
        "author": {"name": name, "role": by},
        "quote": quote,
    }


BRIEF_EXAMPLE: Brief = {
    "version": 1,
    "account": "zendesk:acme",
    "as_of": "2026-07-07T09:00:00Z",
    "synced_at": "2026-07-07T08:59:12Z",
    "match": {"by": "phone", "value": "+12125550101", "outcome": "one", "candidates": []},
    "verified": True,
    "customer": {
        "ref": "zendesk:100",
        "name": "Mara Lindqvist",
        "pronunciation": "MAH-ra",
        "phone": "+12125550101",
        "email": "mara@example.com",
        "organization": None,
        "language": "en",
        "time_zone": "America/New_York",
        "since": "2017-03-01",
        "contacts": 41,
        "rhythm": {"every_days": 7, "weekday": None},
        "url": f"{_URL}/users/100",
    },
    "adjustments": [
        {
            "memory": "m_5f0c1d2e3a4b",
            "kind": "access_need",
            "relation": "self",
            "said_on": "2026-03-02",
            "said_days_ago": 127,
            "about_on": None,
            "hidden": False,
            "quote": "Please speak slowly.",
            "evidence": [_evidence("8102", "501", "2026-03-02", "Please speak slowly.")],
            "confidence": 0.94,
            "consent": "unknown",
            "first_view": True,
        }
    ],
    "care": [
        {
            "memory": "m_77aa01b2c3d4",
            "kind": "bereavement",
            "relation": "friend",
            "said_on": "2026-06-29",
            "said_days_ago": 8,
            "about_on": None,
            "hidden": True,
            "quote": None,
            "evidence": [],
            "confidence": 0.91,
            "consent": "unknown",
            "first_view": True,
        }
    ],
    "context": [],
    "last": {
        "on": "2026-06-29",
        "channel": "voice",
        "minutes": 97.0,
        "agent": "Daniel Osei",
        "outcome": "solved",
        "tone": "good",
        "restatement": "I need roaming before the trip.",
        "evidence": [_evidence("8790", "731", "2026-06-29", "I need roaming before the trip.")],
    },
    "you": {
        "agent": "Dana Reyes",
        "times": 6,
        "last_on": "2026-06-29",
        "minutes": 97.0,
        "last_about": "Roaming plan",
        "evidence": [],
    },
    "open": [
        {
            "ticket": "zendesk:8831",
            "title": "Roaming refund",
            "status": "open",
            "opened_on": "2026-06-28",
            "url": f"{_URL}/tickets/8831",
            "hidden": False,
            "first_view": True,
        }
    ],
    "missed": [],
    "before": [
        {
            "title": "Roaming bill too high",
            "times": 3,
            "first_on": "2026-03-14",
            "last_on": "2026-06-02",
            "outcome": "solved",
            "resolution": "I took the charge off your bill.",
            "tickets": ["zendesk:8122", "zendesk:8390", "zendesk:8655"],
            "evidence": [
                _evidence(
                    "8655", "690", "2026-06-02", "I took the charge off your bill.", by="agent"
                )
            ],
            "hidden": False,
            "first_view": True,
        }
    ],
    "preferred_agent": {
        "agent": {"ref": "zendesk:11", "name": "Daniel Osei"},
        "reason": {"code": "asked_by_name", "times": 2, "of": 2},
        "confidence": 0.9,
        "is_you": False,
    },
    "promises": [
        {
            "memory": "m_9c8b7a6d5e4f",
            "title": "Call back",
            "promised_by": "Daniel Osei",
            "due_on": "2026-07-05",
            "state": "overdue",
            "overdue_days": 2,
            "evidence": [
                _evidence(
                    "8790", "735", "2026-06-29", "I will call you back by the 5th.", by="agent"
                )
            ],
            "hidden": False,
            "first_view": True,
        }
    ],
    "check": [],
    "suggestions": [
        {
            "situation": "overdue_promise",
            "text": "We promised to call you back by 5 July, and we are late. I am sorry.",
        }
    ],
    "about": None,
    "withheld": [{"kind": "bereavement", "count": 1, "why": "hidden"}],
}


_RING = "q83vEjRWeJCrze8SNFZ4kA"
_CARE = "m_77aa01b2c3d4"

EXAMPLES: Mapping[str, Sequence[object]] = {
    "Brief": [BRIEF_EXAMPLE],
    "Question": [
        {"ring": _RING, "claim": True},
        {"phone": "+12125550101"},
        {"ticket": "zendesk:8831", "about": "roaming"},
        {"customer": "zendesk:100", "ring": _RING},
    ],
    "OfCaller": [{"customer": "zendesk:100", "ring": _RING}],
    "Verified": [{"version": 1, "customer": "zendesk:100", "until": "2026-07-07T11:00:00Z"}],
    "Revealed": [
        {
            "version": 1,
            "memory": _CARE,
            "quote": "My friend died last week.",
            "evidence": [_evidence("8790", "729", "2026-06-29", "My friend died last week.")],
        }
    ],
    "Search": [{"words": "roaming abroad", "customer": "zendesk:100", "ring": _RING}],
    "Recall": [
        {
            "version": 1,
            "query": "roaming abroad",
            "hits": [
                {
                    "score": 0.71,
                    "words": ["roaming"],
                    "hidden": False,
                    "quote": "I need roaming before the trip.",
                    "evidence": [
                        _evidence("8790", "731", "2026-06-29", "I need roaming before the trip.")
                    ],
                }
            ],
            "like_issues": [
                {
                    "score": 0.64,
                    "title": "No network in Portugal",
                    "outcome": "solved",
                    "ticket": "zendesk:7702",
                    "url": f"{_URL}/tickets/7702",
                    "resolution": "Switch roaming on, then restart the phone.",
                    "hidden": False,
                }
            ],
        }
    ],
    "Wanted": [{"words": "Lindqvist"}],
    "Customers": [
        {
            "version": 1,
            "customers": [
                {
                    "ref": "zendesk:100",
                    "name": "Mara Lindqvist",
                    "organization": None,
                    "last_contact_on": "2026-06-29",
                }
            ],
        }
    ],
    "Regulars": [
        {
            "version": 1,
            "agent": "zendesk:12",
            "regulars": [
                {
                    "customer": {
                        "ref": "zendesk:100",
                        "name": "Mara Lindqvist",
                        "organization": None,
                        "last_contact_on": "2026-06-29",
                        "url": f"{_URL}/users/100",
                    },
                    "times": 6,
                    "last_on": "2026-06-29",
                    "minutes": 214.5,
                    "preferred": False,
                    "offered": True,
                }
            ],
        }
    ],
    "Day": [
        {
            "version": 1,
            "agent": "zendesk:12",
            "on": "2026-07-07",
            "conversations": [
                {
                    "at": "2026-07-07T08:41:00Z",
                    "customer": {
                        "ref": "zendesk:100",
                        "name": "Mara Lindqvist",
                        "url": f"{_URL}/users/100",
                    },
                    "ticket": "zendesk:8831",
                    "title": "Roaming refund",
                    "hidden": False,
                    "channel": "voice",
                    "minutes": 12.5,
                    "outcome": "open",
                    "remember": ["promise"],
                }
            ],
            "rings": [
                {
                    "ring": _RING,
                    "at": "2026-07-07T08:58:00Z",
                    "state": "ended",
                    "direction": "inbound",
                    "answered": False,
                    "customer": {"ref": "zendesk:100", "name": "Mara Lindqvist"},
                }
            ],
        }
    ],
    "Note": [{"words": "prefers mornings; street is ?Ashgrove", "customer": "zendesk:100"}],
    "Noted": [{"version": 1, "note": "n4kq7d2m9x1c"}],
    "Alive": [{"version": 1, "alive": True}],
    "Readiness": [
        {"version": 1, "ready": True, "not_ready": []},
        {
            "version": 1,
            "ready": False,
            "not_ready": [
                {
                    "part": "sync",
                    "account": "zendesk:acme",
                    "since": "2026-07-07T08:40:00Z",
                    "detail": "Zendesk refuses the credentials.",
                    "hint": "Check REMEMBER_ZENDESK_CLIENT_ID and its secret.",
                }
            ],
        },
    ],
}
"""By the name of a schema; what has its examples beside the path is not here."""
