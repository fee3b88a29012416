"""Twilio: its signatures against its own library, and what its webhooks say."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from connector.rings.event import (
    RingEvent,
    RingRefusedError,
    RingRepeatedError,
    RingRequest,
    RingUnreadableError,
)
from connector.rings.twilio import Twilio
from tests.support.ring_webhooks import (
    CALLER,
    LINE,
    NOW,
    RINGING,
    SECRET,
    SETTINGS,
    raw,
    twilio,
    twilio_json,
    url,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

FORM = "application/x-www-form-urlencoded"
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
FIELDS = st.dictionaries(NAMES, NAMES, max_size=6)
INBOUND = RingEvent(
    provider="twilio",
    call_id="CA1",
    caller=CALLER,
    called=LINE,
    direction="inbound",
    agents=(),
    state="ringing",
    at=NOW,
)
TO_AGENT = {
    "CallSid": "CA2",
    "ParentCallSid": "CA1",
    "From": CALLER,
    "To": "client:dana",
    "CallStatus": "ringing",
    "Direction": "outbound-dial",
}
AT_AGENT = replace(INBOUND, called=None, agents=("dana",))


def _read(fields: Mapping[str, str], query: str = "") -> RingEvent | None:
    provider, request = Twilio(), twilio(fields, query)
    provider.verify(request, SETTINGS, NOW)
    return provider.read(request, NOW)


def _signed(address: str, body: bytes, signature: str, kind: str = FORM) -> RingRequest:
    return RingRequest(address, {"content-type": kind, "x-twilio-signature": signature}, body)


def test_the_worked_example_of_twilios_documentation_holds() -> None:
    """From https://www.twilio.com/docs/usage/webhooks/webhooks-security: token 12345."""
    body = urlencode(
        {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+12349013030",
            "Digits": "1234",
            "From": "+12349013030",
            "To": "+18005551212",
            "CallStatus": "ringing",
        }
    ).encode()
    told = SETTINGS.model_copy(update={"ring_twilio_secret": "12345"})
    example = _signed(
        "https://mycompany.com/myapp.php?foo=1&bar=2",
        body.replace(b"&CallStatus=ringing", b""),
        "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
    )
    Twilio()._prove(example, told, NOW)
    with pytest.raises(RingRefusedError):
        Twilio().verify(replace(example, body=body), told, NOW)


@settings(deadline=None)
@given(fields=FIELDS, query=FIELDS)
def test_every_form_that_twilios_library_signs_is_proven(
    fields: dict[str, str], query: dict[str, str]
) -> None:
    """Whatever fields Twilio may add, in whatever script."""
    told = fields | {"CallSid": "CA1", "CallStatus": "ringing"}
    Twilio().verify(twilio(told, urlencode(query)), SETTINGS, NOW)


@settings(deadline=None)
@given(fields=FIELDS, signature=st.text(max_size=30) | st.binary(max_size=30))
def test_what_twilios_library_refuses_is_refused(
    fields: dict[str, str], signature: str | bytes
) -> None:
    """The two agree about forgeries too."""
    text = signature if isinstance(signature, str) else base64.b64encode(signature).decode()
    address = url("twilio")
    assert not RequestValidator(SECRET).validate(address, fields, text)
    with pytest.raises(RingRefusedError):
        Twilio().verify(_signed(address, urlencode(fields).encode(), text), SETTINGS, NOW)


@pytest.mark.parametrize("called", ["", ":443", ":8443"])
@pytest.mark.parametrize("signed", ["", ":443", ":8443"])
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_port_in_the_address_is_taken_as_twilios_library_takes_it(
    scheme: str, signed: str, called: str
) -> None:
    """Twilio signs the address now with its port, now without."""
    there = f"{scheme}://rings.acme.example{called}/v1/rings/twilio?account=zendesk%3Aacme"
    fields = RINGING["twilio"]
    signature = RequestValidator(SECRET).compute_signature(
        there.replace(f"example{called}/", f"example{signed}/"), fields
    )
    request = _signed(there, urlencode(fields).encode(), signature)
    if RequestValidator(SECRET).validate(there, fields, signature):
        Twilio().verify(request, SETTINGS, NOW)
    else:
        with pytest.raises(RingRefusedError):
            Twilio().verify(request, SETTINGS, NOW)


def test_a_field_told_twice_is_signed_as_twilios_library_signs_it() -> None:
    """Each value counts once, in order."""

    class Several(dict[str, list[str]]):
        def getlist(self, name: str) -> list[str]:
            return self[name]

    fields = Several(CallSid=["CA1"], CallStatus=["ringing"], Media=["b", "a", "b"])
    signature = RequestValidator(SECRET).compute_signature(url("twilio"), fields)
    body = urlencode(fields, doseq=True).encode()
    Twilio().verify(_signed(url("twilio"), body, signature), SETTINGS, NOW)


