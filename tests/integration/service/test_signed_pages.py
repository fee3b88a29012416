"""Pages of the Zendesk app that Zendesk opens with a signed request, and their sessions."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from starlette.testclient import TestClient

from connector.apps.packages import APPS
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.signed_urls import APP_ID
from connector.service.app import create_app
from connector.service.bearers import LIFE
from connector.service.signed import SHIFT
from tests.support.book import AS_OF, Book, agent
from tests.support.service import bearing, context_of
from tests.support.tale import tale

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.clock import ManualClock

DANIEL = 11


@pytest.fixture
def helpdesk(clock: ManualClock) -> Iterator[DemoHelpdesk]:
    """A simulated Zendesk in which our app is installed."""
    with DemoHelpdesk(read_story(tale([], [])), clock=clock.now) as served:
        yield served


@pytest.fixture
def client(
    book: Book, clock: ManualClock, tmp_path: Path, helpdesk: DemoHelpdesk
) -> Iterator[TestClient]:
    """A browser that asks a service of that Zendesk's account."""
    book.record.add_account(book.name, helpdesk.url)
    where = {"zendesk_url": helpdesk.url, "zendesk_app_id": APP_ID}
    with TestClient(create_app(context_of(book, clock, tmp_path, **where))) as asking:
        yield asking


def _told(answer: Any) -> Any:
    """What a page is told, read as a browser reads it."""
    [data] = re.findall(r'<script type="application/json" id="signed">(.*?)</script>', answer.text)
    return json.loads(data)


def _opened(client: TestClient, helpdesk: DemoHelpdesk, page: str = "sidebar") -> Any:
    token = helpdesk.signed_urls.token(DANIEL)
    return client.post(f"/?page={page}&origin=x&app_guid=y", data={"token": token})


def _renewed(client: TestClient, earlier: str) -> Any:
    return client.post("/zendesk/session", json={"pass": earlier})


@pytest.mark.parametrize("page", ["sidebar", "top_bar", "background"])
def test_zendesk_opens_a_page_with_the_agents_session(
    client: TestClient, helpdesk: DemoHelpdesk, page: str
) -> None:
    """The packaged page, and in it a bearer with which briefs can be asked for."""
    answer = _opened(client, helpdesk, page)
    assert answer.status_code == 200
    packaged = APPS["zendesk"].files()[f"assets/{page}.html"].decode()
    assert answer.text.endswith(packaged.partition("<head>")[2])
    session = _told(answer)["session"]
    assert session["agent"] == {"ref": "zendesk:11", "name": "Daniel Osei"}
    claims = jwt.decode(session["bearer"], options={"verify_signature": False})
    assert claims["proof"] == "zendesk"
    asked = client.post(
        "/v1/briefs", json={"customer": "zendesk:100"}, headers=bearing(session["bearer"])
    )
    assert asked.json()["customer"]["name"] == "Mara Lindqvist"


def test_only_the_accounts_own_pages_frame_it(client: TestClient, helpdesk: DemoHelpdesk) -> None:
    """Scripts are ours and Zendesk's SDK; the page is never stored."""
    answer = _opened(client, helpdesk)
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    assert policy["frame-ancestors"] == helpdesk.url
    assert policy["script-src"] == "'self' https://static.zdassets.com"
    assert policy["connect-src"] == "'self'"
    assert answer.headers["cache-control"] == "no-store"


