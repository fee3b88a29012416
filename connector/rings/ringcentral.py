"""RingCentral: notifications of telephony sessions.

Addresses: https://developers.ringcentral.com/guide/notifications/webhooks/receiving and
https://developers.ringcentral.com/guide/notifications/event-filters/account-telephony-sessions.

A session is a call; everyone who is rung is a party of it, and each notification tells of one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from connector.fields import FieldError, Row
from connector.rings.event import RingEvent, RingReply
from connector.rings.parties import Parties
from connector.rings.proofs import refused, same, secret
from connector.rings.provider import Provider
from connector.rings.reading import json_row, known, moment, needed, number, part, word

if TYPE_CHECKING:
    from datetime import datetime

    from connector.rings.event import Direction, RingRequest
    from connector.settings import Settings

VERIFICATION = "verification-token"
VALIDATION = "validation-token"
_TOKEN = re.compile(r"[\x21-\x7e]{1,256}")


class RingCentral(Provider):
    """RingCentral."""

    name: ClassVar[str] = "ringcentral"

    def __init__(self) -> None:
        super().__init__()
        self._parties = Parties()

    def answer(self, request: RingRequest) -> RingReply | None:
        """Echo the token with which RingCentral asks whether we are there."""
        token = request.headers.get(VALIDATION, "")
        if request.body.strip() or not _TOKEN.fullmatch(token):
            return None
        return RingReply(200, {"Validation-Token": token})

    def _prove(self, request: RingRequest, settings: Settings, now: datetime) -> None:
        del now  # nothing signs the time
        expected = secret(settings.ring_ringcentral_secret, "RING_RINGCENTRAL_SECRET")
        # Subscriptions made with the older `validationToken` send it by the older name.
        told = request.headers.get(VERIFICATION) or request.headers.get(VALIDATION) or ""
        if not same(told, expected):
            raise refused(
                "Make the subscription with REMEMBER_RING_RINGCENTRAL_SECRET as its"
                " verificationToken."
            )

    def _mark(self, request: RingRequest) -> bytes:
        return request.body

    def _event(self, request: RingRequest, now: datetime) -> RingEvent | None:
        session = json_row(request.body).child("body")
        parties = session.raw("parties")
        if "telephonySessionId" not in session or not parties:
            return None
        if not isinstance(parties, list):
            raise FieldError(session.path("parties"), "is not a list")
        events = [self._of_party(session, Row(party), now) for party in parties]
        told = [event for event in events if event is not None]
        return told[-1] if told else None

    def _of_party(self, session: Row, party: Row, now: datetime) -> RingEvent | None:
        ends = _ends(party)
        call = needed(session, "telephonySessionId")
        sequence = _sequence(session)
        if ends is None:
            return None
        caller, called, direction, agent = ends
        status = party.child("status")
        moved = self._parties.move(
            call,
            word(party, "id") or agent or "",
            code=needed(status, "code"),
            reason=word(status, "reason"),
            sequence=sequence,
        )
        if moved is None:
            return None
        names = known([agent])
        return RingEvent(
            provider=self.name,
            call_id=call,
            caller=caller,
            called=called,
            direction=direction,
            agents=() if moved.left else names,
            state=moved.state,
            at=moment(session, ["eventTime"], now),
            left=names if moved.left else (),
            sequence=sequence,
        )


def _ends(party: Row) -> tuple[str | None, str | None, Direction, str | None] | None:
    """The other end, our line, who calls whom, and our extension; None within the company."""
    source, target = part(party, "from"), part(party, "to")
    ours = word(party, "extensionId")
    theirs = word(party, "direction") == "Inbound"
    calling = word(source, "extensionId") or (None if theirs else ours)
    if calling is None:
        other, line = word(source, "phoneNumber"), word(target, "phoneNumber")
        return number(other), line, "inbound", ours or word(target, "extensionId")
    if word(target, "extensionId") is not None:
        return None
    other, line = word(target, "phoneNumber"), word(source, "phoneNumber")
    return number(other), line, "outbound", calling


def _sequence(session: Row) -> int | None:
    value = session.raw("sequence")
    return value if isinstance(value, int) and not isinstance(value, bool) else None
