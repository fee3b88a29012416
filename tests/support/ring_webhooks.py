"""Webhooks of every phone system, signed as its vendor signs them; the people are invented.

Each signature is made here in another way than the code under test checks it, where there is one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from connector.rings.event import RingRequest
from connector.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOW = datetime(2026, 7, 7, 12, 0, tzinfo=UTC)
STAMP = "1783425600"
SECRET = "a shared secret"
CALLER = "+12125550101"
LINE = "+12125550100"
EMAIL = "dana@acme.example"

TELNYX_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SETTINGS = Settings(
    ring_twilio_secret=SECRET,
    ring_aircall_secret=SECRET,
    ring_ringcentral_secret=SECRET,
    ring_dialpad_secret=SECRET,
    ring_telnyx_public_key=base64.b64encode(
        TELNYX_KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    ).decode(),
    ring_generic_secret=SECRET,
)
NONE_SET = Settings()
SETTING_NAMES = {
    "twilio": "REMEMBER_RING_TWILIO_SECRET",
    "aircall": "REMEMBER_RING_AIRCALL_SECRET",
    "ringcentral": "REMEMBER_RING_RINGCENTRAL_SECRET",
    "dialpad": "REMEMBER_RING_DIALPAD_SECRET",
    "telnyx": "REMEMBER_RING_TELNYX_PUBLIC_KEY",
    "generic": "REMEMBER_RING_GENERIC_SECRET",
}


def url(provider: str, query: str = "") -> str:
    """The address that a phone system is given."""
    return f"https://rings.acme.example/v1/rings/{provider}" + (f"?{query}" if query else "")


def raw(document: object) -> bytes:
    """A document as a body."""
    return document if isinstance(document, bytes) else json.dumps(document).encode()


def request(
    provider: str, body: bytes, headers: Mapping[str, str], address: str | None = None
) -> RingRequest:
    """A webhook as the service hands it over."""
    return RingRequest(address or url(provider), headers, body)


def twilio(fields: Mapping[str, str] | bytes, query: str = "") -> RingRequest:
    """A form that Twilio's own library signs; bytes are sent as JSON with their sum."""
    if isinstance(fields, bytes):
        return twilio_json(fields)
    address = url("twilio", query)
    signature = RequestValidator(SECRET).compute_signature(address, dict(fields))
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
        "x-twilio-signature": signature,
    }
    return request("twilio", urlencode(fields).encode(), headers, address)


def twilio_json(body: bytes) -> RingRequest:
    """JSON as Twilio sends it: the sum of the body is in the address, the address is signed."""
    address = url("twilio", f"bodySHA256={hashlib.sha256(body).hexdigest()}")
    signature = RequestValidator(SECRET).compute_signature(address, {})
    headers = {"content-type": "application/json", "x-twilio-signature": signature}
    return request("twilio", body, headers, address)


def aircall(document: object) -> RingRequest:
    """A webhook with its token in the body."""
    told = {**document, "token": SECRET} if isinstance(document, dict) else document
    return request("aircall", raw(told), {"content-type": "application/json"})


def connect(document: object) -> RingRequest:
    """What a Lambda function or an API destination sends on, with a bearer."""
    return request("connect", raw(document), {"authorization": "Bearer rmbr_1_x"})


def ringcentral(document: object) -> RingRequest:
    """A notification with the token of its subscription."""
    return request("ringcentral", raw(document), {"verification-token": SECRET})