def test_everything_that_a_page_loads_is_served(client: TestClient, helpdesk: DemoHelpdesk) -> None:
    """Each file that a page or a script of ours names, with its own type."""
    seen: set[str] = set()
    [base] = re.findall(r'<base href="([^"]+)"', _opened(client, helpdesk).text)
    waiting = [
        name
        for page in ("sidebar", "top_bar", "background")
        for name in re.findall(r'(?:src|href)="([^"/:]+)"', _opened(client, helpdesk, page).text)
    ]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        answer = client.get(base + name)
        assert answer.status_code == 200, name
        expected = {"js": "text/javascript", "css": "text/css", "json": "application/json"}
        assert answer.headers["content-type"].startswith(expected[name.rpartition(".")[2]])
        if name.endswith(".js"):
            waiting += re.findall(
                r'(?:from|import|import\(|beside\(|style\() ?"(?:\./)?([\w.-]+)"', answer.text
            )
    assert {"zendesk-sidebar.js", "remember-brief.js", "remember.css", "strings.json"} <= seen
    assert {"remember-later.js", "remember-note.js", "remember-later.css"} <= seen


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"token=",
        b"token=x",
        b"other=1",
        b"token",
        b"\xff=\xfe",
        b"&".join(b"a%d=1" % n for n in range(50)),
        b"token=" + b"x" * 9000,
    ],
)
def test_a_page_that_zendesk_did_not_open_holds_no_session(client: TestClient, form: bytes) -> None:
    """It says so in the agent's language, and is answered as what it is."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/?page=sidebar", content=form, headers=kind)
    assert answer.status_code == 401
    told = _told(answer)
    assert set(told) == {"problem"}
    assert told["problem"]["status"] == 401


def test_nothing_of_a_token_is_taken_for_markup(
    client: TestClient, helpdesk: DemoHelpdesk, book: Book
) -> None:
    """An agent may be called anything; what the page is told stays data."""
    book.people(agent("11", "</script><img src=x onerror=alert(1)>", email="d@acme.example"))
    answer = _opened(client, helpdesk)
    assert "<img" not in answer.text
    assert _told(answer)["session"]["agent"]["name"].startswith("</script>")


def test_a_page_opens_further_sessions_for_a_shift(
    client: TestClient, helpdesk: DemoHelpdesk, clock: ManualClock
) -> None:
    """Zendesk signs the first request alone; its word holds for twelve hours, not longer."""
    told = _told(_opened(client, helpdesk))
    for _ in range(3):
        clock.advance(LIFE.total_seconds() + 60)
        answer = _renewed(client, told["pass"])
        assert answer.status_code == 200
        bearer = answer.json()["bearer"]
        claims = jwt.decode(bearer, options={"verify_signature": False})
        assert (claims["sub"], claims["proof"]) == ("zendesk:11", "zendesk")
    clock.advance((SHIFT - timedelta(hours=1)).total_seconds())
    assert _renewed(client, told["pass"]).status_code == 200
    clock.advance(3600)
    assert _renewed(client, told["pass"]).status_code == 401


def test_a_pass_is_for_pages_and_a_bearer_is_no_pass(
    client: TestClient, helpdesk: DemoHelpdesk, book: Book
) -> None:
    """Neither opens what the other does; a changed one opens nothing."""
    told = _told(_opened(client, helpdesk))
    bearer, earlier = told["session"]["bearer"], told["pass"]
    assert _renewed(client, bearer).status_code == 401
    head, body, seal = earlier.split(".")
    forged = jwt.encode({"sub": "zendesk:12", "account": book.name, "exp": 9e9}, b"k" * 32)
    for text in (forged, f"{head}.{body}.{seal[::-1]}", f"{head}.{body}.", "x", "x" * 3000):
        assert _renewed(client, text).status_code in {401, 422}
    asked = client.post("/v1/briefs", json={"customer": "zendesk:100"}, headers=bearing(earlier))
    assert asked.status_code == 401


def test_an_agent_who_has_left_opens_no_further_session(
    client: TestClient, helpdesk: DemoHelpdesk, book: Book
) -> None:
    """Whoever is no active agent any more is refused, also within the shift."""
    told = _told(_opened(client, helpdesk))
    book.people(
        agent("11", "Daniel Osei", email="daniel@acme.example", active=False, updated_at=AS_OF)
    )
    assert _renewed(client, told["pass"]).status_code == 403


def test_other_pages_and_files_are_not_there(client: TestClient, helpdesk: DemoHelpdesk) -> None:
    """Neither pages by another road, nor files from elsewhere."""
    assert _opened(client, helpdesk, "modal").status_code == 404
    for path in ("sidebar.html", "manifest.json", "..%2Fmanifest.json", "logo.png", "session"):
        assert client.get(f"/zendesk/{path}").status_code in {404, 405}, path
