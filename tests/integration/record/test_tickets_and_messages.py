"""What the record keeps of tickets and their messages: the newest version, whatever comes when."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from memory.entities import Call, Origin, Page, Rating, Status, Unreadable
from memory.record import RememberedTicket, due, of_customer, queries
from memory.record import tables as t
from memory.record.whole import WholeTicket
from tests.support.book import Book, ago, customer, message, ticket

if TYPE_CHECKING:
    from pathlib import Path


def _texts(book: Book) -> dict[str, str]:
    return {row["id"]: row["text"] for row in book.rows(t.message)}


def _ticket(book: Book) -> dict[str, object]:
    (row,) = book.rows(t.ticket)
    return row


class StopError(Exception):
    """The kill between a page and its checkpoint."""


def test_a_page_and_its_checkpoint_are_one_transaction(book: Book) -> None:
    """A run that dies between the two leaves neither; one that does not leaves both."""
    page = Page(people=(customer(),), tickets=(ticket(),), messages=(message("7", "Hello"),))

    def store_and_die() -> None:
        with book.record.writing(book.account) as writer:
            writer.store(page)
            writer.checkpoint("tickets", "cursor-1", done=False, rows=3)
            raise StopError

    with pytest.raises(StopError):
        store_and_die()
    for table in (t.person, t.ticket, t.message, t.outbox, t.checkpoint):
        assert book.rows(table) == [], table.name
    with book.record.writing(book.account) as writer:
        writer.store(page)
        writer.checkpoint("tickets", "cursor-1", done=False, rows=3)
    assert [row["value"] for row in book.rows(t.checkpoint)] == ["cursor-1"]
    assert _texts(book) == {"7": "Hello"}


def test_checkpoints_move_on_and_count_their_rows(book: Book) -> None:
    """The last value stands; rows add up over all pages of a stream; streams are apart."""
    with book.record.writing(book.account) as writer:
        writer.checkpoint("tickets", "a", done=False, rows=100)
        writer.checkpoint("tickets", "b", done=True, rows=20)
        writer.checkpoint("users", "x", done=False, rows=5)
    with book.record.reading() as connection:
        known = due.checkpoints(connection, book.number)
    assert {k: (v.value, v.done, v.rows) for k, v in known.items()} == {
        "tickets": ("b", True, 120),
        "users": ("x", False, 5),
    }


def test_a_first_checkpoint_never_sets_a_stream_back(book: Book) -> None:
    """A stream that has begun goes on where it stands when a second backfill begins it again."""
    with book.record.writing(book.account) as writer:
        writer.begin("changes", "start")
        writer.checkpoint("changes", "further", done=False, rows=9)
        writer.begin("changes", "start")
    (row,) = book.rows(t.checkpoint)
    assert (row["value"], row["done"], row["rows"]) == ("further", False, 9)


def test_the_newest_version_of_a_ticket_wins(book: Book) -> None:
    """An older copy of a ticket, which exports do send, changes nothing."""
    book.store(tickets=(ticket(version=5, subject="New words", status=Status.SOLVED),))
    book.store(tickets=(ticket(version=3, subject="Old words"),))
    assert (_ticket(book)["subject"], _ticket(book)["status"]) == ("New words", "solved")
    book.store(tickets=(ticket(version=6, subject="Newest"), ticket(version=4, subject="Older")))
    assert _ticket(book)["subject"] == "Newest"


def test_the_same_version_of_a_ticket_changes_nothing(book: Book) -> None:
    """A page that is asked for again after a kill does not even put its tickets in the outbox."""
    book.store(tickets=(ticket(),))
    book.drain()
    book.store(tickets=(ticket(),))
    assert book.waiting() == []


def test_the_description_stands_until_the_messages_are_read(book: Book) -> None:
    """A ticket's first text is there at once, by its submitter, and gone with the real messages."""
    book.store(tickets=(ticket(description="My bill is wrong", submitter_id="11"),))
    (row,) = book.rows(t.message)
    assert (row["id"], row["author_id"], row["text"]) == ("description", "11", "My bill is wrong")
    assert _ticket(book)["messages_due"]
    book.store(messages=(message("7", "My bill is wrong"),), whole_tickets=("1",))
    assert _texts(book) == {"7": "My bill is wrong"}
    assert (_ticket(book)["messages_due"], _ticket(book)["messages_read"]) == (False, True)


