"""Customers who become one: told by the helpdesk, or seen in where their tickets went."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from memory.asking.export import export_of
from memory.asking.identity import look_up
from memory.entities import Identity, Merge, Page
from memory.record import of_customer, queries
from memory.record import tables as t
from memory.record.kept import correct, corrections_of, has_opted_out, opt_out
from tests.support.book import agent, ago, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from memory.asking.export import Document
    from memory.record.writing import Writer
    from tests.support.book import Book

LOSER = customer("100", "Mara L.", updated_at=ago(5))
WINNER = customer("101", "Mara Lindqvist", updated_at=ago(5))
LEFT = customer("100", "Mara L.", active=False, updated_at=ago(1))


def _write(book: Book, write: Callable[[Writer], None]) -> None:
    with book.record.writing(book.account) as writer:
        write(writer)


def _settle(book: Book, at: datetime | None = None) -> None:
    _write(book, lambda writer: writer.settle(at or ago(0)))


def _merges(book: Book) -> dict[str, str]:
    return {row["loser_id"]: row["winner_id"] for row in book.rows(t.merge)}


def _export(book: Book, ref: str) -> Document:
    with book.record.reading() as connection:
        found = look_up(connection, book.view(), "customer", ref, None)
        assert found.customer is not None
        return export_of(connection, book.view(), found.customer)


def _known(book: Book, mine: str = "m@example.com") -> None:
    """Customers 100 and 101, who are reached by an address each, and their tickets 1 and 2."""
    book.store(
        people=(LOSER, WINNER),
        identities=(Identity("100", "email", mine), Identity("101", "email", "w@example.com")),
        identified=("100", "101"),
        at=ago(5),
    )
    book.ticket("1", "100")
    book.say("1", "My father died", author_id="100")
    book.ticket("2", "101")
    book.say("2", "The bill", author_id="101")


@pytest.mark.parametrize(
    "order",
    list(permutations([Merge("100", "101"), Merge("101", "102"), Merge("102", "103")])),
    ids=range(6),
)
def test_merges_of_the_merged_end_at_the_last_winner(book: Book, order: tuple[Merge, ...]) -> None:
    """Whatever is heard first, and however often, everybody is who they are now."""
    for one in (*order, *order):
        book.store(merges=(one,))
    assert _merges(book) == {"100": "103", "101": "103", "102": "103"}


def test_a_merge_into_oneself_or_back_is_none(book: Book) -> None:
    """There is always exactly one who is left."""
    book.store(merges=(Merge("100", "100"),))
    assert _merges(book) == {}
    book.store(merges=(Merge("100", "101"), Merge("101", "100")))
    assert _merges(book) == {"100": "101"}


_MOVED = (
    Page(people=(LEFT,)),
    Page(tickets=(ticket("1", "101", version=2),)),
    Page(
        people=(customer("101", "Mara Lindqvist", updated_at=ago(1)),),
        identities=(
            Identity("101", "email", "w@example.com"),
            Identity("101", "email", "m@example.com"),
        ),
        identified=("101",),
    ),
)
"""A merge as the rows of all concerned show it."""


@pytest.mark.parametrize("order", list(permutations(range(len(_MOVED)))), ids=str)
def test_a_merge_is_seen_in_where_tickets_went(book: Book, order: tuple[int, ...]) -> None:
    """In whatever order the loser, the tickets and the winner come."""
    _known(book)
    for place in order:
        book.store(_MOVED[place])
    _settle(book)
    assert _merges(book) == {"100": "101"}
    export = _export(book, "zendesk:100")
    assert export["customer"]["ref"] == "zendesk:101"
    assert export["customer"]["merged_from"] == ["zendesk:100"]


def test_a_ticket_given_to_another_is_no_merge(book: Book) -> None:
    """The first customer is still there, and stays themselves even when they are deleted later."""
    _known(book)
    book.store(tickets=(ticket("1", "101", version=2),))
    _settle(book)
    assert _merges(book) == {}
    book.store(identities=(Identity("101", "email", "w@example.com"),), identified=("101",))
    book.people(LEFT)
    _settle(book)
    assert _merges(book) == {}


def test_who_still_has_a_ticket_was_not_merged(book: Book) -> None:
    """A merge moves every ticket."""
    _known(book)
    book.ticket("3", "100")
    for page in _MOVED:
        book.store(page)
    _settle(book)
    assert _merges(book) == {}


def test_whoever_takes_over_a_ticket_is_looked_at(book: Book) -> None:
    """Their identities show whether it was a merge."""
    _known(book)
    book.store(tickets=(ticket("1", "101", version=2),))
    assert [row["id"] for row in book.rows(t.person) if row["identities_due"]] == ["101"]


@pytest.mark.parametrize(
    ("kind", "shared", "created", "merged"),
    [
        ("email", False, ago(900), True),
        ("phone", False, ago(900), True),
        ("phone", True, ago(900), False),
        ("email", False, ago(-1), False),
    ],
    ids=["an address", "a number", "a shared number", "somebody who came later"],
)
def test_a_merge_without_tickets_is_seen_in_where_identities_went(
    book: Book, kind: str, *, shared: bool, created: datetime, merged: bool
) -> None:
    """All that reached the loser reaches somebody who was there before the loser left."""
    value = {"email": "m@example.com", "phone": "2125550101"}[kind]
    one = customer("100", phone=value, shared_phone=True) if shared else customer("100")
    listed = Identity("100", kind, value)
    book.store(people=(one,), identities=(listed,), identified=("100",), at=ago(5))
    book.store(people=(LEFT,), at=ago(1))
    heir = customer("101", phone=value if kind == "phone" else None, created_at=created)
    if shared:
        heir = customer("101", phone=value, shared_phone=True, created_at=created)
    taken = Identity("101", kind, value)
    book.store(people=(heir,), identities=(taken,), identified=("101",))
    _settle(book)
    assert _merges(book) == ({"100": "101"} if merged else {})


def test_a_merge_before_the_first_sync_is_seen_in_whose_words_begin_tickets(book: Book) -> None:
    """Somebody never seen active wrote first in tickets that are one other customer's."""
    book.people(WINNER, LEFT, customer("102"))
    book.ticket("1", "101")
    book.say("1", "My father died", author_id="100", at=ago(9))
    book.say("1", "I see", author_id="102", at=ago(8))
    _settle(book)
    assert _merges(book) == {"100": "101"}
    book.ticket("3", "102")
    book.people(customer("103", active=False))
    book.say("3", "For her", author_id="103", at=ago(9))
    book.ticket("4", "101")
    book.say("4", "For him", author_id="103", at=ago(9))
    _settle(book)
    assert _merges(book) == {"100": "101"}


