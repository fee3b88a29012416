"""Corrections, opt-outs and notes hold whatever is derived again, with the real model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from memory.entities import DESCRIPTION, Origin, Page, Status
from memory.record import tables as t
from memory.record.notes import marked
from memory.remembering.personal import PersonalHead
from memory.remembering.remember import Rememberer
from memory.text.encoder import Encoder
from tests.support.book import Book, agent, ago, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from memory import Memory

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("model")]

MARA = "zendesk:100"
LOSS = "My friend passed away last week."
DOG = "I breed greyhounds, it is my great love."
SLOWLY = "Please speak slowly, my hearing is not good."
ASKED = "May I speak to Daniel Osei again, please?"
SAID = (
    message("m1", f"I need a roaming plan for Portugal. {LOSS}"),
    message("m2", SLOWLY),
    message("m3", f"My router drops every evening. {ASKED}", ticket_id="2"),
    message("m4", LOSS, ticket_id="2", at=ago(8)),
)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The packaged model."""
    return Encoder.load(threads=1)


@pytest.fixture(scope="session")
def head() -> PersonalHead:
    """The packaged head."""
    return PersonalHead.load()


@pytest.fixture
def book(url: str) -> Book:
    """Mara's two tickets: what she told of herself, and what she asked for."""
    made = Book(url)
    made.store(
        Page(
            people=(customer(), agent()),
            tickets=(ticket("1", subject="Roaming plan"), ticket("2", subject="Router drops")),
            messages=SAID,
            whole_tickets=("1", "2"),
        )
    )
    return made


@pytest.fixture
def derive(book: Book, encoder: Encoder, head: PersonalHead) -> Callable[..., None]:
    """Remembers what waits; with `anew=True` everything, as `reindex --memories` does."""

    def run(*, anew: bool = False) -> None:
        if anew:
            with book.record.writing(book.account) as writer:
                writer.remember_everything_again()
        rememberer = Rememberer(book.record, book.account, encoder, head)
        rememberer.remember_next()
        while rememberer.progress.waiting:
            rememberer.remember_next()

    run()
    return run


def _quotes(book: Book) -> dict[str, str]:
    """What is remembered, by id, but for issues."""
    kinds = {row["id"]: row["kind"] for row in book.rows(t.memory)}
    return {
        row["memory_id"]: row["quote"]
        for row in book.rows(t.evidence)
        if kinds[row["memory_id"]] != "issue"
    }


def _said(book: Book, words: str) -> str:
    return next(key for key, quote in _quotes(book).items() if quote == words)


def test_what_is_unwanted_is_not_derived_again(
    book: Book, memory: Memory, derive: Callable[..., None]
) -> None:
    """In whichever ticket it was said before; its words are in nothing that was derived."""
    latest = max(
        (row for row in book.rows(t.memory) if row["kind"] == "bereavement"),
        key=lambda row: row["said_at"],
    )
    memory.correct(latest["id"], "unwanted")
    for anew in (False, True):
        derive(anew=anew)
        assert LOSS not in _quotes(book).values()
        assert SLOWLY in _quotes(book).values()
        assert "passed away" not in str(book.rows(t.evidence))
        texts = {(row["ticket_id"], row["id"]): row["text"] for row in book.rows(t.message)}
        kept = {
            texts[row["ticket_id"], row["message_id"]][row["start"] : row["stop"]]
            for row in book.rows(t.sentence)
        }
        assert LOSS not in kept
        assert SLOWLY in kept


def test_corrections_find_what_was_derived_anew(
    book: Book, memory: Memory, derive: Callable[..., None]
) -> None:
    """The same words of the same message are the same memory in every derivation."""
    slowly, asked = _said(book, SLOWLY), _said(book, ASKED)
    memory.correct(slowly, "outdated")
    memory.correct(asked, "wrong")
    shown = book.brief()
    exported: Any = memory.export(customer=MARA)
    derive(anew=True)
    assert book.brief() == shown
    assert memory.export(customer=MARA) == exported
    states = {one["memory"]: one["state"] for one in exported["memories"]}
    assert (states[slowly], states[asked]) == ("superseded", "corrected")
    assert (shown["adjustments"], shown["preferred_agent"]) == ([], None)


