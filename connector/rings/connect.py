"""Amazon Connect: what a flow hands to a Lambda function, and contact events of EventBridge.

Addresses: https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html and
https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html.

Neither is signed, so both come with an API token: the function sends its event as it got it,
EventBridge by an API destination. Only the flow knows the caller's number; EventBridge knows the
queue, who answered, and when it ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from connector.rings.event import RingEvent
from connector.rings.provider import Provider
from connector.rings.reading import json_row, known, moment, needed, number, part, word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.fields import Row
    from connector.rings.event import Direction, RingRequest, State
    from connector.settings import Settings

_STATES: Mapping[str, State] = {
    "INITIATED": "ringing",
    "QUEUED": "ringing",
    "CONNECTED_TO_AGENT": "answered",
    "DISCONNECTED": "ended",
    "COMPLETED": "ended",
}
_BEGINNING = "INITIATED"
_OURS = frozenset({"OUTBOUND", "CALLBACK", "API"})
"""How a contact begins that we call."""


class Connect(Provider):
    """Amazon Connect."""

    name: ClassVar[str] = "connect"
    bearer: ClassVar[bool] = True

    def _prove(self, request: RingRequest, settings: Settings, now: datetime) -> None:
        """The token is the proof, and the service has checked it."""

    def _mark(self, request: RingRequest) -> None:
        """EventBridge may tell an event twice; whoever has the token needs no copy of one."""

    def _event(self, request: RingRequest, now: datetime) -> RingEvent | None:
        row = json_row(request.body)
        if "Details" in row:
            return self._of_flow(row.child("Details").child("ContactData"), now)
        return self._of_bus(row, row.child("detail"), now)

    def _of_flow(self, contact: Row, now: datetime) -> RingEvent | None:
        if not _is_call(word(contact, "Channel")):
            return None
        queue = contact.raw("Queue")
        group = (
            word(contact, "Queue")
            if isinstance(queue, str)
            else word(part(contact, "Queue"), "ARN") or word(part(contact, "Queue"), "Name")
        )
        return RingEvent(
            provider=self.name,
            call_id=needed(contact, "ContactId"),
            caller=number(word(part(contact, "CustomerEndpoint"), "Address")),
            called=word(part(contact, "SystemEndpoint"), "Address"),
            direction=_direction(word(contact, "InitiationMethod")),
            agents=(),
            state="ringing",
            at=now,
            group=group,
        )

    def _of_bus(self, row: Row, contact: Row, now: datetime) -> RingEvent | None:
        kind = needed(contact, "eventType")
        state = _STATES.get(kind)
        caller = number(word(part(contact, "customerEndpoint"), "address"))
        if state is None or not _is_call(word(contact, "channel")):
            return None
        if kind == _BEGINNING and caller is None:
            return None  # the flow tells it with the number, or nobody can say who calls
        agent = part(contact, "agentInfo")
        return RingEvent(
            provider=self.name,
            call_id=needed(contact, "contactId"),
            caller=caller,
            called=word(part(contact, "systemEndpoint"), "address"),
            direction=_direction(word(contact, "initiationMethod")),
            agents=known([word(agent, "agentArn")]),
            state=state,
            at=moment(row, ["time"], now),
            group=word(part(contact, "queueInfo"), "queueArn"),
        )


def _is_call(channel: str | None) -> bool:
    return channel is None or channel.upper() == "VOICE"


def _direction(began: str | None) -> Direction:
    return "outbound" if (began or "").upper() in _OURS else "inbound"
