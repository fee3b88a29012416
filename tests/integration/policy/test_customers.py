"""What a customer wants: nothing from before a day, or one memory kept or not."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from memory.entities import Merge, Page
from memory.errors import ForgottenError, NotFoundError, UsageError
from memory.face.keeping import Act
from memory.record import tables as t
from memory.record.wishes import wishes
from tests.support.book import AS_OF, ago

if TYPE_CHECKING:
    from memory import Memory
    from tests.support.book import Book

MARA, ELLEN = "zendesk:100", "zendesk:101"
DANA = Act("dana", "os-user", "command")


def _kinds(book: Book, customer_id: str = "100") -> set[str]:
    return {row["kind"] for row in book.rows(t.memory) if row["customer_id"] == customer_id}


def _id(book: Book, kind: str) -> str:
    return next(str(row["id"]) for row in book.rows(t.memory) if row["kind"] == kind)


def _consent(memory: Memory, customer: str = MARA) -> tuple[str, dict[str, str]]:
    export: Any = memory.export(customer=customer)
    each = {one["kind"]: one["consent"] for one in export["memories"]}
    return export["customer"]["consent"], each


def test_what_was_said_before_a_day_goes(told: Book, memory: Memory) -> None:
    """Memories, notes and sentences; what was said since stays, and everybody else's."""
    told.note("lives alone", at=ago(300), note_id="old")
    told.note("prefers mornings", at=ago(1), note_id="new")
    memory.cut_off(MARA, ago(100))
    assert _kinds(told) == {"health", "interest", "issue"}
    assert _kinds(told, "101") == {"health"}
    assert [row["id"] for row in told.rows(t.note)] == ["new"]
    assert "lonely" not in str(told.rows(t.evidence))
    assert sorted(told.waiting()) == ["1", "2"]


def test_it_holds_for_what_is_derived_again(told: Book, memory: Memory) -> None:
    """Whatever day the words are said to be of; a later day stands, an earlier does not."""
    assert memory.cut_off(MARA, ago(100)) == ago(100)
    assert memory.cut_off(MARA, ago(200)) == ago(100)
    with told.record.reading() as connection:
        wished = wishes(connection, told.number, {})
    assert wished.silence("100", ago(101))
    assert not wished.silence("100", ago(99))
    assert not wished.silence("101", ago(101))
    assert memory.policies()["cut_off"] == [
        {"customer": MARA, "before": memory.policy_of(MARA)["before"]}
    ]


def test_a_day_to_come_is_refused(told: Book, memory: Memory) -> None:
    """Who wants nothing kept at all opts out; nor is there a day before the first."""
    with pytest.raises(UsageError, match="before all calendars"):
        memory.cut_off(MARA, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))
    with pytest.raises(UsageError, match="to come"):
        memory.cut_off(MARA, AS_OF + timedelta(days=1))
    with pytest.raises(NotFoundError):
        memory.cut_off("zendesk:999", ago(1))
    assert told.rows(t.cut_off) == []


def test_of_merged_customers_the_later_day_holds(told: Book, memory: Memory) -> None:
    """They are one person, who asked for it."""
    memory.cut_off(ELLEN, ago(5))
    memory.cut_off(MARA, ago(100))
    told.store(Page(merges=(Merge("101", "100"),)))
    [row] = told.rows(t.cut_off)
    assert (row["customer_id"], row["before"]) == ("100", ago(5))
    assert _kinds(told) == set()


def test_what_is_agreed_says_so(told: Book, memory: Memory) -> None:
    """In brief and export; a later memory of the same thing is agreed to as well."""
    memory.say_consent(_id(told, "interest"), "agreed", "daniel@acme.example", act=DANA)
    brief: Any = memory.brief(customer=MARA, verified=True)
    assert [(one["kind"], one["consent"]) for one in brief["context"]] == [("interest", "agreed")]
    whole, each = _consent(memory)
    assert (whole, each["interest"], each["health"]) == ("agreed", "agreed", "unknown")
    told.told("interest", "I love sailing", at=ago(1))
    again: Any = memory.brief(customer=MARA, verified=True)
    assert [one["consent"] for one in again["context"]] == ["agreed"]


