"""`POST /v1/briefs`: who is calling, for whom that is to be known, and in which words it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.service.calls import (
    ELLEN,
    MARA,
    PHONE,
    SHARED,
    Asking,
    agent_of,
    ring,
    with_a_past,
)
from tests.support.book import customer
from tests.support.service import token_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from connector.clock import ManualClock
    from connector.service.context import Context
    from tests.support.book import Book

DANIEL, DANA = "daniel@acme.example", "Dana@acme.example"
ENGLISH = {"language": "en", "unknown": [1]}


@pytest.fixture
def told(book: Book) -> dict[str, str]:
    """What was told, by kind."""
    return with_a_past(book)


@pytest.fixture
def daniel(client: TestClient, book: Book, clock: ManualClock, told: dict[str, str]) -> Asking:
    """An agent in a session."""
    assert told
    return agent_of(client, book, clock)


@pytest.fixture
def dana(client: TestClient, book: Book, clock: ManualClock) -> Asking:
    """Another agent."""
    return agent_of(client, book, clock, "12")


@pytest.fixture
def program(client: TestClient, book: Book, clock: ManualClock) -> Asking:
    """A program with an API token."""
    return Asking(client, token_of(book, clock, "brief:read", "notes:write", "sensitive:read"))


@pytest.mark.parametrize(
    ("way", "outcome"),
    [
        ({"phone": "(212) 555-0101"}, "one"),
        ({"email": "MARA@example.com"}, "one"),
        ({"customer": MARA}, "one"),
        ({"ticket": "zendesk:1"}, "one"),
        ({"phone": SHARED}, "several"),
        ({"phone": "+12125550999"}, "none"),
        ({"phone": "anonymous"}, "hidden"),
        ({"customer": "zendesk:999"}, "none"),
    ],
)
def test_every_way_to_ask(daniel: Asking, way: dict[str, Any], outcome: str) -> None:
    """Nobody found is an answer too; keys that are not known are not minded."""
    answer = daniel.post("/v1/briefs", **way, **ENGLISH)
    assert (answer.status_code, answer.json()["match"]["outcome"]) == (200, outcome)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"phone": PHONE, "email": "mara@example.com"},
        {"ring": "k", "ticket": "zendesk:1"},
        {"customer": MARA, "phone": PHONE},
        {"phone": 12125550101},
        {"phone": ""},
        {"phone": "x" * 400},
        {"customer": MARA, "about": "x" * 600},
        {"customer": MARA, "as_of": "1066-10-14T09:00:00Z"},
        {"customer": MARA, "as_of": "2026-07-07T09:00:00"},
        {"customer": MARA, "claim": "perhaps"},
    ],
    ids=range(11),
)
def test_what_is_not_as_documented_is_not_said_back(daniel: Asking, body: dict[str, Any]) -> None:
    """The answer tells what is wrong, in none of the words that were sent."""
    answer = daniel.post("/v1/briefs", **body)
    assert answer.status_code == 422
    for words in (PHONE, "mara@example.com", MARA, "xxx", "perhaps", "1066"):
        assert words not in answer.text


def test_what_makes_no_sense_is_told_without_the_words(daniel: Asking) -> None:
    """A phone that is none, a ref that is none."""
    for body in ({"phone": "Mara's phone"}, {"customer": ":"}, {"ticket": ""}):
        answer = daniel.post("/v1/briefs", **body)
        assert answer.status_code in {400, 422}
        assert "Mara" not in answer.text


def test_the_session_is_the_agents(daniel: Asking, program: Asking) -> None:
    """It asks as them, by ref or e-mail, and as nobody else; a program says for whom."""
    own = daniel.post("/v1/briefs", customer=MARA).json()
    assert own["you"]["agent"] == "zendesk:11"
    for name in ("zendesk:11", DANIEL, "DANIEL@acme.example"):
        assert daniel.post("/v1/briefs", customer=MARA, agent=name).status_code == 200
    assert daniel.post("/v1/briefs", customer=MARA, agent="zendesk:12").status_code == 403
    assert daniel.post("/v1/briefs", customer=MARA, agent=DANA).status_code == 403
    assert program.post("/v1/briefs", customer=MARA).json()["you"] is None
    asked = program.post("/v1/briefs", customer=MARA, agent=DANIEL).json()
    assert asked["you"]["agent"] == "zendesk:11"
    assert program.post("/v1/briefs", customer=MARA, agent="no@body.example").status_code == 400


def test_a_ring_is_exchanged_for_its_brief(
    daniel: Asking, client: TestClient, context: Context
) -> None:
    """By the agent whom it rings; its number stands nowhere in the answer."""
    key = ring(client, context, PHONE, DANIEL)
    answer = daniel.post("/v1/briefs", ring=key)
    assert answer.status_code == 200
    brief = answer.json()
    assert brief["match"] == {"by": "ring", "value": key, "outcome": "one", "candidates": []}
    assert (brief["customer"]["ref"], brief["verified"]) == (MARA, False)
    assert "5550101" not in answer.text


def test_a_ring_without_a_number_is_hidden(
    daniel: Asking, client: TestClient, context: Context
) -> None:
    """And stays so."""
    key = ring(client, context, None, DANIEL)
    assert daniel.post("/v1/briefs", ring=key).json()["match"]["outcome"] == "hidden"


def test_the_agent_picks_who_of_several_it_is(
    daniel: Asking, client: TestClient, context: Context
) -> None:
    """What the others may not hear waits for the caller to be verified."""
    key = ring(client, context, SHARED, DANIEL)
    several = daniel.post("/v1/briefs", ring=key).json()
    assert [one["name"] for one in several["match"]["candidates"]] == ["Bo Lind", "Ellen Park"]
    picked = daniel.post("/v1/briefs", ring=key, customer=ELLEN).json()
    assert (picked["customer"]["ref"], picked["adjustments"]) == (ELLEN, [])
    assert daniel.post("/v1/verifications", ring=key, customer=ELLEN).status_code == 201
    verified = daniel.post("/v1/briefs", ring=key, customer=ELLEN).json()
    assert [one["quote"] for one in verified["adjustments"]] == ["Do not ring the landline"]


def test_a_ring_is_nobody_elses(
    daniel: Asking, dana: Asking, program: Asking, client: TestClient, context: Context
) -> None:
    """Unknown, or another agent's: there is no such ring; a program may ask about any."""
    key = ring(client, context, PHONE, DANIEL)
    for body in ({"ring": key}, {"ring": "nothing"}, {"ring": key, "claim": True}):
        answer = dana.post("/v1/briefs", **body)
        assert answer.status_code == 404
        assert "Mara" not in answer.text
    assert program.post("/v1/briefs", ring=key).status_code == 200
    assert program.post("/v1/briefs", ring=key, agent=DANA).status_code == 404
    assert daniel.post("/v1/briefs", ring=key).status_code == 200


