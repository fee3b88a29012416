"""What every answer of the service has in common: problems, limits, headers, who may ask."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import pytest
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.testclient import TestClient

from connector.errors import ConfigurationError, CredentialsError, LimitedError
from connector.rings.board import ClaimedError
from connector.service import app as service
from connector.service.app import LARGEST, LARGEST_WEBHOOK, create_app
from connector.service.auth import Principal, needs
from memory.errors import BusyError, NotFoundError, RecordError, RememberError, UsageError
from tests.browser.serving import served
from tests.support.service import bearing, context_of, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.clock import ManualClock
    from connector.service.context import Context
    from tests.support.book import Book

SECRET = "Cancel my late husband's line"
"""What a customer said, and nobody is to read in an error."""

ORIGIN = "https://acme.zendesk.com"

ERRORS: dict[str, tuple[RememberError, int]] = {
    "usage": (UsageError("What", "Next"), 400),
    "not-found": (NotFoundError("What", "Next"), 404),
    "busy": (BusyError("What", "Next"), 503),
    "record": (RecordError("What", "Next"), 503),
    "claimed": (ClaimedError("What", "Next"), 409),
    "configuration": (ConfigurationError("What", "Next"), 503),
    "credentials": (CredentialsError("What", "Next"), 502),
    "limited": (LimitedError("What", "Next"), 503),
}


class Words(BaseModel):
    """What a probe takes."""

    words: int


Reader = Annotated[Principal, Depends(needs("brief:read"))]


def _probes(_context: Context) -> APIRouter:
    routes = APIRouter()

    @routes.post("/v1/probe")
    def probe(body: Words, _principal: Reader) -> dict[str, int]:
        return {"words": body.words}

    @routes.get("/v1/fails/{name}")
    def fails(name: str) -> None:
        raise ERRORS[name][0] if name in ERRORS else ValueError(SECRET)

    return routes


@pytest.fixture
def client(context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Asks a service that has a path which takes words, and one that fails as it is told."""
    monkeypatch.setattr(service, "ROUTERS", (*service.ROUTERS, _probes))
    with TestClient(create_app(context)) as asking:
        yield asking


@pytest.fixture
def reader(book: Book, clock: ManualClock) -> dict[str, str]:
    """The headers of somebody who may read briefs."""
    return bearing(token_of(book, clock, "brief:read"))


def _problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert set(document) == {"type", "title", "status", "detail", "hint"}
    assert document["status"] == status
    return document


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_an_error_of_ours_is_a_problem(client: TestClient, name: str) -> None:
    """With its own type, what happened and what to do next."""
    told = _problem(client.get(f"/v1/fails/{name}"), ERRORS[name][1])
    assert told["type"] == f"urn:remember-them:{name}"
    assert (told["detail"], told["hint"]) == ("What", "Next")


def test_a_fault_of_ours_says_nothing(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """Neither to who asked nor, of customers, to the log; the log says where it was."""
    with caplog.at_level(logging.DEBUG):
        told = _problem(client.get("/v1/fails/unheard-of"), 500)
    assert told["type"] == "about:blank"
    assert SECRET not in str(told)
    assert SECRET not in caplog.text
    assert "ValueError at " in caplog.text
    assert "test_app.py:" in caplog.text


def test_an_unknown_path_is_a_problem(client: TestClient) -> None:
    """With 404, also under a path that is there."""
    _problem(client.get("/v1/nothing"), 404)
    _problem(client.get("/v1/sessions/"), 404)


def test_a_wrong_method_is_a_problem_and_names_the_right_one(client: TestClient) -> None:
    """With 405."""
    answer = client.get("/v1/probe")
    _problem(answer, 405)
    assert answer.headers["allow"] == "POST"


def test_what_is_not_as_documented_is_not_repeated(
    client: TestClient, reader: dict[str, str]
) -> None:
    """The place is named, the value never."""
    answer = client.post("/v1/probe", json={"words": SECRET}, headers=reader)
    told = _problem(answer, 422)
    assert "body.words" in told["detail"]
    assert "late" not in answer.text


@pytest.mark.parametrize("body", [b"", b"{", b'{"words": ', b"[]", b"null", b"3", b'{"words": {}}'])
def test_a_body_that_is_cut_off_or_no_object_is_refused(
    client: TestClient, reader: dict[str, str], body: bytes
) -> None:
    """With 422."""
    headers = {**reader, "Content-Type": "application/json"}
    _problem(client.post("/v1/probe", content=body, headers=headers), 422)


def test_a_body_that_is_not_utf8_cannot_be_read(client: TestClient, reader: dict[str, str]) -> None:
    """With 400."""
    headers = {**reader, "Content-Type": "application/json"}
    _problem(client.post("/v1/probe", content=b'{"words": "\xff"}', headers=headers), 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "json", ""])
