"""A small story: a handful of customers whose tickets hold personal words, issues and requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = 1783414800  # 2026-07-07T09:00:00Z
DAY = 86_400
ACCOUNT = "zendesk:acme"

_TOLD = (
    "My husband has dementia and I look after him.",
    "The router keeps dropping the line every evening.",
    "Please speak slowly, my hearing is not good.",
    "I would rather speak to Daniel about this.",
    "My mother passed away last week.",
    "The bill is too high again this month.",
)


def message(by: object, at: int, text: str, **more: Any) -> dict[str, Any]:
    """A message as a story writes it."""
    return {"by": by, "at": at, "text": text, **more}


def ticket(number: int, customer: int, at: int, **more: Any) -> dict[str, Any]:
    """An open ticket of one message, unless told otherwise."""
    return {
        "id": number,
        "customer": customer,
        "agent": 11,
        "subject": f"Matter {number}",
        "status": "open",
        "at": at,
        "messages": [message("customer", at, "The line is dead.")],
        **more,
    }


def customer(number: int, **more: Any) -> dict[str, Any]:
    """A customer with a number and an address of their own, unless told otherwise."""
    return {
        "id": number,
        "name": f"Customer {number}",
        "phone": f"+1212555{number:04}",
        "email": f"c{number}@mail.example",
        **more,
    }


def tale(tickets: list[dict[str, Any]], customers: list[dict[str, Any]]) -> dict[str, Any]:
    """A story of two agents and what is given."""
    return {
        "format": 1,
        "account": "acme",
        "as_of": AS_OF,
        "time_zone": "America/New_York",
        "agents": [
            {"id": 10, "name": "Dana Cole", "role": "admin", "email": "dana@acme.example"},
            {"id": 11, "name": "Daniel Osei", "email": "daniel@acme.example"},
        ],
        "customers": customers,
        "tickets": tickets,
    }


def sixty_tickets(count: int = 60) -> dict[str, Any]:
    """Six customers in turn, over two years; every ticket is told, answered and some rated."""
    tickets = []
    for number in range(1, count + 1):
        at = AS_OF - (count - number + 1) * 12 * DAY
        said = f"{_TOLD[number % len(_TOLD)]} It is matter {number}, in room {number % 7}."
        messages = [
            message("customer", at, said),
            message("agent", at + 600, f"I have set line {number} up anew; it works now."),
            message("customer", at + 1200, f"Thank you, {_TOLD[number % 5].lower()}"),
        ]
        if number % 4 == 0:
            messages[0]["call"] = {"minutes": 10.0 + number, "answered_by": 11}
        more: dict[str, Any] = {"status": "solved", "messages": messages}
        if number % 5 == 0:
            more["rating"] = {"score": "good", "agent": 11, "at": at + DAY}
        tickets.append(ticket(number, 101 + number % 6, at, **more))
    return tale(tickets, [customer(101 + n) for n in range(6)])


def written(story: dict[str, Any], folder: Path) -> Path:
    """A story as a file."""
    file = folder / "story.json"
    file.write_text(json.dumps(story))
    return file
