"""Tickets become sentences, vectors, memories and contact time, with the real model."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from memory.entities import Page, Status
from memory.record import tables as t
from memory.remembering.remember import Rememberer
from tests.support.book import Book, agent, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from memory.remembering.personal import PersonalHead
    from memory.text.encoder import Encoder

    Remember = Callable[[Book], Rememberer]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("model")]

_REMEMBERED = (t.memory, t.evidence, t.sentence, t.contact, t.never_kept, t.vector)


def _all(book: Book) -> list[str]:
    """Everything that was remembered, in an order of its own."""
    drop = {"data", "digest", "vector"}  # keyed with the record's own random key
    return sorted(
        f"{table.name} {sorted((k, str(v)) for k, v in row.items() if k not in drop)}"
        for table in _REMEMBERED
        for row in book.rows(table)
    )


def _memories(book: Book, kind: str) -> list[dict[str, Any]]:
    quotes = {row["memory_id"]: row for row in reversed(book.rows(t.evidence))}
    return [
        row | {"quote": quotes[row["id"]]["quote"], "author": quotes[row["id"]]["author_id"]}
        for row in book.rows(t.memory)
        if row["kind"] == kind
    ]


def test_a_ticket_becomes_its_issue(book: Book, life: Page, remember: Remember) -> None:
    """Title, what it was and how it ended; with a vector by which like ones are found."""
    book.store(life)
    remember(book)
    roaming, router = sorted(_memories(book, "issue"), key=lambda row: row["ticket_id"])
    assert (roaming["quote"], roaming["code"]) == ("Roaming plan", "solved")
    assert (router["quote"], router["code"]) == ("Router drops every evening", "open")
    parts = {row["part"]: row["quote"] for row in book.rows(t.evidence)}
    assert parts["restatement"] in {
        "I need a roaming plan for two weeks in Portugal.",
        "My router drops the connection every evening.",
    }
    assert parts["resolution"] == "I have set up the roaming plan for you."
    assert all(row["vector"] for row in (roaming, router))


def test_a_note_about_a_loss_is_the_requesters_and_the_agents_words(
    book: Book, life: Page, remember: Remember
) -> None:
    """The memory is the customer's, the evidence is who noted it, and it is sensitive."""
    book.store(life)
    remember(book)
    (loss,) = _memories(book, "bereavement")
    assert (loss["customer_id"], loss["author"], loss["sensitive"]) == ("100", "11", True)
    assert loss["relation"] == "friend"


def test_asking_for_an_agent_by_name_is_remembered(
    book: Book, life: Page, remember: Remember
) -> None:
    """With the agent's id, whatever form of the name was used."""
    book.store(life)
    remember(book)
    assert [row["code"] for row in _memories(book, "agent_request")] == ["11"]


def test_what_is_never_kept_is_counted_and_gone(book: Book, life: Page, remember: Remember) -> None:
    """No memory holds it and no search finds it; how often it was said is all that stays."""
    book.store(life)
    told = message("m6", "I am a Muslim and Friday is my day at the mosque.", ticket_id="2")
    book.store(messages=(told,))
    remember(book)
    assert [row["count"] for row in book.rows(t.never_kept)] == [1]
    assert "mosque" not in str(book.rows(t.evidence))
    assert "m6" not in {row["message_id"] for row in book.rows(t.sentence)}
    assert "mosque" not in str(book.rows(t.message))


def test_what_only_the_head_understands_leaves_the_message_too(
    book: Book, life: Page, remember: Remember
) -> None:
    """No word list knows it; the rest of the message stays, and it is counted however often."""
    book.store(life)
    words = "I was let out in March after two years inside and have no phone yet."
    told = message("m6", f"The line is dead. {words} Thank you for that.", ticket_id="2")
    book.store(messages=(told,))
    remember(book)
    [stored] = [row["text"] for row in book.rows(t.message) if row["id"] == "m6"]
    assert stored == "The line is dead. [never kept]. Thank you for that."
    before = _all(book)
    with book.record.writing(book.account) as writer:
        writer.remember_everything_again()
    remember(book)
    assert _all(book) == before
    assert [row["count"] for row in book.rows(t.never_kept)] == [1]


def test_remembering_twice_changes_nothing(book: Book, life: Page, remember: Remember) -> None:
    """And encodes nothing: every text is known by its digest."""
    book.store(life)
    remember(book)
    before = _all(book)
    with book.record.writing(book.account) as writer:
        writer.put_in_outbox(["1", "2"])
    again = remember(book)
    assert _all(book) == before
    assert again.progress.encoded == 0
    assert again.progress.remembered == 2


def test_the_order_in_which_things_arrive_decides_nothing(
    tmp_path: Path, life: Page, remember: Remember
) -> None:
    """Messages before people, one ticket before the other, or an agent who is known last."""
    for name in ("at once", "late"):
        (tmp_path / name).mkdir()
    at_once, late = Book(tmp_path / "at once"), Book(tmp_path / "late")
    at_once.store(life)
    remember(at_once)
    late.store(tickets=life.tickets[1:], messages=life.messages[4:])
    remember(late)
    late.store(tickets=life.tickets[:1], messages=life.messages[:4], people=life.people[:1])
    remember(late)
    late.store(people=life.people[1:], whole_tickets=life.whole_tickets)
    remember(late)
    assert _all(late) == _all(at_once)


