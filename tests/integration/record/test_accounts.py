"""Nothing crosses from one account to another, though both use the same ids."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from memory.entities import (
    Call,
    CallOutcome,
    CallRecord,
    Identity,
    Leg,
    Merge,
    Organization,
    Rating,
    Status,
    Unreadable,
)
from memory.record import callers, due, history, issues, of_customer, queries, shared
from memory.text.vectors import digest
from tests.support.book import Book, agent, ago, customer, ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    Ask = Callable[[Connection, int, bytes], object]

ASK: dict[str, Ask] = {
    "people_by_identity": lambda c, a, _: queries.people_by_identity(c, a, "phone", "+12125550101"),
    "person": lambda c, a, _: queries.person(c, a, "100"),
    "people": lambda c, a, _: queries.people(c, a, ["100", "11", "900"]),
    "ratings_of": lambda c, a, _: of_customer.ratings_of(c, a, "100"),
    "agent": lambda c, a, _: queries.agent(c, a, "11"),
    "agents": lambda c, a, _: queries.agents(c, a),
    "customer_ids": lambda c, a, _: queries.customer_ids(c, a),
    "languages": lambda c, a, _: queries.languages(c, a),
    "busiest_customers": lambda c, a, _: queries.busiest_customers(c, a, 9),
    "identities": lambda c, a, _: queries.identities(c, a, "100"),
    "ticket": lambda c, a, _: queries.ticket(c, a, "1"),
    "tickets_of": lambda c, a, _: of_customer.tickets_of(c, a, "100"),
    "last_contacts": lambda c, a, _: of_customer.last_contacts(c, a, ["100", "900"]),
    "messages_of_tickets": lambda c, a, _: queries.messages_of_tickets(c, a, ["1", "2"]),
    "tickets_written_in": lambda c, a, _: of_customer.tickets_written_in(c, a, "101"),
    "memories_of": lambda c, a, _: of_customer.memories_of(c, a, "100"),
    "evidence_of": lambda c, a, _: of_customer.evidence_of(c, a, ["issue-1"]),
    "vectors_said": lambda c, a, key: of_customer.vectors_said(c, a, [digest(key, "issue 1")]),
    "contacts_of": lambda c, a, _: of_customer.contacts_of(c, a, "100"),
    "notes_of": lambda c, a, _: of_customer.notes_of(c, a, "100"),
    "never_kept_of": lambda c, a, _: of_customer.never_kept_of(c, a, "100", ago(0)),
    "embedded": lambda c, a, _: history.embedded(c, a, ["1", "2"]),
    "messages": lambda c, a, _: history.messages(c, a, ["1", "2"]),
    "sensitive_quotes": lambda c, a, _: of_customer.sensitive_quotes(c, a, "100"),
    "visible": lambda c, a, _: issues.visible(c, a, ["issue-1", "issue-2"]),
    "vectors_and_readings": lambda c, a, key: issues.vectors_and_readings(
        c, a, [digest(key, "issue 1"), b"?" * 16]
    ),
    "ids": lambda c, a, _: sorted(issues.ids(c, a)),
    "ids_of_tickets": lambda c, a, _: issues.ids_of_tickets(c, a, ["1", "2"]),
    "vectors_of": lambda c, a, _: issues.vectors_of(c, a, ["issue-1"]),
    "vectors_of_customer": lambda c, a, _: issues.vectors_of_customer(c, a, "100"),
    "often_said": lambda c, a, key: shared.often_said(c, a, [digest(key, "issue 1")], 1),
    "tickets_up_to": lambda c, a, _: shared.tickets_up_to(c, a, 1000),
    "outbox_batch": lambda c, a, _: queries.outbox_batch(c, a, 99),
    "outbox_size": lambda c, a, _: queries.outbox_size(c, a),
    "tickets": lambda c, a, _: queries.tickets(c, a, ["1", "2", "3"]),
    "tickets_to_read": lambda c, a, _: due.tickets_to_read(c, a, 99),
    "counts_due": lambda c, a, _: due.counts_due(c, a),
    "people_to_identify": lambda c, a, _: due.people_to_identify(c, a, 99),
    "counts_to_tell": lambda c, a, _: due.counts_to_tell(c, a, 0, 99),
    "counts_tickets": lambda c, a, _: due.counts_tickets(c, a),
    "tickets_read_longest_ago": lambda c, a, _: due.tickets_read_longest_ago(c, a, 1),
    "tickets_unseen": lambda c, a, _: due.tickets_unseen(c, a, ago(-9999)),
    "people_unseen": lambda c, a, _: due.people_unseen(c, a, ago(-9999)),
    "authors_unknown": lambda c, a, _: due.authors_unknown(c, a),
    "tickets_with_words_of": lambda c, a, _: due.tickets_with_words_of(c, a, "101"),
    "tickets_requested": lambda c, a, _: due.tickets_requested(c, a, "100"),
    "checkpoints": lambda c, a, _: due.checkpoints(c, a),
    "people_by_number": lambda c, a, _: callers.people_by_number(c, a, "+12125550142"),
    "numbers_of": lambda c, a, _: callers.numbers_of(c, a, "100"),
    "missed_calls": lambda c, a, _: callers.missed_calls(c, a, "100"),
    "answered_calls": lambda c, a, _: callers.answered_calls(c, a, "100"),
    "outbound_calls": lambda c, a, _: callers.outbound_calls(c, a, "100"),
    "legs_of_tickets": lambda c, a, _: callers.legs_of_tickets(c, a, ["1", "2"]),
    "quarantined": lambda c, a, _: queries.quarantined(c, a),
    "counts": lambda c, a, _: queries.counts(c, a),
    "waiting": lambda c, a, _: queries.waiting(c, a),
    "winner": lambda c, a, _: queries.winner(c, a, "99"),
    "merged_from": lambda c, a, _: queries.merged_from(c, a, "100"),
    "oldest_unchecked": lambda c, a, _: queries.oldest_unchecked(c, a),
}
"""Every question, asked of ids that both accounts have."""


def _fill(book: Book, word: str, more: int) -> None:
    """The same ids in every account, the words and numbers its own."""
    book.people(
        customer(name=f"{word} Mara", phone="2125550101", organization_id="5"),
        customer("101", f"{word} Ellen", phone="2125550102"),
        *(customer(f"90{n}", f"{word} {n}", phone="2125550101") for n in range(more)),
        agent(name=f"{word} Daniel"),
    )
    book.store(
        organizations=(Organization("5", f"{word} Harbour"),),
        identities=(Identity("100", "email", f"{word}@example.com"),),
        identified=("100",),
    )
    book.people(*(customer("77") for _ in range(more)))
    for ticket_id in ("1", "2"):
        book.ticket(ticket_id, subject=f"{word} bill", at=ago(9 + more))
        book.sentence(ticket_id, f"{word} sails", [1, more + 1], at=ago(9 + more))
        book.issue(ticket_id, f"{word} bill", restatement=f"{word} pays", vector=[more + 1, 1])
        book.told("health", f"{word} is ill", ticket_id)
        book.told("work", f"{word} flies", ticket_id, by="101", customer_id="101")
        book.contact(ticket_id, "11", 10.0 + more)
        book.never_kept(ticket_id, 1 + more)
    for number in range(more + 1):
        book.ticket(f"7{number}")
        book.store(tickets=(ticket(f"8{number}"),))
        book.note(f"{word} note", note_id=f"n{number}")
    for name, way, outcome in (
        ("c1", "inbound", CallOutcome.ANSWERED),
        ("c2", "inbound", CallOutcome.MISSED),
        ("c3", "outbound", CallOutcome.ANSWERED),
    ):
        call = CallRecord(name, "100", None, "11", way, outcome, ago(more), ago(more))
        book.store(calls=(call,), legs=(Leg(f"{name}-11", name, "11", outcome, 1.0 + more),))
    rang_from = f"21255501{42 + more}"
    book.say("1", word, call=Call("inbound", id="c1", number=rang_from, missed=bool(more)))
    book.say("1", word, author_id="77")
    book.store(tickets=(ticket("3", status=Status.DELETED),))
    book.store(ratings=(Rating("5", "1", "100", f"1{more}", "good", ago(1)),))
    book.store(people=(customer("99"),), merges=(Merge("99", "100"),))
    with book.record.writing(book.account) as writer:
        writer.checkpoint("tickets", word, done=True, rows=more)
        writer.quarantine([Unreadable("tickets", "9", word, word, {})], ago(1))
        writer.log_access(
            at=ago(0), agent=word, proof="os-user", source="command", what="x", customer_id="100"
        )


def _answers(book: Book) -> dict[str, str]:
    account = book.account
    with book.record.reading() as connection:
        return {
            name: str(ask(connection, account.number, account.key)) for name, ask in ASK.items()
        }


def test_every_question_is_asked_here() -> None:
    """A new query cannot be forgotten: it must be in the table above."""
    public = {
        name
        for module in (callers, due, history, issues, of_customer, queries, shared)
        for name, made in inspect.getmembers(module, inspect.isfunction)
        if made.__module__ == module.__name__ and not name.startswith("_")
    }
    assert set(ASK) == public


def test_no_answer_changes_when_another_account_is_filled(database_url: str) -> None:
    """Each query answers the same, whatever a second account with the same ids holds."""
    book = Book(database_url)
    other = Book(database_url, "zendesk:apex", "https://apex.zendesk.com")
    _fill(book, "alpha", 0)
    before = _answers(book)
    empty = [name for name, answer in before.items() if answer in {"[]", "None", "0", "{}"}]
    assert empty == [], "a question that finds nothing proves nothing"
    _fill(other, "bravo", 2)
    assert _answers(book) == before
    theirs = _answers(other)
    assert "alpha" not in str(theirs)
    book.record.close()
    other.record.close()


def test_what_is_erased_in_one_account_stays_in_another(database_url: str) -> None:
    """Deleting tickets and people of one account touches no row of another."""
    book = Book(database_url)
    other = Book(database_url, "zendesk:apex", "https://apex.zendesk.com")
    _fill(book, "alpha", 0)
    _fill(other, "bravo", 2)
    before = _answers(book)
    other.store(gone_tickets=("1", "2"))
    other.people(
        *(
            customer(one, name=None, active=False, erased=True, updated_at=ago(0))
            for one in ("100", "101")
        )
    )
    with other.record.writing(other.account) as writer:
        writer.remember_everything_again()
        writer.made_by("model")
        writer.synced(ago(0))
    assert _answers(book) == before
    assert book.account.synced_at is None
    book.record.close()
    other.record.close()
