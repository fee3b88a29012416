"""The page and its files, as a browser gets them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

import connector
from connector.service.app import create_app
from connector.service.pages import content_policy
from connector.settings import Settings
from tests.support.service import context_of

if TYPE_CHECKING:
    from connector.clock import ManualClock
    from tests.support.book import Book

WEB = Path(connector.__file__).parent / "web"
FILES = sorted(file.name for file in WEB.iterdir() if file.suffix != ".html")


def test_the_page_is_at_the_root(client: TestClient) -> None:
    """It is HTML, asks for nothing from elsewhere, and may be framed by nobody unless told."""
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "https://" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", FILES)
def test_every_file_has_its_type(name: str, client: TestClient) -> None:
    """Browsers run no module of another type, and are told to guess none."""
    answer = client.get(f"/assets/{name}")
    types = {"js": "text/javascript", "css": "text/css", "json": "application/json"}
    wanted = types.get(name.rpartition(".")[2], "image/svg+xml")
    assert answer.headers["content-type"].partition(";")[0] == wanted
    assert answer.content == (WEB / name).read_bytes()


def test_what_a_browser_has_is_not_sent_again(client: TestClient) -> None:
    """With its ETag the answer is 304, without a body; with another the file."""
    first = client.get("/assets/remember-brief.js")
    etag = first.headers["etag"]
    for known in (etag, f'"other", W/{etag}', "*"):
        again = client.get("/assets/remember-brief.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    other = client.get("/assets/remember-brief.js", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    assert first.headers["cache-control"] == "no-cache"


def test_a_head_request_has_no_body(client: TestClient) -> None:
    """The same headers, nothing else."""
    answer = client.head("/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"] == client.get("/").headers["etag"]


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/assets/../settings.py", "/assets/%2e%2e%2fsettings.py", "/assets/"],
)
def test_nothing_else_is_served(path: str, client: TestClient) -> None:
    """What is no file of the page is not found, in the form of every other error."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_helpdesks_may_frame_the_page(book: Book, clock: ManualClock, tmp_path: Path) -> None:
    """Those of the settings, and no other."""
    where = {
        "zendesk_url": "https://acme.zendesk.com/",
        "freshdesk_url": "https://acme.freshdesk.com",
    }
    with TestClient(create_app(context_of(book, clock, tmp_path, **where))) as asking:
        policy = asking.get("/").headers["content-security-policy"]
    framing = "frame-ancestors https://acme.zendesk.com https://acme.freshdesk.com;"
    assert framing in policy
    assert content_policy(Settings.model_validate(where)) == policy
