"""Twilio Voice: webhooks and status callbacks, as a form, a query or JSON.

Addresses: https://www.twilio.com/docs/usage/webhooks/voice-webhooks and
https://www.twilio.com/docs/usage/webhooks/webhooks-security.

Twilio does not say who of a group is rung. What it cannot say, the address that it is given may:
`?agent=zendesk:42`, `?group=Billing` and, for the leg to an agent's own telephone,
`?direction=inbound`. The address is signed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, urlsplit

from connector.fields import FieldError, Row
from connector.headers import http_date
from connector.rings.event import RingEvent
from connector.rings.legs import leg
from connector.rings.proofs import refused, same, secret
from connector.rings.provider import Provider
from connector.rings.reading import json_row, known, needed, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from urllib.parse import SplitResult

    from connector.rings.event import RingRequest, State
    from connector.settings import Settings

SIGNATURE = "x-twilio-signature"
ALGORITHM = "x-twilio-webhooks-signature-settings"
_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 500
_PORTS = {"https": 443, "http": 80}
_STATES: Mapping[str, State] = {
    "queued": "ringing",
    "initiated": "ringing",
    "ringing": "ringing",
    "in-progress": "answered",
    "answered": "answered",
    "completed": "ended",
    "busy": "ended",
    "no-answer": "ended",
    "canceled": "ended",
    "failed": "ended",
}
_UNANSWERED = frozenset({"busy", "no-answer", "canceled", "failed"})


class Twilio(Provider):
    """Twilio Voice."""

    name: ClassVar[str] = "twilio"

    def _prove(self, request: RingRequest, settings: Settings, now: datetime) -> None:
        del now  # Twilio signs no time
        key = secret(settings.ring_twilio_secret, "RING_TWILIO_SECRET").encode()
        told = request.headers.get(SIGNATURE, "")
        digest = _digest(request)
        signed = "".join(name + value for name, value in sorted(set(_signed_fields(request))))
        proofs = [
            base64.b64encode(hmac.new(key, (url + signed).encode(), digest).digest()).decode()
            for url in _spellings(request.url)
        ]
        if not any([same(told, proof) for proof in proofs]):  # noqa: C419 - all are compared
            raise refused(
                "Check REMEMBER_RING_TWILIO_SECRET (the primary auth token), and that"
                " REMEMBER_PUBLIC_URL is the address that Twilio calls."
            )

    def _mark(self, request: RingRequest) -> str:
        row = _fields(request)
        return f"{needed(row, 'CallSid')} {needed(row, 'CallStatus')}"

    def _event(self, request: RingRequest, now: datetime) -> RingEvent | None:
        row, address = _fields(request), _query(request)
        call, status = needed(row, "CallSid"), needed(row, "CallStatus").casefold()
        state = _STATES.get(status)
        if state is None:
            return None
        incoming = (word(row, "Direction") or "inbound").casefold() == "inbound"
        agent_rung = (word(address, "direction") or "").casefold() == "inbound"
        ends = leg(word(row, "From"), word(row, "To"), incoming=incoming, agent_rung=agent_rung)
        agents = known([word(address, "agent") or ends.agent])
        gone = ends.rung and status in _UNANSWERED
        return RingEvent(
            provider=self.name,
            call_id=(word(row, "ParentCallSid") if ends.rung else None) or call,
            caller=ends.caller,
            called=ends.called,
            direction=ends.direction,
            agents=() if gone else agents,
            state="ringing" if gone else state,
            at=http_date(word(row, "Timestamp") or "") or now,
            group=word(address, "group"),
            left=agents if gone else (),
        )


def _digest(request: RingRequest) -> str:
    settings = request.headers.get(ALGORITHM, "")
    told = dict(item.strip().partition("=")[::2] for item in settings.split(","))
    algorithm = (told.get("algorithm") or "HMAC_SHA1").upper()
    if algorithm not in {"HMAC_SHA1", "HMAC_SHA256"}:
        raise refused("Let Twilio sign with HMAC_SHA1 or HMAC_SHA256.")
    return algorithm.removeprefix("HMAC_")


def _signed_fields(request: RingRequest) -> Iterable[tuple[str, str]]:
    """What is signed beside the address: of a form every field, of JSON the address has a sum."""
    if not request.body:
        return ()
    if _is_form(request):
        return _pairs(_text(request.body))
    expected = word(_query(request), "bodySHA256") or ""
    if not same(expected.lower(), hashlib.sha256(request.body).hexdigest()):
        raise refused("Send JSON as Twilio does: with its sum as bodySHA256 in the address.")
    return ()


def _fields(request: RingRequest) -> Row:
    if not request.body:
        return _query(request)
    if _is_form(request):
        return Row(dict(_pairs(_text(request.body))))
    return json_row(request.body)


def _is_form(request: RingRequest) -> bool:
    return request.headers.get("content-type", _FORM).partition(";")[0].strip().lower() == _FORM


def _query(request: RingRequest) -> Row:
    return Row(dict(_pairs(_split(request.url).query)))


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise FieldError("", "is not a form") from None


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise FieldError("", "is not text") from None


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise FieldError("", "has no address") from None


def _spellings(url: str) -> list[str]:
    """The address as it is, with its port and without: Twilio signs now one, now another."""
    parts = _split(url)
    host, _, port = parts.netloc.rpartition(":")
    bare = host if host and port.isdigit() else parts.netloc
    usual = parts.netloc if bare != parts.netloc else f"{bare}:{_PORTS.get(parts.scheme, 80)}"
    spelled = [parts._replace(netloc=netloc).geturl() for netloc in (bare, usual)]
    return list(dict.fromkeys([url, *spelled]))
