"""Issues like a question are found, too, while another process owns the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock

from memory.asking import like
from memory.asking.like import LikeSearch
from memory.workplace import Workplace
from tests.support.book import Book, customer

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_DIMENSIONS = 384


def _vector(angle: float) -> list[float]:
    return [float(np.cos(angle)), float(np.sin(angle)), *([0.0] * (_DIMENSIONS - 2))]


def test_the_record_answers_as_exactly_as_the_index(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same issues in the same order, however few vectors are held at a time."""
    book.people(customer())
    for number in range(7):
        book.ticket(str(number))
        book.issue(str(number), f"Issue {number}", vector=_vector(number / 5))
    workplace = Workplace(book.database_url, tmp_path / "index")
    search = LikeSearch(workplace, book.record, book.account)
    asked = np.array(_vector(0.45), dtype=np.float32)
    by_index = search(asked, 4)
    with FileLock(f"{workplace.index_folder}.lock"):
        at_once = search(asked, 4)
        monkeypatch.setattr(like, "_AT_ONCE", 2)
        some_at_a_time = search(asked, 4)
    assert [one for one, _ in by_index] == ["issue-2", "issue-3", "issue-1", "issue-4"]
    assert [one for one, _ in at_once] == [one for one, _ in by_index]
    assert some_at_a_time == at_once
    assert np.allclose([score for _, score in at_once], [score for _, score in by_index], atol=1e-3)


def test_where_there_is_no_issue_none_is_like_it(book: Book, tmp_path: Path) -> None:
    """Nothing is scored, and nothing goes wrong."""
    workplace = Workplace(book.database_url, tmp_path / "index")
    search = LikeSearch(workplace, book.record, book.account)
    with FileLock(f"{workplace.index_folder}.lock"):
        assert search(np.array(_vector(0), dtype=np.float32), 5) == []
