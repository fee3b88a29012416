"""The log of the service: one line for each request, and nothing of a customer or a secret."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from connector.cli.opening import open_settings
from connector.service import logs
from connector.service.app import create_app
from connector.settings import OURS, Settings
from tests.support.service import bearing, context_of, session_of, token_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connector.clock import ManualClock
    from connector.service.context import Context
    from tests.support.book import Book

PHONE, NAME, EMAIL, WORDS = "+12125550101", "Mara", "mara@example.com", "her cello"
SECRET, PASSWORD = "s3cr3t-of-zendesk", "p4ssw0rd-of-the-database"


@pytest.fixture
def log() -> Iterator[Callable[..., io.StringIO]]:
    """Lets the log go where it can be read, as a service's settings say; undone afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    levels = {name: logging.getLogger(name).level for name in OURS}

    def configure(**settings: Any) -> io.StringIO:
        stream = io.StringIO()
        chosen = {"log_level": "DEBUG", "log_format": "json", **settings}
        logs.configure(Settings.model_validate(chosen), stream)
        return stream

    yield configure
    root.handlers[:], logging.raiseExceptions = before[0], before[2]
    root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def context(book: Book, clock: ManualClock, tmp_path: Path) -> Context:
    """A service that knows a secret."""
    return context_of(book, clock, tmp_path, zendesk_webhook_secret=SECRET)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Every line, read."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_request_has_a_line(client: TestClient, log: Callable[..., io.StringIO]) -> None:
    """Method, template of the path, status, milliseconds and the id that the answer bears."""
    stream = log()
    answer = client.get("/healthz?who=Mara")
    [line] = lines(stream)
    assert line.pop("ms") >= 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "logger": "connector.service.logs",
        "level": "info",
        "method": "GET",
        "route": "/healthz",
        "status": 200,
        "request_id": answer.headers["x-request-id"],
    }


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/v1/rings/generic?account=zendesk:acme", "/v1/rings/{provider}"),
        (f"/v1/customers/{PHONE}", logs.UNMATCHED),
        (f"/{NAME}", logs.UNMATCHED),
    ],
)
def test_a_path_is_told_by_its_template(
    client: TestClient, log: Callable[..., io.StringIO], path: str, route: str
) -> None:
    """What a stranger writes into an address does not come into the log."""
    stream = log()
    client.post(path, content=b"{}")
    assert [line["route"] for line in lines(stream) if line["event"] == "request"] == [route]
    assert PHONE not in stream.getvalue()
    assert NAME not in stream.getvalue()


def test_lines_on_the_way_bear_the_id_of_their_request(
    context: Context, log: Callable[..., io.StringIO]
) -> None:
    """Also those that are written in the thread that answers."""
    app = create_app(context)

    @app.get("/talk")
    def talk() -> None:
        logging.getLogger("connector.talk").warning("on the way")

    stream = log()
    with TestClient(app) as client:
        answer = client.get("/talk")
    told = {line["event"]: line.get("request_id") for line in lines(stream)}
    assert told["on the way"] == told["request"] == answer.headers["x-request-id"]


def test_text_for_people_is_one_line_each(
    client: TestClient, log: Callable[..., io.StringIO]
) -> None:
    """Without colours where it is no terminal."""
    stream = log(log_format="text")
    client.get("/healthz")
    [line] = stream.getvalue().splitlines()
    assert "route=/healthz" in line
    assert "\x1b" not in line


@pytest.mark.parametrize(("level", "count"), [("INFO", 1), ("WARNING", 0)])
def test_the_level_says_how_much(
    client: TestClient, log: Callable[..., io.StringIO], level: str, count: int
) -> None:
    """A request that went well is information."""
    stream = log(log_level=level)
    client.get("/healthz")
    assert len(lines(stream)) == count


def test_other_libraries_speak_only_of_trouble(log: Callable[..., io.StringIO]) -> None:
    """What they say at DEBUG, such as SQL with its values, is not ours to vouch for."""
    stream = log()
    for name in ("sqlalchemy.engine", "httpcore.http11", "sse_starlette.sse", "asyncio"):
        logging.getLogger(name).info("%s", PHONE)
        logging.getLogger(name).debug("%s", PHONE)
    assert stream.getvalue() == ""
    logging.getLogger("asyncio").warning("slow")
    assert [line["event"] for line in lines(stream)] == ["slow"]


