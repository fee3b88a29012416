"""Forgetting as a program asks for it: whom it is about, what it would take, and being undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from memory import Memory
from memory.entities import Rating
from memory.errors import ForgottenError, NotFoundError, UsageError
from memory.record import forgotten
from memory.record import tables as t
from memory.record.offers import do_not_offer
from memory.record.resealing import reseal
from memory.record.same import say_same
from tests.integration.forgetting import life
from tests.support.book import AS_OF, agent, ago, customer, message, ticket

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.book import Book

REF = f"zendesk:{life.WHO}"


def _complete(book: Book) -> None:
    with book.record.writing(book.account) as writer:
        digests = [one.digest for one in forgotten.pending(writer.connection, book.number)]
        forgotten.complete(writer.connection, book.number, digests, AS_OF)


def _note(book: Book, note_id: str, words: str) -> None:
    """An agent notes something of the other customer."""
    with book.record.writing(book.account) as writer:
        writer.add_note(
            note_id=note_id,
            customer_id=life.OTHER,
            agent_id="11",
            at=AS_OF,
            text=words,
            sensitive=False,
        )


@pytest.mark.parametrize(
    "way",
    [
        {"customer": REF},
        {"customer": life.WHO},
        {"customer": f"zendesk:{life.MERGED}"},
        {"email": life.EMAIL.upper()},
        {"phone": "(212) 555-0143"},
    ],
    ids=["ref", "id", "merged", "email", "phone"],
)
def test_somebody_is_forgotten_by_any_way(memory: Memory, book: Book, way: dict[str, Any]) -> None:
    """By whom they are or were; whom else that concerns is named, and nobody else forgotten."""
    life.live(book)
    forgot = memory.forget(**way)
    assert (forgot.customer, forgot.before) == (REF, False)
    assert forgot.merged == (f"zendesk:{life.MERGED}",)
    assert forgot.same_person == (f"zendesk:{life.TWIN}",)
    certificate = forgot.certificate
    assert (certificate["account"], certificate["reason"]) == ("zendesk:acme", "asked")
    assert (certificate["accepted_at"], certificate["complete_at"]) == (
        "2026-07-07T09:00:00Z",
        None,
    )
    _complete(book)
    assert life.found(book) == []
    assert memory.brief(customer=f"zendesk:{life.TWIN}")["match"]["candidates"] == []


def test_who_is_out_of_sight_is_forgotten_too(memory: Memory, book: Book) -> None:
    """Whom the helpdesk deleted; of whom there are but words, or a rating; whose a ticket was."""
    book.people(customer(email="m@example.com", active=False, updated_at=ago(1)))
    book.ticket("1", "101")
    book.say("1", "I wrote this", author_id="102")
    book.store(ratings=(Rating("r1", "1", "103", "11", "good", AS_OF),))
    book.ticket("2", "104")
    book.ticket("2", "101", version=2)
    memory.forget(email="m@example.com")
    for who in ("102", "103", "104"):
        memory.forget(customer=f"zendesk:{who}")
    assert [book.rows(table) for table in (t.person, t.message, t.rating)] == [[], [], []]
    assert {row["former_requester_id"] for row in book.rows(t.ticket)} == {None}


def test_what_several_share_is_refused_and_they_are_listed(memory: Memory, book: Book) -> None:
    """Nobody is forgotten on a guess: not by a shared number, nor by one seen in others' calls."""
    book.people(
        customer("100", "Mara", phone="2125550101", email="home@example.com"),
        customer("101", "Bo", phone="2125550101"),
        customer("102", "Cy", phone="2125550103", shared_phone=True),
        customer("103", "Di", email="home@example.com", active=False),
    )
    shared: tuple[tuple[dict[str, Any], str], ...] = (
        ({"phone": "+12125550101"}, "zendesk:100, zendesk:101"),
        ({"phone": "+12125550103"}, "zendesk:102"),
        ({"email": "home@example.com"}, "zendesk:100, zendesk:103"),
    )
    for way, refs in shared:
        for ask in (memory.forget, memory.would_forget):
            with pytest.raises(UsageError, match=f"shared; known by it: {refs}\\.") as refused:
                ask(**way)
            assert "--customer" in refused.value.hint
    assert len(book.rows(t.person)) == 4
    assert book.rows(t.forgotten) == []