def test_the_real_message_takes_the_place_of_its_stand_in_and_keeps_the_correction(
    book: Book, memory: Memory, derive: Callable[..., None]
) -> None:
    """Of a ticket whose messages are not read yet only the first text is known, under no id."""
    first = ticket("5", subject="Bill", description=DOG, version=1)
    book.store(Page(tickets=(first,)))
    derive()
    dog = _said(book, DOG)
    [stand_in] = [row for row in book.rows(t.evidence) if row["memory_id"] == dog]
    assert stand_in["message_id"] == DESCRIPTION
    memory.correct(dog, "wrong")
    real = message("m9", DOG, ticket_id="5", at=first.created_at, origin=Origin.TICKET)
    later = message("m10", "It is a puppy of mine.", ticket_id="5", at=ago(1))
    book.store(Page(messages=(real, later), whole_tickets=("5",)))
    derive()
    [now] = [row for row in book.rows(t.evidence) if row["memory_id"] == dog]
    assert now["message_id"] == "m9"
    assert DOG not in str(book.brief()["context"])


def test_who_opted_out_is_derived_nothing_of_but_issues(
    book: Book, memory: Memory, derive: Callable[..., None]
) -> None:
    """Until they are back in and their messages were read again; then all is as it was."""
    before = book.rows(t.memory), book.rows(t.evidence), book.rows(t.sentence)
    memory.opt_out(MARA)
    for anew in (False, True):
        derive(anew=anew)
        assert {row["kind"] for row in book.rows(t.memory)} == {"issue"}
        assert "passed away" not in str(book.rows(t.evidence))
        assert not [row for row in book.rows(t.sentence) if row["author_id"] == "100"]
        assert book.rows(t.never_kept) == []
    titles = {row["quote"] for row in book.rows(t.evidence) if row["part"] == "title"}
    assert titles == {"Roaming plan", "Router drops"}
    memory.opt_in(MARA)
    book.store(Page(messages=SAID))
    derive()
    assert (book.rows(t.memory), book.rows(t.evidence), book.rows(t.sentence)) == before


def test_a_note_that_came_back_from_the_helpdesk_is_no_second_memory(
    book: Book, memory: Memory, derive: Callable[..., None]
) -> None:
    """It stands in the brief once; nothing is derived of it, and no time counted for it."""
    derived = [book.rows(x) for x in (t.memory, t.evidence, t.sentence, t.contact)]
    words = "Her mother passed away, be gentle"
    note = memory.note(words, customer=MARA, to_helpdesk=True)
    told = message(
        "m7",
        marked(f"{words}\n\nDaniel Osei", note),
        author_id="11",
        public=False,
        at=ago(0.5),
        channel="api",
    )
    book.store(messages=(told,))
    [row] = book.rows(t.note)
    assert (row["due"], row["ticket_id"], row["message_id"]) == (False, "1", "m7")
    for anew in (False, True):
        derive(anew=anew)
        assert [book.rows(x) for x in (t.memory, t.evidence, t.sentence, t.contact)] == derived
    shown = book.brief()
    assert [one["memory"] for one in shown["context"] if one["kind"] == "note"] == [note]
    memory.correct(note, "unwanted")
    derive(anew=True)
    assert [book.rows(x) for x in (t.memory, t.evidence, t.sentence, t.contact)] == derived


def test_a_marked_note_that_nobody_knows_is_an_agents_words(
    book: Book, derive: Callable[..., None]
) -> None:
    """As after a lost data folder: what was noted is remembered, but for its last line."""
    words = "She breeds greyhounds, it is her great love."
    told = message("m7", marked(words, "bcdfghjk"), author_id="11", public=False, at=ago(0.5))
    book.store(messages=(told,))
    derive()
    assert words in _quotes(book).values()
    sentences = [row for row in book.rows(t.sentence) if row["message_id"] == "m7"]
    assert len(sentences) == 1


def test_a_customer_cannot_hide_behind_a_note(
    book: Book, memory: Memory, derive: Callable[..., None]
) -> None:
    """A marker counts in what agents alone can read and write."""
    note = memory.note("rings often", customer=MARA, to_helpdesk=True)
    book.store(messages=(message("m7", marked(DOG, note), at=ago(0.5)),))
    derive()
    assert DOG in _quotes(book).values()
    assert [row["due"] for row in book.rows(t.note)] == [True]


def test_a_deleted_ticket_takes_no_correction_along(
    book: Book, memory: Memory, derive: Callable[..., None]
) -> None:
    """Restored, its memories are corrected as before."""
    slowly = _said(book, SLOWLY)
    memory.correct(slowly, "wrong")
    whole = ticket("1", subject="Roaming plan", version=2)
    book.store(tickets=(replace(whole, status=Status.DELETED),))
    derive()
    assert slowly not in _quotes(book)
    book.store(
        Page(
            tickets=(replace(whole, version=3),),
            messages=(message("m1", "I need a roaming plan."), message("m2", SLOWLY)),
            whole_tickets=("1",),
        )
    )
    derive()
    assert slowly in _quotes(book)
    assert book.brief()["adjustments"] == []
