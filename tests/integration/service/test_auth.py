"""Who may ask: bearers that are good, forged, ended, revoked, or lack a scope."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import jwt
import pytest
from fastapi import APIRouter, Depends
from starlette.testclient import TestClient

from connector.service import app as service
from connector.service import bearers
from connector.service.app import create_app
from connector.service.auth import Principal, needs
from memory.record import tokens
from tests.support.service import bearing, session_of, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.clock import ManualClock
    from connector.service.context import Context
    from tests.support.book import Book

Noter = Annotated[Principal, Depends(needs("notes:write"))]


def _probe(_context: Context) -> APIRouter:
    routes = APIRouter()

    @routes.get("/v1/me")
    def me(principal: Noter) -> dict[str, Any]:
        return {**asdict(principal), "scopes": sorted(principal.scopes), "name": principal.name}

    return routes


@pytest.fixture
def client(context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Asks a service who it takes the asker for; one who may write notes is told."""
    monkeypatch.setattr(service, "ROUTERS", (*service.ROUTERS, _probe))
    with TestClient(create_app(context)) as asking:
        yield asking


def _me(client: TestClient, bearer: str) -> Any:
    return client.get("/v1/me", headers=bearing(bearer))


def test_a_token_is_a_program(client: TestClient, book: Book, clock: ManualClock) -> None:
    """Of an account, without an agent; the access log names it by its id."""
    text = token_of(book, clock, "notes:write", "brief:read")
    told = _me(client, text).json()
    assert told["account"] == "zendesk:acme"
    assert (told["agent"], told["proof"]) == (None, "token")
    assert told["scopes"] == ["brief:read", "notes:write"]
    assert told["name"] == f"token:{text.split('_')[1]}"


@pytest.mark.parametrize("proof", ["zendesk", "link", "asserted"])
def test_a_session_is_an_agent(
    client: TestClient, book: Book, clock: ManualClock, proof: bearers.Proof
) -> None:
    """And says how we know."""
    told = _me(client, session_of(book, clock, proof=proof)).json()
    assert (told["agent"], told["name"]) == ("zendesk:11", "zendesk:11")
    assert told["proof"] == proof


def test_nobody_is_told_how_to_sign_in(client: TestClient) -> None:
    """401, and the scheme."""
    answer = client.get("/v1/me")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["type"] == "urn:remember-them:unauthorized"


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Basic abc", "bearer x y", "Bearer ☃", "Bearer rmbr_", "Bearer a.b.c"],
)
def test_what_is_no_bearer_is_refused(client: TestClient, header: str) -> None:
    """Whatever stands in the header."""
    answer = client.get("/v1/me", headers={b"Authorization": header.encode()})
    assert answer.status_code == 401


def test_a_token_without_the_scope_is_refused(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """403, and which scope it lacks; `admin` is no other scope."""
    answer = _me(client, token_of(book, clock, "brief:read", "admin"))
    assert answer.status_code == 403
    assert "notes:write" in answer.json()["detail"]
    assert _me(client, session_of(book, clock, scopes=["brief:read"])).status_code == 403


def test_a_wrong_secret_is_refused(client: TestClient, book: Book, clock: ManualClock) -> None:
    """Of a token that is there, as of one that is not."""
    text = token_of(book, clock, "notes:write")
    prefix, token_id, secret = text.split("_", 2)
    for wrong in (
        f"{prefix}_{token_id}_{secret[:-1]}",
        f"{prefix}_{token_id}_{secret}x",
        f"{prefix}_{token_id}_",
        f"{prefix}_{'0' * 12}_{secret}",
        f"{prefix.upper()}_{token_id}_{secret}",
    ):
        assert _me(client, wrong).status_code == 401


def test_a_token_ends_by_the_clock(client: TestClient, book: Book, clock: ManualClock) -> None:
    """At the second that it says."""
    ends = clock.now() + timedelta(hours=1)
    text = token_of(book, clock, "notes:write", expires_at=ends)
    clock.advance(3599)
    assert _me(client, text).status_code == 200
    clock.advance(1)
    assert _me(client, text).status_code == 401


def test_a_session_ends_in_the_middle_of_a_call(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """After ten minutes; it is for the page to open another."""
    bearer = session_of(book, clock)
    clock.advance(599)
    assert _me(client, bearer).status_code == 200
    clock.advance(1)
    assert _me(client, bearer).status_code == 401


def test_a_session_ends_with_the_token_that_opened_it(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """Revoked is revoked, at once."""
    text = token_of(book, clock, "notes:write")
    token_id = text.split("_")[1]
    scopes = frozenset({"notes:write"})
    who = Principal("zendesk:acme", "zendesk:11", scopes, "asserted", token_id)
    bearer, _ = bearers.signed(book.account, who, clock.now())
    assert _me(client, bearer).status_code == 200
    with book.record.writing(book.account) as writer:
        assert tokens.revoke(writer.connection, book.number, token_id, clock.now())
    assert _me(client, bearer).status_code == 401
    assert _me(client, text).status_code == 401


def test_a_sign_in_link_is_no_bearer(client: TestClient, book: Book, clock: ManualClock) -> None:
    """It opens sessions and nothing else."""
    assert _me(client, token_of(book, clock, "notes:write", agent_id="11")).status_code == 401


def _claims(book: Book, clock: ManualClock) -> dict[str, Any]:
    bearer = session_of(book, clock)
    claims: dict[str, Any] = jwt.decode(bearer, options={"verify_signature": False})
    return claims


def test_a_forged_session_is_refused(client: TestClient, book: Book, clock: ManualClock) -> None:
    """Signed with another key, with the account's key as it is, or not at all."""
    claims, kid = _claims(book, clock), {"kid": "zendesk:acme"}
    for key, algorithm in ((b"k" * 32, "HS256"), (book.account.key, "HS256"), ("", "none")):
        forged = jwt.encode(claims, key, algorithm=algorithm, headers=kid)
        assert _me(client, forged).status_code == 401


def test_a_session_that_was_changed_is_refused(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """A scope more, another agent, another account's name: the signature no longer fits."""
    head, _, sign = session_of(book, clock).split(".")
    other = jwt.encode({**_claims(book, clock), "sub": "zendesk:12"}, b"k" * 32).split(".")[1]
    assert _me(client, f"{head}.{other}.{sign}").status_code == 401


def test_a_session_of_another_account_is_refused(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """Each account signs with a key of its own, and a service serves those it was told to."""
    other = book.record.add_account("zendesk:other", "https://other.zendesk.com")
    who = Principal("zendesk:acme", "zendesk:11", tokens.AGENT_SCOPES, "zendesk", None)
    bearer, _ = bearers.signed(other, who, clock.now())
    assert _me(client, bearer).status_code == 401
    with book.record.writing(other) as writer:
        _, text = tokens.create(
            writer.connection, other.number, name="T", scopes=["notes:write"], at=clock.now()
        )
    assert _me(client, text).status_code == 401


def test_the_use_of_a_token_is_written_down(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """When it was last used, to within some minutes; not at every request."""
    text = token_of(book, clock, "notes:write")

    def used() -> Any:
        with book.record.reading() as connection:
            [token] = tokens.tokens(connection, book.number)
        return token.used_at

    assert used() is None
    began = clock.now()
    _me(client, text)
    assert used() == began
    clock.advance(300)
    _me(client, text)
    assert used() == began
    clock.advance(300)
    _me(client, text)
    assert used() == clock.now()
