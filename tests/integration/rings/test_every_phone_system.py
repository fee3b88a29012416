"""Every phone system rings over real HTTP, at the address that the outside knows."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from tests.integration.rings.desk import Desk, open_desk
from tests.support.ring_webhooks import CALLER, NOW, RINGING, SENDERS, SETTINGS, request
from tests.support.service import token_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import httpx

    from connector.rings.event import RingRequest
    from tests.support.book import Book

PUBLIC = "https://rings.acme.example"
FILE = """
[ringcentral.agents]
"456" = "dana@acme.example"
[connect.agents]
"a-1" = "dana@acme.example"
[connect.groups]
"q" = ["dana@acme.example", "zendesk:11"]
[twilio.lines]
"+1 212 555 0100" = ["dana@acme.example"]
"""
AGENT = "arn:aws:connect:eu-west-1:1:instance/i/agent/a-1"


def _changed(name: str, *path: Any, to: object) -> Any:
    document = copy.deepcopy(RINGING[name])
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return document


def _aircall(event: str) -> Any:
    return _changed("aircall", "event", to=event)


def _of_bus(kind: str) -> Any:
    detail = {"eventType": kind, "contactId": "c-1", "channel": "VOICE"}
    agent = {"agentInfo": {"agentArn": AGENT}} if kind == "CONNECTED_TO_AGENT" else {}
    return {"time": "2026-07-07T12:00:00Z", "detail": detail | agent}


def _ringcentral(code: str, sequence: int) -> Any:
    document = _changed("ringcentral", "body", "parties", 0, "status", to={"code": code})
    document["body"]["sequence"] = sequence
    return document


CALLS: Mapping[str, tuple[Any, Any, Any]] = {
    "aircall": (RINGING["aircall"], _aircall("call.answered"), _aircall("call.hungup")),
    "connect": (RINGING["connect"], _of_bus("CONNECTED_TO_AGENT"), _of_bus("DISCONNECTED")),
    "dialpad": (
        RINGING["dialpad"],
        _changed("dialpad", "state", to="connected"),
        _changed("dialpad", "state", to="hangup"),
    ),
    "generic": (
        RINGING["generic"],
        _changed("generic", "state", to="answered"),
        _changed("generic", "state", to="ended"),
    ),
    "ringcentral": (
        RINGING["ringcentral"],
        _ringcentral("Answered", 4),
        _ringcentral("Disconnected", 5),
    ),
    "telnyx": (
        RINGING["telnyx"],
        _changed("telnyx", "data", "event_type", to="call.answered"),
        _changed("telnyx", "data", "event_type", to="call.hangup"),
    ),
    "twilio": (
        RINGING["twilio"],
        _changed("twilio", "CallStatus", to="in-progress"),
        _changed("twilio", "CallStatus", to="completed"),
    ),
}
"""What each tells of one call: it rings, it is answered, it is over."""

RUNG: Mapping[str, tuple[tuple[str, ...], tuple[str, ...] | None]] = {
    "aircall": (("12",), ()),
    "connect": ((), ("11", "12")),
    "dialpad": (("12",), ()),
    "generic": (("12",), ()),
    "ringcentral": (("12",), ()),
    "telnyx": ((), None),
    "twilio": ((), ("12",)),
}
"""Whom it rings, and where it names nobody, who may claim it: None is everyone."""


@pytest.fixture
def reached(book: Book, tmp_path: Path) -> Iterator[Desk]:
    """A service behind a proxy, which knows the secret of every phone system."""
    file = tmp_path / "agents.toml"
    file.write_text(FILE, encoding="utf-8")
    known: Any = SETTINGS.model_dump(
        include={n for n in type(SETTINGS).model_fields if "ring_" in n}
    )
    clock = ManualClock(NOW)
    with open_desk(book, tmp_path, clock=clock, public_url=PUBLIC, agent_map=file, **known) as desk:
        yield desk


@pytest.fixture
def send(reached: Desk) -> Callable[[RingRequest], httpx.Response]:
    """Sends a webhook to where the proxy sends it."""
    token = token_of(reached.book, reached.clock, "ring:write")

    def posted(webhook: RingRequest) -> httpx.Response:
        headers = dict(webhook.headers)
        if "authorization" in headers:
            headers["authorization"] = f"Bearer {token}"
        address = webhook.url.replace(PUBLIC, reached.url)
        return reached.client.post(address, content=webhook.body, headers=headers)

    return posted


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_call_from_its_first_ring_to_its_end(
    reached: Desk, send: Callable[[RingRequest], httpx.Response], name: str
) -> None:
    """One ring, whose state follows; each webhook is taken, and a copy changes nothing."""
    sender, seen = SENDERS[name], []
    for document in CALLS[name]:
        for _ in range(2):
            assert send(sender(document)).status_code == 204
        [ring] = reached.rings()
        seen.append(ring.state)
    assert seen == ["ringing", "answered", "ended"]
    agents, members = RUNG[name]
    assert (ring.provider, ring.caller, ring.direction) == (name, CALLER, "inbound")
    assert ring.agents == (agents or (("12",) if name == "connect" else ()))
    assert ring.members == members


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_ring_that_is_not_proven_is_refused(
    reached: Desk, send: Callable[[RingRequest], httpx.Response], name: str
) -> None:
    """With a problem that repeats nothing of it, and no ring."""
    body = b"{}" if name in {"aircall", "dialpad"} else SENDERS[name](CALLS[name][0]).body
    kind = SENDERS[name](CALLS[name][0]).headers.get("content-type", "application/json")
    answer = send(request(name, body, {"content-type": kind}))
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert CALLER not in answer.text
    assert reached.rings() == []


def test_ringcentrals_handshake_is_answered(
    send: Callable[[RingRequest], httpx.Response],
) -> None:
    """Without a body, as its documentation demands."""
    answer = send(request("ringcentral", b"", {"Validation-Token": "7f0c-11"}))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Validation-Token"] == "7f0c-11"