def dialpad(document: object, *, algorithm: str = "HS256", secret: str = SECRET) -> RingRequest:
    """A JWT, put together by hand."""
    head = _b64(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    signing = f"{head}.{_b64(raw(document))}".encode()
    signature = hmac.new(secret.encode(), signing, hashlib.sha256).digest()
    body = signing + b"." + _b64(signature).encode()
    return request("dialpad", body, {"content-type": "application/jwt"})


def telnyx(
    document: object, *, stamp: str = STAMP, key: Ed25519PrivateKey = TELNYX_KEY
) -> RingRequest:
    """A webhook that a key of ours signs in Telnyx's place."""
    body = raw(document)
    signature = base64.b64encode(key.sign(stamp.encode() + b"|" + body)).decode()
    headers = {"telnyx-timestamp": stamp, "telnyx-signature-ed25519": signature}
    return request("telnyx", body, headers)


def generic(document: object, *, stamp: str = STAMP, secret: str = SECRET) -> RingRequest:
    """A ring in our own shape."""
    body = raw(document)
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    headers = {
        "content-type": "application/json",
        "x-remember-timestamp": stamp,
        "x-remember-signature": signature.hexdigest(),
    }
    return request("generic", body, headers)


SENDERS: Mapping[str, Callable[[Any], RingRequest]] = {
    "aircall": aircall,
    "connect": connect,
    "dialpad": dialpad,
    "generic": generic,
    "ringcentral": ringcentral,
    "telnyx": telnyx,
    "twilio": twilio,
}

RINGING: Mapping[str, Any] = {
    "aircall": {
        "resource": "call",
        "event": "call.ringing_on_agent",
        "timestamp": 1783425598,
        "data": {
            "id": 812,
            "direction": "inbound",
            "status": "initial",
            "raw_digits": "+1 212-555-0101",
            "started_at": 1783425597,
            "answered_at": None,
            "ended_at": None,
            "number": {"id": 5, "name": "Support", "digits": "+1 212-555-0100"},
            "user": {"id": 456, "name": "Dana", "email": EMAIL},
            "contact": None,
        },
    },
    "connect": {
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": {
                "Attributes": {},
                "Channel": "VOICE",
                "ContactId": "c-1",
                "CustomerEndpoint": {"Address": CALLER, "Type": "TELEPHONE_NUMBER"},
                "InitialContactId": "c-1",
                "InitiationMethod": "INBOUND",
                "InstanceARN": "arn:aws:connect:eu-west-1:1:instance/i",
                "PreviousContactId": "c-1",
                "Queue": {"ARN": "arn:aws:connect:eu-west-1:1:instance/i/queue/q", "Name": "B"},
                "SystemEndpoint": {"Address": LINE, "Type": "TELEPHONE_NUMBER"},
            },
            "Parameters": {},
        },
    },
    "dialpad": {
        "call_id": 4611686018427,
        "state": "ringing",
        "direction": "inbound",
        "external_number": CALLER,
        "internal_number": LINE,
        "date_started": 1783425597000,
        "event_timestamp": 1783425598000,
        "contact": {"id": 9, "type": "local", "phone": CALLER, "name": "(212) 555-0101"},
        "target": {"id": 456, "type": "user", "email": EMAIL, "phone": LINE, "name": "Dana"},
        "entry_point_call_id": None,
        "master_call_id": None,
        "is_internal": False,
    },
    "generic": {
        "call_id": "812",
        "caller": CALLER,
        "called": LINE,
        "agent_email": EMAIL,
        "state": "ringing",
        "at": "2026-07-07T11:59:58Z",
    },
    "ringcentral": {
        "uuid": "1",
        "event": "/restapi/v1.0/account/1/telephony/sessions",
        "timestamp": "2026-07-07T11:59:58.200Z",
        "subscriptionId": "s",
        "ownerId": "1",
        "body": {
            "sequence": 3,
            "sessionId": "429",
            "telephonySessionId": "s-812",
            "serverId": "10.0.0.1.TAM",
            "eventTime": "2026-07-07T11:59:58Z",
            "parties": [
                {
                    "accountId": "1",
                    "extensionId": "456",
                    "id": "p-812-2",
                    "direction": "Inbound",
                    "to": {"phoneNumber": LINE, "extensionId": "456"},
                    "from": {"phoneNumber": CALLER, "name": "WIRELESS CALLER"},
                    "status": {"code": "Proceeding", "rcc": False},
                    "missedCall": False,
                }
            ],
            "origin": {"type": "Call"},
        },
    },
    "telnyx": {
        "data": {
            "record_type": "event",
            "event_type": "call.initiated",
            "id": "0ccc7b54",
            "occurred_at": "2026-07-07T11:59:58.000000Z",
            "payload": {
                "call_control_id": "v3:a",
                "call_leg_id": "leg",
                "call_session_id": "session",
                "connection_id": "7267",
                "client_state": None,
                "from": CALLER,
                "to": LINE,
                "direction": "incoming",
                "state": "parked",
            },
        },
        "meta": {"attempt": 1, "delivered_to": "https://rings.acme.example/v1/rings/telnyx"},
    },
    "twilio": {
        "CallSid": "CA1",
        "AccountSid": "AC1",
        "From": CALLER,
        "To": LINE,
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    },
}
"""The first moment of a call of each phone system, in the shape that its vendor documents."""


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
