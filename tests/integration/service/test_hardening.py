"""What every path of the service does against strangers, whatever it is for."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from connector.service import auth, signed
from connector.service.app import create_app
from connector.service.bearers import read
from connector.service.rings import _events
from memory.record import tokens
from tests.support.service import bearing, context_of, session_of, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.clock import ManualClock
    from connector.service.context import Context
    from tests.support.book import Book

AWAY = ("203.0.113.9", 50000)
"""An address of documentation (RFC 5737): another machine."""


@pytest.fixture
def stranger(context: Context) -> Iterator[TestClient]:
    """Asks the running service from another machine, and follows nothing."""
    app = create_app(context)
    with TestClient(app, client=AWAY, follow_redirects=False) as asking:
        yield asking


def _paths(client: TestClient) -> list[tuple[str, str]]:
    """Every path there is, in the document or not, with its methods."""
    routes = client.app.routes  # type: ignore[attr-defined]
    found = {
        (method, one.path.replace("{", "").replace("}", ""))
        for one in _flat(routes)
        for method in one.methods or ()
    }
    assert len(found) > 20
    return sorted(found)


def _flat(routes: list[object]) -> Iterator[Route]:
    for one in routes:
        if isinstance(one, Route):
            yield one
        else:
            inner = getattr(one, "original_router", None) or one
            yield from _flat(getattr(inner, "routes", []))


def test_every_answer_says_what_browsers_shall_make_of_it(stranger: TestClient) -> None:
    """Nobody sniffs, frames, refers or keeps it, but for files that are the same for all."""
    for method, path in _paths(stranger):
        if path == "/v1/rings/stream":
            continue
        answer = stranger.request(method, path)
        told = answer.headers
        assert told["x-content-type-options"] == "nosniff", path
        assert told["referrer-policy"] == "no-referrer", path
        assert "frame-ancestors" in told["content-security-policy"], path
        assert told["cross-origin-resource-policy"] == "same-origin", path
        same_for_all = method in {"GET", "HEAD"} and not path.startswith(("/v1/", "/metrics"))
        kept = told["cache-control"]
        assert kept == "no-store" or (kept == "no-cache" and same_for_all), path


def test_whoever_is_refused_is_told_how_to_prove_themselves(stranger: TestClient) -> None:
    """Every 401 has a challenge (RFC 9110, section 15.5.2), that of a webhook and a ring too."""
    refused = 0
    for method, path in _paths(stranger):
        for one in (path, path.replace("provider", "twilio"), path.replace("provider", "generic")):
            answer = stranger.request(method, one, json={})
            if answer.status_code == 401:
                refused += 1
                assert answer.headers["www-authenticate"], one
    assert refused > 10


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "/\\evil.example",
        "/v1/briefs/",
        "/assets//evil.example",
        "/?next=//evil.example",
    ],
)
def test_nobody_is_sent_elsewhere(stranger: TestClient, path: str) -> None:
    """There is no redirect at all, so none that a stranger could aim."""
    for method in ("GET", "POST"):
        answer = stranger.request(method, f"http://testserver{path}")
        assert not 300 <= answer.status_code < 400
        assert "location" not in answer.headers


def test_only_the_helpdesks_pages_frame_ours(
    book: Book, clock: ManualClock, tmp_path: Path
) -> None:
    """By their whole origins, and nobody where none is configured."""
    here = context_of(
        book,
        clock,
        tmp_path,
        zendesk_url="https://acme.zendesk.com/",
        freshdesk_url="https://acme.freshdesk.com",
    )
    with TestClient(create_app(here)) as client:
        told = client.get("/").headers["content-security-policy"].split("; ")
    assert "frame-ancestors https://acme.zendesk.com https://acme.freshdesk.com" in told
    with TestClient(create_app(context_of(book, clock, tmp_path))) as client:
        assert "frame-ancestors 'none'" in client.get("/").headers["content-security-policy"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://acme.zendesk.com.evil.example",
        "https://evilacme.zendesk.com",
        "http://acme.zendesk.com",
        "https://acme.zendesk.com:8443",
        "null",
    ],
)
def test_pages_of_other_origins_may_not_ask(client: TestClient, origin: str) -> None:
    """The list is exact: neither an ending, nor a beginning, nor another scheme or port."""
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = client.options("/v1/briefs", headers=asked)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_numbers_of_the_service_are_for_this_machine_and_administrators(
    stranger: TestClient, book: Book, clock: ManualClock, context: Context
) -> None:
    """From elsewhere it takes the scope that is for nothing else."""
    assert stranger.get("/metrics").status_code == 401
    other = token_of(book, clock, "brief:read", "sensitive:read", "notes:write", "ring:write")
    assert stranger.get("/metrics", headers=bearing(other)).status_code == 403
    own = token_of(book, clock, "admin")
    assert stranger.get("/metrics", headers=bearing(own)).status_code == 200
    with TestClient(create_app(context), client=("127.0.0.1", 50000)) as here:
        assert here.get("/metrics").status_code == 200


def test_an_administrators_token_sees_nobody(
    stranger: TestClient, book: Book, clock: ManualClock
) -> None:
    """Its scope is no other's in disguise."""
    own = bearing(token_of(book, clock, "admin"))
    for path in ("/v1/briefs", "/v1/recall", "/v1/notes"):
        assert stranger.post(path, json={}, headers=own).status_code in {403, 422}
    asked = {"customer": "zendesk:100"}
    assert stranger.post("/v1/briefs", json=asked, headers=own).status_code == 403


