"""Search, with vectors made by hand: what is found, what stays hidden, whose words."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from memory.asking.passages import passages_of
from memory.asking.recall import hits_for, like_issues, recall_document
from memory.entities import Page
from memory.record import Record
from memory.record import tables as t
from memory.text.vectors import best, from_bytes
from tests.support.book import AS_OF, agent, ago, customer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memory.asking.document import Hit, LikeIssue
    from tests.support.book import Book


@pytest.fixture
def sea(book: Book) -> Book:
    """Mara's sentences on two axes: the sea and the bill; and Ellen's."""
    book.people(customer(), customer("101", "Ellen"), agent())
    book.ticket("1")
    book.sentence("1", "I sail every Sunday", [1, 0, 0])
    book.sentence("1", "The boat has no internet", [0.8, 0.6, 0])
    book.sentence("1", "My bill is wrong", [0, 1, 0])
    book.sentence("1", "We are happy to help", [0, 0.9, 0.5], author_id="11")
    book.ticket("2", "101")
    book.sentence("2", "I sail as well", [1, 0, 0], author_id="101")
    return book


def _hits(book: Book, vector: list[float], words: str = "sailing", **view: Any) -> list[Hit]:
    limit = view.pop("limit", 10)
    asked = book.view(**view)
    with book.record.reading() as connection:
        passages = passages_of(connection, asked, "100")
    return hits_for(asked, passages, words, np.array(vector, dtype=np.float32), limit)


def _quotes(hits: list[Hit]) -> list[str | None]:
    return [hit["quote"] for hit in hits]


def test_the_nearest_sentences_come_first_and_the_far_ones_not_at_all(sea: Book) -> None:
    """By exact cosine, within one customer's tickets."""
    hits = _hits(sea, [1, 0, 0])
    assert _quotes(hits) == ["I sail every Sunday", "The boat has no internet"]
    best, second = (hit["score"] for hit in hits)
    assert best == 1.0 > second > 0.5
    assert _quotes(_hits(sea, [1, 0, 0], limit=1)) == ["I sail every Sunday"]
    assert _hits(sea, [0, 0, -1]) == []


def test_a_hit_has_the_keys_of_the_document(sea: Book) -> None:
    """Score, the query's words that stand in it, and its evidence (design: 5.4)."""
    hit = _hits(sea, [0, 1, 0], "the wrong bill, please")[0]
    assert 0.9 < hit["score"] <= 1
    assert hit == {
        "score": hit["score"],
        "words": ["bill", "wrong"],
        "hidden": False,
        "quote": "My bill is wrong",
        "evidence": [
            {
                "ticket": "zendesk:1",
                "message": hit["evidence"][0]["message"],
                "url": "https://acme.zendesk.com/agent/tickets/1",
                "said_on": "2026-06-28",
                "channel": "voice",
                "author": {"name": "Mara Lindqvist", "role": "customer"},
                "quote": "My bill is wrong",
            }
        ],
    }
    assert recall_document("x", [hit], []) == {
        "version": 1,
        "query": "x",
        "hits": [hit],
        "like_issues": [],
    }


def test_what_agents_said_is_found_too(sea: Book) -> None:
    """It is part of the customer's history; who said it is shown."""
    hit = next(hit for hit in _hits(sea, [0, 1, 0]) if hit["quote"] == "We are happy to help")
    assert hit["evidence"][0]["author"] == {"name": "Daniel Osei", "role": "agent"}


def test_another_customers_words_are_not_found(sea: Book) -> None:
    """Neither in their own tickets nor in this customer's."""
    sea.sentence("1", "I am Ellen and sail", [1, 0, 0], author_id="101")
    assert "Ellen" not in str(_hits(sea, [1, 0, 0]))
    assert "as well" not in str(_hits(sea, [1, 0, 0]))


def test_the_same_words_twice_are_one_hit(sea: Book) -> None:
    """Whoever says the same every week is not shown it ten times."""
    for _ in range(3):
        sea.sentence("1", "I sail every Sunday", [1, 0, 0])
    assert _quotes(_hits(sea, [1, 0, 0])).count("I sail every Sunday") == 1


@pytest.mark.parametrize("words", ["My husband died at sea", "I feel so alone out there"])
def test_sensitive_words_are_hidden_until_revealed(sea: Book, words: str) -> None:
    """A hidden hit says that there is something, and not one word of it."""
    sea.sentence("1", words, [0, 0, 1])
    (hit,) = [hit for hit in _hits(sea, [0, 0, 1], words) if hit["score"] == 1.0]
    assert (hit["hidden"], hit["quote"], hit["words"], hit["evidence"]) == (True, None, [], [])
    assert words in _quotes(_hits(sea, [0, 0, 1], reveal=True))
    assert words in _quotes(_hits(sea, [0, 0, 1], sensitive="full"))