def test_all_that_is_kept_goes_over_with_a_merge(book: Book) -> None:
    """Notes, corrections, an opt-out, who saw what, and what points to the loser."""
    _known(book)
    book.note("Likes the sea")
    _write(
        book,
        lambda w: correct(
            w.connection,
            book.number,
            ["n1"],
            customer_id="100",
            verdict="wrong",
            agent_id=None,
            at=ago(1),
        ),
    )
    _write(
        book,
        lambda w: w.log_access(
            at=ago(0), agent="lee", proof="x", source="command", what="brief", customer_id="100"
        ),
    )
    book.store(merges=(Merge("100", "101"),))
    export = _export(book, "zendesk:101")
    assert [note["text"] for note in export["notes"]] == ["Likes the sea"]
    assert [one["what"] for one in export["access"]] == ["brief"]
    assert {one["value"] for one in export["customer"]["identities"]} == {
        "m@example.com",
        "w@example.com",
    }
    with book.record.reading() as connection:
        assert corrections_of(connection, book.number, "101") == {"n1": "wrong"}
        found = queries.people_by_identity(connection, book.number, "email", "m@example.com")
        assert [row.id for row in found] == ["101"]


def test_an_opt_out_of_either_is_the_opt_out_of_both(book: Book) -> None:
    """Whoever of the two asked."""
    _known(book)
    _write(book, lambda w: opt_out(w.connection, book.number, "100", ago(3)))
    book.store(merges=(Merge("100", "101"),))
    with book.record.reading() as connection:
        assert has_opted_out(connection, book.number, "101")


def test_what_the_loser_wrote_is_the_winners(book: Book) -> None:
    """Their words are shown as the winner's own, and their tickets are remembered again."""
    _known(book)
    book.ticket("3", "101")
    book.say("3", "Me again", author_id="100")
    book.drain()
    book.store(merges=(Merge("100", "101"),))
    assert sorted(book.waiting()) == ["1", "3"]
    tickets = {one["ref"]: one["messages"] for one in _export(book, "zendesk:101")["tickets"]}
    assert set(tickets) == {"zendesk:1", "zendesk:2", "zendesk:3"}
    said = [(one["author"]["ref"], one["text"]) for each in tickets.values() for one in each]
    assert said == [
        ("zendesk:101", "My father died"),
        ("zendesk:101", "The bill"),
        ("zendesk:101", "Me again"),
    ]


def test_what_comes_late_of_a_loser_is_the_winners(book: Book) -> None:
    """A copy of the loser or of a ticket that is older than the merge changes nothing."""
    _known(book)
    book.store(merges=(Merge("100", "101"),), at=ago(1))
    book.store(people=(customer("100", updated_at=ago(2)),), tickets=(ticket("9", "100"),))
    assert _merges(book) == {"100": "101"}
    with book.record.reading() as connection:
        assert [row.id for row in of_customer.tickets_of(connection, book.number, "101")][-1] == "9"
        assert list(queries.customer_ids(connection, book.number)) == ["101"]


