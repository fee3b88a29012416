"""Dialpad: call events, each a JWT signed with the secret of the webhook.

Addresses: https://developers.dialpad.com/docs/call-events and
https://developers.dialpad.com/reference/webhookscreate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import jwt
from jwt.algorithms import HMACAlgorithm
from jwt.api_jws import PyJWS

from connector.fields import FieldError
from connector.rings.event import RingEvent
from connector.rings.proofs import refused, secret
from connector.rings.provider import Provider
from connector.rings.reading import json_row, known, moment, needed, number, part, word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from jwt.types import SigOptions

    from connector.rings.event import RingRequest, State
    from connector.settings import Settings

_ALGORITHM = "HS256"
_STATES: Mapping[str, State] = {
    "preanswer": "ringing",
    "calling": "ringing",
    "queued": "ringing",
    "ringing": "ringing",
    "connected": "answered",
    "hold": "answered",
    "missed": "ended",
    "abandoned": "ended",
    "voicemail": "ended",
    "hangup": "ended",
}
_PERSON = "user"


class _AnyLength(HMACAlgorithm):
    """Takes the secret that the webhook was made with: Dialpad demands no length of it."""

    def check_key_length(self, key: bytes) -> None:
        """Say nothing of it."""
        del key


_JWS = PyJWS(algorithms=[])
_JWS.register_algorithm(_ALGORITHM, _AnyLength(HMACAlgorithm.SHA256))


class Dialpad(Provider):
    """Dialpad."""

    name: ClassVar[str] = "dialpad"

    def _prove(self, request: RingRequest, settings: Settings, now: datetime) -> None:
        key = secret(settings.ring_dialpad_secret, "RING_DIALPAD_SECRET")
        row = json_row(_payload(request, key))
        if "exp" in row and row.time("exp") < now:
            raise refused("Its time is over; check the clocks of both machines.")

    def _mark(self, request: RingRequest) -> bytes:
        # Without the signature, which can be written in more ways than one.
        return request.body.strip().rpartition(b".")[0]

    def _event(self, request: RingRequest, now: datetime) -> RingEvent | None:
        row = json_row(_payload(request, None))
        state = _STATES.get(needed(row, "state").casefold())
        if state is None or row.raw("is_internal") is True:
            return None
        call, first = needed(row, "call_id"), word(row, "entry_point_call_id")
        target = part(row, "target")
        person = (word(target, "type") or _PERSON).casefold() == _PERSON
        names = known([word(target, "id"), word(target, "email")]) if person else ()
        # Of a call to a group each agent has a leg of their own, which ends when another answers.
        gone = state == "ended" and first is not None and not row.raw("date_connected")
        return RingEvent(
            provider=self.name,
            call_id=first or call,
            caller=number(word(row, "external_number")),
            called=word(row, "internal_number"),
            direction="outbound" if word(row, "direction") == "outbound" else "inbound",
            agents=() if gone else names,
            state="ringing" if gone else state,
            at=moment(row, ["event_timestamp"], now),
            group=None if person else word(target, "name") or word(target, "id"),
            left=names if gone else (),
        )


def _payload(request: RingRequest, key: str | None) -> bytes:
    """What the JWT holds; without a key, of one that is proven already."""
    try:
        return bytes(_JWS.decode(request.body.strip(), key or "", [_ALGORITHM], _options(key)))
    except (jwt.PyJWTError, ValueError, RecursionError):
        if key is None:
            raise FieldError("", "is not a JWT") from None
        raise refused(
            "Set REMEMBER_RING_DIALPAD_SECRET to the secret of Dialpad's webhook."
        ) from None


def _options(key: str | None) -> SigOptions:
    return {"verify_signature": key is not None}
