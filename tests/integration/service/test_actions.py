"""What an agent does with a brief: verify, reveal, note, search, and say what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from memory.record import tables as t
from tests.integration.service.calls import (
    ELLEN,
    MARA,
    PHONE,
    SECRETS,
    Asking,
    agent_of,
    ring,
    with_a_past,
)
from tests.support.book import AS_OF, ago, customer
from tests.support.service import token_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from connector.clock import ManualClock
    from connector.service.context import Context
    from tests.support.book import Book

DANIEL = "daniel@acme.example"
CALL = {"ticket": "zendesk:1", "customer": MARA}


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


def _brief(asking: Asking, **more: Any) -> dict[str, Any]:
    brief: dict[str, Any] = asking.post("/v1/briefs", **{**CALL, **more}).json()
    return brief


def test_a_caller_is_verified_for_one_agent_and_one_call(
    daniel: Asking, dana: Asking, client: TestClient, context: Context
) -> None:
    """On a ticket or a ring of the agent's own."""
    answer = daniel.post("/v1/verifications", **CALL)
    assert answer.status_code == 201
    assert answer.json() == {"version": 1, "customer": MARA, "until": "2026-07-07T11:00:00Z"}
    assert _brief(daniel)["verified"]
    assert not _brief(daniel, ticket="zendesk:2")["verified"]
    assert not _brief(dana)["verified"]
    assert not daniel.post("/v1/briefs", customer=MARA).json()["verified"]
    key = ring(client, context, PHONE, DANIEL)
    assert dana.post("/v1/verifications", ring=key, customer=MARA).status_code == 404
    assert daniel.post("/v1/verifications", ring=key, customer=MARA).status_code == 201
    assert daniel.post("/v1/briefs", ring=key).json()["verified"]


def test_a_verification_is_over_after_two_hours(
    daniel: Asking, client: TestClient, book: Book, clock: ManualClock
) -> None:
    """However often the session is renewed."""
    daniel.post("/v1/verifications", **CALL)
    clock.advance(7199)
    again = agent_of(client, book, clock)
    assert _brief(again)["verified"]
    clock.advance(1)
    assert not _brief(again)["verified"]


def test_a_verification_is_over_soon_after_the_ring(
    daniel: Asking, client: TestClient, context: Context, book: Book, clock: ManualClock
) -> None:
    """Half an hour to write down what was said; then the call cannot be verified any more."""
    key = ring(client, context, PHONE, DANIEL)
    daniel.post("/v1/verifications", ring=key, customer=MARA)
    ring(client, context, PHONE, DANIEL, state="answered")
    ring(client, context, PHONE, DANIEL, state="ended")
    clock.advance(1799)
    again = agent_of(client, book, clock)
    assert again.post("/v1/briefs", ring=key).json()["verified"]
    clock.advance(1)
    assert not again.post("/v1/briefs", ring=key).json()["verified"]
    assert again.post("/v1/verifications", ring=key, customer=MARA).status_code == 403


def test_an_unclaimed_ring_cannot_be_verified(
    daniel: Asking, client: TestClient, context: Context
) -> None:
    """Nobody speaks with the caller yet."""
    key = ring(client, context, PHONE)
    answer = daniel.post("/v1/verifications", ring=key, customer=MARA)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:remember-them:unclaimed")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"customer": MARA}, 422),
        ({"ticket": "zendesk:1"}, 422),
        ({"ring": "k", **CALL}, 422),
        ({"ticket": "zendesk:1", "customer": "zendesk:999"}, 404),
        ({"ticket": "freshdesk:1", "customer": MARA}, 400),
        ({"ring": "nothing", "customer": MARA}, 404),
        ({"agent": "zendesk:12", **CALL}, 403),
    ],
    ids=range(7),
)
def test_what_cannot_be_verified(daniel: Asking, body: dict[str, Any], status: int) -> None:
    """A call and a customer it takes, and the agent's own word."""
    assert daniel.post("/v1/verifications", **body).status_code == status


@pytest.mark.parametrize("kind", ["bereavement", "access_need", "promise", "hardship", "note"])
def test_what_is_hidden_is_revealed_and_hidden_again(
    daniel: Asking, told: dict[str, str], book: Book, kind: str
) -> None:
    """To the agent who verified the caller, written down with the proof of who they are."""
    path = f"/v1/memories/{told[kind]}/reveal"
    refused = daniel.post(path, **CALL)
    assert refused.status_code == 403
    daniel.post("/v1/verifications", **CALL)
    shown = daniel.post(path, **CALL)
    assert shown.status_code == 200
    assert any(words in shown.json()["quote"] for words in SECRETS)
    assert not any(words in refused.text for words in SECRETS)
    assert book.seen()[-1] == ("zendesk:11", "zendesk", f"reveal:{told[kind]}")
    assert not any(words in str(_brief(daniel)) for words in SECRETS)


