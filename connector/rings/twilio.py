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

from connector.rings.callbacks import callback, fields, is_form, pairs, query, split
from connector.rings.proofs import refused, same, secret
from connector.rings.provider import Provider
from connector.rings.reading import needed, word

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from connector.rings.event import RingEvent, RingRequest
    from connector.settings import Settings

SIGNATURE = "x-twilio-signature"
ALGORITHM = "x-twilio-webhooks-signature-settings"
_PORTS = {"https": 443, "http": 80}


class Twilio(Provider):
    """Twilio Voice."""

    name: ClassVar[str] = "twilio"

    def _prove(self, request: RingRequest, settings: Settings, now: datetime) -> None:
        del now  # Twilio signs no time
        key = secret(settings.ring_twilio_secret, "RING_TWILIO_SECRET").encode()
        told = request.headers.get(SIGNATURE, "")
        digest = _digest(request)
        signed = "".join(name + value for name, value in sorted(set(_signed(request))))
        texts = [(url + signed).encode("utf-8", "surrogatepass") for url in _spellings(request.url)]
        proofs = [base64.b64encode(hmac.new(key, text, digest).digest()).decode() for text in texts]
        if not any([same(told, proof) for proof in proofs]):  # noqa: C419 - all are compared
            raise refused(
                "Check REMEMBER_RING_TWILIO_SECRET (the primary auth token), and that"
                " REMEMBER_PUBLIC_URL is the address that Twilio calls."
            )

    def _mark(self, request: RingRequest) -> str:
        row = fields(request)
        return f"{needed(row, 'CallSid')} {needed(row, 'CallStatus')}"

    def _event(self, request: RingRequest, now: datetime) -> RingEvent | None:
        return callback(self.name, fields(request), query(request), now)


def _digest(request: RingRequest) -> str:
    settings = request.headers.get(ALGORITHM, "")
    told = dict(item.strip().partition("=")[::2] for item in settings.split(","))
    algorithm = (told.get("algorithm") or "HMAC_SHA1").upper()
    if algorithm not in {"HMAC_SHA1", "HMAC_SHA256"}:
        raise refused("Let Twilio sign with HMAC_SHA1 or HMAC_SHA256.")
    return algorithm.removeprefix("HMAC_")


def _signed(request: RingRequest) -> Iterable[tuple[str, str]]:
    """What is signed beside the address: of a form every field, of JSON the address has a sum."""
    if not request.body:
        return ()
    if is_form(request):
        return pairs(request.body)
    expected = word(query(request), "bodySHA256") or ""
    if not same(expected.lower(), hashlib.sha256(request.body).hexdigest()):
        raise refused("Send JSON as Twilio does: with its sum as bodySHA256 in the address.")
    return ()


def _spellings(url: str) -> list[str]:
    """The address as it is, with its port and without: Twilio signs now one, now another."""
    parts = split(url)
    host, _, port = parts.netloc.rpartition(":")
    bare = host if host and port.isdigit() else parts.netloc
    usual = parts.netloc if bare != parts.netloc else f"{bare}:{_PORTS.get(parts.scheme, 80)}"
    spelled = [parts._replace(netloc=netloc).geturl() for netloc in (bare, usual)]
    return list(dict.fromkeys([url, *spelled]))