def test_json_is_proven_by_the_sum_in_the_address() -> None:
    """As Twilio's library does it; a changed body is refused though the address is signed."""
    body = raw(RINGING["twilio"])
    request = twilio_json(body)
    validator = RequestValidator(SECRET)
    told = request.headers["x-twilio-signature"]
    assert validator.validate(request.url, body.decode(), told)
    provider = Twilio()
    provider.verify(request, SETTINGS, NOW)
    assert provider.read(request, NOW) == INBOUND
    with pytest.raises(RingRefusedError):
        Twilio().verify(replace(request, body=body + b" "), SETTINGS, NOW)


def test_a_body_that_nothing_signs_is_refused() -> None:
    """The signature of an address alone does not vouch for a body that somebody adds to it."""
    address = url("twilio")
    signature = RequestValidator(SECRET).compute_signature(address, {})
    for kind in ("application/json", "text/plain"):
        forged = _signed(address, raw(RINGING["twilio"]), signature, kind)
        with pytest.raises(RingRefusedError):
            Twilio().verify(forged, SETTINGS, NOW)


@pytest.mark.parametrize(
    ("address", "body"),
    [(url("twilio"), b"CallSid=%ff"), (url("twilio"), b"\xff"), ("https://[x/", b"CallSid=CA1")],
    ids=["no text in a field", "no text", "no address"],
)
def test_what_cannot_be_taken_apart_is_unreadable(address: str, body: bytes) -> None:
    """Before anything of it is compared."""
    with pytest.raises(RingUnreadableError):
        Twilio().verify(_signed(address, body, "x"), SETTINGS, NOW)


def test_a_get_is_read_from_the_address() -> None:
    """Twilio can be told to ask with GET: everything is in the query, and signed."""
    address = url("twilio", urlencode(RINGING["twilio"]))
    signature = RequestValidator(SECRET).compute_signature(address, {})
    provider, request = Twilio(), RingRequest(address, {"x-twilio-signature": signature}, b"")
    provider.verify(request, SETTINGS, NOW)
    assert provider.read(request, NOW) == INBOUND


@pytest.mark.parametrize("algorithm", ["HMAC_SHA256", "hmac_sha256", "HMAC_SHA1"])
def test_twilios_newer_signatures_hold(algorithm: str) -> None:
    """With a shared key the header says which sum is used."""
    fields = RINGING["twilio"]
    signature = RequestValidator(SECRET).compute_signature(url("twilio"), fields, algorithm)
    headers = {
        "content-type": FORM,
        "x-twilio-signature": signature,
        "x-twilio-webhooks-signature-settings": f"key=webhooks_sharedkey_1,algorithm={algorithm}",
    }
    Twilio().verify(RingRequest(url("twilio"), headers, urlencode(fields).encode()), SETTINGS, NOW)


def test_a_weaker_sum_is_refused() -> None:
    """Whatever the header asks for."""
    fields = RINGING["twilio"]
    text = url("twilio") + "".join(name + fields[name] for name in sorted(fields))
    weak = hmac.new(SECRET.encode(), text.encode(), hashlib.md5).digest()
    headers = {
        "content-type": FORM,
        "x-twilio-signature": base64.b64encode(weak).decode(),
        "x-twilio-webhooks-signature-settings": "algorithm=HMAC_MD5",
    }
    request = RingRequest(url("twilio"), headers, urlencode(fields).encode())
    with pytest.raises(RingRefusedError):
        Twilio().verify(request, SETTINGS, NOW)


def test_a_ring_for_another_address_is_refused() -> None:
    """The address that Twilio called is signed: PUBLIC_URL must be that one."""
    request = replace(twilio(RINGING["twilio"]), url="https://other.example/v1/rings/twilio")
    with pytest.raises(RingRefusedError) as refused:
        Twilio().verify(request, SETTINGS, NOW)
    assert "REMEMBER_PUBLIC_URL" in refused.value.hint


def test_the_same_status_of_a_call_counts_once_and_the_next_one_too() -> None:
    """Twilio signs no time, so each status of a call is taken once, whatever else is said."""
    provider = Twilio()
    provider.verify(twilio(RINGING["twilio"]), SETTINGS, NOW)
    provider.verify(twilio(RINGING["twilio"] | {"CallStatus": "completed"}), SETTINGS, NOW)
    with pytest.raises(RingRepeatedError):
        provider.verify(twilio(RINGING["twilio"] | {"SequenceNumber": "1"}), SETTINGS, NOW)


