"""What the service shows stands in the access log: a reveal before it is shown, a look after."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from connector.clock import ManualClock
from connector.service import looks
from connector.service.app import create_app
from connector.service.bearers import Principal
from memory.errors import RecordError
from memory.record import tables as t
from memory.record import tokens
from tests.support.book import AS_OF, customer
from tests.support.service import bearing, context_of, session_of, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.service.context import Context
    from tests.support.book import Book

MARA, ELLEN = "zendesk:100", "zendesk:101"
SECRET = "My friend Ruth died"


@pytest.fixture
def clock() -> ManualClock:
    """A Tuesday morning that goes on only when told."""
    return ManualClock(AS_OF)


@pytest.fixture
def context(known: Book, clock: ManualClock, tmp_path: Path) -> Context:
    """What the service works with."""
    return context_of(known, clock, tmp_path)


@pytest.fixture
def client(context: Context) -> Iterator[TestClient]:
    """Asks the running service."""
    with TestClient(create_app(context)) as asking:
        yield asking


@pytest.fixture
def bearer(known: Book, clock: ManualClock) -> str:
    """Daniel's."""
    return session_of(known, clock)


def _log(book: Book, context: Context) -> list[dict[str, Any]]:
    """The entries, once all looks are written, with the customer each is of."""
    context.looks.flush()
    whose = {row["alias"]: row["customer_id"] for row in book.rows(t.alias)}
    return [{**row, "customer": whose.get(row["alias"])} for row in book.rows(t.access)]


def _ask(client: TestClient, bearer: str, path: str, **body: Any) -> Any:
    return client.post(path, json=body, headers=bearing(bearer))


def test_a_brief_is_logged_with_who_how_from_where_and_of_whom(
    known: Book, context: Context, client: TestClient, bearer: str
) -> None:
    """Only that of a customer who is known; which call it was about is keyed."""
    assert _ask(client, bearer, "/v1/briefs", ticket="zendesk:1").status_code == 200
    assert _ask(client, bearer, "/v1/briefs", phone="+12125550177").status_code == 200
    (entry,) = _log(known, context)
    assert (entry["agent"], entry["proof"], entry["source"]) == ("zendesk:11", "zendesk", "service")
    assert (entry["what"], entry["customer"], entry["at"]) == ("brief", "100", AS_OF)
    assert known.seen("100", "ticket:1") == [("zendesk:11", "zendesk", "brief:ticket:1")]


def test_a_brief_waits_for_nobody_who_writes(
    known: Book, context: Context, client: TestClient, bearer: str
) -> None:
    """While another holds the record it is answered; the entry follows when they are done."""
    with known.record.writing(known.account):
        assert _ask(client, bearer, "/v1/briefs", customer=MARA).json()["customer"]["ref"] == MARA
        assert _ask(client, bearer, "/v1/briefs", customer=ELLEN).status_code == 200
        assert known.rows(t.access) == []
    assert [one["customer"] for one in _log(known, context)] == ["100", "101"]


def test_one_look_is_one_entry(
    known: Book, context: Context, client: TestClient, bearer: str, clock: ManualClock
) -> None:
    """Once for an agent and customer in a call, for as long as one lasts; without one, ten minutes.

    Another call, another agent and another customer are other looks.
    """
    for _ in range(3):
        _ask(client, bearer, "/v1/briefs", customer=MARA)
    assert len(_log(known, context)) == 1
    _ask(client, bearer, "/v1/briefs", ticket="zendesk:1")
    _ask(client, bearer, "/v1/briefs", ticket="zendesk:7")
    _ask(client, session_of(known, clock, "12"), "/v1/briefs", customer=MARA)
    told = [(one["agent"], one["customer"]) for one in _log(known, context)]
    assert told[1:] == [("zendesk:11", "100"), ("zendesk:11", "101"), ("zendesk:12", "100")]
    clock.advance(601)
    bearer = session_of(known, clock)
    _ask(client, bearer, "/v1/briefs", customer=MARA)
    _ask(client, bearer, "/v1/briefs", ticket="zendesk:1")
    assert len(_log(known, context)) == 5
    clock.advance(7200)
    _ask(client, session_of(known, clock), "/v1/briefs", ticket="zendesk:1")
    assert len(_log(known, context)) == 6


