"""Telnyx: webhooks of its Voice API and callbacks of TeXML, both signed with Ed25519.

Addresses: https://developers.telnyx.com/docs/voice/programmable-voice/voice-api-webhooks,
https://developers.telnyx.com/docs/development/api-fundamentals/webhooks/receiving-webhooks and
https://developers.telnyx.com/api-reference/callbacks/texml-call-initiated.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from connector.rings.callbacks import callback, fields, is_form, query
from connector.rings.event import RingEvent, RingRefusedError
from connector.rings.legs import leg
from connector.rings.proofs import check_age, refused, secret
from connector.rings.provider import Provider
from connector.rings.reading import json_row, known, moment, needed, word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.rings.event import RingRequest, State
    from connector.settings import Settings

TIMESTAMP = "telnyx-timestamp"
SIGNATURE = "telnyx-signature-ed25519"
_STATES: Mapping[str, State] = {
    "call.initiated": "ringing",
    "call.ringing": "ringing",
    "call.answered": "answered",
    "call.bridged": "answered",
    "call.hangup": "ended",
}
_INCOMING = frozenset({"incoming", "inbound"})


class Telnyx(Provider):
    """Telnyx."""

    name: ClassVar[str] = "telnyx"

    def _prove(self, request: RingRequest, settings: Settings, now: datetime) -> None:
        key = _key(secret(settings.ring_telnyx_public_key, "RING_TELNYX_PUBLIC_KEY"))
        signed = request.headers.get(TIMESTAMP, "")
        try:
            signature = base64.b64decode(request.headers.get(SIGNATURE, ""), validate=True)
            key.verify(signature, signed.encode() + b"|" + request.body)
        except (InvalidSignature, binascii.Error, ValueError):
            raise refused(
                "Set REMEMBER_RING_TELNYX_PUBLIC_KEY to the public key of Telnyx's portal."
            ) from None
        check_age(signed, now)

    def _mark(self, request: RingRequest) -> bytes:
        return request.headers.get(TIMESTAMP, "").encode("utf-8", "replace") + request.body

    def _event(self, request: RingRequest, now: datetime) -> RingEvent | None:
        if request.headers.get("content-type") is not None and is_form(request):
            return callback(self.name, fields(request), query(request), now)
        row = json_row(request.body).child("data")
        state = _STATES.get(needed(row, "event_type"))
        if state is None:
            return None
        call = row.child("payload")
        incoming = (word(call, "direction") or "incoming").casefold() in _INCOMING
        ends = leg(word(call, "from"), word(call, "to"), incoming=incoming)
        agents = known([ends.agent])
        gone = ends.rung and state == "ended"  # the leg that came in ends the call
        session = word(call, "call_session_id")
        return RingEvent(
            provider=self.name,
            call_id=session or needed(call, "call_control_id"),
            caller=ends.caller,
            called=ends.called,
            direction=ends.direction,
            agents=() if gone else agents,
            state="ringing" if gone else state,
            at=moment(row, ["occurred_at"], now),
            group=word(call, "connection_id"),
            left=agents if gone else (),
        )


def _key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        raise RingRefusedError(
            "Rings of Telnyx cannot be proven: its public key is not one.",
            "Copy REMEMBER_RING_TELNYX_PUBLIC_KEY from Telnyx's portal again.",
        ) from None