def test_words_behind_a_sensitive_memory_are_hidden_though_no_list_knows_them(sea: Book) -> None:
    """What remembering found sensitive stays so in a search."""
    words = "He is no longer with us"
    sea.told("bereavement", words)
    sea.sentence("1", words, [0, 0, 1])
    assert words not in str(_hits(sea, [0, 0, 1]))
    assert any(hit["hidden"] for hit in _hits(sea, [0, 0, 1]))


def test_what_is_never_kept_is_not_found(sea: Book) -> None:
    """Not even as a hidden hit, and by no reveal."""
    sea.sentence("1", "I voted for the socialist party", [0, 0, 1])
    hits = _hits(sea, [0, 0, 1], "socialist", reveal=True)
    assert "We are happy to help" in _quotes(hits)
    assert "socialist" not in str(hits)


def test_what_was_said_later_is_not_found(sea: Book) -> None:
    """A search as of an earlier day finds what had been said by then."""
    sea.sentence("1", "I sail on Mondays now", [1, 0, 0], at=ago(1))
    assert "I sail on Mondays now" in _quotes(_hits(sea, [1, 0, 0]))
    earlier = _hits(sea, [1, 0, 0], as_of=AS_OF - timedelta(days=3))
    assert "I sail on Mondays now" not in _quotes(earlier)


def test_a_search_between_two_readings_finds_what_is_there(sea: Book) -> None:
    """Sentences whose message has been replaced wait to be remembered anew."""
    with sea.record.writing(sea.account) as writer:
        writer.connection.execute(t.message.delete().where(t.message.c.text.contains("Sunday")))
        writer.put_in_outbox(["1"])
    assert _quotes(_hits(sea, [1, 0, 0])) == ["The boat has no internet"]


@pytest.mark.parametrize("who", ["the same program", "another program"])
def test_what_is_gone_is_not_found_a_moment_later(sea: Book, who: str) -> None:
    """A history that was just searched is not searched again as it was, whoever changed it."""
    assert len(_hits(sea, [1, 0, 0])) == 2
    with _program(sea, who) as record:
        with record.writing(sea.account) as writer:
            writer.connection.execute(t.message.delete().where(t.message.c.text.contains("boat")))
        assert _quotes(_hits(sea, [1, 0, 0])) == ["I sail every Sunday"]
        with record.writing(sea.account) as writer:
            writer.store(Page(gone_tickets=("1",)))
        assert _hits(sea, [1, 0, 0]) == []


def test_what_becomes_sensitive_is_hidden_a_moment_later(sea: Book) -> None:
    """Though its words were shown before."""
    assert "I sail every Sunday" in _quotes(_hits(sea, [1, 0, 0]))
    sea.told("health", "I sail every Sunday")
    assert "I sail every Sunday" not in str(_hits(sea, [1, 0, 0]))


@contextmanager
def _program(book: Book, who: str) -> Iterator[Record]:
    """A record to write through: the one that is searched, or a second one of the same database."""
    if who == "the same program":
        yield book.record
        return
    record = Record.open(book.database_url)
    try:
        yield record
    finally:
        record.close()


@pytest.fixture
def english(book: Book) -> Book:
    """An English-speaking customer who asked and was answered, all with the same meaning."""
    book.people(customer(language="en-US"), customer("101", "Ellen"), agent())
    book.ticket("1")
    for words, who in (
        ("Which boats can be rented in summer?", "100"),
        ("The blue ones are cheap", "11"),
        ("Nothing else to say", "100"),
    ):
        book.sentence("1", words, [0, 1, 0], author_id=who)
    book.ticket("2")
    book.sentence("2", "The bill is wrong", [0, 1, 0])
    return book


def test_words_are_found_by_their_stem_and_shown_as_they_stand(english: Book) -> None:
    """Though no meaning is near."""
    english.sentence("2", "She rents boats", [0, 1, 0])
    hit = _hits(english, [1, 0, 0], "boat rental, renting a boat")[0]
    assert hit["quote"] == "She rents boats"
    assert hit["words"] == ["rents", "boats"]


def test_a_neighbours_words_lead_to_what_answers_them(english: Book) -> None:
    """An answer seldom repeats the words of its question; other tickets hear nothing of it."""
    hits = _hits(english, [1, 0, 0], "boat")
    assert _quotes(hits) == [
        "The blue ones are cheap",
        "Which boats can be rented in summer?",
        "Nothing else to say",
    ]
    assert [hit["words"] for hit in hits] == [[], ["boats"], []]


