"""RingCentral: its handshake and token, and what its notifications say of a call's parties."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connector.rings.event import RingEvent, RingRefusedError, RingReply, RingUnreadableError
from connector.rings.ringcentral import RingCentral
from tests.support.ring_webhooks import (
    CALLER,
    LINE,
    NOW,
    RINGING,
    SECRET,
    SETTINGS,
    raw,
    request,
    ringcentral,
)

RINGS = RingEvent(
    provider="ringcentral",
    call_id="s-812",
    caller=CALLER,
    called=LINE,
    direction="inbound",
    agents=("456",),
    state="ringing",
    at=datetime(2026, 7, 7, 11, 59, 58, tzinfo=UTC),
    sequence=3,
)
OUT = replace(RINGS, direction="outbound")


def _told(code: str = "Proceeding", *, sequence: int = 3, **party: Any) -> dict[str, Any]:
    document = copy.deepcopy(RINGING["ringcentral"])
    document["body"]["sequence"] = sequence
    first = document["body"]["parties"][0]
    reason = {"reason": party.pop("reason")} if "reason" in party else {}
    first.update(party, status={"code": code, **reason})
    return dict(document)


def _agent(extension: str, **party: Any) -> dict[str, Any]:
    return {"extensionId": extension, "id": f"p-{extension}", **party}


def _from(end: dict[str, str]) -> dict[str, Any]:
    return {"from": end}


OUTBOUND: dict[str, Any] = {
    "id": "p-812-1",
    "direction": "Outbound",
    "from": {"phoneNumber": LINE, "extensionId": "456", "deviceId": "d"},
    "to": {"phoneNumber": CALLER},
}

EVENTS: list[tuple[str, dict[str, Any], RingEvent | None]] = [
    ("it is being set up", _told("Setup"), RINGS),
    ("it rings", _told("Proceeding"), RINGS),
    ("answered", _told("Answered"), replace(RINGS, state="answered")),
    ("held", _told("Hold"), replace(RINGS, state="answered")),
    ("parked", _told("Parked"), replace(RINGS, state="answered")),
    ("over", _told("Disconnected"), replace(RINGS, state="ended")),
    ("a message", _told("VoiceMail"), replace(RINGS, state="ended")),
    ("a code of tomorrow", _told("Dreaming"), None),
    ("withheld", _told(**_from({"name": "Anonymous"})), replace(RINGS, caller=None)),
    (
        "withheld, in words",
        _told(**_from({"phoneNumber": "anonymous"})),
        replace(RINGS, caller=None),
    ),
    ("between colleagues", _told(**_from({"phoneNumber": "103", "extensionId": "457"})), None),
    ("an agent calls out", _told("Setup", **OUTBOUND), OUT),
    (
        "the customer's telephone rings",
        _told("Proceeding", **OUTBOUND | {"id": "p-812-2", "direction": "Inbound"}),
        OUT,
    ),
    ("no parties", {"body": {"telephonySessionId": "s-812", "parties": []}}, None),
    ("news of a subscription", {"event": "/restapi/v1.0/subscription/~", "body": {}}, None),
    (
        "no sequence",
        _told() | {"body": {**_told()["body"], "sequence": None}},
        replace(RINGS, sequence=None),
    ),
    ("no time", _told() | {"body": {**_told()["body"], "eventTime": None}}, replace(RINGS, at=NOW)),
]


@pytest.mark.parametrize(
    ("document", "expected"), [row[1:] for row in EVENTS], ids=[row[0] for row in EVENTS]
)
def test_what_ringcentral_says(document: dict[str, Any], expected: RingEvent | None) -> None:
    """Notifications in the documented shape, and the event that each is."""
    provider, webhook = RingCentral(), ringcentral(document)
    provider.verify(webhook, SETTINGS, NOW)
    assert provider.read(webhook, NOW) == expected


def _read(provider: RingCentral, document: dict[str, Any]) -> RingEvent | None:
    return provider.read(ringcentral(document), NOW)


def test_one_agent_who_is_not_rung_any_more_does_not_end_the_call() -> None:
    """Two are rung, one declines, the other answers and hangs up: then it is over."""
    provider = RingCentral()
    steps: list[tuple[dict[str, Any], tuple[str, tuple[str, ...], tuple[str, ...]]]] = [
        (_told(sequence=2, **_agent("456")), ("ringing", ("456",), ())),
        (_told(sequence=3, **_agent("457")), ("ringing", ("457",), ())),
        (
            _told("Disconnected", sequence=4, reason="Rejected", **_agent("456")),
            ("ringing", (), ("456",)),
        ),
        (_told("Answered", sequence=5, **_agent("457")), ("answered", ("457",), ())),
        (_told("Disconnected", sequence=6, **_agent("457")), ("ended", ("457",), ())),
    ]
    for document, expected in steps:
        event = _read(provider, document)
        assert event is not None
        assert (event.state, event.agents, event.left) == expected


def test_a_queue_that_hands_a_call_to_an_agent_does_not_end_it() -> None:
    """Its party leaves because an agent answered, be the agent's own news still on the way."""
    provider = RingCentral()
    assert _read(provider, _told(sequence=2, **_agent("900"))) is not None
    left = _told("Disconnected", sequence=3, reason="AgentAnswered", **_agent("900"))
    event = _read(provider, left)
    assert event is not None
    assert (event.state, event.left) == ("ringing", ("900",))


