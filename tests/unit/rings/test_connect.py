"""Amazon Connect: what its flows and its contact events say."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connector.rings.connect import Connect
from connector.rings.event import RingEvent, RingUnreadableError
from tests.support.ring_webhooks import CALLER, LINE, NONE_SET, NOW, RINGING, connect

INSTANCE = "arn:aws:connect:eu-west-1:1:instance/i"
QUEUE, AGENT = f"{INSTANCE}/queue/q", f"{INSTANCE}/agent/a"
FLOW = RingEvent(
    provider="connect",
    call_id="c-1",
    caller=CALLER,
    called=LINE,
    direction="inbound",
    agents=(),
    state="ringing",
    at=NOW,
    group=QUEUE,
)
BUS = replace(
    FLOW, caller=None, called=None, at=datetime(2026, 7, 7, 11, 59, 58, tzinfo=UTC), group=QUEUE
)


def _flow(**contact: Any) -> dict[str, Any]:
    document = copy.deepcopy(RINGING["connect"])
    document["Details"]["ContactData"].update(contact)
    return dict(document)


def _bus(kind: str, **detail: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "e-1",
        "detail-type": "Amazon Connect Contact Event",
        "source": "aws.connect",
        "account": "1",
        "time": "2026-07-07T11:59:58Z",
        "region": "eu-west-1",
        "resources": [INSTANCE],
        "detail": {
            "eventType": kind,
            "contactId": "c-1",
            "channel": "VOICE",
            "instanceArn": INSTANCE,
            "initiationMethod": "INBOUND",
            "queueInfo": {"queueArn": QUEUE, "queueType": "STANDARD"},
            **detail,
        },
    }


EVENTS: list[tuple[str, dict[str, Any], RingEvent | None]] = [
    ("the flow", _flow(), FLOW),
    ("the flow, before a queue", _flow(Queue=None), replace(FLOW, group=None)),
    ("the queue by name", _flow(Queue="Billing"), replace(FLOW, group="Billing")),
    (
        "a withheld number",
        _flow(CustomerEndpoint={"Address": "anonymous", "Type": "TELEPHONE_NUMBER"}),
        replace(FLOW, caller=None),
    ),
    ("no number", _flow(CustomerEndpoint=None), replace(FLOW, caller=None)),
    ("a call out", _flow(InitiationMethod="OUTBOUND"), replace(FLOW, direction="outbound")),
    ("a call back", _flow(InitiationMethod="CALLBACK"), replace(FLOW, direction="outbound")),
    ("a chat", _flow(Channel="CHAT"), None),
    ("queued", _bus("QUEUED"), BUS),
    (
        "answered",
        _bus("CONNECTED_TO_AGENT", agentInfo={"agentArn": AGENT}),
        replace(BUS, state="answered", agents=(AGENT,)),
    ),
    ("hung up", _bus("DISCONNECTED"), replace(BUS, state="ended")),
    ("over", _bus("COMPLETED"), replace(BUS, state="ended")),
    ("it began, the number is the flow's to tell", _bus("INITIATED"), None),
    ("the machine answered", _bus("CONNECTED_TO_SYSTEM"), None),
    ("something changed", _bus("CONTACT_DATA_UPDATED"), None),
    ("a task", _bus("QUEUED", channel="TASK"), None),
    (
        "a bus that tells the number",
        _bus("INITIATED", customerEndpoint={"address": CALLER}, queueInfo=None),
        replace(BUS, caller=CALLER, group=None),
    ),
    ("no time", _bus("QUEUED") | {"time": "soon"}, replace(BUS, at=NOW)),
]


@pytest.mark.parametrize(
    ("document", "expected"), [row[1:] for row in EVENTS], ids=[row[0] for row in EVENTS]
)
def test_what_amazon_connect_says(document: dict[str, Any], expected: RingEvent | None) -> None:
    """Events in the documented shape, and the event that each is."""
    assert Connect().read(connect(document), NOW) == expected


def test_an_event_told_twice_is_read_twice() -> None:
    """EventBridge may deliver twice; whoever holds the token gains nothing by a copy."""
    provider, request = Connect(), connect(_bus("QUEUED"))
    for _ in range(2):
        provider.verify(request, NONE_SET, NOW)
        assert provider.read(request, NOW) == BUS


def test_what_is_neither_is_unreadable() -> None:
    """The fields that are missing are named."""
    with pytest.raises(RingUnreadableError, match=r"'detail\.eventType' is missing"):
        Connect().read(connect({"source": "aws.connect"}), NOW)
    with pytest.raises(RingUnreadableError, match=r"ContactId' is missing"):
        Connect().read(connect(_flow(ContactId="")), NOW)