@pytest.mark.tells
def test_an_error_is_told_without_its_words(log: Callable[..., io.StringIO]) -> None:
    """Nor with the lines of code it came through: both may quote a customer."""
    stream = log()
    try:
        int(f"{PHONE}x")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("It failed")
    [line] = lines(stream)
    assert line["error"].startswith("ValueError at test_logs.py:")
    assert PHONE not in stream.getvalue()
    assert "raise" not in stream.getvalue()


def test_secrets_are_masked_wherever_they_stand(log: Callable[..., io.StringIO]) -> None:
    """In words, in values, in addresses; those of the settings and those that look like one."""
    url = f"postgresql://remember:{PASSWORD}@db/remember"
    stream = log(zendesk_webhook_secret=SECRET, database_url=url)
    ours = logging.getLogger("connector.any")
    ours.warning("with %s", SECRET)
    ours.warning("connected to %s", url)
    ours.warning("connected to postgresql://remember:%s@db/other", PASSWORD)
    ours.warning("token rmbr_abc_d3f said")
    ours.warning("JWT eyJhbGciOi.eyJhY2NvdW50.c2lnbmF0dXJl said")
    ours.warning("it", extra={"sent": {"Authorization": "Bearer abcdef"}, "all": [SECRET]})
    ours.warning("it", extra={"kept": SecretStr(SECRET)})
    told = stream.getvalue()
    for secret in (SECRET, PASSWORD, "d3f", "eyJ", "abcdef"):
        assert secret not in told
    assert told.count(logs.MASK) == 8
    assert len(lines(stream)) == 7


def test_a_line_that_cannot_be_written_is_lost_in_silence(
    log: Callable[..., io.StringIO], capsys: pytest.CaptureFixture[str]
) -> None:
    """Otherwise Python itself prints it as it came."""
    stream = log()
    stream.close()
    logging.getLogger("connector.any").warning("of %s", NAME)
    assert capsys.readouterr() == ("", "")


def test_every_command_writes_its_log_as_the_settings_say(
    log: Callable[..., io.StringIO],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Not the service alone: a program that reads JSON reads it of a sync, too."""
    log()
    monkeypatch.setenv("REMEMBER_HOME", str(tmp_path))
    monkeypatch.setenv("REMEMBER_LOG_FORMAT", "json")
    open_settings()
    logging.getLogger("connector.any").warning("on the way")
    assert json.loads(capsys.readouterr().err)["event"] == "on the way"


def test_a_journey_leaves_no_mark_of_the_customer(
    context: Context, book: Book, clock: ManualClock, log: Callable[..., io.StringIO]
) -> None:
    """At DEBUG, whatever goes well or wrong on the way."""
    stream = log()
    token, session = token_of(book, clock, "brief:read"), session_of(book, clock)
    body = {"phone": PHONE, "about": WORDS, "customer": NAME}
    with TestClient(create_app(context), raise_server_exceptions=False) as client:
        for bearer in (token, session, "rmbr_forged_forged", ""):
            for path in ("briefs", "notes", "recall", "customers", "feedback", "verifications"):
                for sent in (body, {"phone": PHONE}, {"words": WORDS, "customer": NAME}):
                    client.post(f"/v1/{path}", json=sent, headers=bearing(bearer))
        client.post("/v1/sessions", json={"proof": "asserted", "agent": EMAIL})
        client.post("/v1/sessions", json={"proof": "zendesk", "token": session})
        client.post("/v1/webhooks/zendesk", json={"words": WORDS})
        client.get(f"/v1/agents/me/day?on={NAME}", headers=bearing(session))
    told = stream.getvalue()
    assert told.count('"event": "request"') == 4 * 6 * 3 + 4
    for mark in (PHONE, PHONE[2:], NAME, EMAIL, WORDS, token, session, "forged", SECRET):
        assert mark.casefold() not in told.casefold(), mark