def test_who_is_one_with_them_was_seen_as_well(
    known: Book, context: Context, client: TestClient, bearer: str
) -> None:
    """A brief of either tells of both."""
    memory = context.memories["zendesk:acme"]
    memory.same_person(MARA, ELLEN)
    _ask(client, bearer, "/v1/briefs", customer=ELLEN)
    assert sorted(one["customer"] for one in _log(known, context)) == ["100", "101"]


def test_whose_name_stood_in_a_list(
    known: Book, context: Context, client: TestClient, bearer: str
) -> None:
    """Found by words, or one of several who share a number: each is `listed`."""
    _ask(client, bearer, "/v1/customers", words="Mara")
    _ask(client, bearer, "/v1/customers", words="nobody")
    known.people(customer("101", "Ellen Park", phone="+12125550101"))
    told = _ask(client, bearer, "/v1/briefs", phone="+12125550101").json()
    assert (told["match"]["outcome"], told["customer"]) == ("several", None)
    assert [(one["what"], one["customer"]) for one in _log(known, context)] == [
        ("listed", "100"),
        ("listed", "101"),
    ]


def test_what_is_an_agents_own_is_one_look_a_day(
    known: Book, context: Context, client: TestClient, clock: ManualClock
) -> None:
    """A page asks for it again and again: the customers they know, and whom they talked to."""
    for ticket in ("1", "8", "9"):
        known.ticket(ticket, at=AS_OF)
        known.say(ticket, "It is on its way.", author_id="11", at=AS_OF)
        known.contact(ticket, "11", 30, at=AS_OF)
    for _ in range(2):
        for own in ("regulars", "day"):
            headers = bearing(session_of(known, clock))
            assert client.get(f"/v1/agents/me/{own}", headers=headers).status_code == 200
        clock.advance(3600)
    told = [(one["what"], one["customer"]) for one in _log(known, context)]
    assert told == [("regulars", "100"), ("day", "100")]


@pytest.fixture
def app_token(known: Book, clock: ManualClock) -> str:
    """That of the installed app."""
    with known.record.writing(known.account) as writer:
        _, text = tokens.create(
            writer.connection,
            known.number,
            name="Zendesk app",
            scopes=tokens.AGENT_SCOPES,
            at=clock.now(),
        )
    return text


def test_from_where_is_the_installed_app_by_name(
    known: Book, context: Context, client: TestClient, app_token: str
) -> None:
    """With its own token and in sessions that it asserts; in a sign-in link's it is the service."""
    session = client.post(
        "/v1/sessions",
        json={"proof": "asserted", "agent": "dana@acme.example"},
        headers=bearing(app_token),
    ).json()["bearer"]
    _ask(client, session, "/v1/briefs", customer=MARA)
    _ask(client, app_token, "/v1/briefs", customer=MARA, agent="daniel@acme.example")
    _ask(client, app_token, "/v1/briefs", customer=MARA)
    link = token_of(known, context.clock, *tokens.AGENT_SCOPES, agent_id="11")
    session = client.post("/v1/sessions", json={"proof": "link", "token": link}).json()["bearer"]
    _ask(client, session, "/v1/briefs", customer=MARA)
    told = [(one["agent"], one["proof"], one["source"]) for one in _log(known, context)]
    assert [one[1:] for one in told] == [
        ("asserted", "service:Zendesk app"),
        ("token", "service:Zendesk app"),
        ("token", "service:Zendesk app"),
        ("link", "service"),
    ]
    assert [one[0] for one in told[:2]] == ["zendesk:12", "zendesk:11"]
    assert told[2][0].startswith("token:")


def test_a_reveal_and_a_verification_are_written_before_they_are_answered(
    known: Book, context: Context, client: TestClient, app_token: str
) -> None:
    """From where is in them, too; a note and a search follow."""
    memory = known.told("bereavement", SECRET, relation="friend")
    session = client.post(
        "/v1/sessions",
        json={"proof": "asserted", "agent": "daniel@acme.example"},
        headers=bearing(app_token),
    ).json()["bearer"]
    caller = {"customer": MARA, "ticket": "zendesk:1"}
    assert _ask(client, session, "/v1/verifications", **caller).status_code == 201
    assert [row["what"] for row in known.rows(t.access)] == ["verify"]
    assert _ask(client, session, f"/v1/memories/{memory}/reveal", **caller).status_code == 200
    assert [row["what"] for row in known.rows(t.access)] == ["verify", "reveal"]
    told = _ask(client, session, "/v1/notes", customer=MARA, words="prefers mornings")
    note = told.json()["note"]
    entries = _log(known, context)
    assert {one["source"] for one in entries} == {"service:Zendesk app"}
    assert known.seen("100", "ticket:1") == [
        ("zendesk:11", "asserted", "verify:ticket:1"),
        ("zendesk:11", "asserted", f"reveal:{memory}"),
        ("zendesk:11", "asserted", f"note:{note}"),
    ]


