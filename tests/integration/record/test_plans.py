"""SQLite reaches a customer's rows by their index, however many customers there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from memory.record import (
    due,
    history,
    issues,
    names,
    of_agent,
    of_customer,
    of_customers,
    queries,
    same,
    shared,
    verifications,
)
from tests.support.book import Book, ago

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """A record of `zendesk:acme` on SQLite."""
    made = Book(tmp_path)
    yield made
    made.record.close()


_WHOLE_ACCOUNT = ("(account=?)", "SCAN ")

QUESTIONS: dict[str, Callable[[sa.Connection, int], object]] = {
    "people_by_identity": lambda c, a: queries.people_by_identity(c, a, "phone", "+12125550101"),
    "person": lambda c, a: queries.person(c, a, "100"),
    "people": lambda c, a: queries.people(c, a, ["11"]),
    "agents": queries.agents,
    "agent": lambda c, a: queries.agent(c, a, "11"),
    "tickets_of": lambda c, a: of_customer.tickets_of(c, a, "100"),
    "last_contacts": lambda c, a: of_customer.last_contacts(c, a, ["100"]),
    "memories_of": lambda c, a: of_customer.memories_of(c, a, "100"),
    "evidence_of": lambda c, a: of_customer.evidence_of(c, a, ["aa"]),
    "vectors_said": lambda c, a: of_customer.vectors_said(c, a, [b"0"]),
    "contacts_of": lambda c, a: of_customer.contacts_of(c, a, "100"),
    "ratings_of": lambda c, a: of_customer.ratings_of(c, a, "100"),
    "notes_of": lambda c, a: of_customer.notes_of(c, a, "100"),
    "never_kept_of": lambda c, a: of_customer.never_kept_of(c, a, "100", ago(0)),
    "identities": lambda c, a: queries.identities(c, a, "100"),
    "embedded": lambda c, a: history.embedded(c, a, ["1"]),
    "messages": lambda c, a: history.messages(c, a, ["1"]),
    "private_quotes": lambda c, a: of_customer.private_quotes(c, a, "100"),
    "tickets_written_in": lambda c, a: of_customer.tickets_written_in(c, a, "100"),
    "messages_of_tickets": lambda c, a: queries.messages_of_tickets(c, a, ["1"]),
    "ids_of_tickets": lambda c, a: issues.ids_of_tickets(c, a, ["1"]),
    "vectors_of_customer": lambda c, a: issues.vectors_of_customer(c, a, "100"),
    "winner": lambda c, a: queries.winner(c, a, "100"),
    "merged_from": lambda c, a: queries.merged_from(c, a, "100"),
    "tickets_requested": lambda c, a: due.tickets_requested(c, a, "100"),
    "often_said": lambda c, a: shared.often_said(c, a, [b"0"], 20),
    "same_people": lambda c, a: same.same_people(c, a, "100"),
    "same_among": lambda c, a: same.same_among(c, a, ["100", "101"]),
    "is_verified": lambda c, a: verifications.is_verified(
        c, a, ["100"], call="ring:k", agent_id="11", at=ago(0)
    ),
    "people_by_name": lambda c, a: names.people_by_name(c, a, "mara lind"),
    "people_by_beginning": lambda c, a: names.people_by_beginning(c, a, "email", "mara"),
    "contacts_with": lambda c, a: of_agent.contacts_with(c, a, "11", ["100"]),
    "dealt_with": lambda c, a: of_agent.dealt_with(c, a, "11", ago(1), ago(0)),
    "rings_between": lambda c, a: of_agent.rings_between(c, a, ago(1), ago(0)),
    "not_offered_to": lambda c, a: of_agent.not_offered_to(c, a, ["100"]),
    "tickets_of_several": lambda c, a: of_customers.tickets_of(c, a, ["100"]),
    "memories_of_several": lambda c, a: of_customers.memories_of(c, a, ["100"], ["issue"]),
    "contacts_of_several": lambda c, a: of_customers.contacts_of(c, a, ["100"]),
    "ratings_of_several": lambda c, a: of_customers.ratings_of(c, a, ["100"]),
    "notes_of_several": lambda c, a: of_customers.notes_of(c, a, ["100"]),
    "named": lambda c, a: of_customers.named(c, a, ["100"]),
    "vectors_and_readings": lambda c, a: issues.vectors_and_readings(c, a, [b"0"]),
}


def _plans(book: Book, ask: Callable[[sa.Connection, int], object]) -> list[str]:
    """How SQLite means to answer the statements of a question."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    with book.record.reading() as connection:
        event.listen(connection, "before_cursor_execute", note)
        ask(connection, book.account.number)
        event.remove(connection, "before_cursor_execute", note)
        return [
            row[-1]
            for statement, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_about_a_person_reads_the_whole_account(book: Book, question: str) -> None:
    """Every step of the plan narrows by more than the account."""
    plans = _plans(book, QUESTIONS[question])
    assert plans
    assert not [step for step in plans if any(words in step for words in _WHOLE_ACCOUNT)]