def test_old_news_of_a_party_say_nothing() -> None:
    """RingCentral tells in any order; the sequence says what came first."""
    provider = RingCentral()
    assert _read(provider, _told("Answered", sequence=5)) is not None
    assert _read(provider, _told("Proceeding", sequence=4)) is None
    over = _read(provider, _told("Disconnected", sequence=6))
    assert over is not None
    assert over.state == "ended"


def test_the_same_news_may_be_read_again() -> None:
    """After a failure the same notification makes the same event."""
    provider = RingCentral()
    assert _read(provider, _told()) == _read(provider, _told()) == RINGS


def test_both_parties_of_a_call_out_make_one_call() -> None:
    """In the order of a recorded call to a telephone; it ends with the second of its parties."""
    provider = RingCentral()
    ours, theirs = OUTBOUND, OUTBOUND | {"id": "p-812-2", "direction": "Inbound"}
    told = [
        _read(provider, _told(code, sequence=number, **party))
        for number, (code, party) in enumerate(
            [
                ("Setup", ours),
                ("Proceeding", theirs),
                ("Proceeding", ours),
                ("Answered", theirs),
                ("Answered", ours),
                ("Disconnected", ours),
                ("Disconnected", theirs),
            ]
        )
    ]
    states = [event.state for event in told if event is not None]
    assert states == ["ringing"] * 3 + ["answered"] * 3 + ["ended"]
    assert {event.caller for event in told if event is not None} == {CALLER}


def test_the_handshake_is_answered_with_its_token() -> None:
    """RingCentral makes no subscription before it hears its token in a header."""
    hello = request("ringcentral", b"", {"validation-token": "7f0c-11"})
    assert RingCentral().answer(hello) == RingReply(200, {"Validation-Token": "7f0c-11"})


@pytest.mark.parametrize("token", ["", "two words", "a\r\nSet-Cookie: x", "é", "a" * 257])
def test_nothing_is_echoed_that_is_no_token(token: str) -> None:
    """A header is not the place for what anybody sends."""
    assert RingCentral().answer(request("ringcentral", b"", {"validation-token": token})) is None


def test_a_notification_is_no_handshake() -> None:
    """Older subscriptions send their token by the handshake's name, with every notification."""
    body = raw(RINGING["ringcentral"])
    told = request("ringcentral", body, {"validation-token": "hello-world"})
    settings = SETTINGS.model_copy(update={"ring_ringcentral_secret": "hello-world"})
    provider = RingCentral()
    assert provider.answer(told) is None
    provider.verify(told, settings, NOW)
    assert provider.read(told, NOW) == RINGS


@pytest.mark.parametrize("token", ["", "a", SECRET + "x", SECRET.upper()])
def test_any_other_token_is_refused(token: str) -> None:
    """RingCentral signs nothing; the token is the proof."""
    webhook = request("ringcentral", raw(RINGING["ringcentral"]), {"verification-token": token})
    with pytest.raises(RingRefusedError):
        RingCentral().verify(webhook, SETTINGS, NOW)


def test_parties_that_are_no_list_are_unreadable() -> None:
    """The field is named."""
    document = {"body": {"telephonySessionId": "s", "parties": {"id": 1}}}
    with pytest.raises(RingUnreadableError, match=r"'body\.parties' is not a list"):
        RingCentral().read(ringcentral(document), NOW)
