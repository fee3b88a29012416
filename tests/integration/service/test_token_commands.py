"""`remember token`: tokens are made, listed and taken back, and what is made opens the service."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from connector.clock import SystemClock
from connector.doctor import examine
from connector.service.app import create_app
from connector.settings import Settings
from memory.record import tokens
from memory.workplace import Workplace
from tests.support.command import remember
from tests.support.house import Told
from tests.support.service import bearing, context_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.book import Book

    Run = Callable[..., Told]


@pytest.fixture
def run(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs `remember token` in the folder of the record."""
    assert book.number
    monkeypatch.setenv("REMEMBER_HOME", str(tmp_path))

    def run(*arguments: str) -> Told:
        code = remember("token", *arguments)
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return run


@pytest.fixture
def service(book: Book, tmp_path: Path) -> TestClient:
    """Asks the service of that record, by the machine's own clock."""
    return TestClient(create_app(context_of(book, SystemClock(), tmp_path)))


def _created(run: Run, *arguments: str) -> dict[str, Any]:
    done = run("create", *arguments, "--json")
    assert done.code == 0, done.err
    document: dict[str, Any] = done.document
    return document


def _lasts(made: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])


def test_a_token_is_made_for_a_program(run: Run, book: Book) -> None:
    """The document holds its secret, which the record does not; it is good for a year."""
    made = _created(run, "Zendesk app", "--scope", "brief:read", "--scope", "notes:write")
    assert made["version"] == 1
    assert made["account"] == "zendesk:acme"
    assert made["name"] == "Zendesk app"
    assert made["scopes"] == ["brief:read", "notes:write"]
    assert (made["agent"], made["state"]) == (None, "good")
    assert _lasts(made) == timedelta(days=365)
    assert re.fullmatch(r"rmbr_[0-9a-f]{12}_[\w-]{43}", made["secret"])
    with book.record.reading() as connection:
        token = tokens.proven(connection, [book.number], made["secret"])
    assert token is not None
    assert token.id == made["id"]


def test_a_token_may_be_good_until_it_is_revoked(run: Run) -> None:
    """Where that is what is asked for."""
    assert _created(run, "App", "--scope", "brief:read", "--hours", "0")["expires_at"] is None


def test_the_doctor_says_which_token_is_about_to_end(run: Run, book: Book, tmp_path: Path) -> None:
    """Of programs alone, a month before: a link is made for a day, and nobody is shut out by it."""
    ending = _created(run, "App", "--scope", "brief:read", "--hours", "700")["id"]
    _created(run, "Other", "--scope", "brief:read")
    _created(run, "For good", "--scope", "brief:read", "--hours", "0")
    _created(run, "Page", "--agent", "dana@acme.example")
    place = Workplace(book.database_url, tmp_path / "index")
    found = [one for one in examine(Settings(home=tmp_path), place, {}) if one.check == "token"]
    assert [(one.ok, one.detail) for one in found] == [
        (False, f"zendesk:acme: token {ending} ends in 29 days")
    ]


def test_what_is_made_opens_the_service(run: Run, service: TestClient) -> None:
    """A token opens sessions of agents for its app; a sign-in link opens its agent's."""
    app_token = _created(run, "App", "--scope", "brief:read")["secret"]
    body = {"proof": "asserted", "agent": "dana@acme.example"}
    told = service.post("/v1/sessions", json=body, headers=bearing(app_token))
    assert told.json()["agent"]["ref"] == "zendesk:12"
    link = _created(run, "Daniel's page", "--agent", "daniel@acme.example")["link"]
    told = service.post("/v1/sessions", json={"proof": "link", "token": link.split("#link=")[1]})
    assert told.json()["agent"]["ref"] == "zendesk:11"


def test_a_sign_in_link_is_good_for_a_shift(run: Run) -> None:
    """It is the agent's by ref or e-mail, allows what an agent needs, and leads to this machine."""
    made = _created(run, "Page", "--agent", "zendesk:11")
    assert made["agent"] == "zendesk:11"
    assert made["scopes"] == ["brief:read", "notes:write", "sensitive:read"]
    assert made["link"].startswith("http://127.0.0.1:8787/#link=rmbr_")
    assert "secret" not in made
    assert _lasts(made) == timedelta(hours=12)


