"""Which of a customer's requests stands first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.book import ago, customer

if TYPE_CHECKING:
    from tests.support.book import Book


def test_how_not_to_reach_someone_stands_before_needs_and_wishes(book: Book) -> None:
    """However long ago it was said: a rule that is overlooked is broken."""
    book.people(customer())
    book.ticket("1", at=ago(100))
    book.told("contact_rule", "Please do not ring the landline at night.", "1", at=ago(90))
    book.told("preference", "I like the paper bill.", "1", at=ago(2))
    book.told("access_need", "Please speak slowly.", "1", at=ago(30))
    brief = book.brief(by="customer", value="zendesk:100", verified=True)
    kinds = [one["kind"] for one in brief["adjustments"]]
    assert kinds == ["contact_rule", "access_need", "preference"]
