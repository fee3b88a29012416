"""A small story to tell."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def document() -> dict[str, Any]:
    """A story as its author writes it, with one of everything that can be told."""
    return {
        "format": 1,
        "account": "acme",
        "as_of": "2026-07-07T09:00:00Z",
        "time_zone": "America/New_York",
        "organizations": [{"id": 5, "name": "Harbour Co-op"}],
        "agents": [{"id": 10, "name": "Dana", "role": "admin"}, {"id": 11, "name": "Eli"}],
        "customers": [
            {"id": 100, "name": "Ana", "phone": "+12125550101", "organization": 5},
            {"id": 101, "name": "Bo", "phone": None},
        ],
        "tickets": [
            {
                "id": 1,
                "customer": 100,
                "agent": 11,
                "subject": "Roaming",
                "status": "open",
                "at": 1780000000,
                "messages": [
                    {
                        "by": "customer",
                        "at": 1780000000,
                        "text": "It costs too much",
                        "call": {"minutes": 97.0, "from": "+12125550101", "answered_by": 11},
                    },
                    {"by": "agent", "at": 1780000100, "text": "Let me look"},
                    {"by": {"customer": 101}, "at": 1780000200, "text": "I pay for it"},
                    {"by": {"agent": 10}, "at": 1780000300, "text": "Known", "public": False},
                    {"by": "system", "at": 1780000400, "text": "Reminder"},
                ],
            }
        ],
        "changes": [
            {
                "at": "2026-07-07T10:00:00Z",
                "do": "update_customer",
                "customer": 100,
                "set": {"phone": None},
            }
        ],
        "expect": [{"case": 1, "who": "Ana", "due": 1, "ask": ["--customer", "zendesk:100"]}],
    }