def test_what_is_revealed_to_one_stays_hidden_to_others(
    daniel: Asking, dana: Asking, told: dict[str, str], program: Asking
) -> None:
    """Another agent, another call, another customer; a program says for whom it asks."""
    daniel.post("/v1/verifications", **CALL)
    path = f"/v1/memories/{told['bereavement']}/reveal"
    assert dana.post(path, **CALL).status_code == 403
    assert daniel.post(path, ticket="zendesk:2", customer=MARA).status_code == 403
    assert daniel.post(path, ticket="zendesk:1", customer=ELLEN).status_code == 403
    other = f"/v1/memories/{told['health_of_ellen']}/reveal"
    assert daniel.post(other, **CALL).status_code == 404
    assert program.post(path, **CALL).status_code == 400
    assert program.post(path, agent=DANIEL, **CALL).status_code == 200


def test_without_the_scope_nothing_is_revealed(
    client: TestClient, book: Book, clock: ManualClock, daniel: Asking, told: dict[str, str]
) -> None:
    """Though the caller is verified."""
    daniel.post("/v1/verifications", **CALL)
    reader = agent_of(client, book, clock, scopes=["brief:read", "notes:write"])
    path = f"/v1/memories/{told['bereavement']}/reveal"
    assert reader.post(path, **CALL).status_code == 403


def test_a_note_is_in_the_next_brief(daniel: Asking, book: Book) -> None:
    """Signed by the agent; a question mark makes it a thing to check."""
    answer = daniel.post("/v1/notes", words="prefers mornings ?Ashgrove", customer=MARA)
    assert answer.status_code == 201
    daniel.post("/v1/verifications", **CALL)
    brief = _brief(daniel)
    assert answer.json() == {"version": 1, "note": brief["context"][0]["memory"]}
    assert brief["check"][0]["what"] == "Ashgrove"
    (note,) = [row for row in book.rows(t.note) if row["id"] == answer.json()["note"]]
    assert (note["agent_id"], note["due"]) == ("11", False)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("", 422),
        ("x" * 2001, 422),
        (" \n ", 400),
        ("she is a Catholic and prays for us", 400),
    ],
    ids=range(4),
)
def test_what_cannot_be_noted(daniel: Asking, words: str, status: int) -> None:
    """Nothing, too much, or what is never kept; and it is not said back."""
    answer = daniel.post("/v1/notes", words=words, customer=MARA)
    assert answer.status_code == status
    assert "Catholic" not in answer.text
    assert "xxxx" not in answer.text


def test_a_note_of_nobody_or_of_who_opted_out_is_not_taken(
    daniel: Asking, context: Context
) -> None:
    """Nothing is kept of them."""
    assert daniel.post("/v1/notes", words="x", customer="zendesk:999").status_code == 404
    context.memories["zendesk:acme"].opt_out(MARA)
    assert daniel.post("/v1/notes", words="x", customer=MARA).status_code == 400


def test_a_correction_stays_said(daniel: Asking, told: dict[str, str]) -> None:
    """What is outdated is no longer in the brief."""
    daniel.post("/v1/verifications", **CALL)
    assert "sailing" in str(_brief(daniel))
    answer = daniel.post("/v1/feedback", verdict="outdated", memory=told["interest"])
    assert (answer.status_code, answer.content) == (204, b"")
    assert "sailing" not in str(_brief(daniel))


def test_what_helped_is_kept_with_whom(
    daniel: Asking, told: dict[str, str], book: Book, program: Asking
) -> None:
    """A program says who it was."""
    body = {"verdict": "helped", "memory": told["interest"]}
    assert daniel.post("/v1/feedback", **body).status_code == 204
    assert program.post("/v1/feedback", **body).status_code == 400
    assert program.post("/v1/feedback", agent="zendesk:12", **body).status_code == 204
    rows = {(row["memory_id"], row["agent_id"], row["customer_id"]) for row in book.rows(t.helped)}
    assert rows == {(told["interest"], who, "100") for who in ("11", "12")}


def test_two_who_are_one_are_one_until_it_is_taken_back(daniel: Asking, book: Book) -> None:
    """A number that both have is then one person's."""
    book.people(customer("103", "Ellen P.", phone="+12125550103"))
    book.people(customer("104", "Ellen Park", phone="+12125550103"))
    way = {"phone": "+12125550103"}

    def outcome() -> str:
        found: str = daniel.post("/v1/briefs", **way).json()["match"]["outcome"]
        return found

    assert outcome() == "several"
    said = {"verdict": "same_person", "customer": "zendesk:103", "other": "zendesk:104"}
    assert daniel.post("/v1/feedback", **said).status_code == 204
    assert outcome() == "one"
    back = {"verdict": "different_person", "customer": "zendesk:104"}
    assert daniel.post("/v1/feedback", **back).status_code == 204
    assert outcome() == "several"


