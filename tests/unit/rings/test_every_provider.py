"""What holds for the rings of every phone system: proof, copies, and bodies that are none."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.rings.event import (
    RingEvent,
    RingRefusedError,
    RingRepeatedError,
    RingRequest,
    RingUnreadableError,
)
from connector.rings.provider import LARGEST
from connector.rings.providers import PROVIDERS
from tests.support.ring_webhooks import (
    CALLER,
    NONE_SET,
    NOW,
    RINGING,
    SENDERS,
    SETTING_NAMES,
    SETTINGS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY = sorted(PROVIDERS)
SIGNING = sorted(SETTING_NAMES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


def test_every_phone_system_of_the_design_is_there() -> None:
    """Each by the name in its address."""
    assert set(SIGNING) | {"connect"} == set(PROVIDERS) == set(SENDERS) == set(RINGING)
    assert all(PROVIDERS[name].name == name for name in PROVIDERS)


def test_only_the_one_that_cannot_sign_asks_for_a_bearer() -> None:
    """Amazon's events carry no signature."""
    assert [name for name in EVERY if PROVIDERS[name].bearer] == ["connect"]


@pytest.mark.parametrize("name", EVERY)
def test_what_a_phone_system_sends_is_proven_and_read(name: str) -> None:
    """Who calls, whom it rings and when are in one shape for all."""
    provider, request = PROVIDERS[name](), SENDERS[name](RINGING[name])
    provider.verify(request, SETTINGS, NOW)
    event = provider.read(request, NOW)
    assert event is not None
    assert (event.provider, event.state, event.direction) == (name, "ringing", "inbound")
    assert event.caller is not None
    assert event.caller.replace(" ", "").replace("-", "") == CALLER
    assert timedelta(0) <= NOW - event.at < timedelta(seconds=5)


@pytest.mark.parametrize("name", SIGNING)
def test_without_its_secret_nothing_is_proven_and_the_setting_is_named(name: str) -> None:
    """Whoever sets this up reads what to set."""
    with pytest.raises(RingRefusedError) as refused:
        PROVIDERS[name]().verify(SENDERS[name](RINGING[name]), NONE_SET, NOW)
    assert SETTING_NAMES[name] in refused.value.hint


@pytest.mark.parametrize("name", SIGNING)
def test_without_a_proof_a_ring_is_refused(name: str) -> None:
    """Headers that are not there prove nothing."""
    request = SENDERS[name](RINGING[name])
    kind = request.headers.get("content-type", "application/json")
    body = json.dumps(RINGING[name]).encode() if name in {"aircall", "dialpad"} else request.body
    bare = RingRequest(request.url, {"content-type": kind}, body)
    with pytest.raises(RingRefusedError):
        PROVIDERS[name]().verify(bare, SETTINGS, NOW)


@pytest.mark.parametrize("name", SIGNING)
def test_another_secret_proves_nothing(name: str) -> None:
    """And the error repeats neither secret nor number."""
    other = SETTINGS.model_copy(
        update=dict.fromkeys(
            [f"ring_{name}_secret"] if name != "telnyx" else ["ring_telnyx_public_key"],
            "A" * 43 + "=",
        )
    )
    with pytest.raises(RingRefusedError) as refused:
        PROVIDERS[name]().verify(SENDERS[name](RINGING[name]), other, NOW)
    said = refused.value.detail + refused.value.hint
    assert CALLER not in said
    assert "a shared secret" not in said


@pytest.mark.parametrize("name", sorted(set(SIGNING) - {"aircall", "ringcentral"}))
def test_a_changed_body_is_refused(name: str) -> None:
    """Where the body is signed, every byte of it counts."""
    request = SENDERS[name](RINGING[name])
    for changed in (request.body + b"0", request.body[:-9] + b"9" + request.body[-8:]):
        with pytest.raises(RingRefusedError):
            PROVIDERS[name]().verify(
                RingRequest(request.url, request.headers, changed), SETTINGS, NOW
            )


@pytest.mark.parametrize("name", SIGNING)
def test_a_copy_is_told_apart_from_the_first(name: str) -> None:
    """It is refused as one that was told before."""
    provider, request = PROVIDERS[name](), SENDERS[name](RINGING[name])
    provider.verify(request, SETTINGS, NOW)
    with pytest.raises(RingRepeatedError):
        provider.verify(request, SETTINGS, NOW + timedelta(seconds=30))


@pytest.mark.parametrize("name", SIGNING)
def test_what_could_not_be_handled_may_come_again(name: str) -> None:
    """A phone system that tries again is heard, once its first try is forgotten."""
    provider, request = PROVIDERS[name](), SENDERS[name](RINGING[name])
    provider.verify(request, SETTINGS, NOW)
    provider.forget(request)
    provider.verify(request, SETTINGS, NOW)