def test_what_is_declined_goes_and_does_not_come_back(told: Book, memory: Memory) -> None:
    """As what is not wanted; its line in the brief with it."""
    sails = _id(told, "interest")
    memory.say_consent(sails, "declined", act=DANA)
    assert "sailing" not in f"{told.rows(t.evidence)}"
    brief: Any = memory.brief(customer=MARA, verified=True)
    assert brief["context"] == []
    with told.record.reading() as connection:
        assert not wishes(connection, told.number, {}).keep(sails, "interest")
    assert _consent(memory)[0] == "unknown"


def test_who_agrees_later_takes_it_back(told: Book, memory: Memory) -> None:
    """The tickets are remembered again; what an agent did not want stays away."""
    sails, knee = _id(told, "interest"), _id(told, "health")
    memory.correct(knee, "unwanted")
    memory.say_consent(sails, "declined")
    told.drain()
    memory.say_consent(sails, "agreed")
    assert "1" in told.waiting()
    with told.record.reading() as connection:
        assert wishes(connection, told.number, {}).keep(sails, "interest")
    with pytest.raises(NotFoundError):
        memory.say_consent(knee, "agreed")


def test_a_note_can_be_agreed_to_and_declined(told: Book, memory: Memory) -> None:
    """Declined, it is gone for good."""
    note = memory.note("prefers mornings", customer=MARA)
    memory.say_consent(note, "agreed")
    brief: Any = memory.brief(customer=MARA, verified=True)
    assert {one["memory"]: one["consent"] for one in brief["context"]}[note] == "agreed"
    memory.say_consent(note, "declined")
    assert told.rows(t.note) == []


def test_answers_follow_a_merge(told: Book, memory: Memory) -> None:
    """They are the winner's from then on."""
    knee = next(row["id"] for row in told.rows(t.memory) if row["customer_id"] == "101")
    memory.say_consent(knee, "agreed")
    told.store(Page(merges=(Merge("101", "100"),)))
    assert {row["customer_id"] for row in told.rows(t.consent)} == {"100"}


def test_who_opted_out_has_declined(told: Book, memory: Memory) -> None:
    """An export says so of the customer; once they are back in it is unknown."""
    memory.opt_out(MARA)
    assert _consent(memory)[0] == "declined"
    memory.opt_in(MARA)
    assert _consent(memory)[0] == "unknown"


def test_nobody_answers_for_what_is_not_there(told: Book, memory: Memory) -> None:
    """An id that nothing has, an answer or an agent there is none of."""
    with pytest.raises(NotFoundError):
        memory.say_consent("none", "agreed")
    with pytest.raises(UsageError, match="no such answer"):
        memory.say_consent(_id(told, "health"), "maybe")  # type: ignore[arg-type]  # as a program may
    with pytest.raises(UsageError, match="No agent"):
        memory.say_consent(_id(told, "health"), "agreed", "nobody@acme.example")
    assert told.rows(t.consent) == []


def test_who_is_forgotten_meanwhile_leaves_no_wish(
    told: Book, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were found, then forgotten by another process, then written of: nothing is written."""
    found = memory._customer(memory._view(memory.account), "customer", MARA)
    memory.forget(customer=MARA)
    monkeypatch.setattr(type(memory), "_customer", lambda *_: found)
    for wish in (memory.opt_out, memory.opt_in, lambda who: memory.cut_off(who, ago(1))):
        with pytest.raises(ForgottenError):
            wish(MARA)
    assert told.rows(t.opt_out) == told.rows(t.cut_off) == []


def test_every_act_on_a_customer_is_written_down(told: Book, memory: Memory) -> None:
    """Who did it, to whom, and of one memory which."""
    sails = _id(told, "interest")
    memory.say_consent(sails, "agreed", act=DANA)
    memory.correct(sails, "outdated", act=DANA)
    memory.cut_off(MARA, ago(100), act=DANA)
    memory.opt_out(MARA, act=DANA)
    memory.opt_in(MARA, act=DANA)
    memory.policy_of(MARA, act=DANA)
    acts = [what.partition(":")[0] for who, _, what in told.seen() if who == "dana"]
    assert acts == ["agreed", "outdated", "cut_off", "opt_out", "opt_in", "policy"]