def test_an_agent_is_not_offered_to_whom_they_say(daniel: Asking) -> None:
    """To this customer, until they say otherwise."""
    assert _brief(daniel)["preferred_agent"]["is_you"]
    for verdict, offered in (("do_not_offer", False), ("offer_again", True)):
        answer = daniel.post("/v1/feedback", verdict=verdict, customer=MARA)
        assert answer.status_code == 204
        assert (_brief(daniel)["preferred_agent"] is not None) == offered
        (regular,) = daniel.get("/v1/agents/me/regulars").json()["regulars"]
        assert (regular["preferred"], regular["offered"]) == (offered, offered)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"verdict": "splendid", "memory": "n1"}, 422),
        ({"verdict": "wrong"}, 422),
        ({"verdict": "wrong", "memory": "nothing"}, 404),
        ({"verdict": "helped", "memory": "nothing"}, 404),
        ({"verdict": "same_person", "customer": MARA}, 422),
        ({"verdict": "same_person", "customer": MARA, "other": MARA}, 400),
        ({"verdict": "same_person", "customer": MARA, "other": "zendesk:999"}, 404),
        ({"verdict": "do_not_offer", "customer": "zendesk:999"}, 404),
        ({"verdict": "do_not_offer", "customer": MARA, "agent": "zendesk:12"}, 403),
    ],
    ids=range(9),
)
def test_feedback_that_cannot_be_heard(daniel: Asking, body: dict[str, Any], status: int) -> None:
    """It is said why."""
    answer = daniel.post("/v1/feedback", **body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_day_and_the_regulars_are_a_sessions(daniel: Asking, program: Asking) -> None:
    """A token is no agent's; a day is a day of this century."""
    assert daniel.get("/v1/agents/me/day").json()["on"] == AS_OF.date().isoformat()
    on = ago(2).date().isoformat()
    assert daniel.get(f"/v1/agents/me/day?on={on}").json()["on"] == on
    for path in ("/v1/agents/me/day", "/v1/agents/me/regulars"):
        assert program.get(path).status_code == 403
    for wrong in ("tomorrow", "1066-10-14", "2026-02-30", "9999-12-31"):
        answer = daniel.get(f"/v1/agents/me/day?on={wrong}")
        assert answer.status_code == 422
        assert wrong not in answer.text


def test_the_rings_of_the_day_tell_no_number(
    daniel: Asking, client: TestClient, context: Context
) -> None:
    """Who it was, where that is known."""
    key = ring(client, context, PHONE, DANIEL)
    answer = daniel.get("/v1/agents/me/day")
    assert answer.json()["rings"] == [
        {
            "ring": key,
            "at": "2026-07-07T09:00:00Z",
            "state": "ringing",
            "direction": "inbound",
            "answered": False,
            "customer": {"ref": MARA, "name": "Mara Lindqvist"},
        }
    ]
    assert PHONE not in answer.text


@pytest.mark.parametrize("caller", [None, PHONE, "+12125550102"])
def test_who_was_verified_is_who_called(
    daniel: Asking, client: TestClient, context: Context, book: Book, caller: str | None
) -> None:
    """Whatever number it was, the ring is theirs from then on, through its end."""
    key = ring(client, context, caller, DANIEL)
    ellen = {"ref": ELLEN, "name": "Ellen Park"}
    assert daniel.post("/v1/verifications", ring=key, customer=ELLEN).status_code == 201
    assert daniel.get("/v1/agents/me/day").json()["rings"][0]["customer"] == ellen
    ring(client, context, caller, DANIEL, state="ended")
    assert daniel.get("/v1/agents/me/day").json()["rings"][0]["customer"] == ellen
    assert [row["customer_id"] for row in book.rows(t.ring)] == ["101"]


def test_a_customer_is_searched_in_a_body(daniel: Asking) -> None:
    """Names and last contacts alone."""
    answer = daniel.post("/v1/customers", words="lindq")
    assert answer.json() == {
        "version": 1,
        "customers": [
            {
                "ref": MARA,
                "name": "Mara Lindqvist",
                "organization": None,
                "last_contact_on": "2026-07-05",
            }
        ],
    }
    assert daniel.post("/v1/customers", words=" ").status_code == 400
    assert daniel.post("/v1/customers", words="x" * 501).status_code == 422
