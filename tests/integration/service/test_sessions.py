"""Sessions: three proofs of who the agent is, and what is no proof."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from starlette.testclient import TestClient

from connector.demo import faults
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.signed_urls import APP_ID, SignedUrls
from connector.service.app import create_app
from connector.service.tries import MOST, WINDOW
from connector.zendesk.signed_urls import OLD, RESTED
from memory.record import tokens
from tests.support.book import Book, agent
from tests.support.service import bearing, context_of, token_of
from tests.support.tale import tale

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.clock import ManualClock

DANIEL, GONE, CUSTOMER = 11, 13, 100
AGENT = sorted(tokens.AGENT_SCOPES)
KEY = f"/api/v2/apps/{APP_ID}/public_key.pem"


@pytest.fixture
def helpdesk(clock: ManualClock) -> Iterator[DemoHelpdesk]:
    """A simulated Zendesk in which our app is installed."""
    with DemoHelpdesk(read_story(tale([], [])), clock=clock.now) as served:
        yield served


@pytest.fixture
def zendesk(
    book: Book, clock: ManualClock, tmp_path: Path, helpdesk: DemoHelpdesk
) -> Iterator[TestClient]:
    """Asks a service of that Zendesk's account."""
    book.record.add_account(book.name, helpdesk.url)
    where = {"zendesk_url": helpdesk.url, "zendesk_app_id": APP_ID}
    with TestClient(create_app(context_of(book, clock, tmp_path, **where))) as asking:
        yield asking


def _open(client: TestClient, proof: str, bearer: str = "", **more: Any) -> Any:
    headers = bearing(bearer) if bearer else {}
    return client.post("/v1/sessions", json={"proof": proof, **more}, headers=headers)


def _signed_in(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def _fetched(helpdesk: DemoHelpdesk) -> int:
    return sum(one.path == KEY for one in helpdesk.seen)


def test_zendesk_vouches_for_an_agent(zendesk: TestClient, helpdesk: DemoHelpdesk) -> None:
    """The session is that agent's, for ten minutes, with what an agent needs."""
    told = _signed_in(_open(zendesk, "zendesk", token=helpdesk.signed_urls.token(DANIEL)))
    assert told["version"] == 1
    assert told["account"] == "zendesk:acme"
    assert told["agent"] == {"ref": "zendesk:11", "name": "Daniel Osei"}
    assert told["scopes"] == AGENT
    assert told["expires_at"] == "2026-07-07T09:10:00Z"
    claims = jwt.decode(told["bearer"], options={"verify_signature": False})
    assert (claims["proof"], claims["token"]) == ("zendesk", "")


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "other.zendesk.com"},
        {"iss": None},
        {"aud": "https://other.zendesk.com/api/v2/apps/installations/1.json"},
        {"aud": None},
        {"aud": ["x", 7]},
        {"exp": None},
        {"exp": 0},
        {"exp": 1e300},
        {"exp": "soon"},
        {"nbf": 4_000_000_000},
        {"nbf": "later"},
        {"sub": None},
        {"sub": "https://acme.zendesk.com/api/v2/users/me.json"},
        {"sub": {"id": 11}},
    ],
    ids=str,
)
def test_zendesks_word_is_for_this_account_and_now(
    zendesk: TestClient, helpdesk: DemoHelpdesk, other: dict[str, Any]
) -> None:
    """Whatever the key has signed for others, for another time or for nobody is refused."""
    answer = _open(zendesk, "zendesk", token=helpdesk.signed_urls.token(DANIEL, **other))
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:remember-them:unauthorized"


def test_zendesks_word_ends(
    zendesk: TestClient, helpdesk: DemoHelpdesk, clock: ManualClock
) -> None:
    """By our clock; a few seconds' difference between the clocks do not matter."""
    token = helpdesk.signed_urls.token(DANIEL)
    clock.advance(180)
    _signed_in(_open(zendesk, "zendesk", token=token))
    clock.advance(60)
    assert _open(zendesk, "zendesk", token=token).status_code == 401