def test_what_an_agent_says_of_a_memory_or_a_customer_is_logged(
    known: Book, context: Context, client: TestClient, app_token: str
) -> None:
    """A correction with the memory it is of; that two are one, of both."""
    memory = known.told("interest", "I love sailing")
    by = {"agent": "daniel@acme.example"}
    said = [
        {"verdict": "outdated", "memory": memory},
        {"verdict": "same_person", "customer": MARA, "other": ELLEN},
        {"verdict": "different_person", "customer": MARA},
    ]
    for one in said:
        assert _ask(client, app_token, "/v1/feedback", **one, **by).status_code == 204
    entries = _log(known, context)
    assert [(one["what"], one["customer"]) for one in entries] == [
        ("outdated", "100"),
        ("same_person", "100"),
        ("same_person", "101"),
        ("different_person", "100"),
    ]
    assert {(one["agent"], one["source"]) for one in entries} == {
        ("zendesk:11", "service:Zendesk app")
    }
    assert known.seen("100")[0] == ("zendesk:11", "token", f"outdated:{memory}")


def test_nothing_of_what_was_seen_stands_in_the_log(
    known: Book, context: Context, client: TestClient, bearer: str
) -> None:
    """No word, no name, no ref and no id of a memory."""
    memory = known.told("bereavement", SECRET, relation="friend")
    caller = {"customer": MARA, "ticket": "zendesk:1"}
    _ask(client, bearer, "/v1/verifications", **caller)
    _ask(client, bearer, "/v1/briefs", ticket="zendesk:1")
    _ask(client, bearer, f"/v1/memories/{memory}/reveal", **caller)
    assert len(_log(known, context)) == 3
    told = str(known.rows(t.access))
    assert not any(one in told for one in (SECRET, "Ruth", "Mara", MARA, "'100'", memory))


def test_a_stop_writes_what_still_waits(known: Book, clock: ManualClock, tmp_path: Path) -> None:
    """The last look before it, however busy the record was then."""
    context = context_of(known, clock, tmp_path)
    with TestClient(create_app(context)) as client, known.record.writing(known.account):
        _ask(client, session_of(known, clock), "/v1/briefs", customer=MARA)
        _ask(client, session_of(known, clock), "/v1/briefs", customer=ELLEN)
    assert len(known.rows(t.access)) == 2


class Stuck:
    """A memory whose record cannot be written, until it can."""

    def __init__(self) -> None:
        self.tried = threading.Event()
        self.mended = False
        self.written: list[str] = []

    def write_down(self, seen: list[Any]) -> None:
        """Fail as a record does, or keep whom they are of."""
        self.tried.set()
        if not self.mended:
            raise RecordError("The disk is full.")
        self.written += [one.customer for one in seen]


def _look(waiting: looks.Looks, memory: Any, customer: str) -> None:
    who = Principal("zendesk:acme", "zendesk:11", frozenset(), "zendesk", None)
    asyncio.run(waiting.look(memory, who, "brief", [customer], agent=None, call=None, at=AS_OF))


def test_what_could_not_be_written_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """In its order, with what came after."""
    monkeypatch.setattr(looks, "_AGAIN_SECONDS", 0.01)
    waiting, stuck = looks.Looks(), Stuck()
    _look(waiting, stuck, MARA)
    assert stuck.tried.wait(10)
    _look(waiting, stuck, ELLEN)
    stuck.mended = True
    waiting.flush()
    assert stuck.written == [MARA, ELLEN]
    waiting.close()
    _look(waiting, stuck, "zendesk:102")
    waiting.flush()
    assert stuck.written[2:] == ["zendesk:102"]
    waiting.close()


def test_a_stop_that_cannot_write_says_how_much_is_lost(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A number, and of nobody."""
    waiting, stuck = looks.Looks(), Stuck()
    _look(waiting, stuck, MARA)
    assert stuck.tried.wait(10)
    with caplog.at_level(logging.WARNING):
        waiting.close()
    assert "1 looks at customers could not be written down" in caplog.text
    assert MARA not in caplog.text
    assert stuck.written == []
