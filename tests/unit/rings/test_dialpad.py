"""Dialpad: its JWTs, forged in the usual ways, and what its call events say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from connector.rings.dialpad import Dialpad
from connector.rings.event import RingEvent, RingRefusedError, RingUnreadableError
from tests.support.ring_webhooks import (
    CALLER,
    EMAIL,
    LINE,
    NOW,
    RINGING,
    SETTINGS,
    dialpad,
    request,
)

RINGS = RingEvent(
    provider="dialpad",
    call_id="4611686018427",
    caller=CALLER,
    called=LINE,
    direction="inbound",
    agents=("456", EMAIL),
    state="ringing",
    at=datetime(2026, 7, 7, 11, 59, 58, tzinfo=UTC),
)
OF_GROUP = {"entry_point_call_id": 77, "call_id": 78}
GROUP = {"id": 9, "type": "call_center", "name": "Billing", "phone": LINE}


def _event(**fields: Any) -> dict[str, Any]:
    return {**RINGING["dialpad"], **fields}


EVENTS: list[tuple[str, dict[str, Any], RingEvent | None]] = [
    ("it rings", _event(), RINGS),
    ("answered", _event(state="connected"), replace(RINGS, state="answered")),
    ("held", _event(state="hold"), replace(RINGS, state="answered")),
    ("over", _event(state="hangup"), replace(RINGS, state="ended")),
    ("missed", _event(state="missed"), replace(RINGS, state="ended")),
    ("a message", _event(state="voicemail"), replace(RINGS, state="ended")),
    ("a transcript", _event(state="transcription"), None),
    ("between colleagues", _event(is_internal=True), None),
    (
        "an agent calls out",
        _event(state="calling", direction="outbound"),
        replace(RINGS, direction="outbound"),
    ),
    ("withheld", _event(external_number="anonymous"), replace(RINGS, caller=None)),
    ("no number", _event(external_number=None), replace(RINGS, caller=None)),
    ("it rings a group", _event(target=GROUP), replace(RINGS, agents=(), group="Billing")),
    ("an agent of a group", _event(**OF_GROUP), replace(RINGS, call_id="77")),
    (
        "another of the group was faster",
        _event(state="hangup", **OF_GROUP),
        replace(RINGS, call_id="77", agents=(), left=RINGS.agents),
    ),
    (
        "the agent of a group hangs up",
        _event(state="hangup", date_connected=1783425598000, **OF_GROUP),
        replace(RINGS, call_id="77", state="ended"),
    ),
    ("no target", _event(target=None), replace(RINGS, agents=())),
    ("no time", _event(event_timestamp=None), replace(RINGS, at=NOW)),
    ("a time that is none", _event(event_timestamp=10**40), replace(RINGS, at=NOW)),
]


@pytest.mark.parametrize(
    ("document", "expected"), [row[1:] for row in EVENTS], ids=[row[0] for row in EVENTS]
)
def test_what_dialpad_says(document: dict[str, Any], expected: RingEvent | None) -> None:
    """Call events in the documented shape, and the event that each is."""
    provider, webhook = Dialpad(), dialpad(document)
    provider.verify(webhook, SETTINGS, NOW)
    assert provider.read(webhook, NOW) == expected


def test_a_worked_example_of_such_a_jwt_holds() -> None:
    """Dialpad's documentation has none: this is the example of https://jwt.io, of HS256."""
    token = (
        b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
        b".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
        b".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    )
    settings = SETTINGS.model_copy(update={"ring_dialpad_secret": "your-256-bit-secret"})
    Dialpad().verify(request("dialpad", token + b"\n", {}), settings, NOW)


def test_a_jwt_without_an_algorithm_is_refused() -> None:
    """`none`, in any writing, with a signature or without."""
    for algorithm in ("none", "None", "NONE", ""):
        signed = dialpad(_event(), algorithm=algorithm)
        bare = replace(signed, body=signed.body.rpartition(b".")[0] + b".")
        for forged in (signed, bare):
            with pytest.raises(RingRefusedError):
                Dialpad().verify(forged, SETTINGS, NOW)


def test_a_public_key_is_no_secret() -> None:
    """A JWT that says RS256, and one signed HS256 with an RSA public key, prove nothing."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signing = dialpad(_event(), algorithm="RS256").body.rpartition(b".")[0]
    signature = key.sign(signing, padding.PKCS1v15(), hashes.SHA256())
    by_key = signing + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")
    by_text = dialpad(_event(), secret=pem.decode()).body
    with_key = SETTINGS.model_copy(update={"ring_dialpad_secret": pem.decode()})
    for body, settings in ((by_key, SETTINGS), (by_key, with_key), (by_text, with_key)):
        with pytest.raises(RingRefusedError):
            Dialpad().verify(request("dialpad", body, {}), settings, NOW)


@pytest.mark.parametrize("name", ["HS384", "HS512"])
def test_another_algorithm_is_refused_even_with_the_secret(name: str) -> None:
    """Only the one that Dialpad documents."""
    signing = dialpad(_event(), algorithm=name).body.rpartition(b".")[0]
    digest = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}[name]
    signature = hmac.new(b"a shared secret", signing, digest).digest()
    body = signing + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")
    with pytest.raises(RingRefusedError):
        Dialpad().verify(request("dialpad", body, {}), SETTINGS, NOW)


def test_plain_json_is_refused() -> None:
    """Dialpad sends it where the webhook was made without a secret."""
    webhook = request("dialpad", json.dumps(_event()).encode(), {})
    with pytest.raises(RingRefusedError) as refused:
        Dialpad().verify(webhook, SETTINGS, NOW)
    assert "REMEMBER_RING_DIALPAD_SECRET" in refused.value.hint


def test_a_jwt_whose_time_is_over_is_refused() -> None:
    """By the clock that is given, not by the machine's."""
    webhook = dialpad(_event(exp=int(NOW.timestamp())))
    Dialpad().verify(webhook, SETTINGS, NOW)
    with pytest.raises(RingRefusedError):
        Dialpad().verify(webhook, SETTINGS, NOW + timedelta(seconds=1))


def test_a_copy_whose_signature_is_written_otherwise_is_a_copy() -> None:
    """Padding may be there or not, and the last letter stands for four bits of its six."""
    provider, webhook = Dialpad(), dialpad(_event())
    provider.verify(webhook, SETTINGS, NOW)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = letters.index(chr(webhook.body[-1]))
    written = [webhook.body[:-1] + letters[last ^ bits].encode() for bits in range(4)]
    for body in (*written, webhook.body + b"="):
        with pytest.raises(RingRefusedError):
            provider.verify(replace(webhook, body=body), SETTINGS, NOW)


def test_a_signed_body_that_is_no_event_is_unreadable() -> None:
    """Proven, but not what is documented."""
    with pytest.raises(RingUnreadableError, match="'state' is missing"):
        Dialpad().read(dialpad({"call_id": 1}), NOW)
    with pytest.raises(RingUnreadableError):
        Dialpad().verify(dialpad([1]), SETTINGS, NOW)