def _end(book: Book, clock: ManualClock, agent_id: str) -> None:
    with book.record.writing(book.account) as writer:
        tokens.end_sessions(writer.connection, book.number, agent_id, clock.now())


@pytest.mark.parametrize("whose", ["11", tokens.EVERYBODY])
def test_all_that_an_agent_has_open_can_be_ended(
    stranger: TestClient, book: Book, clock: ManualClock, context: Context, whose: str
) -> None:
    """Sessions that Zendesk vouched for, pages that it signed, and sign-in links; others' stay."""
    asked = {"customer": "zendesk:100"}
    mine, hers = (bearing(session_of(book, clock, one)) for one in ("11", "12"))
    page = signed.new_pass(book.account, "zendesk:11", clock.now())
    link = token_of(book, clock, "brief:read", agent_id="11")
    program = token_of(book, clock, "brief:read")
    proof = {"proof": "link", "token": link}
    assert stranger.post("/v1/briefs", json=asked, headers=mine).status_code == 200
    assert stranger.post("/zendesk/session", json={"pass": page}).status_code == 200
    clock.advance(1)
    _end(book, clock, whose)
    stays = whose != tokens.EVERYBODY
    assert stranger.post("/v1/briefs", json=asked, headers=mine).status_code == 401
    assert stranger.post("/zendesk/session", json={"pass": page}).status_code == 401
    assert stranger.post("/v1/sessions", json=proof).status_code == 401
    assert stranger.post("/v1/briefs", json=asked, headers=hers).is_success == stays
    assert stranger.post("/v1/briefs", json=asked, headers=bearing(program)).is_success == stays
    clock.advance(1)
    again = bearing(session_of(book, clock, "11"))
    assert stranger.post("/v1/briefs", json=asked, headers=again).status_code == 200
    page = signed.new_pass(book.account, "zendesk:11", clock.now())
    assert signed.read_pass(context, page) == ("zendesk:acme", "zendesk:11")


def test_what_ends_sessions_is_no_token(book: Book, clock: ManualClock) -> None:
    """It stands among none, and proves nothing."""
    _end(book, clock, "11")
    _end(book, clock, "11")
    with book.record.reading() as connection:
        assert tokens.tokens(connection, book.number) == []
        for text in ("rmbr_ended:11_", "rmbr_ended:11"):
            found = tokens.proven(connection, [book.number], text)
            assert found is None or not found.stands(clock.now())


@pytest.mark.parametrize("how", ["the token", "all that is open"])
def test_a_stream_ends_with_what_opened_it(
    context: Context, book: Book, clock: ManualClock, how: str
) -> None:
    """At the next sign of life, within 15 seconds."""
    text = token_of(book, clock, "brief:read", agent_id="11")
    token_id = text.split("_")[1]

    async def hear() -> list[Any]:
        await context.board.load()
        found = auth.token_of(context, text)
        assert found is not None
        bearer = session_of(book, clock)
        principal = read(book.account, bearer, clock.now())
        assert principal is not None
        if how == "the token":
            principal = replace(principal, token=token_id)
        stream = _events(context, principal, "11", None)
        heard = [await anext(stream)]
        context.board.beat()
        heard.append(await anext(stream))
        clock.advance(1)
        with book.record.writing(book.account) as writer:
            if how == "the token":
                tokens.revoke(writer.connection, book.number, token_id, clock.now())
            else:
                tokens.end_sessions(writer.connection, book.number, "11", clock.now())
        context.board.beat()
        heard += [one async for one in stream]
        await context.board.close()
        return heard

    assert len(asyncio.run(asyncio.wait_for(hear(), 20))) == 2


def test_a_session_is_over_in_time(context: Context, book: Book, clock: ManualClock) -> None:
    """Ten minutes, whoever holds it."""
    principal = read(book.account, session_of(book, clock), clock.now())
    assert principal is not None
    assert auth.stands(context, principal)
    clock.advance(timedelta(minutes=10).total_seconds())
    assert not auth.stands(context, principal)


def test_errors_repeat_no_secret(
    book: Book, clock: ManualClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the answer, nor the log, nor the settings' own words."""
    secret = "quincewort-quincewort"
    here = context_of(
        book, clock, tmp_path, freshdesk_webhook_secret=secret, ring_generic_secret=secret
    )
    assert secret not in repr(here)
    with TestClient(create_app(here), client=AWAY) as client:
        for path in ("/v1/webhooks/freshdesk", "/v1/rings/generic"):
            answer = client.post(path, json={}, headers={"X-Remember-Secret": secret[:-1]})
            assert answer.status_code == 401
            assert secret[:8] not in json.dumps(dict(answer.headers)) + answer.text
    assert secret[:8] not in caplog.text