def test_a_body_of_another_type_is_refused(
    client: TestClient, reader: dict[str, str], kind: str
) -> None:
    """With 415, though it might be JSON: so a page of another origin cannot send it unasked."""
    headers = {**reader, "Content-Type": kind}
    _problem(client.post("/v1/probe", content=b'{"words": 1}', headers=headers), 415)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/vnd.acme+json"])
def test_json_by_any_name_is_read(client: TestClient, reader: dict[str, str], kind: str) -> None:
    """With a charset, or as a kind of JSON."""
    headers = {**reader, "Content-Type": kind}
    answer = client.post("/v1/probe", content=b'{"words": 1}', headers=headers)
    assert answer.json() == {"words": 1}


@pytest.mark.parametrize(
    ("path", "largest"),
    [("/v1/probe", LARGEST), ("/v1/webhooks/zendesk", LARGEST_WEBHOOK)],
    ids=["ours", "webhook"],
)
def test_a_body_that_says_it_is_too_large_is_not_read(
    client: TestClient, reader: dict[str, str], path: str, largest: int
) -> None:
    """With 413; anybody may call a webhook, so that it takes less."""
    headers = {**reader, "Content-Type": "application/json"}
    _problem(client.post(path, content=b" " * (largest + 1), headers=headers), 413)


def test_a_body_in_pieces_is_refused_while_it_comes(context: Context) -> None:
    """The answer is there before the body has ended: nothing waits for the rest of it."""
    head = (
        b"POST /v1/webhooks/zendesk HTTP/1.1\r\nHost: here\r\n"
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    piece = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    with served(create_app(context)) as url:
        place = urlsplit(url)
        with socket.create_connection((place.hostname, place.port), timeout=30) as wire:
            wire.sendall(head + piece * (LARGEST_WEBHOOK // 0x8000 + 1))
            assert wire.recv(100).startswith(b"HTTP/1.1 413 ")


def test_nothing_under_v1_is_kept_by_a_cache(client: TestClient, reader: dict[str, str]) -> None:
    """Neither answers nor problems."""
    good = client.post("/v1/probe", json={"words": 1}, headers=reader)
    for answer in (good, client.get("/v1/nothing"), client.get("/v1/fails/usage")):
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/v1/nothing", "/healthz", "/v1/fails/unheard-of"])
def test_browsers_are_told_to_be_careful(client: TestClient, path: str) -> None:
    """Nothing is sniffed, framed, run or told to others."""
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors" in headers["content-security-policy"]


def test_only_an_encrypted_service_asks_to_stay_so(
    book: Book, clock: ManualClock, tmp_path: Path
) -> None:
    """Strict-Transport-Security of a service on this machine would lock it out."""
    context = context_of(book, clock, tmp_path, public_url="https://remember.acme.example")
    header = "strict-transport-security"
    assert header in TestClient(create_app(context)).get("/healthz").headers
    context = context_of(book, clock, tmp_path, public_url="http://127.0.0.1:8787")
    assert header not in TestClient(create_app(context)).get("/healthz").headers


def _preflight(client: TestClient, origin: str, wanted: str = "authorization") -> Any:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": wanted}
    return client.options("/v1/probe", headers={"Origin": origin, **asked})


@pytest.mark.parametrize("wanted", ["authorization", "content-type", "last-event-id"])
def test_a_page_of_the_helpdesk_may_ask(client: TestClient, wanted: str) -> None:
    """And send what the component sends."""
    answer = _preflight(client, ORIGIN, wanted)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://acme.zendesk.com",
        "https://acme.zendesk.com.evil.example",
        "https://acme.zendesk.com:8443",
        "null",
    ],
)
def test_a_page_of_another_origin_may_not_ask(client: TestClient, origin: str) -> None:
    """The list is exact; what is like a member of it is none."""
    _problem(_preflight(client, origin), 403)
    answer = client.get("/v1/nothing", headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers


def test_problems_can_be_read_by_a_page_that_may_ask(client: TestClient) -> None:
    """A fault of ours, too."""
    for path in ("/v1/nothing", "/v1/fails/unheard-of"):
        answer = client.get(path, headers={"Origin": ORIGIN})
        assert answer.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("named", ["*", "acme.zendesk.com", "https://acme.zendesk.com/", "null"])
def test_a_list_of_origins_that_names_none_is_refused(
    book: Book, clock: ManualClock, tmp_path: Path, named: str
) -> None:
    """At the start, with the setting's name."""
    with pytest.raises(ConfigurationError, match="REMEMBER_ALLOWED_ORIGINS"):
        create_app(context_of(book, clock, tmp_path, allowed_origins=named))