def test_a_ticket_that_changes_meanwhile_is_remembered_once_more(
    book: Book, life: Page, encoder: Encoder, head: PersonalHead
) -> None:
    """What was worked out of the old words is not stored over the new."""

    class Interrupted(type(encoder)):  # type: ignore[misc]  # an encoder during whose work a message arrives
        def encode_and_read(self, texts: Any, reader: Any, progress: Any = None) -> Any:
            book.store(messages=(message("m9", "It also smells of smoke.", ticket_id="2"),))
            return encoder.encode_and_read(texts, reader, progress)

    slow = object.__new__(Interrupted)
    slow.name, slow.dimensions = encoder.name, encoder.dimensions
    book.store(life)
    first = Rememberer(book.record, book.account, slow, head)
    first.remember_next()
    assert first.progress.remembered == 1
    assert book.waiting() == ["2"]
    Rememberer(book.record, book.account, encoder, head).remember_next()
    assert book.waiting() == []
    messages = {row["message_id"] for row in book.rows(t.sentence) if row["ticket_id"] == "2"}
    assert messages == {"m5", "m9"}


def test_what_another_head_has_read_is_read_again(
    book: Book, life: Page, remember: Remember
) -> None:
    """With a head that reads otherwise, the vectors stay and the tokens are looked at once more."""
    book.store(life)
    remember(book)
    before = _all(book)
    with book.record.writing(book.account) as writer:
        writer.connection.execute(t.vector.update().values(reading=b"other head's"))
        writer.put_in_outbox(["1", "2"])
    again = remember(book)
    assert again.progress.encoded == len(book.rows(t.vector))
    assert _all(book) == before


def test_every_quote_stands_in_its_message(book: Book, life: Page, remember: Remember) -> None:
    """Word for word; and every sentence is where it says it is."""
    book.store(life)
    remember(book)
    texts = {(row["ticket_id"], row["id"]): row["text"] for row in book.rows(t.message)}
    subjects = {row["id"]: row["subject"] for row in book.rows(t.ticket)}
    for row in book.rows(t.evidence):
        source = texts.get((row["ticket_id"], row["message_id"]), subjects[row["ticket_id"]])
        assert row["quote"] in source
    for row in book.rows(t.sentence):
        said = texts[row["ticket_id"], row["message_id"]][row["start"] : row["stop"]]
        assert said == said.strip()
        assert said


def test_a_deleted_ticket_that_was_being_remembered_stays_forgotten(
    book: Book, life: Page, remember: Remember
) -> None:
    """The outbox entry is gone, and with it the right to store anything."""
    book.store(life)
    gone = (ticket("1", status=Status.DELETED, version=2), ticket("2", version=2))
    book.store(tickets=gone, messages=life.messages[4:], people=(customer(), agent()))
    remember(book)
    assert {row["ticket_id"] for row in book.rows(t.memory)} == {"2"}


def test_a_customer_in_another_language_gets_issues_and_no_guesses(
    book: Book, remember: Remember
) -> None:
    """Nothing personal is made up of words the head cannot read."""
    book.store(
        people=(customer(language="es"), agent()),
        tickets=(ticket("1", subject="Internet lento por la noche"),),
        messages=(message("m1", "Mi madre está en casa y el internet va muy lento."),),
        whole_tickets=("1",),
    )
    remember(book)
    assert {row["kind"] for row in book.rows(t.memory)} == {"issue"}


def test_a_personal_matter_keeps_the_day_it_is_about(book: Book, remember: Remember) -> None:
    """By the day it was said on; a sentence that names no day, or asks for one, is about none."""
    said = datetime(2026, 6, 25, tzinfo=UTC)
    book.store(
        people=(customer(), agent()),
        tickets=(ticket("1", subject="Visit"),),
        messages=(
            message("m1", "My knee surgery is next Thursday.", at=said),
            message("m2", "My mother has dementia.", at=said),
        ),
        whole_tickets=("1",),
    )
    remember(book)
    days = {row["quote"]: row["about_on"] for row in _memories(book, "health")}
    assert days["My knee surgery is next Thursday."] == date(2026, 7, 2)
    assert set(days.values()) <= {None, date(2026, 7, 2)}


def test_how_a_name_is_said_is_remembered(book: Book, remember: Remember) -> None:
    """From a customer's words, and from a note."""
    book.store(
        people=(customer(), agent()),
        tickets=(ticket("1", subject="Hello"),),
        messages=(message("m1", "Name pron. MAH-ra.", author_id="11", public=False),),
        whole_tickets=("1",),
    )
    remember(book)
    assert [row["code"] for row in _memories(book, "preference")] == ["MAH-ra"]


def test_what_is_said_of_somebody_beside_a_private_matter_stays_out_of_the_issue(
    book: Book, remember: Remember
) -> None:
    """The brief would say back what the listener was trusted with."""
    book.store(
        people=(customer(), agent()),
        tickets=(ticket("1", subject="Remote control"),),
        messages=(
            message("m1", "He went out in his slippers on Sunday, as far as the bakery."),
            message("m2", "My husband has dementia and I look after him round the clock."),
            message("m3", "The remote control lost all of its channels."),
        ),
        whole_tickets=("1",),
    )
    remember(book)
    issue = {row["id"] for row in book.rows(t.memory) if row["kind"] == "issue"}
    words = [row["quote"] for row in book.rows(t.evidence) if row["memory_id"] in issue]
    assert "slippers" not in str(words)
    assert "The remote control lost all of its channels." in words
