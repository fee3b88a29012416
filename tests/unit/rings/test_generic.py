"""Any other phone system: the signature that the README describes, and the fields of a ring."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.rings.event import (
    RingEvent,
    RingRefusedError,
    RingRepeatedError,
    RingUnreadableError,
)
from connector.rings.generic import Generic
from tests.support.ring_webhooks import (
    CALLER,
    EMAIL,
    LINE,
    NOW,
    RINGING,
    SETTINGS,
    STAMP,
    generic,
    request,
)

RINGS = RingEvent(
    provider="generic",
    call_id="812",
    caller=CALLER,
    called=LINE,
    direction="inbound",
    agents=(EMAIL,),
    state="ringing",
    at=datetime(2026, 7, 7, 11, 59, 58, tzinfo=UTC),
)


def _ring(**fields: Any) -> dict[str, Any]:
    return {**RINGING["generic"], **fields}


EVENTS: list[tuple[str, dict[str, Any], RingEvent]] = [
    ("it rings", _ring(), RINGS),
    ("answered", _ring(state="answered"), replace(RINGS, state="answered")),
    ("over", _ring(state="ended"), replace(RINGS, state="ended")),
    ("a state in capitals", _ring(state="Ringing"), RINGS),
    ("a number for an id", _ring(call_id=812), RINGS),
    ("no agent", _ring(agent_email=None), replace(RINGS, agents=())),
    (
        "an agent by ref",
        _ring(agent_email=None, agent_ref="zendesk:42"),
        replace(RINGS, agents=("zendesk:42",)),
    ),
    ("withheld", _ring(caller=None), replace(RINGS, caller=None)),
    ("withheld, in words", _ring(caller="Restricted"), replace(RINGS, caller=None)),
    ("a number without plus", _ring(caller="2125550101"), replace(RINGS, caller="2125550101")),
    ("by SIP", _ring(caller=f"sip:{CALLER}@pbx.example"), RINGS),
    ("no line", _ring(called=None), replace(RINGS, called=None)),
    ("a group", _ring(group="Billing"), replace(RINGS, group="Billing")),
    ("a call out", _ring(direction="outbound"), replace(RINGS, direction="outbound")),
    ("another time zone", _ring(at="2026-07-07T13:59:58+02:00"), RINGS),
    ("seconds", _ring(at=1783425598), RINGS),
    ("no time", _ring(at=None), replace(RINGS, at=NOW)),
    ("a key of tomorrow", _ring(mood="sunny"), RINGS),
]


@pytest.mark.parametrize(
    ("document", "expected"), [row[1:] for row in EVENTS], ids=[row[0] for row in EVENTS]
)
def test_what_a_ring_says(document: dict[str, Any], expected: RingEvent) -> None:
    """The fields of design.md, section 5.5, and the event that each is."""
    provider, webhook = Generic(), generic(document)
    provider.verify(webhook, SETTINGS, NOW)
    assert provider.read(webhook, NOW) == expected


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no id", _ring(call_id=None), "call_id"),
    ("an id that is a list", _ring(call_id=["812"]), "call_id"),
    ("an endless id", _ring(call_id="8" * 300), "call_id"),
    ("no state", _ring(state=None), "state"),
    ("another state", _ring(state="dreaming"), "state"),
    ("another direction", _ring(direction="up"), "direction"),
    ("a caller that is an object", _ring(caller={"number": CALLER}), "caller"),
    ("a time that is none", _ring(at="soon"), "at"),
]


@pytest.mark.parametrize(
    ("document", "field"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_a_wrong_field_is_named_and_its_value_is_not(document: dict[str, Any], field: str) -> None:
    """Whoever writes the sender reads which one."""
    with pytest.raises(RingUnreadableError, match=f"'{field}'") as unreadable:
        Generic().read(generic(document), NOW)
    assert CALLER not in unreadable.value.detail


def test_a_signature_made_elsewhere_holds() -> None:
    """Made with `openssl dgst -sha256 -hmac 'a shared secret'` of `1783425600.{"call_id":"7"}`."""
    signature = "d97aa1f4aced3d83f7ae2e316d9a8043913facc0caad613780b0288663d8fe1a"
    headers = {"x-remember-timestamp": STAMP, "x-remember-signature": signature}
    webhook = request("generic", b'{"call_id":"7"}', headers)
    Generic().verify(webhook, SETTINGS, NOW)
    shouted = {**headers, "x-remember-signature": f" {signature.upper()} "}
    Generic().verify(replace(webhook, headers=shouted), SETTINGS, NOW)


def test_a_copy_in_other_letters_is_a_copy() -> None:
    """Capitals make no other signature."""
    provider, webhook = Generic(), generic(_ring())
    provider.verify(webhook, SETTINGS, NOW)
    shouted = webhook.headers["x-remember-signature"].upper()
    copied = replace(webhook, headers={**webhook.headers, "x-remember-signature": shouted})
    with pytest.raises(RingRepeatedError):
        provider.verify(copied, SETTINGS, NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_ring_that_is_late_or_early_is_refused(seconds: int) -> None:
    """Five minutes either way."""
    with pytest.raises(RingRefusedError, match="5 minutes"):
        Generic().verify(generic(_ring()), SETTINGS, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("stamp", ["", "soon", "1783425600.5", "٣", "-1"])
def test_a_time_that_is_none_is_refused_though_it_is_signed(stamp: str) -> None:
    """Nothing is proven without an age."""
    with pytest.raises(RingRefusedError):
        Generic().verify(generic(_ring(), stamp=stamp), SETTINGS, NOW)


def test_the_time_is_signed() -> None:
    """An old signature does not become fresh by another time."""
    old = generic(_ring(), stamp=str(int(STAMP) - 3600))
    fresh = replace(old, headers={**old.headers, "x-remember-timestamp": STAMP})
    with pytest.raises(RingRefusedError):
        Generic().verify(fresh, SETTINGS, NOW)


def test_the_bytes_are_signed_not_what_they_mean() -> None:
    """The same document in other spacing needs its own signature."""
    webhook = generic(_ring())
    spaced = json.dumps(_ring(), indent=1).encode()
    with pytest.raises(RingRefusedError):
        Generic().verify(replace(webhook, body=spaced), SETTINGS, NOW)
