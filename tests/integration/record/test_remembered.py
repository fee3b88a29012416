"""What is remembered of a ticket is replaced as a whole; vectors live as long as their users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.record import Evidence, RememberedTicket, StoredMemory, issues, of_customer, queries
from memory.record import tables as t
from memory.record.remembered import Contact, SentencePlace
from memory.text.vectors import digest
from tests.support.book import ago, customer, ticket

if TYPE_CHECKING:
    from tests.support.book import Book

ONE, TWO = b"1" * 16, b"2" * 16
BYTES = {ONE: b"\x00<" * 4, TWO: b"\x00@" * 4}


def _sentences(*digests: bytes) -> tuple[SentencePlace, ...]:
    return tuple(
        SentencePlace("7", "100", start, start + 1, key) for start, key in enumerate(digests)
    )


def _issue(key: bytes) -> StoredMemory:
    said = Evidence("title", "1", "", "Bill")
    return StoredMemory(
        "i1", "100", "1", "issue", None, ago(1), None, 1.0, False, (said,), "open", key
    )


def _users(book: Book) -> dict[bytes, int]:
    return {row["digest"]: row["users"] for row in book.rows(t.vector)}


def _again(book: Book, ticket_id: str = "1") -> str:
    with book.record.writing(book.account) as writer:
        writer.put_in_outbox([ticket_id])
    stamp = book.stamp(ticket_id)
    assert stamp is not None
    return stamp


def test_a_new_or_changed_ticket_waits_in_the_outbox(book: Book) -> None:
    """Whatever changes what could be remembered of a ticket puts it there, with a new stamp."""
    book.ticket("1")
    first = book.stamp("1")
    book.drain()
    book.say("1", "Hello")
    second = book.stamp("1")
    assert first
    assert second
    assert first != second


def test_a_ticket_that_nobody_has_heard_of_does_not_wait(book: Book) -> None:
    """Messages that come before their ticket wait for it."""
    book.say("9", "Hello")
    assert book.waiting() == []
    book.ticket("9")
    assert book.waiting() == ["9"]


def test_read_tickets_come_first_and_the_newest_of_them(book: Book) -> None:
    """Recent callers are remembered first; a ticket whose messages are to come is done later."""
    for ticket_id, days in (("1", 30), ("2", 10), ("3", 20)):
        book.ticket(ticket_id, at=ago(days))
    book.store(tickets=(ticket("4", at=ago(1)),))
    assert book.waiting() == ["2", "3", "1", "4"]


def test_remembering_takes_a_ticket_out_of_the_outbox(book: Book) -> None:
    """In the transaction that stores what was remembered."""
    book.ticket("1")
    one = RememberedTicket("1", book.stamp("1") or "", never_kept=(("100", 2),))
    assert book.remember(one) == [one]
    assert book.waiting() == []
    with book.record.reading() as connection:
        assert of_customer.never_kept_of(connection, book.number, "100", ago(0)) == 2


def test_a_ticket_put_again_while_it_was_remembered_stays(book: Book) -> None:
    """What was thought about an older state is thrown away, not stored over the newer one."""
    book.ticket("1")
    stamp = book.stamp("1") or ""
    book.say("1", "One more thing")
    assert book.remember(RememberedTicket("1", stamp, never_kept=(("100", 2),))) == []
    assert book.waiting() == ["1"]
    assert book.rows(t.never_kept) == []


def test_remembering_again_replaces_all_of_it(book: Book) -> None:
    """Nothing of what was remembered before is left beside the new."""
    book.people(customer())
    book.ticket("1")
    full = RememberedTicket(
        "1",
        book.stamp("1") or "",
        memories=(_issue(ONE),),
        sentences=_sentences(ONE, TWO),
        contacts=(Contact("100", "11", ago(1), 5.0, 1),),
        never_kept=(("100", 1),),
    )
    book.remember(full, BYTES)
    for table in (t.memory, t.evidence, t.sentence, t.contact, t.never_kept, t.vector):
        assert book.rows(table), table.name
    book.remember(RememberedTicket("1", _again(book)))
    for table in (t.memory, t.evidence, t.sentence, t.contact, t.never_kept, t.vector):
        assert book.rows(table) == [], table.name


def test_a_vector_counts_its_users_and_goes_with_the_last(book: Book) -> None:
    """Two tickets that say the same share one vector; an issue's title uses one too."""
    book.ticket("1")
    book.ticket("2")
    one = RememberedTicket("1", book.stamp("1") or "", (_issue(ONE),), _sentences(ONE, ONE, TWO))
    book.remember(one, BYTES)
    book.remember(RememberedTicket("2", book.stamp("2") or "", (), _sentences(ONE)), BYTES)
    assert _users(book) == {ONE: 4, TWO: 1}
    book.remember(RememberedTicket("1", _again(book), (), _sentences(ONE)), BYTES)
    assert _users(book) == {ONE: 2}
    book.store(gone_tickets=("1",))
    assert _users(book) == {ONE: 1}
    book.store(gone_tickets=("2",))
    assert _users(book) == {}


def test_remembering_the_same_again_counts_nobody_twice(book: Book) -> None:
    """However often a ticket is remembered, its vectors have the users it has."""
    book.ticket("1")
    for _ in range(3):
        same = RememberedTicket("1", _again(book), (_issue(TWO),), _sentences(ONE, TWO))
        book.remember(same, BYTES)
        assert _users(book) == {ONE: 1, TWO: 2}


def test_remembering_everything_again_drops_all_and_queues_what_is_visible(book: Book) -> None:
    """`reindex --memories` begins with nothing remembered, and no deleted ticket waiting."""
    book.ticket("1")
    book.ticket("2")
    book.remember(
        RememberedTicket("1", book.stamp("1") or "", (_issue(ONE),), _sentences(ONE)), BYTES
    )
    book.note("Likes the sea")
    book.store(gone_tickets=("2",))
    with book.record.writing(book.account) as writer:
        writer.made_by("model-1")
        writer.remember_everything_again()
    for table in (t.memory, t.evidence, t.sentence, t.vector):
        assert book.rows(table) == [], table.name
    assert book.waiting() == ["1"]
    assert book.account.encoder is None
    assert len(book.rows(t.note)) == 1


def test_known_vectors_are_found_by_digest(book: Book) -> None:
    """However many are asked for; those that are not there are left out."""
    book.ticket("1")
    keys = [digest(book.account.key, str(number)) for number in range(1200)]
    data = dict.fromkeys(keys, b"\x00<" * 4)
    book.remember(RememberedTicket("1", book.stamp("1") or "", (), _sentences(*keys)), data)
    with book.record.reading() as connection:
        assert issues.vectors_and_readings(connection, book.number, [*keys, ONE]) == (data, {})


def test_a_reader_sees_one_moment(book: Book) -> None:
    """What is written while somebody reads is not half seen."""
    book.ticket("1")
    with book.record.reading() as connection:
        before = queries.counts(connection, book.number)
        book.ticket("2")
        assert queries.counts(connection, book.number) == before
    with book.record.reading() as connection:
        assert queries.counts(connection, book.number)["tickets"] == 2
