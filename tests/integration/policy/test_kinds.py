"""What an account says of a kind: whether it is kept, and how it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from memory import policy
from memory.errors import UsageError
from memory.record import tables as t

if TYPE_CHECKING:
    from memory import Memory
    from tests.support.book import Book

MARA, ELLEN = "zendesk:100", "zendesk:101"


def _kinds(book: Book, customer_id: str = "100") -> set[str]:
    return {row["kind"] for row in book.rows(t.memory) if row["customer_id"] == customer_id}


def _items(brief: Any, section: str = "care") -> list[tuple[str, str | None]]:
    return [(one["kind"], one["quote"]) for one in brief[section]]


def test_of_a_kind_that_is_never_kept_nothing_is_left(told: Book, memory: Memory) -> None:
    """Memories, evidence, sentences and vectors, of everybody; other kinds stay."""
    memory.set_kind("health", keep=False)
    assert _kinds(told) == {"issue", "interest", "feeling"}
    assert _kinds(told, "101") == set()
    for table in (t.evidence, t.sentence):
        assert "knee" not in str(told.rows(table))
    assert len(told.rows(t.vector)) == 2
    assert sorted(told.waiting()) == ["1", "2", "3"]


def test_notes_that_tell_of_it_go_too(told: Book, memory: Memory) -> None:
    """As far as words tell it, in four languages; what they do not tell of stays."""
    said = {
        "has dementia, be patient": "health",
        "tiene cáncer": "health",
        "ist an Krebs erkrankt": "health",
        "est très malade": "health",
        "lost her husband": "bereavement",
        "prefers mornings": "",
    }
    for words in said:
        memory.note(words, customer=MARA)
    memory.set_kind("health", keep=False)
    assert {row["text"] for row in told.rows(t.note)} == {
        words for words, kind in said.items() if kind != "health"
    }


def test_a_note_of_such_a_kind_is_refused(told: Book, memory: Memory) -> None:
    """It says which kind; once it is kept again the note is taken."""
    memory.set_kind("bereavement", keep=False)
    with pytest.raises(UsageError, match="never keeps: bereavement") as caught:
        memory.note("her father died", customer=MARA)
    assert "father" not in f"{caught.value.detail} {caught.value.hint}"
    assert told.rows(t.note) == []
    memory.set_kind("bereavement", keep=True)
    memory.note("her father died", customer=MARA)
    assert len(told.rows(t.note)) == 1


def test_an_account_may_keep_no_notes(told: Book, memory: Memory) -> None:
    """Those that there are go, and no other is taken."""
    memory.note("prefers mornings", customer=MARA)
    memory.set_kind("note", keep=False)
    assert told.rows(t.note) == []
    with pytest.raises(UsageError, match="keeps no notes"):
        memory.note("prefers mornings", customer=MARA)


def test_an_issue_whose_title_tells_of_it_goes(told: Book, memory: Memory) -> None:
    """It is sensitive, so nobody saw the title anyway."""
    told.issue("2", "Cancel for my surgery", sensitive=True)
    memory.set_kind("health", keep=False)
    titles = [row["quote"] for row in told.rows(t.evidence) if row["part"] == "title"]
    assert titles == ["Router drops"]


def test_what_is_kept_again_is_remembered_again(told: Book, memory: Memory) -> None:
    """Every ticket is, since any may tell it."""
    memory.set_kind("health", keep=False)
    told.drain()
    memory.set_kind("health", keep=True)
    assert sorted(told.waiting()) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("show", "care", "withheld"),
    [
        ("full", [("health", "My knee hurts"), ("feeling", None)], []),
        ("masked", [("health", None), ("feeling", None)], []),
        ("off", [("feeling", None)], [("health", 1)]),
    ],
)
def test_a_kind_is_shown_as_the_account_says(
    told: Book, memory: Memory, show: Any, care: Any, withheld: Any
) -> None:
    """Whatever the setting says, which holds for the other kinds."""
    memory.set_kind("health", show=show)
    brief: Any = memory.brief(customer=MARA, verified=True)
    assert _items(brief) == care
    by_policy = [one for one in brief["withheld"] if one["why"] == "policy"]
    assert [(one["kind"], one["count"]) for one in by_policy] == withheld


def test_a_kind_that_is_hidden_stays_hidden_where_all_is_shown(told: Book) -> None:
    """Under the setting `full` too, and wherever its words stand."""
    told.told("work", "I nurse my father through his cancer")
    with told.record.writing(told.account) as writer:
        writer.connection.execute(
            t.kind_policy.insert().values(
                account=told.number, kind="health", kept=True, shown="masked", at=told.view().as_of
            )
        )
    brief = told.brief(sensitive="full")
    assert _items(brief) == [("health", None), ("feeling", "I was so lonely then")]
    assert ("work", None) in _items(brief, "context")


def test_an_ordinary_kind_may_be_hidden_too(told: Book, memory: Memory) -> None:
    """Its words are then neither in the brief nor in what search finds, until revealed."""
    memory.set_kind("interest", show="masked")
    brief: Any = memory.brief(customer=MARA, verified=True)
    assert _items(brief, "context") == [("interest", None)]
    shown: Any = memory.brief(customer=MARA, verified=True, reveal_to="dana")
    assert _items(shown, "context") == [("interest", "I love sailing")]


def test_promises_and_checks_are_shown_as_said(told: Book, memory: Memory) -> None:
    """Hidden, a promise is a title; left out, there is none."""
    told.told("promise", "I will call you back", by="11", code="call")
    memory.note("street is ?Ashgrove", customer=MARA)
    memory.set_kind("promise", show="masked")
    memory.set_kind("check", show="masked")
    brief: Any = memory.brief(customer=MARA, verified=True)
    assert [(one["title"], one["evidence"]) for one in brief["promises"]] == [("Call back", [])]
    assert brief["check"] == []
    memory.set_kind("promise", show="off")
    gone: Any = memory.brief(customer=MARA, verified=True)
    assert gone["promises"] == []


def test_the_whole_policy_is_told(told: Book, memory: Memory) -> None:
    """Every kind, with what says so; and who opted out."""
    memory.set_kind("feeling", show="off", days=30)
    memory.set_kind("health", keep=False)
    memory.opt_out(ELLEN)
    document = memory.policies()
    kinds = {one["kind"]: one for one in document["kinds"]}
    assert list(kinds) == list(policy.KINDS)
    assert kinds["feeling"] == {
        "kind": "feeling",
        "kept": True,
        "shown": "off",
        "shown_by": "policy",
        "days": 30,
        "days_by": "policy",
    }
    assert kinds["health"]["kept"] is False
    assert (kinds["health"]["shown"], kinds["health"]["days"]) == ("masked", 730)
    assert (kinds["work"]["shown"], kinds["access_need"]["days"]) == ("full", 0)
    assert document["opted_out"] == [ELLEN]
    memory.set_kind("feeling", show="default", days="default")
    again = {one["kind"]: one for one in memory.policies()["kinds"]}["feeling"]
    assert (again["shown_by"], again["days"], again["days_by"]) == ("setting", 180, "setting")


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("sorrow", {"keep": False}, "no such kind"),
        ("issue", {"keep": False}, "as long as its ticket"),
        ("agent_request", {"show": "off"}, "not shown by its words"),
        ("health", {"days": -1}, "so many days"),
        ("health", {"days": 10**6}, "so many days"),
    ],
)
def test_what_cannot_hold_is_refused(memory: Memory, kind: str, more: Any, words: str) -> None:
    """Before anything is written."""
    with pytest.raises(UsageError, match=words):
        memory.set_kind(kind, **more)
    assert all(one["kept"] for one in memory.policies()["kinds"])