def test_a_ring_of_another_account_is_unknown(
    daniel: Asking, client: TestClient, context: Context, book: Book
) -> None:
    """A key opens nothing elsewhere."""
    book.record.add_account("zendesk:apex", "https://apex.zendesk.com")
    key = ring(client, context, PHONE, account="zendesk:apex")
    assert daniel.post("/v1/briefs", ring=key, claim=True).status_code == 404


def test_a_ring_of_a_group_is_the_one_agents_who_takes_it(
    daniel: Asking, dana: Asking, program: Asking, client: TestClient, context: Context
) -> None:
    """Until then it shows nothing to anybody; then it is nobody else's."""
    key = ring(client, context, PHONE)
    for asking in (daniel, program):
        refused = asking.post("/v1/briefs", ring=key)
        assert refused.status_code == 409
        assert refused.json()["type"] == "urn:remember-them:unclaimed"
        assert "Mara" not in refused.text
    taken = daniel.post("/v1/briefs", ring=key, claim=True)
    assert (taken.status_code, taken.json()["customer"]["ref"]) == (200, MARA)
    assert daniel.post("/v1/briefs", ring=key).status_code == 200
    for body in ({"ring": key}, {"ring": key, "claim": True}):
        late = dana.post("/v1/briefs", **body)
        assert late.status_code == 409
        assert late.json()["type"] == "urn:remember-them:claimed"
        assert "Mara" not in late.text


def test_what_is_counted_says_nothing_of_anybody(
    daniel: Asking, client: TestClient, context: Context
) -> None:
    """How long briefs take, how they end, and how soon after a ring."""
    key = ring(client, context, PHONE, DANIEL)
    daniel.post("/v1/briefs", ring=key)
    daniel.post("/v1/briefs", ring=key)
    daniel.post("/v1/briefs", ring="nothing")
    group = ring(client, context, PHONE, call_id="c2")
    daniel.post("/v1/briefs", ring=group)
    told = context.metrics.text().decode()
    for line in (
        'remember_briefs_total{outcome="one"} 2.0',
        'remember_briefs_total{outcome="refused"} 1.0',
        'remember_briefs_total{outcome="unclaimed"} 1.0',
        "remember_brief_seconds_count 4.0",
        "remember_ring_to_brief_seconds_count 1.0",
    ):
        assert line in told
    assert "Mara" not in told


def test_another_accounts_customers_are_unknown(daniel: Asking, book: Book) -> None:
    """The bearer's account is the only one it speaks of."""
    other = type(book)(book.database_url, "zendesk:apex", "https://apex.zendesk.com")
    other.people(customer("900", "Zoe Apex", phone="+12125550190"))
    other.record.close()
    for way in ({"phone": "+12125550190"}, {"customer": "zendesk:900"}):
        assert daniel.post("/v1/briefs", **way).json()["match"]["outcome"] == "none"
    found = daniel.post("/v1/customers", words="Zoe").json()
    assert found == {"version": 1, "customers": []}


def test_who_may_not_read_briefs_reads_none(
    client: TestClient, book: Book, clock: ManualClock, told: dict[str, str]
) -> None:
    """Nobody: 401. Without the scope: 403, on every path that tells of customers."""
    assert told
    deaf = agent_of(client, book, clock, scopes=["ring:write"])
    calls = {"ticket": "zendesk:1", "customer": MARA}
    asks = [
        ("/v1/briefs", {"customer": MARA}),
        ("/v1/recall", {"words": "x"}),
        ("/v1/customers", {"words": "mara"}),
        ("/v1/notes", {"words": "x", "customer": MARA}),
        ("/v1/feedback", {"verdict": "wrong", "memory": "n1"}),
        ("/v1/verifications", calls),
        ("/v1/memories/n1/reveal", calls),
    ]
    for path, body in asks:
        assert deaf.post(path, **body).status_code == 403, path
        assert client.post(path, json=body).status_code == 401, path
    for path in ("/v1/agents/me/day", "/v1/agents/me/regulars"):
        assert deaf.get(path).status_code == 403
        assert client.get(path).status_code == 401