def test_an_answer_is_found_by_its_question(book: Book) -> None:
    """Before what follows the same words said as a statement."""
    book.people(customer(language="en"), agent())
    for ticket_id, mark, reply in (("1", ".", "Those two"), ("2", "?", "These two")):
        book.ticket(ticket_id)
        book.sentence(ticket_id, f"The boats are blue{mark}", [0, 1, 0])
        book.sentence(ticket_id, reply, [0, 1, 0], author_id="11")
    quotes = _quotes(_hits(book, [1, 0, 0], "boats"))
    assert quotes.index("These two") < quotes.index("Those two")


def test_when_it_was_said_decides_between_equals(english: Book) -> None:
    """Where the question names a time, by the clock of the house."""
    for days in (200, 60, 20):
        english.sentence("2", f"A refund, {days}", [0, 0, 1], at=ago(days))
    assert _quotes(_hits(english, [0, 0, 1], "the refund in May"))[0] == "A refund, 60"
    assert _quotes(_hits(english, [0, 0, 1], "the refund last month"))[0] == "A refund, 20"
    assert _quotes(_hits(english, [0, 0, 1], "the refund last year"))[0] == "A refund, 200"


def test_what_is_said_around_a_passage_decides_between_equals(book: Book) -> None:
    """The same words mean more in a talk about the matter."""
    book.people(customer(), agent())
    book.ticket("1")
    for when, other in (("early", [0.0, 1.0, 0.0]), ("late", [0.7, 0.7, 0.0])):
        book.sentence("1", f"It broke, {when}", [0.95, 0, 0.3])
        for place in range(3):
            book.sentence("1", f"And more of it, {when}, {place}", other)
    quotes = _quotes(_hits(book, [1, 0, 0], "boats"))
    assert quotes.index("It broke, late") < quotes.index("It broke, early")


def _like(book: Book, vector: list[float], **how: Any) -> list[LikeIssue]:
    """Like issues, found among all that the record holds."""

    def search(wanted: Any, limit: int) -> list[tuple[str, float]]:
        rows = [row for row in book.rows(t.memory) if row["vector"] is not None]
        data = {row["digest"]: row["data"] for row in book.rows(t.vector)}
        matrix = from_bytes([data[row["vector"]] for row in rows])
        return [(rows[place]["id"], score) for place, score in best(wanted, matrix, limit)]

    with book.record.reading() as connection:
        return like_issues(
            connection,
            book.view(),
            np.array(vector, dtype=np.float32),
            search,
            how.pop("limit", 5),
            **how,
        )


@pytest.fixture
def issues(book: Book) -> Book:
    """Three customers' issues about bills, one of them sensitive."""
    book.people(*(customer(one, f"Customer {one}") for one in ("100", "101", "102")), agent())
    for ticket_id, who, title, vector in (
        ("1", "100", "Bill too high", [1, 0]),
        ("2", "101", "Bill much too high", [0.9, 0.4]),
        ("3", "102", "Cancel my late husband's line", [0.8, 0.6]),
        ("4", "102", "Router broken", [-1, 0]),
    ):
        book.ticket(ticket_id, who)
        book.issue(ticket_id, title, resolution="I have fixed it", customer_id=who, vector=vector)
    return book


def test_like_issues_of_everyone(issues: Book) -> None:
    """Best first, with how they ended, under neutral titles where needed, without names."""
    found = _like(issues, [1, 0])
    assert [(one["title"], one["hidden"], one["resolution"]) for one in found] == [
        ("Bill too high", False, "I have fixed it"),
        ("Bill much too high", False, "I have fixed it"),
        ("Cancellation", True, None),
    ]
    assert set(found[0]) == {
        *("score", "title", "outcome", "ticket", "url", "resolution", "hidden"),
    }
    assert (found[0]["outcome"], found[0]["ticket"]) == ("solved", "zendesk:1")
    assert "husband" not in str(found)
    assert "Customer" not in str(found)


def test_like_issues_but_of_the_one_who_asks(issues: Book) -> None:
    """In a brief the customer's own issues stand under `before`."""
    found = _like(issues, [1, 0], but_of=("100",))
    assert [one["ticket"] for one in found] == ["zendesk:2", "zendesk:3"]
    assert len(_like(issues, [1, 0], limit=1)) == 1


def test_a_deleted_ticket_is_no_like_issue(issues: Book) -> None:
    """Even while an index still knows its vector."""
    gone = [("issue-2", 0.9), ("issue-1", 0.8), ("issue-nobody", 0.7)]
    issues.store(gone_tickets=("2",))
    with issues.record.reading() as connection:
        found = like_issues(
            connection, issues.view(), np.array([1, 0], np.float32), lambda _v, _k: gone, 5
        )
    assert [one["ticket"] for one in found] == ["zendesk:1"]