def test_a_sign_in_link_leads_to_where_the_service_is_reached(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PUBLIC_URL; the secret stands in the fragment, which browsers send to nobody."""
    monkeypatch.setenv("REMEMBER_PUBLIC_URL", "https://remember.acme.example/")
    made = _created(run, "Page", "--agent", "dana@acme.example", "--scope", "brief:read")
    assert made["link"].startswith("https://remember.acme.example/#link=rmbr_")
    assert made["scopes"] == ["brief:read"]


def test_hours_end_a_token(run: Run) -> None:
    """One of a program, too."""
    made = _created(run, "Tonight", "--scope", "ring:write", "--hours", "0.5")
    left = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta() < left <= timedelta(minutes=30)


def test_people_are_told_once_what_was_made(run: Run) -> None:
    """The secret in a line of its own, to be copied."""
    done = run("create", "App", "--scope", "brief:read,notes:write")
    assert done.code == 0
    lines = done.out.splitlines()
    assert re.fullmatch(r"rmbr_[0-9a-f]{12}_[\w-]{43}", lines[1])
    assert "shown this once" in lines[2]
    assert lines[1] not in run("list").out


def test_tokens_are_listed_without_their_secrets(run: Run) -> None:
    """With what they are for, whose they are and whether they are good."""
    first = _created(run, "App", "--scope", "ring:write")
    second = _created(run, "Page", "--agent", "zendesk:12")
    done = run("list", "--json")
    listed = done.document["tokens"]
    assert [one["id"] for one in listed] == [first["id"], second["id"]]
    assert [one["agent"] for one in listed] == [None, "zendesk:12"]
    assert {one["state"] for one in listed} == {"good"}
    assert first["secret"] not in done.out
    assert second["link"].rpartition("_")[2] not in done.out
    table = run("list").out
    assert first["id"] in table
    assert "ring:write" in table


def test_no_tokens_are_listed_in_words(run: Run) -> None:
    """And how to make one."""
    assert "remember token create" in run("list").out
    assert run("list", "--json").document["tokens"] == []


def test_a_token_is_taken_back(run: Run, service: TestClient) -> None:
    """It opens nothing from then on, and the list says so; to take it back twice is no error."""
    made = _created(run, "App", "--scope", "brief:read")
    assert run("revoke", made["id"], "--json").document["revoked"] == made["id"]
    assert made["id"] in run("revoke", made["id"]).out
    [listed] = run("list", "--json").document["tokens"]
    assert listed["state"] == "revoked"
    body = {"proof": "asserted", "agent": "zendesk:12"}
    answer = service.post("/v1/sessions", json=body, headers=bearing(made["secret"]))
    assert answer.status_code == 401


def test_there_is_nothing_to_take_back_under_another_id(run: Run) -> None:
    """Exit code 5, and where ids are shown."""
    done = run("revoke", "000000000000", "--json")
    assert done.code == 5
    assert "remember token list" in done.problem["hint"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["App"],
        ["App", "--scope", "everything"],
        ["App", "--scope", ""],
        ["", "--scope", "brief:read"],
        ["x" * 81, "--scope", "brief:read"],
        ["a\x1bb", "--scope", "brief:read"],
        ["Page", "--agent", "nobody@acme.example"],
        ["Page", "--agent", "gone@acme.example"],
        ["Page", "--agent", "zendesk:100"],
        ["App", "--scope", "brief:read", "--hours", "-1"],
        ["Page", "--agent", "dana@acme.example", "--hours", "0"],
        ["App", "--scope", "brief:read", "--hours", "1e9"],
        ["App", "--scope", "brief:read", "--hours", "nan"],
        ["App", "--scope", "brief:read", "--account", "zendesk:other"],
    ],
    ids=lambda arguments: " ".join(repr(one)[1:20] for one in arguments),
)
def test_what_makes_no_token_is_said(run: Run, arguments: list[str]) -> None:
    """Exit code 2, one problem document, and no token."""
    done = run("create", *arguments, "--json")
    assert done.code == 2
    assert done.problem["detail"]
    assert done.out == ""
    assert run("list", "--json").document["tokens"] == []