@pytest.mark.parametrize("name", SIGNING)
def test_nobody_makes_a_ring_forgotten_by_a_body_that_is_too_long(name: str) -> None:
    """Such a body is refused before it is proven: it must not undo what was."""
    provider, request = PROVIDERS[name](), SENDERS[name](RINGING[name])
    provider.verify(request, SETTINGS, NOW)
    pad = b"&pad=" if name == "twilio" else b" "
    long = replace(request, body=request.body + pad * (LARGEST // len(pad) + 1))
    with pytest.raises(RingUnreadableError):
        provider.verify(long, SETTINGS, NOW)
    provider.forget(long)
    with pytest.raises(RingRepeatedError):
        provider.verify(request, SETTINGS, NOW)


@pytest.mark.parametrize("name", EVERY)
def test_what_cannot_be_read_can_be_forgotten(name: str) -> None:
    """A service that gives up on a request need not know why."""
    for body in (b"\xff", b"[]", b"{}"):
        PROVIDERS[name]().forget(RingRequest("https://[", {}, body))


@pytest.mark.parametrize("name", SIGNING)
def test_a_forged_ring_does_not_take_the_place_of_the_true_one(name: str) -> None:
    """Only what is proven is remembered."""
    provider, request = PROVIDERS[name](), SENDERS[name](RINGING[name])
    with pytest.raises(RingRefusedError):
        provider.verify(request, NONE_SET, NOW)
    provider.verify(request, SETTINGS, NOW)


@pytest.mark.parametrize("name", EVERY)
def test_a_body_that_is_too_long_is_not_read(name: str) -> None:
    """Nor is it hashed."""
    long = RingRequest("https://rings.acme.example/", {}, b" " * (LARGEST + 1))
    with pytest.raises(RingUnreadableError):
        PROVIDERS[name]().verify(long, SETTINGS, NOW)
    with pytest.raises(RingUnreadableError):
        PROVIDERS[name]().read(long, NOW)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"text"', b"{", b"\xff\xfe", b"[" * 100_000, b"1" * 5_000, b"{}"],
    ids=["none", "null", "list", "text", "cut", "bytes", "deep", "digits", "object"],
)
def test_what_is_no_event_is_unreadable(name: str, body: bytes) -> None:
    """No traceback, whatever the body is; an object may be an event that says nothing to us."""
    request = RingRequest(f"https://rings.acme.example/v1/rings/{name}", {}, body)
    if name == "ringcentral" and body == b"{}":
        assert PROVIDERS[name]().read(request, NOW) is None
        return
    with pytest.raises(RingUnreadableError):
        PROVIDERS[name]().read(request, NOW)


@pytest.mark.parametrize("name", EVERY)
@settings(deadline=None)
@given(data=st.data())
def test_no_change_of_a_body_breaks_a_reader(name: str, data: st.DataObject) -> None:
    """It is read, says nothing, or is refused: nothing else, and nothing of it is repeated."""
    document = copy.deepcopy(RINGING[name])
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(list(_places(document)) or [({}, "")]))
        holder[key] = data.draw(JSON)
    body = json.dumps(document).encode()
    cut = data.draw(st.just(len(body)) | st.integers(0, len(body)))
    _try(name, SENDERS[name](body[:cut] if name != "aircall" or cut < len(body) else document))


@pytest.mark.parametrize("name", EVERY)
@settings(deadline=None)
@given(body=st.binary(max_size=300), headers=st.dictionaries(st.text(), st.text(), max_size=3))
def test_no_bytes_break_a_reader(name: str, body: bytes, headers: dict[str, str]) -> None:
    """Nor do headers of any kind, proven or not."""
    _try(name, SENDERS[name](body))
    known = dict.fromkeys(SENDERS[name](b"{}").headers, "".join(headers))
    wild = RingRequest("https://rings.acme.example/?" + "".join(headers), known | headers, body)
    _try(name, wild)


def _try(name: str, request: RingRequest) -> None:
    provider = PROVIDERS[name]()
    provider.answer(request)
    with suppress(RingRefusedError, RingUnreadableError):
        provider.verify(request, SETTINGS, NOW)
    try:
        event = provider.read(request, NOW)
    except RingUnreadableError as error:
        event = None
        said = error.detail + error.hint
    else:
        said = ""
    assert CALLER not in said
    assert event is None or _is_whole(event)


def _is_whole(event: RingEvent) -> bool:
    texts = [event.call_id, event.caller or "", event.called or "", *event.agents, *event.left]
    return (
        bool(event.call_id)
        and all(len(text) <= 256 and "\0" not in text for text in texts)
        and event.at.tzinfo is UTC
        and event.state in {"ringing", "answered", "ended"}
        and event.direction in {"inbound", "outbound"}
    )


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document: what holds it, and its key there."""
    items: Any = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, item in items:
        yield value, key
        yield from _places(item)
