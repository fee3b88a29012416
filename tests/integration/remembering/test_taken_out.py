"""What nobody is to keep leaves the stored messages too, once their ticket is remembered again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory import Memory
from memory.entities import Page
from memory.record import Record, due, kept
from memory.record import tables as t
from memory.record.notes import marked
from memory.record.resealing import reseal
from tests.support.book import AS_OF, Book, agent, ago, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from memory.remembering.remember import Rememberer

    Remember = Callable[[Book], Rememberer]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("model")]

MARA = "zendesk:100"
KEY = "k" * 43
TOLD = "My router is broken. I love sailing and go every Sunday. I was diagnosed with cancer."


@pytest.fixture
def told(book: Book, remember: Remember) -> Book:
    """Mara told of her router, of sailing and of her illness, and an agent answered."""
    book.store(
        Page(
            people=(customer(), agent()),
            tickets=(ticket("1", subject="Router", channel="email"),),
            messages=(
                message("m1", TOLD, channel="email"),
                message("m2", "Sorry. We send a router.", author_id="11", channel="email"),
                message("m3", "Cancer. Be gentle with her.", author_id="11", public=False),
            ),
            whole_tickets=("1",),
        )
    )
    remember(book)
    return book


@pytest.fixture
def memory(told: Book, tmp_path: Path) -> Iterator[Memory]:
    """The memory of that record."""
    with Memory.open(tmp_path, database_url=told.database_url, now=lambda: AS_OF) as opened:
        yield opened


def _text(book: Book, which: str = "m1") -> str:
    return next(str(row["text"]) for row in book.rows(t.message) if row["id"] == which)


def _due(book: Book) -> list[str]:
    with book.record.reading() as connection:
        return [row.id for row in due.tickets_to_read(connection, book.number, 10)]


def _id(book: Book, kind: str) -> str:
    return next(str(row["id"]) for row in book.rows(t.memory) if row["kind"] == kind)


def test_a_kind_that_is_not_kept(told: Book, memory: Memory, remember: Remember) -> None:
    """The sentences that tell it, whoever wrote them, however short; all others stay."""
    memory.set_kind("health", keep=False)
    remember(told)
    assert _text(told) == ("My router is broken. I love sailing and go every Sunday. [not kept].")
    assert _text(told, "m2") == "Sorry. We send a router."
    assert _text(told, "m3") == "[not kept]. Be gentle with her."


def test_a_subject_that_tells_it(told: Book, memory: Memory, remember: Remember) -> None:
    """It goes too, and comes back when the helpdesk lists the ticket again."""
    told.store(Page(tickets=(ticket("1", subject="My cancer treatment", version=2),)))
    remember(told)
    memory.set_kind("health", keep=False)
    remember(told)
    [row] = told.rows(t.ticket)
    assert row["subject"] == "[not kept]"
    memory.set_kind("health", keep=True)
    told.store(Page(tickets=(ticket("1", subject="My cancer treatment", version=2),)))
    remember(told)
    [row] = told.rows(t.ticket)
    assert row["subject"] == "My cancer treatment"


def test_who_opted_out(told: Book, memory: Memory, remember: Remember) -> None:
    """Of what they told nothing stays but the issue."""
    memory.opt_out(MARA)
    remember(told)
    assert _text(told) == "My router is broken. [not kept]. [not kept]."
    [issue] = told.rows(t.memory)
    assert issue["kind"] == "issue"
    assert issue["vector"] is not None


def test_what_was_said_before_a_day(told: Book, memory: Memory, remember: Remember) -> None:
    """All that they wrote goes, and what was noted of them; our answer stays, and later words."""
    later = message("m4", "It works again. I sail on Monday.", at=ago(1), channel="email")
    told.store(Page(messages=(later,)))
    memory.cut_off(MARA, ago(5))
    remember(told)
    assert _text(told) == _text(told, "m3") == "[not kept]."
    assert _text(told, "m2") == "Sorry. We send a router."
    assert _text(told, "m4") == "It works again. I sail on Monday."


@pytest.mark.parametrize("how", ["declined", "unwanted"])
def test_one_memory(told: Book, memory: Memory, remember: Remember, how: str) -> None:
    """Its sentence goes, and no other."""
    sails = _id(told, "interest")
    if how == "declined":
        memory.say_consent(sails, "declined")
    else:
        memory.correct(sails, "unwanted")
    remember(told)
    assert _text(told) == "My router is broken. [not kept]. I was diagnosed with cancer."


@pytest.mark.parametrize("how", ["unwanted", "opted out"])
def test_a_note_of_ours(told: Book, memory: Memory, remember: Remember, how: str) -> None:
    """As it stands in the helpdesk it goes whole; it is still known by its last line."""
    note = memory.note("Lives alone. Likes a chat", customer=MARA)
    words = marked("Lives alone. Likes a chat", note)
    came_back = message("m4", words, author_id="11", public=False)
    told.store(Page(messages=(came_back,)))
    remember(told)
    assert "alone" in _text(told, "m4")
    if how == "unwanted":
        memory.correct(note, "unwanted")
    else:
        memory.opt_out(MARA)
    remember(told)
    assert _text(told, "m4") == f"[not kept].\n\n[remember-them {note}]"


def test_what_the_helpdesk_tells_again_goes_again(
    told: Book, memory: Memory, remember: Remember
) -> None:
    """It has the words still; each time they come they are taken out, and nothing else changes."""
    memory.opt_out(MARA)
    remember(told)
    before = told.rows(t.memory), told.rows(t.evidence), _text(told)
    told.store(Page(messages=(message("m1", TOLD, channel="email"),)))
    remember(told)
    assert (told.rows(t.memory), told.rows(t.evidence), _text(told)) == before


@pytest.mark.parametrize("wish", ["opt-out", "kind", "consent"])
def test_who_may_be_kept_again_is_read_again(
    told: Book, memory: Memory, remember: Remember, wish: str
) -> None:
    """The ticket's messages are due, and with them what was known is known again."""
    before = {(row["kind"], row["id"]) for row in told.rows(t.memory)}
    sails = _id(told, "interest")
    assert _due(told) == []
    if wish == "opt-out":
        memory.opt_out(MARA)
        remember(told)
        memory.opt_in(MARA)
    elif wish == "kind":
        memory.set_kind("health", keep=False)
        remember(told)
        memory.set_kind("health", keep=True)
    else:
        memory.say_consent(sails, "declined")
        remember(told)
        memory.say_consent(sails, "agreed")
    assert _due(told) == ["1"]
    told.store(
        Page(
            messages=(
                message("m1", TOLD, channel="email"),
                message("m3", "Cancer. Be gentle with her.", author_id="11", public=False),
            )
        )
    )
    remember(told)
    assert {(row["kind"], row["id"]) for row in told.rows(t.memory)} == before


def test_nothing_is_read_again_that_lost_no_word(told: Book, memory: Memory) -> None:
    """Who opts in again before anything was taken out."""
    memory.opt_out(MARA)
    memory.opt_in(MARA)
    assert _due(told) == []


def test_in_a_record_that_is_sealed(told: Book, remember: Remember) -> None:
    """It can be read with the key alone, and is taken out, and read again, as ever."""
    told.record.close()
    told.record = Record.open(told.database_url, [KEY])
    reseal(told.record, told.record.accounts()[0])
    with told.record.writing(told.account) as writer:
        kept.opt_out(writer.connection, told.number, "100", AS_OF)
    remember(told)
    assert _text(told) == "My router is broken. [not kept]. [not kept]."
    with told.record.writing(told.account) as writer:
        kept.opt_in(writer.connection, told.number, "100")
    assert _due(told) == ["1"]
    told.record.close()