@pytest.mark.parametrize(
    ("way", "error", "says"),
    [
        ({"customer": "zendesk:999"}, NotFoundError, "Nobody is known"),
        ({"email": "no@example.com"}, NotFoundError, "Nobody is known"),
        ({"phone": "+12125550199"}, NotFoundError, "Nobody is known"),
        ({"phone": "anonymous"}, UsageError, "not a phone"),
        ({"customer": "freshdesk:100"}, UsageError, "not a ref of zendesk:acme"),
        ({"customer": "zendesk:11"}, UsageError, "an agent"),
        ({}, UsageError, "exactly one way"),
        ({"customer": "zendesk:100", "phone": "+12125550101"}, UsageError, "exactly one way"),
    ],
)
def test_who_cannot_be_forgotten_is_said(
    memory: Memory, book: Book, way: dict[str, Any], error: type[Exception], says: str
) -> None:
    """Unknown, unclear, or an agent; and nothing is changed."""
    book.people(customer(), agent())
    before = life.held(book)
    with pytest.raises(error, match=says):
        memory.forget(**way)
    assert life.held(book) == before


def test_a_dry_run_tells_what_would_go_and_changes_nothing(memory: Memory, book: Book) -> None:
    """The same counts as the forgetting itself; beside them files, and what is outside."""
    life.live(book)
    book.say(life.GIVEN, "I am calling for Quillon MARKSWORTH, a friend", author_id=life.OTHER)
    book.store(tickets=(ticket("880003", life.OTHER, subject=f"Re: {life.EMAIL}"),))
    book.store(tickets=(ticket("880004", life.OTHER),))
    book.store(messages=(message("m1", "Marksworth's cat", ticket_id="880004", author_id="11"),))
    for number, words in enumerate(("Ring quillon marksworth first", "A friend of Quillon's")):
        _note(book, f"n{number}", words)
    before = life.held(book)
    told = memory.would_forget(phone=life.PHONE)
    assert life.held(book) == before
    forgot = memory.forget(customer=REF)
    counts = {**told["counts"], "outside": 2, "outside_notes": 1}
    assert counts == forgot.certificate["counts"]
    assert (told["customer"], told["files"]) == (REF, [life.FILE])
    assert (told["merged"], told["same_person"]) == (
        [f"zendesk:{life.MERGED}"],
        [f"zendesk:{life.TWIN}"],
    )
    outside = {one["what"]: [*one["tickets"], *one["notes"]] for one in told["outside"]}
    others = [f"zendesk:{life.GIVEN}", "zendesk:880003"]
    old = {"postgresql_old_rows"} if book.record.engine.dialect.name == "postgresql" else set()
    assert outside.pop("tickets_of_others") == others
    assert outside.pop("notes_of_others") == ["n0"]
    assert outside.keys() == {"backups", "helpdesk", *old}
    stays = {*outside, "tickets_of_others", "notes_of_others"}
    assert set(forgot.certificate["outside"]) == stays


def test_of_sealed_words_it_is_told_too_who_names_them(
    memory: Memory, book: Book, tmp_path: Path
) -> None:
    """The database cannot look into them; a program with the key can."""
    life.live(book)
    book.say(life.GIVEN, "I am calling for Quillon MARKSWORTH, a friend", author_id=life.OTHER)
    _note(book, "n0", f"Reached by {life.PHONE}, too")
    expected = memory.would_forget(customer=REF)
    with Memory.open(
        tmp_path, database_url=book.database_url, encryption_keys=["k" * 43]
    ) as sealed:
        reseal(sealed.record, sealed.account)
        told = sealed.would_forget(customer=REF)
        assert told == expected
        assert told["outside"][-2]["tickets"] == [f"zendesk:{life.GIVEN}"]
        assert told["outside"][-1]["notes"] == ["n0"]
        forgot = sealed.forget(customer=REF)
        assert forgot.certificate["counts"] == {
            **expected["counts"],
            "outside": 1,
            "outside_notes": 1,
        }


