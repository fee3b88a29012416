"""What phone systems send is an event or is refused, whatever it is; the service never fails."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.rings.agents import AgentMap
from connector.rings.event import RingEvent, RingRefusedError, RingUnreadableError
from connector.rings.providers import PROVIDERS
from tests.fuzz.mutating import WILD_TEXTS, mutated, wild_bytes
from tests.fuzz.profile import fuzzing
from tests.support import ring_webhooks as phones
from tests.support.book import agent
from tests.support.service import bearing, token_of

if TYPE_CHECKING:
    from connector.rings.event import RingRequest
    from tests.fuzz.service import Fuzzed

EVERY = sorted(PROVIDERS)
AGENTS = [agent("11", email="dana@acme.example")]
TEXTS = st.sampled_from(WILD_TEXTS) | st.text(alphabet=st.characters(codec="latin-1"), max_size=60)
TIMES = (
    "Tue, 07 Jul 2026 11:59:58 +0000",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Tue, 07 Jul 2026 11:59:58 +9999",
    "Tue, 99 Jul 99999999999 11:59:58",
)


@st.composite
def _forms(draw: st.DrawFn) -> dict[str, str]:
    """The fields of a callback of Twilio's, a few of them strange."""
    fields = dict(phones.RINGING["twilio"]) | {"Timestamp": draw(st.sampled_from(TIMES))}
    names = [*fields, "ParentCallSid", "Caller", "ForwardedFrom", "SequenceNumber"]
    for name in draw(st.lists(st.sampled_from(names), max_size=4)):
        fields[name] = draw(TEXTS).encode("utf-8", "replace").decode()
    return fields


def _read(name: str, request: RingRequest) -> None:
    """Read it as the service does, and find out for whom it is."""
    provider = PROVIDERS[name]()
    provider.answer(request)
    with suppress(RingRefusedError, RingUnreadableError):
        provider.verify(request, phones.SETTINGS, phones.NOW)
    event: RingEvent | None = None
    said = ""
    try:
        event = provider.read(request, phones.NOW)
    except RingUnreadableError as error:
        said = error.detail + error.hint
    assert phones.CALLER not in said
    if event is not None:
        _understood(event)


def _understood(event: RingEvent) -> None:
    assert event.call_id
    assert event.at.utcoffset() is not None
    AgentMap().resolve(event.provider, (*event.agents, *event.left), AGENTS)
    AgentMap().members(event.provider, (event.group, event.called), AGENTS)


@pytest.mark.parametrize("name", EVERY)
@fuzzing(40)
@given(data=st.data())
def test_any_body_is_an_event_or_is_refused(name: str, data: st.DataObject) -> None:
    """A true one with places changed, cut, struck or doubled, and signed as its vendor signs."""
    body = data.draw(wild_bytes(phones.RINGING[name]))
    _read(name, phones.SENDERS[name](body))


@pytest.mark.parametrize("name", EVERY)
@fuzzing(15)
@given(data=st.data())
def test_any_header_or_address_is_borne(name: str, data: st.DataObject) -> None:
    """Under the names that are looked for, and others."""
    request = phones.SENDERS[name](phones.RINGING[name])
    headers = dict(request.headers)
    for key in data.draw(st.lists(st.sampled_from(sorted(headers)), min_size=1, max_size=3)):
        headers[key] = data.draw(TEXTS)
    url = request.url + data.draw(st.just("") | TEXTS.map("?".__add__) | TEXTS)
    _read(name, replace(request, headers=headers, url=url))


@pytest.mark.parametrize("name", EVERY)
def test_each_odd_address_is_borne(name: str) -> None:
    """Half a character in what is signed is refused as any other text is."""
    request = phones.SENDERS[name](phones.RINGING[name])
    for odd in WILD_TEXTS:
        _read(name, replace(request, url=f"{request.url}?{odd}"))


@fuzzing(40)
@given(fields=_forms(), query=TEXTS)
def test_any_form_is_an_event_or_is_refused(fields: dict[str, str], query: str) -> None:
    """Twilio's, with times that no calendar has."""
    _read("twilio", phones.twilio(fields))
    body = urlencode(fields).encode()
    form = {"content-type": "application/x-www-form-urlencoded"}
    _read("telnyx", phones.request("telnyx", body, form, phones.url("telnyx", query)))


@pytest.mark.parametrize("name", EVERY)
@fuzzing(25)
@given(data=st.data())
def test_the_service_never_fails(name: str, data: st.DataObject, service: Fuzzed) -> None:
    """Proven or not, an event or none: it is answered, and what is an event is on the board."""
    body = data.draw(wild_bytes(phones.RINGING[name]))
    request = _in_time(name, body, service)
    headers = dict(request.headers)
    if name == "connect":
        headers |= bearing(token_of(service.book, service.clock, "ring:write"))
    if data.draw(st.integers(0, 4)) == 0:
        headers[data.draw(st.sampled_from(sorted(headers)))] = data.draw(TEXTS)
    query = request.url.partition("?")[2]
    service.post(f"/v1/rings/{name}" + (f"?{query}" if query else ""), request.body, headers)


@fuzzing(25)
@given(document=mutated(phones.RINGING["generic"]))
def test_a_proven_ring_of_any_words_never_fails(document: Any, service: Fuzzed) -> None:
    """The shape that anybody may write."""
    body = phones.raw(document)
    request = _in_time("generic", body, service)
    service.post("/v1/rings/generic", body, dict(request.headers))


def _in_time(name: str, body: bytes, service: Fuzzed) -> RingRequest:
    """A request as the phone system signs it now."""
    stamp = str(int(service.clock.now().timestamp()))
    if name == "generic":
        return phones.generic(body, stamp=stamp)
    if name == "telnyx":
        return phones.telnyx(body, stamp=stamp)
    return phones.SENDERS[name](body)