def test_a_loser_who_is_there_again_is_a_person_of_their_own(book: Book) -> None:
    """When the helpdesk says so in a version that is younger than the merge."""
    _known(book)
    book.store(merges=(Merge("100", "101"),), at=ago(1))
    book.drain()
    book.people(customer("100", "Mara L.", updated_at=ago(0)))
    assert _merges(book) == {}
    assert "1" in book.waiting()
    assert _export(book, "zendesk:100")["customer"]["ref"] == "zendesk:100"


def test_who_is_gone_is_whoever_has_their_tickets_now(book: Book) -> None:
    """The helpdesk has no such person, and their tickets are another's: a merge."""
    _known(book)
    book.store(tickets=(ticket("1", "101", version=2),))
    book.store(gone_people=("100",))
    assert _merges(book) == {"100": "101"}
    assert {row["text"] for row in book.rows(t.message)} == {"My father died", "The bill"}


def test_who_is_gone_is_whoever_has_their_address_now(book: Book) -> None:
    """No two people have one address; a number alone may be a household's."""
    for gone, kind, value in (("100", "email", "m@example.com"), ("102", "phone", "2125550101")):
        mine = (Identity(gone, kind, value), Identity(gone, "phone", "2125550199"))
        book.store(people=(customer(gone), WINNER), identities=mine, identified=(gone,))
        book.store(identities=(Identity("101", kind, value),), identified=("101",))
        book.store(gone_people=(gone,))
    assert _merges(book) == {"100": "101"}
    assert {row["id"] for row in book.rows(t.person)} == {"100", "101"}


def test_who_is_gone_without_a_trace_is_erased(book: Book) -> None:
    """Nobody has their tickets: they were deleted for good, and nothing comes back."""
    _known(book)
    book.told("interest", "I love sailing", "1")
    book.note("Likes the sea")
    book.store(gone_people=("100",))
    _settle(book)
    assert _merges(book) == {}
    for words in ("My father died", "sailing", "Likes the sea", "m@example.com", "Mara L."):
        everything = [book.rows(table) for table in t.metadata.sorted_tables]
        assert words not in str(everything), words
    book.store(
        people=(LOSER,),
        identities=(Identity("100", "email", "m@example.com"),),
        identified=("100",),
        tickets=(ticket("8", "100", subject="Late"),),
        messages=(message("m8", "Late", ticket_id="8"), message("m9", "Late", ticket_id="2")),
    )
    book.people(customer("100", "Mara L.", updated_at=ago(-9)))
    everything = [book.rows(table) for table in t.metadata.sorted_tables]
    assert "Late" not in str(everything)
    assert "m@example.com" not in str(everything)
    assert "Mara L." not in str(everything)


def test_an_erased_winner_takes_everybody_along(book: Book) -> None:
    """What the merged wrote under their old names is the erased person's, too."""
    _known(book)
    book.people(customer("102"))
    book.ticket("3", "102")
    book.say("3", "I sail with her", author_id="100")
    book.store(merges=(Merge("100", "101"),))
    gone = customer("101", None, active=False, erased=True, updated_at=ago(0))
    book.people(gone)
    assert book.rows(t.message) == []
    assert {row["id"] for row in book.rows(t.person)} == {"102"}
    book.store(merges=(Merge("104", "101"),), messages=(message("m7", "I", author_id="100"),))
    assert book.rows(t.message) == []


def test_who_was_deleted_thirty_days_ago_is_erased(book: Book) -> None:
    """A day earlier they are only hidden; agents and the merged stay as they are."""
    _known(book)
    book.store(people=(LEFT,), at=ago(30))
    _settle(book, ago(1))
    assert "My father died" in {row["text"] for row in book.rows(t.message)}
    _settle(book, ago(0))
    assert {row["text"] for row in book.rows(t.message)} == {"The bill"}
    assert "100" not in {row["id"] for row in book.rows(t.person)}


def test_who_was_merged_thirty_days_ago_is_not_erased(book: Book) -> None:
    """They are the winner."""
    _known(book)
    book.store(merges=(Merge("100", "101"),), at=ago(31))
    _settle(book)
    assert len(book.rows(t.message)) == 2
    assert book.rows(t.forgotten) == []


def test_an_agent_who_is_deleted_as_a_customer_leaves_their_answers(book: Book) -> None:
    """A helpdesk first makes agents customers; what they wrote was said to others."""
    _known(book)
    book.say("2", "I have set up the plan", author_id="11")
    book.people(agent())
    book.store(people=(customer("11", "Daniel Osei", active=False),), at=ago(1))
    _settle(book, ago(-31))
    assert "I have set up the plan" in {row["text"] for row in book.rows(t.message)}
    assert "Daniel Osei" not in str(book.rows(t.person))
