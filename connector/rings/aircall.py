"""Aircall: webhooks that carry their token in the body.

Addresses: https://developer.aircall.io/api-references/#webhooks and
https://developer.aircall.io/docs/webhooks-overview.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from connector.rings.event import RingEvent
from connector.rings.proofs import refused, same, secret
from connector.rings.provider import Provider
from connector.rings.reading import json_row, known, moment, needed, number, part, word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.fields import Row
    from connector.rings.event import RingRequest, State
    from connector.settings import Settings

_DECLINED = "call.agent_declined"
_TRANSFERRED = "call.transferred"
_STATES: Mapping[str, State] = {
    "call.created": "ringing",
    "call.ringing_on_agent": "ringing",
    _DECLINED: "ringing",
    _TRANSFERRED: "ringing",
    "call.answered": "answered",
    "call.unanswered": "ended",
    "call.voicemail_left": "ended",
    "call.hungup": "ended",
    "call.ended": "ended",
}
_TIMES: Mapping[State, tuple[str, ...]] = {
    "ringing": ("started_at",),
    "answered": ("answered_at", "started_at"),
    "ended": ("ended_at",),
}


class Aircall(Provider):
    """Aircall."""

    name: ClassVar[str] = "aircall"

    def _prove(self, request: RingRequest, settings: Settings, now: datetime) -> None:
        del now  # what the body tells of the time proves nothing: nothing signs it
        expected = secret(settings.ring_aircall_secret, "RING_AIRCALL_SECRET")
        if not same(word(json_row(request.body), "token") or "", expected):
            raise refused("Set REMEMBER_RING_AIRCALL_SECRET to the token of Aircall's webhook.")

    def _mark(self, request: RingRequest) -> bytes:
        return request.body

    def _event(self, request: RingRequest, now: datetime) -> RingEvent | None:
        row = json_row(request.body)
        event = needed(row, "event")
        state = _STATES.get(event)
        if state is None:
            return None
        call = row.child("data")
        line = part(call, "number")
        user = "transferred_to" if event == _TRANSFERRED else "user"
        agents = _names(part(call, user))
        if event == _TRANSFERRED and not agents:
            return None
        declined = event == _DECLINED
        outbound = word(call, "direction") == "outbound"
        return RingEvent(
            provider=self.name,
            call_id=needed(call, "id"),
            caller=number(word(call, "raw_digits")),
            called=word(line, "digits") or word(line, "name"),
            direction="outbound" if outbound else "inbound",
            agents=() if declined else agents,
            state=state,
            at=moment(row, ["timestamp"], moment(call, _TIMES[state], now)),
            group=word(line, "name"),
            left=agents if declined else (),
        )


def _names(user: Row) -> tuple[str, ...]:
    return known([word(user, "id"), word(user, "email")])
