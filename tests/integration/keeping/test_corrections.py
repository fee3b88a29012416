"""What an agent says is wrong stays said: out of sight at once, and never brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from memory.asking.passages import passages_of
from memory.asking.recall import hits_for, like_issues
from memory.errors import NotFoundError, UsageError
from memory.record import tables as t
from tests.support.book import Book, ago, customer

if TYPE_CHECKING:
    from memory import Memory

VECTOR = [1.0, *[0.0] * 383]
LATER = ("wrong", "outdated", "unwanted")


def _context(book: Book, **more: Any) -> list[str | None]:
    return [one["quote"] for one in book.brief(**more)["context"]]


def _states(memory: Memory) -> dict[str, str]:
    export: Any = memory.export(customer="zendesk:100")
    return {one["memory"]: one["state"] for one in export["memories"]}


@pytest.mark.parametrize("verdict", LATER)
def test_what_is_corrected_leaves_the_brief(book: Book, memory: Memory, verdict: Any) -> None:
    """Whatever is wrong with it; what was not corrected stays."""
    sails = book.told("interest", "I love sailing")
    book.told("interest", "I paint on Sundays")
    memory.correct(sails, verdict, "daniel@acme.example")
    assert _context(book) == ["I paint on Sundays"]
    [kept] = book.rows(t.correction)
    told = (kept["memory_id"], kept["customer_id"], kept["verdict"], kept["agent_id"])
    assert told == (sails, "100", verdict, "11")


@pytest.mark.parametrize(("verdict", "state"), [("wrong", "corrected"), ("outdated", "superseded")])
def test_an_export_still_has_it_with_its_state(
    book: Book, memory: Memory, verdict: Any, state: str
) -> None:
    """Everything held is told, what was said of it included."""
    sails = book.told("interest", "I love sailing")
    paints = book.told("interest", "I paint on Sundays")
    memory.correct(sails, verdict)
    assert _states(memory) == {sails: state, paints: "current"}


def _said(book: Book, kind: str, words: str) -> str:
    """A memory of an embedded sentence; its id."""
    book.sentence("1", words, VECTOR)
    message_id = book.rows(t.sentence)[-1]["message_id"]
    memory_id = book.told(kind, words)
    with book.record.writing(book.account) as writer:
        writer.connection.execute(
            t.evidence.update()
            .where(t.evidence.c.memory_id == memory_id)
            .values(message_id=message_id)
        )
    return memory_id


def test_of_what_is_unwanted_the_words_are_gone(book: Book, memory: Memory) -> None:
    """From memories, evidence and what can be searched; their vectors too."""
    sister = _said(book, "life_event", "My sister lives in Faro")
    memory.correct(sister, "unwanted")
    assert _states(memory) == {}
    assert (book.rows(t.evidence), book.rows(t.sentence), book.rows(t.vector)) == ([], [], [])
    assert book.waiting() == ["1"]


def test_the_vector_of_an_unwanted_issue_goes_with_it(book: Book, memory: Memory) -> None:
    """Nobody else uses it."""
    issue = book.issue("1", "Cancel the line", restatement="Cancel it please", vector=VECTOR)
    assert len(book.rows(t.vector)) == 1
    memory.correct(issue, "unwanted")
    assert (book.rows(t.memory), book.rows(t.evidence), book.rows(t.vector)) == ([], [], [])


def test_the_same_words_do_not_stay_behind_as_an_issue(book: Book, memory: Memory) -> None:
    """What a ticket was about may be told by the sentence that is not wanted."""
    words = "My sister lives in Faro"
    book.issue("1", "Roaming", restatement=words)
    said = next(row for row in book.rows(t.evidence) if row["part"] == "restatement")
    sister = book.told("life_event", words)
    with book.record.writing(book.account) as writer:
        writer.connection.execute(
            t.evidence.update()
            .where(t.evidence.c.memory_id == sister)
            .values(message_id=said["message_id"])
        )
    memory.correct(sister, "unwanted")
    assert words not in str(book.rows(t.evidence))
    assert [row["quote"] for row in book.rows(t.evidence)] == ["Roaming"]


def test_recall_no_longer_finds_it(book: Book, memory: Memory) -> None:
    """Neither the sentence it rests on."""
    sails = _said(book, "interest", "I love sailing")

    def found() -> list[str | None]:
        with book.record.reading() as connection:
            passages = passages_of(connection, book.view(), "100")
        hits = hits_for(book.view(), passages, "sailing", np.array(VECTOR, dtype=np.float32), 5)
        return [one["quote"] for one in hits]

    assert found() == ["I love sailing"]
    memory.correct(sails, "wrong")
    assert found() == []


def test_a_corrected_issue_has_no_words_and_is_like_none(book: Book, memory: Memory) -> None:
    """Its ticket is called by a neutral title, which says nothing that may be wrong."""
    book.ticket("4", "100", subject="The wedding in Faro")
    issue = book.issue("4", "The wedding in Faro", vector=VECTOR)

    def like() -> list[str]:
        with book.record.reading() as connection:
            found = like_issues(
                connection,
                book.view(),
                np.array(VECTOR, dtype=np.float32),
                lambda _vector, _limit: [(issue, 0.9)],
                5,
            )
        return [one["title"] for one in found]

    assert like() == ["The wedding in Faro"]
    memory.correct(issue, "wrong")
    assert like() == []
    titles = {one["ticket"]: (one["title"], one["hidden"]) for one in book.brief()["open"]}
    assert titles["zendesk:4"] == ("Request", True)


@pytest.mark.parametrize("verdict", ["outdated", "unwanted"])
def test_what_is_no_longer_so_was_not_so_before_either(
    book: Book, memory: Memory, verdict: Any
) -> None:
    """An earlier memory of the same thing does not take the place of the later."""
    book.told("bereavement", "A friend died", relation="friend", at=ago(30))
    book.told("health", "My knee hurts", at=ago(20))
    latest = book.told("bereavement", "My friend passed away", relation="friend", at=ago(5))
    assert len(book.brief()["care"]) == 2
    memory.correct(latest, verdict)
    assert [one["kind"] for one in book.brief()["care"]] == ["health"]


def test_a_hobby_that_was_given_up_is_given_up_in_other_words_too(
    book: Book, memory: Memory
) -> None:
    """What the brief shows as one thing is corrected as one."""
    book.told("interest", "I go birdwatching", at=ago(20), vector=[1.0, 0.0])
    latest = book.told("interest", "Watching birds is bliss", at=ago(5), vector=[0.8, 0.6])
    assert len(book.brief()["context"]) == 1
    memory.correct(latest, "outdated")
    assert book.brief()["context"] == []


def test_what_was_never_so_leaves_what_was_said_before(book: Book, memory: Memory) -> None:
    """One sentence was misunderstood, not all."""
    before = book.told("bereavement", "My friend died", relation="friend", at=ago(30))
    latest = book.told("bereavement", "The line is dead, friend", relation="friend", at=ago(5))
    memory.correct(latest, "wrong")
    assert [one["memory"] for one in book.brief()["care"]] == [before]


def test_what_is_said_after_a_correction_is_heard(book: Book, memory: Memory) -> None:
    """The later word counts."""
    old = book.told("bereavement", "My friend died", relation="friend", at=ago(30))
    memory.correct(old, "outdated")
    new = book.told("bereavement", "Another friend died", relation="friend", at=ago(1))
    assert [one["memory"] for one in book.brief()["care"]] == [new]


@pytest.mark.parametrize("verdict", LATER)
def test_a_note_can_be_corrected_too(book: Book, memory: Memory, verdict: Any) -> None:
    """It leaves the brief, with what it wanted checked; unwanted it is gone."""
    note = memory.note("lives in ?Ashgrove", customer="zendesk:100")
    assert len(book.brief()["check"]) == 1
    memory.correct(note, verdict)
    brief = book.brief()
    assert (brief["context"], brief["check"]) == ([], [])
    assert [row["id"] for row in book.rows(t.note)] == ([] if verdict == "unwanted" else [note])


def test_of_two_verdicts_the_later_stands(book: Book, memory: Memory) -> None:
    """Also after the words are gone."""
    sails = book.told("interest", "I love sailing")
    for verdict in LATER:
        memory.correct(sails, verdict)  # type: ignore[arg-type]  # each is a verdict
    memory.correct(sails, "unwanted")
    assert [row["verdict"] for row in book.rows(t.correction)] == ["unwanted"]


def test_what_is_being_derived_meanwhile_is_not_stored(book: Book, memory: Memory) -> None:
    """A correction that comes while its ticket is worked on is not overtaken."""
    sails = book.told("interest", "I love sailing")
    with book.record.writing(book.account) as writer:
        writer.put_in_outbox(["1"])
    before = book._of("1")
    stamp = book.stamp("1")
    memory.correct(sails, "unwanted")
    assert stamp != book.stamp("1")
    assert book.remember(type(before)("1", stamp or "", memories=before.memories)) == []


def test_nobody_corrects_what_is_not_there(book: Book, memory: Memory) -> None:
    """An id that nothing has, a verdict or agent there is none of."""
    sails = book.told("interest", "I love sailing")
    with pytest.raises(NotFoundError, match="Nothing is remembered"):
        memory.correct("none", "wrong")
    with pytest.raises(UsageError, match="no such verdict"):
        memory.correct(sails, "silly")  # type: ignore[arg-type]  # as a program may
    with pytest.raises(UsageError, match="No agent"):
        memory.correct(sails, "wrong", "nobody@acme.example")
    assert book.rows(t.correction) == []


def test_a_correction_of_what_a_merged_customer_said_is_the_winners(
    book: Book, memory: Memory
) -> None:
    """Even before their tickets are remembered anew."""
    sails = book.told("interest", "I love sailing", ticket_id="3", by="101", customer_id="101")
    book.people(customer("102", "Ellen"))
    with book.record.writing(book.account) as writer:
        writer.connection.execute(
            t.merge.insert().values(account=book.number, loser_id="101", winner_id="102")
        )
    memory.correct(sails, "outdated")
    assert [row["customer_id"] for row in book.rows(t.correction)] == ["102"]
