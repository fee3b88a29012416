"""The index finds what is alike, holds nothing but ids and vectors, and keeps accounts apart."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from memory.text.index import BATCH, IssueIndex
from tests.integration.text.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Opened = Callable[..., IssueIndex]

ROWS = Rows(300)


def test_what_was_added_is_there_after_reopening(opened: Opened) -> None:
    """Ids and vectors outlive the process's hold on them."""
    index = opened()
    index.add(ROWS.ids, ROWS.matrix)
    index.close()
    again = opened()
    assert again.ids() == set(ROWS.ids)
    assert again.search(ROWS.matrix[7], 1)[0][0] == "memory-7"


def test_search_is_the_exact_cosine(opened: Opened) -> None:
    """The order and the scores are those of numpy over all rows."""
    index = opened()
    index.add(ROWS.ids, ROWS.matrix)
    for query in Rows(20, seed=2).matrix:
        found, right = index.search(3 * query, 10), ROWS.nearest(query, 10)
        assert [one for one, _ in found] == [one for one, _ in right]
        assert [score for _, score in found] == pytest.approx([s for _, s in right], abs=1e-5)


def test_an_empty_index_finds_nothing(opened: Opened) -> None:
    """No rows, no answer, no error."""
    index = opened()
    assert index.search(ROWS.matrix[0], 5) == []
    assert index.ids() == set()


@pytest.mark.parametrize(("k", "count"), [(-1, 0), (0, 0), (3, 3), (4, 3)])
def test_no_more_than_asked_for_and_than_there_are(opened: Opened, k: int, count: int) -> None:
    """Any `k` is fine."""
    index = opened()
    index.add(ROWS.ids[:3], ROWS.matrix[:3])
    assert len(index.search(ROWS.matrix[0], k)) == count


def test_removed_rows_are_not_found(opened: Opened) -> None:
    """Removing takes exactly the named rows; unknown ids and none at all are fine."""
    index = opened()
    index.add(ROWS.ids, ROWS.matrix)
    index.remove([*ROWS.ids[:100], "never there"])
    index.remove([])
    assert index.ids() == set(ROWS.ids[100:])
    assert "memory-0" not in dict(index.search(ROWS.matrix[0], 200))


def test_adding_again_replaces(opened: Opened) -> None:
    """An id has one vector: the last."""
    index = opened()
    index.add(["memory-0", "memory-1"], ROWS.matrix[:2])
    index.add(["memory-0"], ROWS.matrix[5:6])
    assert index.ids() == {"memory-0", "memory-1"}
    [(one, score)] = index.search(ROWS.matrix[5], 1)
    assert one == "memory-0"
    assert score == pytest.approx(1, abs=1e-5)


def test_accounts_do_not_see_each_other(opened: Opened) -> None:
    """Two accounts in one folder share neither ids nor answers."""
    acme, other = opened("zendesk:acme"), opened("freshdesk:acme")
    acme.add(ROWS.ids[:10], ROWS.matrix[:10])
    other.add(ROWS.ids[10:20], ROWS.matrix[10:20])
    other.remove(ROWS.ids[:10])
    assert acme.ids() == set(ROWS.ids[:10])
    assert {one for one, _ in other.search(ROWS.matrix[0], 50)} == set(ROWS.ids[10:20])


@pytest.mark.parametrize("account", ["a", "zendesk:" + "x" * 600, "freshdesk:Ünïcode & Co/.."])
def test_any_account_name_will_do(opened: Opened, folder: Path, account: str) -> None:
    """Chroma's rules for names are not the account's, and the name is not in its files."""
    index = opened(account)
    index.add(ROWS.ids[:1], ROWS.matrix[:1])
    assert index.ids() == {"memory-0"}
    if len(account) > 1:
        held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert account.encode() not in held


def test_no_text_is_stored(opened: Opened) -> None:
    """Rows have neither documents nor metadata."""
    index = opened()
    index.reconcile(ROWS.ids, ROWS.load)
    held = index._store.collection.get(include=["documents", "metadatas"])
    assert set(held["documents"]) == {None}
    assert set(held["metadatas"]) == {None}


@pytest.mark.slow
def test_more_than_chroma_takes_at_once(opened: Opened) -> None:
    """Adding, listing and removing go in batches."""
    rows = Rows(2 * BATCH + 1)
    index = opened()
    index.add(rows.ids, rows.matrix)
    assert index.ids() == set(rows.ids)
    index.remove(rows.ids[1:])
    assert index.ids() == {"memory-0"}


def test_reconcile_adds_and_removes_the_difference(opened: Opened) -> None:
    """Only what is missing is loaded for adding, and what is not wanted goes."""
    index = opened()
    assert index.reconcile(ROWS.ids[:200], ROWS.load) == (200, 0)
    assert index.reconcile(ROWS.ids[50:], ROWS.load) == (100, 50)
    assert index.reconcile(ROWS.ids[50:], ROWS.load) == (0, 0)
    assert index.ids() == set(ROWS.ids[50:])


def test_reconcile_with_nothing_wanted_empties(opened: Opened) -> None:
    """Nothing is loaded where nothing is wanted."""
    index = opened()
    index.add(ROWS.ids, ROWS.matrix)
    index.reconcile([], ROWS.load)
    assert index.ids() == set()


@pytest.mark.parametrize(
    "held",
    [Rows(300, seed=9).matrix, Rows(300, dimensions=16).matrix],
    ids=["other values", "other length"],
)
def test_reconcile_does_not_trust_vectors_of_another_model(
    opened: Opened, held: NDArray[np.float32]
) -> None:
    """Right ids with wrong vectors are all replaced."""
    index = opened()
    index.add(ROWS.ids, held)
    assert index.reconcile(ROWS.ids, ROWS.load) == (300, 0)
    assert dict(index.search(ROWS.matrix[7], 3)) == pytest.approx(
        dict(ROWS.nearest(ROWS.matrix[7], 3)), abs=1e-5
    )


def test_a_closed_folder_can_be_deleted_and_opened_anew(opened: Opened, folder: Path) -> None:
    """Closing lets go of every file, so that one process can start over; twice is fine."""
    for _ in range(3):
        index = opened()
        assert index.ids() == set()
        index.reconcile(ROWS.ids, ROWS.load)
        index.close()
        index.close()
        shutil.rmtree(folder)
