"""Any other phone system, such as 3CX: JSON of our own shape, signed with a shared secret.

Design: section 5.5. The signature is the HMAC-SHA256, in hexadecimal digits, of the time of
signing in Unix seconds, a full stop and the raw body.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, ClassVar

from connector.fields import FieldError
from connector.rings.event import RingEvent
from connector.rings.proofs import check_age, refused, same, secret
from connector.rings.provider import Provider
from connector.rings.reading import json_row, known, needed, number, word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.fields import Row
    from connector.rings.event import Direction, RingRequest, State
    from connector.settings import Settings

TIMESTAMP = "x-remember-timestamp"
SIGNATURE = "x-remember-signature"
_STATES: Mapping[str, State] = {"ringing": "ringing", "answered": "answered", "ended": "ended"}
_DIRECTIONS: Mapping[str, Direction] = {"inbound": "inbound", "outbound": "outbound"}


class Generic(Provider):
    """Any phone system that can sign, or whose owner can write ten lines."""

    name: ClassVar[str] = "generic"

    def _prove(self, request: RingRequest, settings: Settings, now: datetime) -> None:
        key = secret(settings.ring_generic_secret, "RING_GENERIC_SECRET")
        signed = request.headers.get(TIMESTAMP, "")
        message = signed.encode("utf-8", "surrogatepass") + b"." + request.body
        expected = hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
        if not same(request.headers.get(SIGNATURE, "").strip().lower(), expected):
            raise refused(
                "Sign X-Remember-Timestamp + '.' + body with REMEMBER_RING_GENERIC_SECRET."
            )
        check_age(signed, now)

    def _mark(self, request: RingRequest) -> str:
        return request.headers.get(SIGNATURE, "").strip().lower()

    def _event(self, request: RingRequest, now: datetime) -> RingEvent:
        row = json_row(request.body)
        return RingEvent(
            provider=self.name,
            call_id=needed(row, "call_id"),
            caller=number(word(row, "caller")),
            called=word(row, "called"),
            direction=_direction(row),
            agents=known([word(row, "agent_email"), word(row, "agent_ref")]),
            state=_state(row),
            at=row.maybe_time("at") or now,
            group=word(row, "group"),
        )


def _state(row: Row) -> State:
    found = _STATES.get(needed(row, "state").casefold())
    if found is None:
        raise FieldError("state", "is not ringing, answered or ended")
    return found


def _direction(row: Row) -> Direction:
    found = _DIRECTIONS.get((word(row, "direction") or "inbound").casefold())
    if found is None:
        raise FieldError("direction", "is neither inbound nor outbound")
    return found