def test_the_description_does_not_come_back(book: Book) -> None:
    """A newer copy of a ticket whose messages are here brings no stand-in again."""
    book.store(tickets=(ticket(description="Hello"),))
    book.store(messages=(message("7", "Hello"),), whole_tickets=("1",))
    book.store(tickets=(ticket(description="Hello", version=2),))
    assert _texts(book) == {"7": "Hello"}


def test_a_page_of_messages_that_is_not_the_last_keeps_the_description(book: Book) -> None:
    """Until all messages are here, nothing says which of them the description was."""
    book.store(tickets=(ticket(description="Hello"),))
    book.store(messages=(message("7", "Hello"),))
    assert set(_texts(book)) == {"7", "description"}


def test_a_changed_ticket_is_read_again_unless_its_changes_come_by_themselves(book: Book) -> None:
    """`reread` says whether messages of a changed ticket are asked for again."""
    book.store(tickets=(ticket(),))
    book.store(whole_tickets=("1",))
    book.store(tickets=(ticket(version=2),), reread=False)
    assert not _ticket(book)["messages_due"]
    book.store(tickets=(ticket(version=3),), reread=True)
    assert _ticket(book)["messages_due"]


def test_a_ticket_that_changed_while_it_was_read_stays_due(book: Book) -> None:
    """Messages read of version 1 do not settle version 2."""
    book.store(tickets=(ticket(version=2),))
    book.store(whole_tickets=("1",), read={"1": WholeTicket(1, {"c1"})})
    assert _ticket(book)["messages_due"]
    book.store(whole_tickets=("1",), read={"1": WholeTicket(2, {"c1"})})
    assert not _ticket(book)["messages_due"]


def test_a_stale_ticket_is_due_again(book: Book) -> None:
    """A ticket of which a page does not tell all is to be read; a deleted one is not."""
    book.ticket("1")
    book.store(tickets=(ticket("2", status=Status.DELETED),))
    book.store(stale_tickets=("1", "2"))
    with book.record.reading() as connection:
        found = due.tickets_to_read(connection, book.number, 10)
    assert [row.id for row in found] == ["1"]


def test_what_the_ticket_says_wins_over_an_event(book: Book) -> None:
    """A redacted comment stays redacted, though an event replays it whole, in any order."""
    tell = message("7", "My PIN is ...", origin=Origin.TICKET)
    replay = message("7", "My PIN is long", origin=Origin.EVENT)
    for order in permutations([tell, replay]):
        for one in order:
            book.store(messages=(one,))
        assert _texts(book) == {"7": "My PIN is ..."}
    for order in permutations([tell, replay]):
        book.store(messages=order)
        assert _texts(book) == {"7": "My PIN is ..."}


def test_a_later_reading_of_the_ticket_replaces_an_earlier_one(book: Book) -> None:
    """Redaction in the helpdesk reaches the record with the next reading."""
    book.store(messages=(message("7", "My PIN is long"),))
    book.store(messages=(message("7", "My PIN is ..."),))
    assert _texts(book) == {"7": "My PIN is ..."}


def test_text_is_stored_cleaned_and_redacted(book: Book) -> None:
    """Quoted replies, signatures and card numbers are gone before anything is stored."""
    card = "4111 1111 1111 1111"
    book.store(
        tickets=(ticket(subject=f"Card {card}"),),
        messages=(message("7", f"It is {card}\n> what is your card\n--\nMara"),),
    )
    everything = str(book.rows(t.ticket)) + str(book.rows(t.message))
    assert "4111" not in everything
    assert "what is your card" not in everything


def test_a_call_is_kept_with_its_message(book: Book) -> None:
    """Direction, minutes, who answered and the other end's number stand beside the transcript."""
    call = Call("inbound", minutes=97.0, answered_by="11", number="+12125550101")
    book.store(messages=(message("7", "Customer: hello", call=call),))
    (row,) = book.rows(t.message)
    assert (row["direction"], row["minutes"], row["answered_by"], row["number"]) == (
        "inbound",
        97.0,
        "11",
        "+12125550101",
    )


def test_times_come_back_as_they_were(book: Book) -> None:
    """To the microsecond, and in UTC."""
    at = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC)
    book.store(tickets=(ticket(at=at, solved_at=at),))
    assert (_ticket(book)["created_at"], _ticket(book)["solved_at"]) == (at, at)


def _full_ticket(book: Book) -> None:
    book.ticket("1", subject="Secret subject", rating="good")
    book.told("interest", "I love sailing")
    book.issue("1", "Secret subject", restatement="My bill is wrong", vector=[1, 0])
    book.sentence("1", "I sail at dawn", [0, 1])
    book.contact("1", "11")
    book.never_kept("1", 2)
    book.store(ratings=(Rating("5", "1", "100", "11", "good", ago(1)),))
    book.store(tickets=(ticket("2"),))