@pytest.mark.parametrize("who", [GONE, CUSTOMER, 999], ids=["inactive", "customer", "nobody"])
def test_zendesks_word_is_for_an_active_agent(
    zendesk: TestClient, helpdesk: DemoHelpdesk, who: int
) -> None:
    """Whom the record knows; others are refused with 403."""
    answer = _open(zendesk, "zendesk", token=helpdesk.signed_urls.token(who))
    assert answer.status_code == 403


def test_only_rs256_counts(zendesk: TestClient, helpdesk: DemoHelpdesk) -> None:
    """A token signed with the public key as if it were a shared secret, or not at all, is none."""
    claims = jwt.decode(helpdesk.signed_urls.token(DANIEL), options={"verify_signature": False})
    strangers = SignedUrls(helpdesk.url, helpdesk.clock).token(DANIEL)
    head = jwt.encode({}, "", algorithm="none").split(".")[0]
    body = helpdesk.signed_urls.token(DANIEL).split(".")[1]
    shared = jwt.encode(claims, "k" * 32, algorithm="HS256")
    for forged in (strangers, shared, f"{head}.{body}.", f"{head}.{body}", "x", "a.b.c"):
        assert _open(zendesk, "zendesk", token=forged).status_code == 401


def test_the_apps_key_is_fetched_once(
    zendesk: TestClient, helpdesk: DemoHelpdesk, clock: ManualClock
) -> None:
    """However many sign in with it."""
    for _ in range(3):
        clock.advance(OLD)
        _signed_in(_open(zendesk, "zendesk", token=helpdesk.signed_urls.token(DANIEL)))
    assert _fetched(helpdesk) == 1


def test_a_new_key_is_fetched_when_the_old_one_is_some_minutes_old(
    zendesk: TestClient, helpdesk: DemoHelpdesk, clock: ManualClock
) -> None:
    """And never sooner, whoever sends whatever: nobody can make us ask Zendesk at will."""
    _signed_in(_open(zendesk, "zendesk", token=helpdesk.signed_urls.token(DANIEL)))
    helpdesk.signed_urls.renew_key()
    clock.advance(OLD - 1)
    for _ in range(3):
        answer = _open(zendesk, "zendesk", token=helpdesk.signed_urls.token(DANIEL))
        assert answer.status_code == 401
    assert _fetched(helpdesk) == 1
    clock.advance(1)
    _signed_in(_open(zendesk, "zendesk", token=helpdesk.signed_urls.token(DANIEL)))
    assert _fetched(helpdesk) == 2
    stranger = SignedUrls(helpdesk.url, helpdesk.clock).token(DANIEL)
    assert _open(zendesk, "zendesk", token=stranger).status_code == 401
    assert _fetched(helpdesk) == 2


def test_a_zendesk_that_does_not_answer_is_asked_again_a_little_later(
    zendesk: TestClient, helpdesk: DemoHelpdesk, clock: ManualClock
) -> None:
    """503 meanwhile; it is no failed log-in."""
    helpdesk.faults.append(faults.status(500, times=1, path=KEY))
    token = helpdesk.signed_urls.token(DANIEL)
    assert _open(zendesk, "zendesk", token=token).status_code == 503
    assert _open(zendesk, "zendesk", token=token).status_code == 503
    assert _fetched(helpdesk) == 1
    clock.advance(RESTED)
    _signed_in(_open(zendesk, "zendesk", token=token))


def test_what_is_no_key_is_said(zendesk: TestClient, helpdesk: DemoHelpdesk) -> None:
    """A page in place of the key, or an app that is not there: 502, with what to check."""
    helpdesk.faults.append(faults.page(200, times=1, path=KEY))
    answer = _open(zendesk, "zendesk", token=helpdesk.signed_urls.token(DANIEL))
    assert answer.status_code == 502
    assert "REMEMBER_ZENDESK_APP_ID" in answer.json()["hint"]


def test_a_service_without_a_zendesk_app_says_so(client: TestClient) -> None:
    """503, with the settings to set."""
    answer = _open(client, "zendesk", token="a.b.c")
    assert answer.status_code == 503
    assert "REMEMBER_ZENDESK_APP_ID" in answer.json()["hint"]


