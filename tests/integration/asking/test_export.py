"""Everything held about a person as one document, and nothing of anybody else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from memory.asking.export import export_of
from memory.asking.identity import look_up
from memory.entities import Call, Identity, Organization, Status
from tests.support.book import Book, agent, ago, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Callable


def _fill(book: Book) -> None:
    book.people(
        customer(
            phone="2125550101",
            shared_phone=True,
            organization_id="5",
            language="en-US",
            time_zone="America/New_York",
        ),
        customer("101", "Ellen", phone="2125550102"),
        agent(),
    )
    book.store(
        organizations=(Organization("5", "Harbour Co-op"),),
        identities=(
            Identity("100", "phone", "2125550101"),
            Identity("100", "phone", "2125550102", confirmed=False),
        ),
        identified=("100",),
    )
    solved: dict[str, Any] = {"status": Status.SOLVED, "solved_at": ago(8), "rating": "good"}
    book.ticket("1", subject="Roaming refund", **solved)
    call = Call("inbound", minutes=97.0, answered_by="11", number="+12125550101")
    book.store(
        messages=(
            message("a", "Where is my refund", call=call),
            message("b", "I pay for it", author_id="101", at=ago(8.9), channel="email"),
            message("c", "He seems upset", author_id="11", at=ago(8.8), public=False),
            message("d", "Ticket was rated", author_id="-1", at=ago(8.7), channel="other"),
        )
    )
    book.told("bereavement", "My friend Ruth died", relation="friend", at=ago(8.5))
    book.ticket("2", "101", subject="Ellen's own matter", at=ago(3), rating="bad")
    book.say("2", "My diary is private", author_id="101", at=ago(3))
    book.say("2", "I am her friend Mara", author_id="100", at=ago(2))
    book.ticket("3", "101", subject="Ellen's other matter")
    book.say("3", "Mine alone", author_id="101")
    book.note("Likes the sea")
    with book.record.writing(book.account) as writer:
        writer.log_access(
            at=ago(0),
            agent="lee",
            proof="os-user",
            source="command",
            what="reveal:x",
            customer_id="100",
        )


def _export(book: Book, who: str = "zendesk:100") -> dict[str, Any]:
    view = book.view()
    with book.record.reading() as connection:
        found = look_up(connection, view, "customer", who, "US")
        assert found.customer is not None
        return export_of(connection, view, found.customer)


def test_the_document_key_for_key(book: Book) -> None:
    """As design 5.4 has it, in a fixed order."""
    _fill(book)
    found = _export(book)
    assert list(found) == [
        *("version", "account", "customer", "tickets", "memories", "notes", "access")
    ]
    assert found["customer"] == {
        "ref": "zendesk:100",
        "name": "Mara Lindqvist",
        "organization": "Harbour Co-op",
        "language": "en-US",
        "time_zone": "America/New_York",
        "since": "2017-03-01",
        "identities": [
            {"kind": "phone", "value": "+12125550101", "shared": True, "confirmed": True},
            {"kind": "phone", "value": "+12125550102", "shared": True, "confirmed": False},
        ],
        "merged_from": [],
        "consent": "unknown",
    }
    first = found["tickets"][0]
    messages = first.pop("messages")
    assert first == {
        "ref": "zendesk:1",
        "subject": "Roaming refund",
        "status": "solved",
        "channel": "voice",
        "agent": {"ref": "zendesk:11", "name": "Daniel Osei"},
        "created_at": "2026-06-28T09:00:00Z",
        "updated_at": "2026-06-28T09:00:00Z",
        "solved_at": "2026-06-29T09:00:00Z",
        "rating": "good",
        "url": "https://acme.zendesk.com/agent/tickets/1",
    }
    assert messages[0] == {
        "id": "a",
        "at": "2026-06-28T09:00:00Z",
        "channel": "voice",
        "public": True,
        "author": {"ref": "zendesk:100", "name": "Mara Lindqvist", "role": "customer"},
        "text": "Where is my refund",
        "call": {"direction": "inbound", "minutes": 97.0, "answered_by": "zendesk:11"},
    }
    assert set(found["memories"][0]) == {
        *("memory", "kind", "relation", "said_on", "said_days_ago", "about_on", "hidden", "quote"),
        *("evidence", "confidence", "consent", "first_view", "state"),
    }
    assert [set(one) for one in found["notes"]] == [{"memory", "at", "agent", "text"}]
    assert found["access"] == [
        {
            "at": "2026-07-07T09:00:00Z",
            "agent": "lee",
            "proof": "os-user",
            "what": "reveal:x",
        }
    ]


def test_nothing_of_theirs_is_hidden_from_the_person(book: Book) -> None:
    """Sensitive words, agents' private notes about them and the bot's lines are all there."""
    _fill(book)
    found = _export(book)
    (memory,) = found["memories"]
    assert (memory["hidden"], memory["quote"]) == (False, "My friend Ruth died")
    assert (memory["state"], memory["confidence"]) == ("current", 0.9)
    assert memory["evidence"][0]["ticket"] == "zendesk:1"
    by_id = {one["id"]: one for one in found["tickets"][0]["messages"]}
    assert by_id["c"]["text"] == "He seems upset"
    assert by_id["c"]["public"] is False
    assert by_id["d"]["author"] == {"ref": "zendesk:-1", "name": None, "role": "other"}


def test_other_customers_stand_in_it_by_ref_without_their_words(book: Book) -> None:
    """In a ticket of hers Ellen's message is there, and says nothing; elsewhere only Mara's own."""
    _fill(book)
    found = _export(book)
    by_id = {one["id"]: one for one in found["tickets"][0]["messages"]}
    assert by_id["b"]["author"] == {"ref": "zendesk:101", "name": None, "role": "customer"}
    assert by_id["b"]["text"] is None
    elsewhere = found["tickets"][1]
    assert (elsewhere["ref"], elsewhere["subject"], elsewhere["rating"]) == (
        "zendesk:2",
        None,
        None,
    )
    assert [one["text"] for one in elsewhere["messages"]] == ["I am her friend Mara"]
    whole = json.dumps(found)
    for words in ("Ellen", "I pay for it", "diary", "Mine alone"):
        assert words not in whole, words


def test_the_same_record_gives_the_same_document(
    book: Book, new_database: Callable[[], str]
) -> None:
    """Whatever order it was filled in, and however often a page came."""
    _fill(book)
    other = Book(new_database())
    other.people(customer(name="M.", updated_at=ago(4000)))
    _fill(other)
    other.store(tickets=(replace(ticket("1"), version=0, subject="Old"),))
    other.people(customer(name="M.", updated_at=ago(4000)))
    found = json.dumps(_export(book))
    assert found == json.dumps(_export(book))
    assert found == json.dumps(_export(other))
    other.record.close()


def test_deleted_tickets_are_absent(book: Book) -> None:
    """With what was said in them."""
    _fill(book)
    book.store(gone_tickets=("1", "2"))
    found = _export(book)
    assert (found["tickets"], found["memories"]) == ([], [])


def test_a_phone_is_not_shared_with_somebody_who_was_deleted(book: Book) -> None:
    """An export says of a number what a look-up by it says."""
    _fill(book)
    book.people(
        customer(phone="2125550101", updated_at=ago(3)),
        customer("101", active=False, updated_at=ago(2)),
    )
    assert [one["shared"] for one in _export(book)["customer"]["identities"]] == [False, False]


def test_what_later_words_made_history_is_superseded(book: Book) -> None:
    """It is held, and said to be so."""
    book.people(customer(), agent())
    book.ticket("1")
    book.told("life_event", "We moved to Portland", at=ago(90), code="moved")
    book.told("life_event", "We moved to Boise", at=ago(9), code="moved")
    document = _export(book)
    assert [one["state"] for one in document["memories"]] == ["superseded", "current"]
