"""`POST /v1/recall`, and `about` of a brief: as far as the caller is verified, with the model."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from memory.text.encoder import Encoder
from memory.text.sentences import spoken
from tests.integration.service.calls import MARA, Asking, agent_of
from tests.support.book import customer
from tests.support.service import token_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from connector.clock import ManualClock
    from tests.support.book import Book

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("model")]

SAID = "The router drops every evening at eight."
GRIEF = "My friend Ruth died in spring."
CALL = {"ticket": "zendesk:1", "customer": MARA}


@pytest.fixture
def daniel(client: TestClient, book: Book, clock: ManualClock) -> Asking:
    """An agent; Mara spoke of her router and of Ruth, and so did Ellen of hers."""
    book.people(customer("101", "Ellen Park"))
    encoder = Encoder.load(threads=1)

    def vector(words: str) -> Any:
        return encoder.encode([words])[0].tolist()

    book.ticket("1")
    for words in (SAID, GRIEF):
        book.sentence("1", words, vector(spoken("customer", words)))
    book.ticket("2", "101", subject="Router drops")
    book.issue("2", "Router drops", customer_id="101", vector=vector("Router drops"))
    book.ticket("3", "101", subject="Cancel my late husband's line")
    told = "Cancel my late husband's line"
    book.issue("3", told, customer_id="101", vector=vector(told), sensitive=True)
    return agent_of(client, book, clock)


def test_a_history_is_searched_once_the_caller_is_verified(daniel: Asking) -> None:
    """Issues of others that are like it are there before; what is hidden, in neither."""
    words = "router drops in the evening"
    before = daniel.post("/v1/recall", words=words, **CALL)
    assert before.status_code == 200
    assert (before.json()["version"], before.json()["query"]) == (1, words)
    assert before.json()["hits"] == []
    assert before.json()["like_issues"][0]["title"] == "Router drops"
    daniel.post("/v1/verifications", **CALL)
    after = daniel.post("/v1/recall", words=words, **CALL).json()
    assert after["hits"][0]["quote"] == SAID
    assert after["like_issues"] == before.json()["like_issues"]
    other = daniel.post("/v1/recall", words=words, ticket="zendesk:2", customer=MARA)
    assert other.json()["hits"] == []
    assert daniel.post("/v1/recall", words=words, customer=MARA).json()["hits"] == []


def test_what_is_sensitive_is_found_and_not_shown(daniel: Asking) -> None:
    """That something answers is all that is told."""
    daniel.post("/v1/verifications", **CALL)
    for body in ({"words": "who died", **CALL}, {"words": "husband"}):
        found = daniel.post("/v1/recall", **body)
        assert "Ruth" not in found.text
        assert "late husband" not in found.text
    hits = daniel.post("/v1/recall", words="who died", **CALL).json()["hits"]
    assert {"hidden": True, "quote": None}.items() <= hits[0].items()


def test_a_brief_searches_as_far(daniel: Asking) -> None:
    """`about` holds the same."""
    asked = {"about": "router drops", **CALL}
    brief = daniel.post("/v1/briefs", **asked).json()
    assert brief["about"]["hits"] == []
    assert brief["about"]["like_issues"]
    daniel.post("/v1/verifications", **CALL)
    brief = daniel.post("/v1/briefs", **asked).json()
    assert brief["about"]["hits"][0]["quote"] == SAID


def test_everyones_issues_are_searched_without_a_customer(
    daniel: Asking, client: TestClient, book: Book, clock: ManualClock
) -> None:
    """A program may, too; whose history it searches it says for an agent."""
    program = Asking(client, token_of(book, clock, "brief:read"))
    for asking in (daniel, program):
        found = asking.post("/v1/recall", words="router drops").json()
        assert (found["hits"], found["like_issues"][0]["title"]) == ([], "Router drops")
    assert program.post("/v1/recall", words="x", customer=MARA).status_code == 400
    assert daniel.post("/v1/recall", words="x", customer="zendesk:999").status_code == 404
    assert daniel.post("/v1/recall", words=" ").status_code == 400
    assert daniel.post("/v1/recall", words="x", limit=0).status_code == 422


def test_several_may_search_at_once(daniel: Asking) -> None:
    """The model is loaded once, and each gets their own answer."""
    daniel.post("/v1/verifications", **CALL)
    words = [f"router drops {number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda w: daniel.post("/v1/recall", words=w, **CALL), words))
    assert [one.json()["query"] for one in answers] == words
    assert {one.json()["hits"][0]["quote"] for one in answers} == {SAID}