def test_a_sign_in_link_opens_sessions_till_it_ends(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """Again and again; each for ten minutes."""
    ends = clock.now() + timedelta(hours=12)
    link = token_of(book, clock, *AGENT, agent_id="12", expires_at=ends)
    for _ in range(2):
        told = _signed_in(_open(client, "link", token=link))
        assert told["agent"] == {"ref": "zendesk:12", "name": "Dana Reyes"}
        assert told["scopes"] == AGENT
        clock.advance(3600)
    clock.advance(10 * 3600)
    assert _open(client, "link", token=link).status_code == 401


def test_a_sign_in_link_gives_what_it_was_made_with(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """No scope more."""
    link = token_of(book, clock, "brief:read", agent_id="12")
    assert _signed_in(_open(client, "link", token=link))["scopes"] == ["brief:read"]


def test_a_link_of_an_agent_who_left_opens_nothing(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """The helpdesk says who works there."""
    link = token_of(book, clock, *AGENT, agent_id="11")
    _signed_in(_open(client, "link", token=link))
    book.people(agent("11", "Daniel Osei", active=False, updated_at=clock.now()))
    assert _open(client, "link", token=link).status_code == 403


def test_an_installed_app_asserts_its_agent(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """By ref or by e-mail, whatever its case; a program's own scopes do not come along."""
    app = token_of(book, clock, *AGENT, "ring:write", "admin")
    for name in ("zendesk:12", "dana@ACME.example", " 12 "):
        told = _signed_in(_open(client, "asserted", app, agent=name))
        assert told["agent"]["ref"] == "zendesk:12"
        assert told["scopes"] == AGENT
        claims = jwt.decode(told["bearer"], options={"verify_signature": False})
        assert claims["proof"] == "asserted"
        assert claims["token"] == app.split("_")[1]


def test_a_session_is_never_worth_more_than_the_apps_token(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """An app that may read briefs gives sessions that may read briefs."""
    app = token_of(book, clock, "brief:read", "admin")
    told = _signed_in(_open(client, "asserted", app, agent="zendesk:12"))
    assert told["scopes"] == ["brief:read"]


@pytest.mark.parametrize("who", ["zendesk:13", "zendesk:100", "nobody@acme.example", ":", "☃"])
def test_an_app_cannot_assert_who_is_no_active_agent(
    client: TestClient, book: Book, clock: ManualClock, who: str
) -> None:
    """403."""
    assert _open(client, "asserted", token_of(book, clock, *AGENT), agent=who).status_code == 403


def test_an_assertion_without_the_apps_token_is_nothing(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """Nor with a sign-in link, a session's bearer or a wrong token: 401."""
    link = token_of(book, clock, *AGENT, agent_id="12")
    session = _signed_in(_open(client, "link", token=link))["bearer"]
    for bearer in ("", link, session, "rmbr_0_0"):
        assert _open(client, "asserted", bearer, agent="zendesk:11").status_code == 401


def test_an_apps_token_is_no_sign_in_link(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """401."""
    assert _open(client, "link", token=token_of(book, clock, *AGENT)).status_code == 401


def test_the_account_that_is_named_must_be_the_tokens(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """A token proves its own account alone."""
    link = token_of(book, clock, *AGENT, agent_id="12")
    _signed_in(_open(client, "link", token=link, account="zendesk:acme"))
    assert _open(client, "link", token=link, account="zendesk:other").status_code == 401


def test_zendesk_vouches_for_its_own_account_alone(
    zendesk: TestClient, helpdesk: DemoHelpdesk
) -> None:
    """One that the service does not serve is refused."""
    token = helpdesk.signed_urls.token(DANIEL)
    answer = _open(zendesk, "zendesk", token=token, account="freshdesk:acme")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"proof": "password"},
        {"proof": "link"},
        {"proof": "link", "token": ""},
        {"proof": "link", "token": 7},
        {"proof": "link", "token": "x" * 201},
        {"proof": "asserted", "agent": "x" * 321},
        {"proof": "zendesk", "token": "x" * 8193},
        {"proof": "link", "token": "\ud800"},
        [],
    ],
    ids=lambda body: str(body)[:40],
)
def test_what_is_no_proof_is_not_understood(client: TestClient, body: Any) -> None:
    """422, and nothing of it is repeated."""
    headers = {"Content-Type": "application/json"}
    answer = client.post("/v1/sessions", content=json.dumps(body), headers=headers)
    assert answer.status_code == 422
    assert "xxx" not in answer.text


def test_failed_log_ins_are_slowed_down(client: TestClient, book: Book, clock: ManualClock) -> None:
    """429 with when to come again; a good one is then not heard either, and after that it is."""
    link = token_of(book, clock, *AGENT, agent_id="12")
    for _ in range(MOST):
        clock.advance(0.5)
        assert _open(client, "link", token="rmbr_0_0").status_code == 401
    answer = _open(client, "link", token=link)
    assert answer.status_code == 429
    assert answer.json()["type"] == "urn:remember-them:too-many"
    wait = int(answer.headers["retry-after"])
    assert 0 < wait <= WINDOW
    clock.advance(wait)
    _signed_in(_open(client, "link", token=link))


def test_log_ins_that_succeed_are_never_slowed_down(
    client: TestClient, book: Book, clock: ManualClock
) -> None:
    """A hundred agents may stand behind one address."""
    link = token_of(book, clock, *AGENT, agent_id="12")
    for _ in range(2 * MOST):
        _signed_in(_open(client, "link", token=link))


def test_the_pages_that_zendesk_opens_are_slowed_down_too(zendesk: TestClient) -> None:
    """They take the same proof."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(MOST):
        assert zendesk.post("/", content="token=a.b.c", headers=form).status_code == 401
    assert zendesk.post("/", content="token=a.b.c", headers=form).status_code == 429


@pytest.mark.parametrize("proof", ["link", "asserted"])
def test_the_token_that_opened_a_session_was_used(
    client: TestClient, book: Book, clock: ManualClock, proof: str
) -> None:
    """The list of tokens says when."""
    if proof == "link":
        _signed_in(_open(client, "link", token=token_of(book, clock, *AGENT, agent_id="12")))
    else:
        _signed_in(_open(client, "asserted", token_of(book, clock, *AGENT), agent="zendesk:12"))
    with book.record.reading() as connection:
        [token] = tokens.tokens(connection, book.number)
    assert token.used_at == clock.now()


def test_nobody_waits_for_the_use_of_a_token_to_be_written_down(
    client: TestClient, book: Book, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A session is opened though the record cannot be written; the log says what is missing."""
    link = token_of(book, clock, *AGENT, agent_id="12")
    with book.record.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON token "
            "BEGIN SELECT RAISE(FAIL, 'disk is full'); END"
        )
    _signed_in(_open(client, "link", token=link))
    assert "The use of a token could not be written down: The disk is full" in caplog.text


def test_a_service_of_two_accounts_knows_each_by_its_token(
    book: Book, clock: ManualClock, tmp_path: Path
) -> None:
    """And opens sessions of its own agents; one that it does not serve is unknown."""
    others = [
        Book(tmp_path, name, f"https://{name[-5:]}.zendesk.com")
        for name in ("zendesk:other", "zendesk:third")
    ]
    for other in others:
        other.people(agent("12", f"Of {other.name}"))
    context = context_of(book, clock, tmp_path, "zendesk:other")
    with TestClient(create_app(context)) as client:
        for one, name in ((book, "Dana Reyes"), (others[0], "Of zendesk:other")):
            told = _signed_in(_open(client, "link", token=token_of(one, clock, agent_id="12")))
            assert (told["account"], told["agent"]["name"]) == (one.name, name)
        third = token_of(others[1], clock, agent_id="12")
        assert _open(client, "link", token=third).status_code == 401
    for other in others:
        other.record.close()