_OF_TICKET = (t.message, t.rating, t.memory, t.evidence, t.sentence, t.contact, t.never_kept)


@pytest.mark.parametrize("how", ["deleted", "gone"])
def test_a_deleted_ticket_leaves_nothing_but_its_number(book: Book, how: str) -> None:
    """Words, ratings, memories, vectors and contact time go, however the deletion is told."""
    _full_ticket(book)
    if how == "deleted":
        book.store(tickets=(ticket(status=Status.DELETED, version=2),))
    else:
        book.store(gone_tickets=("1",))
    for table in (*_OF_TICKET, t.vector):
        assert book.rows(table) == [], table.name
    assert "1" not in book.waiting()
    bare = next(row for row in book.rows(t.ticket) if row["id"] == "1")
    assert (bare["subject"], bare["rating"], bare["messages_due"]) == ("", None, False)
    with book.record.reading() as connection:
        assert queries.ticket(connection, book.number, "1") is None
        assert [r.id for r in of_customer.tickets_of(connection, book.number, "100")] == ["2"]


def test_an_older_copy_cannot_bring_a_deleted_ticket_back(book: Book) -> None:
    """Nor can messages of it that were under way."""
    _full_ticket(book)
    book.store(tickets=(ticket(status=Status.DELETED, version=3),))
    book.store(tickets=(ticket(version=2, subject="Secret subject", description="Secret"),))
    book.store(messages=(message("7", "Secret words"),), whole_tickets=("1",))
    book.store(messages=(message("8", "Secret words", origin=Origin.EVENT),))
    book.store(ratings=(Rating("5", "1", "100", "11", "good", ago(1)),))
    for table in _OF_TICKET:
        assert book.rows(table) == [], table.name
    assert "1" not in book.waiting()
    assert next(row for row in book.rows(t.ticket) if row["id"] == "1")["status"] == "deleted"


def test_a_restored_ticket_returns(book: Book) -> None:
    """A newer copy that is not deleted is a ticket again, whose messages are to be read."""
    _full_ticket(book)
    book.store(tickets=(ticket(status=Status.DELETED, version=2),))
    book.store(tickets=(ticket(version=3, subject="Back", description="Hello"),), reread=False)
    row = next(row for row in book.rows(t.ticket) if row["id"] == "1")
    assert (row["subject"], row["status"]) == ("Back", "open")
    assert (row["messages_due"], row["messages_read"]) == (True, False)
    assert "1" in book.waiting()
    assert _texts(book) == {"description": "Hello"}


def test_what_was_remembered_meanwhile_of_a_deleted_ticket_is_dropped(book: Book) -> None:
    """Remembering reads, thinks, writes; a ticket deleted in between stays forgotten."""
    book.ticket("1")
    stamp = book.stamp("1") or ""
    book.store(tickets=(ticket(status=Status.DELETED, version=2),))
    assert book.remember(RememberedTicket("1", stamp, never_kept=(("100", 1),))) == []
    assert book.rows(t.never_kept) == []


def test_deleted_words_leave_no_byte_behind(tmp_path: Path) -> None:
    """Erased means erased: once the record is closed, SQLite's files no longer hold the words."""
    book = Book(tmp_path)
    unusual = "Zanzibarquartzvexation"
    for number in range(50):
        book.ticket(str(number), subject=f"{unusual} {number}")
        book.say(str(number), f"{unusual} again " * 50)
    book.store(gone_tickets=tuple(str(number) for number in range(50)))
    book.record.close()
    for file in tmp_path.iterdir():
        assert unusual.encode() not in file.read_bytes(), file.name


def test_rows_that_could_not_be_read_are_set_aside_and_shown(book: Book) -> None:
    """One entry per row, the latest reason, without stopping anything."""
    with book.record.writing(book.account) as writer:
        writer.quarantine([Unreadable("tickets", "9", "created_at", "not a time", {})], ago(2))
        writer.quarantine(
            [
                Unreadable("tickets", "9", "updated_at", "missing", {"id": 9}),
                Unreadable("users", "3", "role", "not a text", {}),
            ],
            ago(1),
        )
    with book.record.reading() as connection:
        found = queries.quarantined(connection, book.number)
    assert [tuple(row) for row in found] == [
        ("tickets", "9", "updated_at", "missing"),
        ("users", "3", "role", "not a text"),
    ]
    assert next(row for row in book.rows(t.quarantine) if row["id"] == "9")["at"] == ago(1)
