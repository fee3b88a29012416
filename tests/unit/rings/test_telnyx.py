"""Telnyx: its Ed25519 signatures and their age, and what its webhooks say."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from connector.rings.event import RingEvent, RingRefusedError, RingRepeatedError
from connector.rings.telnyx import Telnyx
from tests.support.ring_webhooks import CALLER, LINE, NOW, RINGING, SETTINGS, STAMP, request, telnyx

RINGS = RingEvent(
    provider="telnyx",
    call_id="session",
    caller=CALLER,
    called=LINE,
    direction="inbound",
    agents=(),
    state="ringing",
    at=datetime(2026, 7, 7, 11, 59, 58, tzinfo=UTC),
    group="7267",
)
TO_AGENT = {"direction": "outgoing", "to": "sip:dana@sip.telnyx.com", "call_leg_id": "leg2"}
AT_AGENT = replace(RINGS, called=None, agents=("dana@sip.telnyx.com",))


def _event(kind: str = "call.initiated", **payload: Any) -> dict[str, Any]:
    data = RINGING["telnyx"]["data"]
    return {"data": {**data, "event_type": kind, "payload": {**data["payload"], **payload}}}


EVENTS: list[tuple[str, dict[str, Any], RingEvent | None]] = [
    ("it rings", _event(), RINGS),
    ("answered", _event("call.answered"), replace(RINGS, state="answered")),
    ("joined to an agent", _event("call.bridged"), replace(RINGS, state="answered")),
    ("over", _event("call.hangup"), replace(RINGS, state="ended")),
    ("a recording", _event("call.recording.saved"), None),
    ("a direction in other words", _event(direction="inbound"), RINGS),
    ("withheld", _event(**{"from": "anonymous"}), replace(RINGS, caller=None)),
    ("by SIP", _event(**{"from": f"sip:{CALLER}@carrier.example"}), RINGS),
    (
        "by SIP, a name",
        _event(**{"from": "sip:guest@carrier.example"}),
        replace(RINGS, caller=None),
    ),
    ("it rings an agent", _event(**TO_AGENT), AT_AGENT),
    ("the agent answers", _event("call.answered", **TO_AGENT), replace(AT_AGENT, state="answered")),
    (
        "the agent's leg is over",
        _event("call.hangup", **TO_AGENT),
        replace(AT_AGENT, agents=(), left=AT_AGENT.agents),
    ),
    (
        "an agent calls out",
        _event(direction="outgoing", to=CALLER, **{"from": LINE}),
        replace(RINGS, direction="outbound"),
    ),
    ("no session", _event(call_session_id=None), replace(RINGS, call_id="v3:a")),
    ("no connection", _event(connection_id=None), replace(RINGS, group=None)),
]


@pytest.mark.parametrize(
    ("document", "expected"), [row[1:] for row in EVENTS], ids=[row[0] for row in EVENTS]
)
def test_what_telnyx_says(document: dict[str, Any], expected: RingEvent | None) -> None:
    """Webhooks in the documented shape, and the event that each is."""
    provider, webhook = Telnyx(), telnyx(document)
    provider.verify(webhook, SETTINGS, NOW)
    assert provider.read(webhook, NOW) == expected


CALLBACK = {
    "AccountSid": "a",
    "CallSid": "v3:a",
    "ConnectionId": "7267",
    "From": CALLER,
    "To": LINE,
    "CallStatus": "ringing",
    "CallbackSource": "call-progress-events",
    "SequenceNumber": "1",
    "Timestamp": "2026-07-07T11:59:58Z",
}
COMES = replace(RINGS, call_id="v3:a", group=None)
CALLBACKS: list[tuple[str, dict[str, str], RingEvent]] = [
    ("it begins", {"CallStatus": "initiated"}, COMES),
    ("it rings", {}, COMES),
    ("answered", {"CallStatus": "in-progress"}, replace(COMES, state="answered")),
    ("over", {"CallStatus": "completed"}, replace(COMES, state="ended")),
    (
        "it rings an agent",
        {"CallSid": "v3:b", "ParentCallSid": "v3:a", "To": "sip:dana@sip.telnyx.com"},
        replace(COMES, called=None, agents=("dana@sip.telnyx.com",)),
    ),
    (
        "a call out",
        {"Direction": "outbound-api", "From": LINE, "To": CALLER},
        replace(COMES, direction="outbound"),
    ),
]


@pytest.mark.parametrize(
    ("fields", "expected"), [row[1:] for row in CALLBACKS], ids=[row[0] for row in CALLBACKS]
)
def test_what_texml_says(fields: dict[str, str], expected: RingEvent) -> None:
    """Callbacks of TeXML are forms of Twilio's shape, signed as all of Telnyx's webhooks are."""
    sent = telnyx(urlencode(CALLBACK | fields).encode())
    form = {"content-type": "application/x-www-form-urlencoded"}
    webhook = replace(sent, headers={**sent.headers, **form})
    provider = Telnyx()
    provider.verify(webhook, SETTINGS, NOW)
    assert provider.read(webhook, NOW) == expected


def test_a_signature_made_elsewhere_holds() -> None:
    """Telnyx's documentation has no worked example.

    The key is that of the first test of RFC 8032 (section 7.1); the signature over
    `1783425600|{"data":...}` was made with `openssl pkeyutl -sign -rawin`.
    """
    headers = {
        "telnyx-timestamp": STAMP,
        "telnyx-signature-ed25519": "0MrmzeUKqAk9E8gl7iFJcmYLiDHlxSL/vfk7Ry8K"
        "/zpoUKdl34S1NFfOSb70MS+EKbhPKt2ZHt+K3n+CZ6trCw==",
    }
    key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    settings = SETTINGS.model_copy(update={"ring_telnyx_public_key": key})
    webhook = request("telnyx", b'{"data":{"event_type":"call.hangup"}}', headers)
    Telnyx().verify(webhook, settings, NOW)
    with pytest.raises(RingRefusedError):
        Telnyx().verify(replace(webhook, body=webhook.body + b" "), settings, NOW)


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_ring_that_is_late_or_early_is_refused(seconds: int) -> None:
    """Five minutes either way, as Telnyx's own libraries have it."""
    with pytest.raises(RingRefusedError, match="5 minutes"):
        Telnyx().verify(telnyx(_event()), SETTINGS, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_ring_within_five_minutes_is_taken_once(seconds: int) -> None:
    """A copy within them is known as a copy."""
    provider, webhook, now = Telnyx(), telnyx(_event()), NOW + timedelta(seconds=seconds)
    provider.verify(webhook, SETTINGS, now)
    with pytest.raises(RingRepeatedError):
        provider.verify(webhook, SETTINGS, now)


@pytest.mark.parametrize("stamp", ["", "soon", "-1783425600", "1783425600.0", "9" * 30, "²"])
def test_a_time_that_is_none_is_refused_though_it_is_signed(stamp: str) -> None:
    """Nothing is proven without an age."""
    with pytest.raises(RingRefusedError):
        Telnyx().verify(telnyx(_event(), stamp=stamp), SETTINGS, NOW)


def test_the_time_is_signed() -> None:
    """An old signature does not become fresh by another time."""
    old = telnyx(_event(), stamp=str(int(STAMP) - 3600))
    fresh = replace(old, headers={**old.headers, "telnyx-timestamp": STAMP})
    with pytest.raises(RingRefusedError):
        Telnyx().verify(fresh, SETTINGS, NOW)


def test_another_key_proves_nothing() -> None:
    """Nor does a signature that is none."""
    with pytest.raises(RingRefusedError):
        Telnyx().verify(telnyx(_event(), key=Ed25519PrivateKey.generate()), SETTINGS, NOW)
    for text in ("", "!", "AAAA", base64.b64encode(bytes(64)).decode()):
        webhook = telnyx(_event())
        headers = {**webhook.headers, "telnyx-signature-ed25519": text}
        with pytest.raises(RingRefusedError):
            Telnyx().verify(replace(webhook, headers=headers), SETTINGS, NOW)


@pytest.mark.parametrize("key", ["nonsense", "AAAA", "A" * 43 + "=" + "A"])
def test_a_key_that_is_none_is_named(key: str) -> None:
    """The set-up is at fault, and the hint says where."""
    settings = SETTINGS.model_copy(update={"ring_telnyx_public_key": key})
    with pytest.raises(RingRefusedError) as refused:
        Telnyx().verify(telnyx(_event()), settings, NOW)
    assert "REMEMBER_RING_TELNYX_PUBLIC_KEY" in refused.value.hint
