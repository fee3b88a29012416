"""What is older than its kind is kept goes once a day, and does not come back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from memory import policy
from memory.record import retention
from memory.record import tables as t
from memory.record.wishes import wishes
from tests.support.book import AS_OF, ago

if TYPE_CHECKING:
    from datetime import datetime

    from memory import Memory
    from tests.support.book import Book

MARA = "zendesk:100"
DAYS = dict(policy.DAYS_KEPT)


def _kinds(book: Book) -> set[str]:
    return {row["kind"] for row in book.rows(t.memory) if row["customer_id"] == "100"}


def _sweep(book: Book, at: datetime = AS_OF) -> dict[str, int]:
    return dict(retention.sweep_when_due(book.record, book.account, DAYS, at))


def test_what_is_too_old_goes_with_its_words(told: Book) -> None:
    """A feeling of last year; issues, and what is newer, stay."""
    assert _sweep(told) == {"feeling": 1}
    assert _kinds(told) == {"issue", "health", "interest"}
    assert "lonely" not in str(told.rows(t.evidence))


def test_it_is_done_once_a_day(told: Book) -> None:
    """Not at every sync; a clock that was set back does not put it off."""
    _sweep(told, AS_OF - timedelta(hours=1))
    told.told("feeling", "I was sad then", at=ago(300))
    assert _sweep(told, AS_OF) == {}
    assert _sweep(told, AS_OF + timedelta(days=1)) == {"feeling": 1}
    told.told("feeling", "I was angry then", at=ago(300))
    assert _sweep(told, AS_OF)["feeling"] == 2


def test_notes_grow_old_too(told: Book) -> None:
    """They exist only here, so nobody else takes them away."""
    told.note("prefers mornings", at=ago(1094), note_id="young")
    told.note("has two lines", at=ago(1096), note_id="old")
    assert _sweep(told)["note"] == 1
    assert [row["id"] for row in told.rows(t.note)] == ["young"]


def test_what_was_swept_is_not_to_be_derived_again(told: Book) -> None:
    """By the moment of the sweep, whoever derives and whenever."""
    with told.record.reading() as connection:
        assert wishes(connection, told.number, DAYS).keep_still("feeling", ago(400))
    _sweep(told)
    with told.record.reading() as connection:
        wished = wishes(connection, told.number, DAYS)
    assert not wished.keep_still("feeling", ago(181))
    assert wished.keep_still("feeling", ago(179))
    assert wished.keep_still("access_need", ago(9000))


def test_the_accounts_own_days_outrank_the_setting(told: Book, memory: Memory) -> None:
    """For longer, for less, and for good."""
    memory.set_kind("feeling", days=500)
    memory.set_kind("health", days=5)
    assert memory.sweep() == {"health": 2}
    memory.set_kind("feeling", days=0)
    assert memory.sweep() == {}
    memory.set_kind("feeling", days="default")
    assert memory.sweep() == {"feeling": 1}


def test_what_is_kept_for_longer_is_remembered_again(told: Book, memory: Memory) -> None:
    """As far as tickets tell it."""
    memory.sweep()
    told.drain()
    memory.set_kind("feeling", days=500)
    assert "2" in told.waiting()


def test_nothing_is_asked_where_all_is_kept_for_good(told: Book) -> None:
    """Then there is nothing to sweep, and no write."""
    assert not retention.sweep_when_due(told.record, told.account, {}, AS_OF)
    with told.record.reading() as connection:
        assert retention.swept_at(connection, told.number) is None


@pytest.mark.parametrize("kind", policy.KINDS)
def test_every_kind_has_its_days(kind: str) -> None:
    """None is kept for as long as nobody thought of it."""
    assert policy.DAYS_KEPT[kind] >= policy.FOR_GOOD
    assert set(policy.DAYS_KEPT) == set(policy.KINDS)
