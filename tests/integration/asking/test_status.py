"""What is stored, how fresh, how complete, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.asking.status import status_of
from memory.entities import Unreadable
from tests.support.book import Book, agent, ago, customer, ticket

if TYPE_CHECKING:
    from memory.asking.status import AccountStatus


def _status(book: Book) -> list[AccountStatus]:
    with book.record.reading() as connection:
        found = status_of(connection, book.record.accounts())
    assert found["version"] == 1
    return found["accounts"]


def test_an_account_nothing_was_taken_from(book: Book) -> None:
    """Every key, all zero, and not complete."""
    assert _status(book) == [
        {
            "account": "zendesk:acme",
            "synced_at": None,
            "complete": False,
            "customers": 0,
            "tickets": 0,
            "messages": 0,
            "memories": 0,
            "outbox": 0,
            "quarantined": [],
            "oldest_unchecked": None,
        }
    ]


def test_what_is_visible_is_counted(book: Book) -> None:
    """Agents, deleted people and deleted tickets are not."""
    book.people(customer(), customer("101", active=False), agent())
    book.ticket("1")
    book.told("interest", "I love sailing")
    book.ticket("2")
    book.say("2", "Gone soon")
    book.store(gone_tickets=("2",))
    (found,) = _status(book)
    counted = [found["customers"], found["tickets"], found["messages"], found["memories"]]
    assert counted == [1, 1, 1, 1]


def test_complete_is_every_stream_at_its_end_and_nothing_waiting(book: Book) -> None:
    """One thing missing, whichever, and it is not."""
    book.people(customer(identities_known=True))
    book.ticket("1")
    book.drain()
    with book.record.writing(book.account) as writer:
        writer.synced(ago(0))
        writer.checkpoint("tickets", "x", done=True)
        writer.checkpoint("users", "x", done=False)
    assert not _status(book)[0]["complete"]
    with book.record.writing(book.account) as writer:
        writer.checkpoint("users", "y", done=True)
    assert _status(book)[0]["complete"]
    assert _status(book)[0]["synced_at"] == "2026-07-07T09:00:00Z"
    for wait in (
        lambda: book.say("1", "One more"),
        lambda: book.store(stale_tickets=("1",)),
        lambda: book.people(customer("102", "New")),
    ):
        wait()
        assert not _status(book)[0]["complete"]
        book.drain()
        book.store(whole_tickets=("1",), identified=("102",))
        book.drain()
        assert _status(book)[0]["complete"]


def test_what_could_not_be_read_is_named_without_its_contents(book: Book) -> None:
    """Stream, id, field and reason; not the row."""
    row = Unreadable("tickets", "9", "created_at", "not a time", {"subject": "<5 characters>"})
    with book.record.writing(book.account) as writer:
        writer.quarantine([row], ago(1))
    assert _status(book)[0]["quarantined"] == [
        {"stream": "tickets", "id": "9", "field": "created_at", "reason": "not a time"}
    ]


def test_every_account_is_listed_by_name(book: Book) -> None:
    """Several accounts in one record, each with its own numbers."""
    other = Book(book.database_url, "freshdesk:acme", "https://acme.freshdesk.com")
    other.people(customer())
    found = _status(book)
    assert [(one["account"], one["customers"]) for one in found] == [
        ("freshdesk:acme", 1),
        ("zendesk:acme", 0),
    ]
    other.record.close()


def test_the_oldest_unchecked_is_what_was_looked_at_longest_ago(book: Book) -> None:
    """A list looks at tickets and customers, reading at messages; what nobody sees does not count.

    No list shows an archived ticket: reading its messages is how that is looked at.
    """
    book.store(people=(customer(), customer("101")), at=ago(3))
    book.store(tickets=(ticket("1"), ticket("2", archived=True)), at=ago(9))
    book.store(tickets=(ticket("3"), ticket("4", "101")), at=ago(50))
    book.store(whole_tickets=("1", "2"), at=ago(8))
    book.store(gone_tickets=("3",))
    book.store(people=(customer("101", active=False),), at=ago(60))
    assert _status(book)[0]["oldest_unchecked"] == "2026-06-28T09:00:00Z"
    book.store(tickets=(ticket("1"),), at=ago(2))
    assert _status(book)[0]["oldest_unchecked"] == "2026-06-29T09:00:00Z"
    book.store(whole_tickets=("1",), at=ago(1))
    book.store(whole_tickets=("2",), at=ago(1))
    assert _status(book)[0]["oldest_unchecked"] == "2026-07-04T09:00:00Z"
