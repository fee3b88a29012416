"""Aircall: its token in the body, and what its webhooks say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connector.rings.aircall import Aircall
from connector.rings.event import RingEvent, RingRefusedError, RingUnreadableError
from tests.support.ring_webhooks import EMAIL, NOW, RINGING, SECRET, SETTINGS, aircall, raw, request

RINGS = RingEvent(
    provider="aircall",
    call_id="812",
    caller="+1 212-555-0101",
    called="+1 212-555-0100",
    direction="inbound",
    agents=("456", EMAIL),
    state="ringing",
    at=datetime(2026, 7, 7, 11, 59, 58, tzinfo=UTC),
    group="Support",
)
OTHER = {"id": 457, "name": "Lou", "email": "lou@acme.example"}


def _webhook(event: str, **data: Any) -> dict[str, Any]:
    document = RINGING["aircall"]
    return {**document, "event": event, "data": {**document["data"], **data}}


EVENTS: list[tuple[str, dict[str, Any], RingEvent | None]] = [
    ("it came", _webhook("call.created", user=None), replace(RINGS, agents=())),
    ("it rings an agent", _webhook("call.ringing_on_agent"), RINGS),
    ("declined", _webhook("call.agent_declined"), replace(RINGS, agents=(), left=RINGS.agents)),
    (
        "answered",
        _webhook("call.answered", answered_at=1783425598),
        replace(RINGS, state="answered"),
    ),
    (
        "handed on",
        _webhook("call.transferred", transferred_to=OTHER),
        replace(RINGS, agents=("457", "lou@acme.example")),
    ),
    ("handed on to nobody", _webhook("call.transferred"), None),
    ("nobody answered", _webhook("call.unanswered"), replace(RINGS, state="ended")),
    ("hung up", _webhook("call.hungup"), replace(RINGS, state="ended")),
    ("over", _webhook("call.ended", user=None), replace(RINGS, state="ended", agents=())),
    ("a message", _webhook("call.voicemail_left"), replace(RINGS, state="ended")),
    ("a tag", _webhook("call.tagged"), None),
    ("an agent's hours", {"resource": "user", "event": "user.opened", "data": {"id": 1}}, None),
    (
        "an agent calls out",
        _webhook("call.created", direction="outbound"),
        replace(RINGS, direction="outbound"),
    ),
    (
        "anonymous",
        _webhook("call.ringing_on_agent", raw_digits="anonymous"),
        replace(RINGS, caller=None),
    ),
    (
        "no number",
        _webhook("call.ringing_on_agent", raw_digits=None),
        replace(RINGS, caller=None),
    ),
    (
        "an agent without e-mail",
        _webhook("call.ringing_on_agent", user={"id": 456}),
        replace(RINGS, agents=("456",)),
    ),
    (
        "a line without a number",
        _webhook("call.ringing_on_agent", number={"name": "Support"}),
        replace(RINGS, called="Support"),
    ),
    (
        "no time of the webhook",
        _webhook("call.ringing_on_agent") | {"timestamp": None},
        replace(RINGS, at=datetime(2026, 7, 7, 11, 59, 57, tzinfo=UTC)),
    ),
    (
        "no time at all",
        _webhook("call.ringing_on_agent", started_at="soon") | {"timestamp": "now"},
        replace(RINGS, at=NOW),
    ),
]


@pytest.mark.parametrize(
    ("document", "expected"), [row[1:] for row in EVENTS], ids=[row[0] for row in EVENTS]
)
def test_what_aircall_says(document: dict[str, Any], expected: RingEvent | None) -> None:
    """Webhooks in the documented shape, and the event that each is."""
    provider, webhook = Aircall(), aircall(document)
    provider.verify(webhook, SETTINGS, NOW)
    assert provider.read(webhook, NOW) == expected


@pytest.mark.parametrize(
    "token", ["", None, SECRET[:-1], SECRET + " x", SECRET.upper(), ["a shared secret"], 7]
)
def test_any_other_token_is_refused(token: object) -> None:
    """Aircall signs nothing; its documentation says to compare the token of the body."""
    webhook = request("aircall", raw({**RINGING["aircall"], "token": token}), {})
    with pytest.raises((RingRefusedError, RingUnreadableError)):
        Aircall().verify(webhook, SETTINGS, NOW)


def test_a_call_without_its_id_is_unreadable_and_the_field_is_named() -> None:
    """Whoever reads the log knows what to look for."""
    with pytest.raises(RingUnreadableError, match=r"'data\.id' is missing"):
        Aircall().read(aircall(_webhook("call.created", id=None)), NOW)