def test_forgetting_again_says_so_with_the_certificate(memory: Memory, book: Book) -> None:
    """It is the same one, with when it was complete; a dry run has nothing to tell."""
    life.live(book)
    first = memory.forget(customer=REF)
    _complete(book)
    before = life.held(book)
    again = memory.forget(customer=REF)
    assert (again.before, again.customer) == (True, REF)
    assert again.certificate == {**first.certificate, "complete_at": "2026-07-07T09:00:00Z"}
    with pytest.raises(ForgottenError, match="forgotten already"):
        memory.would_forget(customer=REF)
    with pytest.raises(NotFoundError, match="Nobody is known by that phone") as refused:
        memory.forget(phone=life.PHONE)
    assert "by ref" in refused.value.hint
    assert life.held(book) == before


def test_nothing_is_said_or_written_down_of_somebody_forgotten(memory: Memory, book: Book) -> None:
    """A brief knows nobody; a note, a wish or an export is refused with the reason."""
    life.live(book)
    memory.forget(customer=REF)
    before = life.held(book)
    assert memory.brief(customer=REF, verified=True)["match"]["outcome"] == "none"
    assert memory.brief(phone=life.PHONE)["match"]["outcome"] == "none"
    assert memory.brief(email=life.EMAIL)["match"]["outcome"] == "none"
    assert memory.brief(ticket=f"zendesk:{life.OWN}")["match"]["outcome"] == "none"
    asked: list[Any] = [
        lambda: memory.note("Likes tea", customer=REF),
        lambda: memory.opt_out(REF),
        lambda: memory.export(customer=REF),
        lambda: memory.same_person(REF, f"zendesk:{life.OTHER}"),
        lambda: memory.recall("router", customer=REF),
    ]
    for ask in asked:
        with pytest.raises(ForgottenError, match="forgotten") as refused:
            ask()
        assert "remember allow" in refused.value.hint
    assert life.held(book) == before


def test_what_is_written_while_somebody_is_forgotten_is_refused(book: Book) -> None:
    """A note, a look or a wish that began before: no row of theirs is made again."""
    life.live(book)
    with book.record.writing(book.account) as writer:
        assert forgotten.forgotten(writer.connection, book.number, life.WHO) is None
    with book.record.writing(book.account) as writer:
        forgotten.put_down(writer.connection, book.number, [life.WHO], reason="asked", at=AS_OF)
        with pytest.raises(ForgottenError):
            writer.log_access(
                at=AS_OF, agent="a", proof="p", source="s", what="brief", customer_id=life.WHO
            )
        with pytest.raises(ForgottenError):
            writer.add_note(
                note_id="n9",
                customer_id=life.WHO,
                agent_id=None,
                at=AS_OF,
                text="x",
                sensitive=False,
            )
        made, number = writer.connection, book.number
        with pytest.raises(ForgottenError):
            do_not_offer(made, number, "11", AS_OF, life.WHO)
        for two in ((life.WHO, life.OTHER), (life.OTHER, life.WHO)):
            with pytest.raises(ForgottenError):
                say_same(made, number, *two, agent_id="11", at=AS_OF)


def test_who_was_forgotten_may_be_allowed_again(memory: Memory, book: Book) -> None:
    """Once their bytes are gone; of whoever is not forgotten that is said."""
    life.live(book)
    memory.forget(customer=REF)
    with pytest.raises(UsageError, match="not wholly forgotten yet"):
        memory.allow(REF)
    _complete(book)
    memory.allow(REF)
    for refused in (REF, "zendesk:999"):
        with pytest.raises(NotFoundError, match="Nobody of that ref is forgotten"):
            memory.allow(refused)
    book.store(life.pages()["people"])
    assert memory.brief(customer=REF)["match"]["outcome"] == "one"
    assert memory.brief(email=life.EMAIL)["match"]["outcome"] == "one"
