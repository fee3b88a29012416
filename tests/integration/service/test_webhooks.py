"""The helpdesks' webhooks: who is believed, what is taken, and how it is answered."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from connector.service.app import LARGEST_WEBHOOK, create_app
from connector.service.inbox import Inbox
from connector.service.metrics import Metrics
from tests.support.book import AS_OF
from tests.support.service import context_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from connector.clock import ManualClock
    from connector.service.context import Context
    from connector.sync.webhooks import Event
    from tests.support.book import Book

ZENDESK, FRESHDESK = "/v1/webhooks/zendesk", "/v1/webhooks/freshdesk"
SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3RpbmdfcHVycG9zZXM="
PASSWORD = "hush-hush-hush"
MOST = 3


def event(number: int = 8831, **more: Any) -> dict[str, Any]:
    """An event of a ticket, as Zendesk writes it."""
    return {
        "account_id": 22129848,
        "id": f"cbe4028c-7239-495d-b020-{number:012}",
        "type": "zen:event-type:ticket.comment_added",
        "subject": f"zen:ticket:{number}",
        "time": "2026-07-07T09:00:00Z",
        "zendesk_event_version": "2022-11-06",
        "detail": {"id": str(number)},
        "event": {},
        **more,
    }


def signed(body: bytes, at: datetime = AS_OF, secret: str = SECRET) -> dict[str, str]:
    """The headers with which Zendesk sends a body."""
    told = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    made = hmac.new(secret.encode(), told.encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "X-Zendesk-Webhook-Signature": base64.b64encode(made).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": told,
    }


class Desk:
    """An inbox that nobody empties, so that what was taken can be looked at."""

    def __init__(self, helpdesk: str, clock: ManualClock, metrics: Metrics) -> None:
        self.inbox = Inbox(helpdesk, self.refuse, clock=clock, metrics=metrics, most=MOST)

    @property
    def taken(self) -> list[Event]:
        """What waits, in its order."""
        return list(self.inbox._waiting)

    async def refuse(self, event: Event) -> None:
        """Nothing is applied here."""
        raise AssertionError(event)


@pytest.fixture
def metrics() -> Metrics:
    """What is counted."""
    return Metrics()


@pytest.fixture
def desks(clock: ManualClock, metrics: Metrics) -> dict[str, Desk]:
    """An inbox of each helpdesk."""
    return {name: Desk(name, clock, metrics) for name in ("zendesk", "freshdesk")}


@pytest.fixture
def context(
    book: Book, clock: ManualClock, tmp_path: Path, desks: dict[str, Desk], metrics: Metrics
) -> Context:
    """A service that knows both secrets."""
    made = context_of(
        book,
        clock,
        tmp_path,
        zendesk_webhook_secret=SECRET,
        freshdesk_webhook_secret=PASSWORD,
    )
    return replace(
        made, metrics=metrics, inboxes={name: desk.inbox for name, desk in desks.items()}
    )


@pytest.fixture
def client(context: Context) -> Iterator[TestClient]:
    """Asks the service."""
    with TestClient(create_app(context)) as asking:
        yield asking


def send(client: TestClient, document: Any, **headers: str) -> int:
    """Send a signed document to Zendesk's path; the answer's status."""
    body = json.dumps(document).encode()
    return client.post(ZENDESK, content=body, headers={**signed(body), **headers}).status_code


def test_what_zendesk_signed_is_taken(client: TestClient, desks: dict[str, Desk]) -> None:
    """It is answered at once, with nothing."""
    body = json.dumps(event()).encode()
    answer = client.post(ZENDESK, content=body, headers=signed(body))
    assert (answer.status_code, answer.content) == (204, b"")
    assert [one.tickets for one in desks["zendesk"].taken] == [("8831",)]


@pytest.mark.parametrize("header", ["Signature", "Signature-Timestamp"])
def test_without_a_header_nothing_is_proven(
    client: TestClient, desks: dict[str, Desk], header: str
) -> None:
    """Both are needed."""
    body = json.dumps(event()).encode()
    headers = signed(body)
    del headers[f"X-Zendesk-Webhook-{header}"]
    answer = client.post(ZENDESK, content=body, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert desks["zendesk"].taken == []


@pytest.mark.parametrize(
    "forged",
    [
        {"X-Zendesk-Webhook-Signature": "forged"},
        {"X-Zendesk-Webhook-Signature": "Ünglück".encode("latin-1")},
        {"X-Zendesk-Webhook-Signature": base64.b64encode(bytes(32)).decode()},
        {"X-Zendesk-Webhook-Signature-Timestamp": "2026-07-07T09:00:01Z"},
        {"X-Zendesk-Webhook-Signature-Timestamp": "1783414800"},
        signed(json.dumps(event()).encode(), secret="another"),
        signed(b"{}"),
    ],
    ids=["word", "not ascii", "zeros", "later", "unix", "other secret", "other body"],
)
def test_what_is_forged_is_refused(
    client: TestClient, desks: dict[str, Desk], forged: dict[str, Any]
) -> None:
    """And nothing of it is used."""
    body = json.dumps(event()).encode()
    answer = client.post(ZENDESK, content=body, headers={**signed(body), **forged})
    assert answer.status_code == 401
    assert desks["zendesk"].taken == []


@pytest.mark.parametrize(
    ("minutes", "status"), [(-29, 204), (29, 204), (-31, 401), (31, 401), (-60 * 24 * 365, 401)]
)
def test_a_signature_counts_for_half_an_hour(client: TestClient, minutes: int, status: int) -> None:
    """Before and after; Zendesk has delivered eight minutes late."""
    body = json.dumps(event()).encode()
    at = AS_OF + timedelta(minutes=minutes)
    assert client.post(ZENDESK, content=body, headers=signed(body, at)).status_code == status


def test_a_time_without_a_zone_proves_nothing(client: TestClient) -> None:
    """Even where it is signed."""
    body, told = b"{}", "2026-07-07T09:00:00"
    made = hmac.digest(SECRET.encode(), told.encode() + body, "sha256")
    headers = {
        "Content-Type": "application/json",
        "X-Zendesk-Webhook-Signature": base64.b64encode(made).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": told,
    }
    assert client.post(ZENDESK, content=body, headers=headers).status_code == 401


def test_what_is_sent_twice_is_taken_once(
    client: TestClient, desks: dict[str, Desk], context: Context
) -> None:
    """By its id, whatever the invocation is called; Zendesk is told that all is well."""
    assert send(client, event(), **{"X-Zendesk-Webhook-Invocation-Id": "one"}) == 204
    desks["zendesk"].inbox._waiting.clear()
    assert send(client, event(), **{"X-Zendesk-Webhook-Invocation-Id": "two"}) == 204
    assert desks["zendesk"].taken == []
    assert b'helpdesk="zendesk",outcome="repeated"} 1.0' in context.metrics.text()


def test_without_an_id_the_invocation_tells_one_from_the_other(
    client: TestClient, desks: dict[str, Desk]
) -> None:
    """The same call again is the same event; another call is another."""
    document = {**event(), "id": None}
    for invocation, waits in (("one", 1), ("one", 0), ("two", 1)):
        desks["zendesk"].inbox._waiting.clear()
        assert send(client, document, **{"X-Zendesk-Webhook-Invocation-Id": invocation}) == 204
        assert len(desks["zendesk"].taken) == waits


def test_a_type_that_nobody_knows_is_taken_to_be_counted(
    client: TestClient, desks: dict[str, Desk]
) -> None:
    """Zendesk makes new ones; none of them is an error."""
    assert send(client, event(type="zen:event-type:ticket.danced")) == 204
    assert desks["zendesk"].taken[0].is_ignored


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"type": "zen', b"[]", b"null", b"\xff\xfe", b'{"type": {}}', b"[" * 90_000],
    ids=["empty", "brace", "cut", "list", "null", "bytes", "object", "deep"],
)
@pytest.mark.parametrize("path", [ZENDESK, FRESHDESK])
def test_what_is_no_event_is_refused_and_not_repeated(
    client: TestClient, path: str, body: bytes
) -> None:
    """With what is wrong, and not a word of what came."""
    headers = {**signed(body), "X-Remember-Secret": PASSWORD}
    answer = client.post(path, content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["hint"]
    assert "zen" not in answer.text.replace("Zendesk", "")


@pytest.mark.parametrize("path", [ZENDESK, FRESHDESK])
def test_a_body_that_is_too_large_is_not_read(client: TestClient, path: str) -> None:
    """Whether or not it says so beforehand."""
    body = b" " * (LARGEST_WEBHOOK + 1)
    headers = {**signed(body), "X-Remember-Secret": PASSWORD}
    assert client.post(path, content=body, headers=headers).status_code == 413
    pieces = (body[at : at + 65_536] for at in range(0, len(body), 65_536))
    assert client.post(path, content=pieces, headers=headers).status_code == 413


@pytest.mark.parametrize("path", [ZENDESK, FRESHDESK])
@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_only_json_is_read(client: TestClient, path: str, kind: str) -> None:
    """A rule may be set to send XML or a form by mistake: it is told so."""
    body = json.dumps({"ticket_id": "1"}).encode()
    headers = {**signed(body), "X-Remember-Secret": PASSWORD, "Content-Type": kind}
    answer = client.post(path, content=body, headers=headers)
    assert answer.status_code == 415
    assert "application/json" in answer.json()["hint"]


def test_when_too_much_waits_zendesk_is_asked_to_come_again(
    client: TestClient, desks: dict[str, Desk]
) -> None:
    """Within a minute, for longer it does not wait; then the same event is taken."""
    for number in range(MOST):
        assert send(client, event(number + 1)) == 204
    body = json.dumps(event(99)).encode()
    answer = client.post(ZENDESK, content=body, headers=signed(body))
    assert answer.status_code == 503
    assert 0 < int(answer.headers["retry-after"]) < 60
    desks["zendesk"].inbox._waiting.clear()
    assert send(client, event(99)) == 204
    assert [one.tickets for one in desks["zendesk"].taken] == [("99",)]


def test_without_a_helpdesk_to_ask_nothing_is_taken(client: TestClient, context: Context) -> None:
    """The operator is told what to set; the event may come again."""
    bare = replace(context, inboxes={})
    with TestClient(create_app(bare)) as other:
        assert send(other, event()) == 503
        assert send(other, event()) == 503


def test_without_a_secret_nothing_can_be_proven(
    book: Book, clock: ManualClock, tmp_path: Path
) -> None:
    """Not even by whoever signs with nothing."""
    body = json.dumps(event()).encode()
    with TestClient(create_app(context_of(book, clock, tmp_path))) as bare:
        answer = bare.post(ZENDESK, content=body, headers=signed(body, secret=""))
        assert answer.status_code == 401
        assert "REMEMBER_ZENDESK_WEBHOOK_SECRET" in answer.json()["hint"]
        answer = bare.post(FRESHDESK, json={"ticket_id": 1}, headers={"X-Remember-Secret": ""})
        assert answer.status_code == 401
        assert "REMEMBER_FRESHDESK_WEBHOOK_SECRET" in answer.json()["hint"]


def _basic(password: str) -> dict[str, str]:
    told = base64.b64encode(f"anybody:{password}".encode()).decode()
    return {"Authorization": f"Basic {told}"}


@pytest.mark.parametrize(
    "headers",
    [{"X-Remember-Secret": PASSWORD}, _basic(PASSWORD)],
    ids=["header", "password"],
)
def test_whoever_knows_freshdesks_secret_is_believed(
    client: TestClient, desks: dict[str, Desk], headers: dict[str, str]
) -> None:
    """An automation rule sends it as a header of its own, or as a password."""
    answer = client.post(FRESHDESK, json={"ticket_id": "7"}, headers=headers)
    assert answer.status_code == 204
    assert [one.tickets for one in desks["freshdesk"].taken] == [("7",)]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Remember-Secret": "guess"},
        {"X-Remember-Secret": PASSWORD + "x"},
        _basic("guess"),
        _basic(""),
        {"Authorization": "Basic ###"},
        {"Authorization": "Basic /w=="},
        {"Authorization": f"Bearer {PASSWORD}"},
    ],
    ids=["none", "guess", "longer", "basic", "empty", "no base64", "no text", "bearer"],
)
def test_who_does_not_know_freshdesks_secret_is_refused(
    client: TestClient, desks: dict[str, Desk], headers: dict[str, str]
) -> None:
    """Whatever else is said."""
    answer = client.post(FRESHDESK, json={"ticket_id": "7"}, headers=headers)
    assert answer.status_code == 401
    assert desks["freshdesk"].taken == []


def test_the_same_ticket_waits_once(client: TestClient, desks: dict[str, Desk]) -> None:
    """A rule fires several times for one change; the ticket is read once for all of them."""
    for _ in range(MOST * 3):
        answer = client.post(
            FRESHDESK, json={"ticket_id": "7"}, headers={"X-Remember-Secret": PASSWORD}
        )
        assert answer.status_code == 204
    assert len(desks["freshdesk"].taken) == 1


def test_every_end_is_counted(client: TestClient, context: Context) -> None:
    """By helpdesk and outcome."""
    send(client, event())
    send(client, event())
    send(client, [])
    client.post(FRESHDESK, json={"ticket_id": 1})
    told = context.metrics.text().decode()
    for helpdesk, outcome in (
        ("zendesk", "queued"),
        ("zendesk", "repeated"),
        ("zendesk", "unreadable"),
        ("freshdesk", "refused"),
    ):
        labels = f'helpdesk="{helpdesk}",outcome="{outcome}"'
        assert f"remember_webhooks_total{{{labels}}} 1.0" in told