EVENTS: list[tuple[str, dict[str, str], RingEvent | None]] = [
    ("it rings", {}, INBOUND),
    ("answered", {"CallStatus": "in-progress"}, replace(INBOUND, state="answered")),
    (
        "answered, as a callback says",
        {"CallStatus": "answered"},
        replace(INBOUND, state="answered"),
    ),
    ("over", {"CallStatus": "completed"}, replace(INBOUND, state="ended")),
    ("busy", {"CallStatus": "busy"}, replace(INBOUND, state="ended")),
    ("nobody", {"CallStatus": "no-answer"}, replace(INBOUND, state="ended")),
    ("given up", {"CallStatus": "canceled"}, replace(INBOUND, state="ended")),
    ("failed", {"CallStatus": "failed"}, replace(INBOUND, state="ended")),
    ("a status of tomorrow", {"CallStatus": "dreaming"}, None),
    ("anonymous", {"From": "anonymous"}, replace(INBOUND, caller=None)),
    ("anonymous in digits", {"From": "+266696687"}, replace(INBOUND, caller=None)),
    ("empty", {"From": ""}, replace(INBOUND, caller=None)),
    ("a visitor of the website", {"From": "client:guest"}, replace(INBOUND, caller=None)),
    ("by SIP, a name", {"From": "sip:guest@pbx.example"}, replace(INBOUND, caller=None)),
    ("by SIP, a number", {"From": f"sip:{CALLER}@pbx.example;user=phone"}, INBOUND),
    (
        "a callback says when",
        {"Timestamp": "Tue, 07 Jul 2026 11:59:57 +0000"},
        replace(INBOUND, at=datetime(2026, 7, 7, 11, 59, 57, tzinfo=UTC)),
    ),
    ("a time that is none", {"Timestamp": "soon"}, INBOUND),
    ("it rings an agent's softphone", TO_AGENT, AT_AGENT),
    (
        "the agent answers",
        TO_AGENT | {"CallStatus": "in-progress"},
        replace(AT_AGENT, state="answered"),
    ),
    (
        "the agent hangs up",
        TO_AGENT | {"CallStatus": "completed"},
        replace(AT_AGENT, state="ended"),
    ),
    (
        "another was faster",
        TO_AGENT | {"CallStatus": "canceled"},
        replace(AT_AGENT, agents=(), left=("dana",)),
    ),
    (
        "the agent does not pick up",
        TO_AGENT | {"CallStatus": "no-answer"},
        replace(AT_AGENT, agents=(), left=("dana",)),
    ),
    (
        "Flex writes e-mails in its own way",
        TO_AGENT | {"To": "client:dana_40acme_2Eexample"},
        replace(AT_AGENT, agents=("dana@acme.example",)),
    ),
    (
        "a telephone by SIP",
        TO_AGENT | {"To": "sip:dana@acme.sip.twilio.com;transport=tls"},
        replace(AT_AGENT, agents=("dana@acme.sip.twilio.com",)),
    ),
    (
        "a call out, of a line",
        {"CallSid": "CA3", "From": LINE, "To": CALLER, "Direction": "outbound-api"},
        replace(INBOUND, call_id="CA3", direction="outbound"),
    ),
    (
        "an agent's softphone calls out",
        {"CallSid": "CA3", "ParentCallSid": "CA9", "From": "client:dana", "To": CALLER}
        | {"Direction": "outbound-dial", "CallStatus": "initiated"},
        replace(INBOUND, call_id="CA3", direction="outbound", called=None, agents=("dana",)),
    ),
]


@pytest.mark.parametrize(
    ("fields", "expected"), [row[1:] for row in EVENTS], ids=[row[0] for row in EVENTS]
)
def test_what_twilio_says(fields: dict[str, str], expected: RingEvent | None) -> None:
    """Webhooks in the documented shape, and the event that each is."""
    assert _read(RINGING["twilio"] | fields) == expected


ADDRESSES: list[tuple[str, str, dict[str, Any]]] = [
    ("agent=zendesk:42", "ringing", {"agents": ("zendesk:42",), "called": LINE}),
    ("group=Billing", "ringing", {"group": "Billing", "called": LINE}),
    ("agent=", "ringing", {"called": LINE}),
]


@pytest.mark.parametrize(("query", "status", "told"), ADDRESSES, ids=[row[0] for row in ADDRESSES])
def test_the_signed_address_says_whom_it_rings(
    query: str, status: str, told: dict[str, Any]
) -> None:
    """What Twilio cannot say, the address that it was given says."""
    assert _read(RINGING["twilio"] | {"CallStatus": status}, query) == replace(INBOUND, **told)


def test_the_leg_to_an_agents_own_telephone_can_be_told_from_a_call_to_a_customer() -> None:
    """Both are numbers: without a word in the address it is the customer who is called."""
    leg = TO_AGENT | {"To": "+12125550177"}
    rung = _read(RINGING["twilio"] | leg, "direction=inbound")
    assert rung == replace(AT_AGENT, agents=("+12125550177",))
    out = _read(RINGING["twilio"] | leg)
    assert out is not None
    assert (out.direction, out.caller, out.call_id) == ("outbound", "+12125550177", "CA2")
