"""The story every connector of the suite must bring home whole, and what happens in it later."""

from __future__ import annotations

from typing import Any

from tests.support.tale import AS_OF, DAY, customer, message, tale, ticket

HOUR = 3600
BEGAN = AS_OF - 100 * DAY
LONG = 230
"""Messages of the ticket that fills several pages."""

WORDS = {
    "emoji": "It works \U0001f9e1\U0001f469\u200d\U0001f469\u200d\U0001f467 now",
    "right to left": "الخط ينقطع كل مساء",
    "NUL": "A zero \x00 in the \x00 middle",
    "combining": "Zo\u0308e and Ame\u0301lie",
    "long": "the line is slow " * 2000,
    "html": "Is 3 < 4 && 5 > 2? <b>Yes</b>",
    "lines": "one\r\ntwo\rthree\u2028four",
}


def whole(long: int = LONG) -> dict[str, Any]:
    """Customers and tickets of every sort: calls, notes, ratings, odd words, a long ticket.

    Args:
        long: How many messages the long ticket has.
    """
    people = [
        customer(101, name="Ana", organization=5),
        customer(102, name="Bo", phone="+12125550102", shared_phone=True),
        customer(103, name="Cy", phone="+12125550102", shared_phone=True, language="es"),
        customer(104, name="", phone=None, email=None),
        customer(105, name="\u0645\u062d\u0645\u062f \U0001f9e1", time_zone="Europe/Berlin"),
        customer(106, name="Nu\x00ll", phone="ask at the shop"),
        customer(107, name="Dee", email="Dee.Major@Mail.Example"),
        customer(108, name="Eve", identities=[{"type": "email", "value": "eve2@mail.example"}]),
    ]
    story = tale([*_spoken(), *_odd(), *_many(long)], people)
    story["organizations"] = [
        {"id": 5, "name": "Harbour Co-op"},
        {"id": 6, "name": "Quay \U0001f6a2"},
    ]
    story["agents"].append({"id": 12, "name": "Eli Ford", "email": "eli@acme.example"})
    return story


def few() -> dict[str, Any]:
    """Three customers with eight tickets of two messages, one rated: enough for a few pages."""
    tickets = [
        ticket(
            n,
            101 + n % 3,
            AS_OF - 8 * n * DAY,
            messages=[
                message("customer", AS_OF - 8 * n * DAY, f"Question {n}"),
                message("agent", AS_OF - 8 * n * DAY + 60, f"Answer {n}"),
            ],
        )
        for n in range(1, 9)
    ]
    tickets[0]["rating"] = {"score": "good", "agent": 11, "at": AS_OF - 7 * DAY}
    story = tale(tickets, [customer(101 + n, organization=5) for n in range(3)])
    story["organizations"] = [{"id": 5, "name": "Harbour Co-op"}]
    return story


def _spoken() -> list[dict[str, Any]]:
    talk = {"minutes": 97.0, "answered_by": 11, "transcript": "It costs too much"}
    partner = {"kind": "partner", "direction": "outbound", "minutes": 2.5}
    return [
        ticket(
            1,
            101,
            BEGAN,
            channel="voice",
            messages=[
                message("customer", BEGAN, "A call", call=talk),
                message("agent", BEGAN + 60, "cb fri", public=False),
                message("system", BEGAN + 180, "Reminder"),
                message({"agent": 12}, BEGAN + 240, "I rang her back"),
            ],
        ),
        ticket(2, 102, BEGAN + DAY, messages=[message("agent", BEGAN + DAY, "x", call=partner)]),
        ticket(
            3,
            103,
            BEGAN + 2 * DAY,
            channel="email",
            status="solved",
            rating={"score": "good", "agent": 10, "at": BEGAN + 3 * DAY},
        ),
        ticket(4, 104, BEGAN + 3 * DAY, channel="chat", agent=None),
    ]


def _odd() -> list[dict[str, Any]]:
    return [
        ticket(
            10 + n,
            105 + n % 3,
            BEGAN + n * DAY,
            subject=f"Matter of {words[:40]}",
            messages=[
                message("customer", BEGAN + n * DAY, words),
                message({"customer": 108}, BEGAN + n * DAY + 60, f"Me too: {words[:30]}"),
            ],
        )
        for n, words in enumerate(WORDS.values())
    ]


def _many(length: int) -> list[dict[str, Any]]:
    long = [message("customer", AS_OF - 9 * DAY + n, f"Line {n}") for n in range(length)]
    few = [
        ticket(30 + n, 101 + n % 8, AS_OF - (40 - n) * DAY, status=status, agent=11 + n % 2)
        for n, status in enumerate(["new", "open", "pending", "solved", "closed"] * 3)
    ]
    return [*few, ticket(50, 107, AS_OF - 9 * DAY, messages=long)]


def _at(minutes: int, **change: Any) -> dict[str, Any]:
    return {"at": AS_OF + minutes * 60, **change}


def _call(minutes: float) -> dict[str, Any]:
    return {"minutes": minutes, "answered_by": 12, "transcript": "I called again"}


CHANGES: dict[str, list[dict[str, Any]]] = {
    "message": [
        _at(1, do="add_message", ticket=30, message=message("customer", AS_OF + 60, "News"))
    ],
    "note": [
        _at(
            1,
            do="add_message",
            ticket=30,
            message=message("agent", AS_OF + 60, "quiet", public=False),
        )
    ],
    "call": [
        _at(
            1,
            do="add_message",
            ticket=30,
            message=message("customer", AS_OF + 60, "x", call=_call(3.0)),
        )
    ],
    "ticket": [_at(1, do="add_ticket", ticket=ticket(90, 101, AS_OF + 60))],
    "customer": [
        _at(1, do="add_customer", customer=customer(120)),
        _at(2, do="add_ticket", ticket=ticket(91, 120, AS_OF + 120)),
    ],
    "name": [_at(1, do="update_customer", customer=101, set={"name": "Ana N\u00fa\u00f1ez"})],
    "phone": [_at(1, do="update_customer", customer=101, set={"phone": "+12125550177"})],
    "status": [_at(1, do="update_ticket", ticket=30, set={"status": "solved"})],
    "assignee": [_at(1, do="update_ticket", ticket=30, set={"agent": 12})],
    "subject": [_at(1, do="update_ticket", ticket=30, set={"subject": "Another matter"})],
    "rating": [
        _at(
            1,
            do="update_ticket",
            ticket=3,
            set={"rating": {"score": "bad", "agent": 11, "at": AS_OF + 60}},
        )
    ],
    "merge": [_at(1, do="merge_customers", loser=102, winner=101)],
    "deleted customer": [_at(1, do="delete_customer", customer=108)],
    "erased customer": [_at(1, do="delete_customer_permanently", customer=108)],
    "deleted ticket": [_at(1, do="delete_ticket", ticket=3)],
    "restored ticket": [
        _at(1, do="delete_ticket", ticket=30),
        _at(30, do="restore_ticket", ticket=30),
    ],
    "scrubbed ticket": [
        _at(1, do="delete_ticket", ticket=3),
        _at(2, do="scrub_ticket", ticket=3),
    ],
    "redaction": [_at(1, do="redact_message", ticket=50, message=7, words="Line 7")],
}
"""What happens within the hour after the story's present, by a name for it."""
