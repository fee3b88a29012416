"""What helpdesks tell is taken or refused, whatever it is; the service never fails."""

from __future__ import annotations

import base64
import hashlib
import hmac
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import EventError
from connector.freshdesk.webhooks import read_event as read_freshdesk
from connector.zendesk.webhooks import read_event as read_zendesk
from tests.fuzz.mutating import WILD_TEXTS, mutated, wild_bytes
from tests.fuzz.profile import fuzzing
from tests.fuzz.service import Fuzzed

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sync.webhooks import Event

ZENDESK: Final[list[dict[str, Any]]] = [
    {
        "account_id": 42,
        "id": "7f0b",
        "type": f"zen:event-type:{kind}",
        "subject": f"zen:{kind.partition('.')[0]}:123",
        "time": "2026-07-07T09:00:00Z",
        "zendesk_event_version": "2022-11-06",
        "detail": {"id": "123", "organization_id": "0", "requester_id": ""},
        "event": {"target_ticket_id": "124", "user": {"id": "9"}},
    }
    for kind in ("ticket.comment_added", "ticket.merged", "user.merged", "organization.created")
]
FRESHDESK: Final[list[dict[str, Any]]] = [
    {"ticket_id": "123"},
    {"freshdesk_webhook": {"ticket_id": 123, "ticket_subject": 'a "b"'}},
    *(
        {
            "account_id": 42,
            "domain": "acme.freshdesk.com",
            "event": event,
            "region": "US",
            "timestamp": 1783414800.25,
            "data": {
                "actor": {"id": 11},
                "ticket": {"id": 123},
                "conversation": {"id": 5, "ticket_id": 123},
                "contact": {"id": 77},
            },
            "iparams": {},
        }
        for event in ("onTicketUpdate", "onConversationCreate", "onContactUpdate")
    ),
]
CASES: Final[dict[str, tuple[list[dict[str, Any]], Callable[[object], Event]]]] = {
    "zendesk": (ZENDESK, read_zendesk),
    "freshdesk": (FRESHDESK, read_freshdesk),
}
TEXTS = st.sampled_from(WILD_TEXTS) | st.text(alphabet=st.characters(codec="latin-1"), max_size=60)


@pytest.mark.parametrize("name", sorted(CASES))
@fuzzing(150)
@given(data=st.data())
def test_any_document_is_an_event_or_is_refused(name: str, data: st.DataObject) -> None:
    """What an event names are ids, and few."""
    documents, read = CASES[name]
    with suppress(EventError):
        event = read(data.draw(mutated(data.draw(st.sampled_from(documents)))))
        named = (*event.tickets, *event.people, *event.organizations)
        assert len(named) <= 2
        assert all(one.lstrip("-").isdigit() and len(one) <= 20 for one in named)


@pytest.mark.parametrize("name", sorted(CASES))
@fuzzing(60)
@given(data=st.data())
def test_the_service_never_fails(name: str, data: st.DataObject, service: Fuzzed) -> None:
    """Proven or not; what is proven is taken or refused as what it is."""
    documents, _ = CASES[name]
    body = data.draw(wild_bytes(data.draw(st.sampled_from(documents))))
    headers = _signed(body, service) if name == "zendesk" else _with_secret()
    if data.draw(st.integers(0, 4)) == 0:
        headers[data.draw(st.sampled_from(sorted(headers)))] = data.draw(TEXTS)
    service.post(f"/v1/webhooks/{name}", body, headers)


@fuzzing(60)
@given(told=TEXTS, length=TEXTS)
def test_any_header_is_borne(told: str, length: str, service: Fuzzed) -> None:
    """A time, a signature, a password in Basic, a length that is none."""
    basic = base64.b64encode(told.encode("utf-8", "replace")).decode()
    everywhere = sorted(CASES)
    for headers, names in (
        (_signed(b"{}", service, told), ["zendesk"]),
        ({"Authorization": f"Basic {told}"}, ["freshdesk"]),
        ({"Authorization": f"Basic {basic}"}, ["freshdesk"]),
        ({"X-Remember-Secret": told}, ["freshdesk"]),
        ({"Content-Type": told}, everywhere),
        ({"Content-Length": length}, everywhere),
        ({"Content-Length": "9" * 5000}, everywhere),
    ):
        for name in names:
            service.post(f"/v1/webhooks/{name}", b"{}", headers)


def _signed(body: bytes, service: Fuzzed, at: str | None = None) -> dict[str, str]:
    """The headers with which Zendesk sends a body."""
    told = f"{service.clock.now():%Y-%m-%dT%H:%M:%SZ}" if at is None else at
    signed = told.encode("latin-1", "replace") + body
    made = hmac.new(service.SECRET.encode(), signed, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "X-Zendesk-Webhook-Signature": base64.b64encode(made).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": told,
    }


def _with_secret() -> dict[str, str]:
    return {"Content-Type": "application/json", "X-Remember-Secret": Fuzzed.SECRET}
