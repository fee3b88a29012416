"""Whatever happens to the folder, the index opens, and reconciling makes it whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from memory.text.chroma import FolderStore, IndexUnavailableError, told
from memory.text.index import IssueIndex
from tests.integration.text.conftest import ACCOUNT
from tests.integration.text.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable

    Opened = Callable[..., IssueIndex]

ROWS = Rows(1200)  # more than the 1,000 after which Chroma writes its graph to files
ROOT = Path(__file__).parents[3]


def graph_files(folder: Path) -> list[Path]:
    """The files of Chroma's graph."""
    return [path for path in folder.glob("*/*") if path.is_file()]


def database_is_garbage(folder: Path) -> None:
    """Every byte is wrong."""
    (folder / "chroma.sqlite3").write_bytes(bytes(range(256)) * 400)


def database_is_cut_short(folder: Path) -> None:
    """As after a full disk."""
    os.truncate(folder / "chroma.sqlite3", 50_000)


def database_is_empty(folder: Path) -> None:
    """A file without a byte."""
    os.truncate(folder / "chroma.sqlite3", 0)


def database_is_gone(folder: Path) -> None:
    """Only the graph is left."""
    (folder / "chroma.sqlite3").unlink()


def graph_is_gone(folder: Path) -> None:
    """Chroma still counts the rows, and its search does not find them."""
    for path in graph_files(folder):
        shutil.rmtree(path.parent, ignore_errors=True)


def graph_is_emptied(folder: Path) -> None:
    """The files are there, and nothing is in them."""
    for path in graph_files(folder):
        os.truncate(path, 0)


def folder_is_gone(folder: Path) -> None:
    """Somebody tidied up."""
    shutil.rmtree(folder)


def folder_is_a_file(folder: Path) -> None:
    """Something else has its name."""
    shutil.rmtree(folder)
    folder.write_text("not an index")


def _folder_store(index: IssueIndex) -> FolderStore:
    assert isinstance(index._store, FolderStore)
    return index._store


def lose(index: IssueIndex) -> None:
    """Take the collection away under an open index."""
    store = _folder_store(index)
    store._client.delete_collection(store._name)


DAMAGES = [
    database_is_garbage,
    database_is_cut_short,
    database_is_empty,
    database_is_gone,
    graph_is_gone,
    graph_is_emptied,
    folder_is_gone,
    folder_is_a_file,
]


@pytest.fixture
def is_whole() -> Callable[[IssueIndex], bool]:
    """Whether the index holds every row and answers as numpy does."""

    def look(index: IssueIndex) -> bool:
        queries = Rows(5, seed=3).matrix
        found = [[one for one, _ in index.search(query, 5)] for query in queries]
        right = [[one for one, _ in ROWS.nearest(query, 5)] for query in queries]
        return index.ids() == set(ROWS.ids) and found == right

    return look


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_folder_is_made_anew(
    opened: Opened,
    folder: Path,
    is_whole: Callable[[IssueIndex], bool],
    damage: Callable[[Path], None],
) -> None:
    """Opening and searching do not fail, reconciling fills, and no damaged copy stays."""
    index = opened()
    index.reconcile(ROWS.ids, ROWS.load)
    index.close()
    damage(folder)
    index = opened()
    index.search(ROWS.matrix[0], 3)
    index.reconcile(ROWS.ids, ROWS.load)
    assert is_whole(index)
    index.close()
    assert is_whole(opened())
    assert [path.name for path in folder.parent.iterdir()] == ["index"]


@pytest.mark.slow
def test_rows_lost_from_the_graph_alone_are_noticed(
    opened: Opened, folder: Path, is_whole: Callable[[IssueIndex], bool]
) -> None:
    """A search that answers from the newest rows only is not trusted."""
    index = opened()
    index.reconcile(ROWS.ids[:1100], ROWS.load)
    index.close()
    graph_is_gone(folder)
    index = opened()
    index.add(ROWS.ids[1100:], ROWS.matrix[1100:])
    index.reconcile(ROWS.ids, ROWS.load)
    assert is_whole(index)


def test_an_index_on_which_a_process_ended_is_not_tried_again(opened: Opened) -> None:
    """Native code may crash on a damaged graph; the mark of the one that did is enough."""
    index = opened()
    index.add(ROWS.ids[:10], ROWS.matrix[:10])
    index.close()
    mark = _folder_store(index)._mark
    assert not mark.exists()
    mark.touch()
    again = opened()
    assert again.ids() == set()
    assert not mark.exists()


@pytest.mark.slow
@pytest.mark.parametrize("batches", [1, pytest.param(12, marks=pytest.mark.long)])
def test_a_killed_writer_leaves_nothing_that_reconciling_cannot_heal(
    opened: Opened, folder: Path, is_whole: Callable[[IssueIndex], bool], batches: int
) -> None:
    """After `kill -9` amid adding, the wanted ids and no others are there, and are found."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.integration.text.writer", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(batches + 1):
            assert writer.stdout.readline()
        writer.kill()
    index = opened()
    index.reconcile(ROWS.ids, ROWS.load)
    assert is_whole(index)


@pytest.mark.slow
def test_a_store_that_fails_while_open_is_made_anew(
    opened: Opened, is_whole: Callable[[IssueIndex], bool]
) -> None:
    """No method raises when the collection is lost under it; adding keeps what it was given."""
    index = opened()
    for use in (
        lambda: index.search(ROWS.matrix[0], 3),
        lambda: index.remove(ROWS.ids[:1]),
        index.ids,
    ):
        index.add(ROWS.ids[:10], ROWS.matrix[:10])
        lose(index)
        assert not use()
    lose(index)
    index.add(ROWS.ids[:10], ROWS.matrix[:10])
    assert index.ids() == set(ROWS.ids[:10])
    lose(index)
    index.reconcile(ROWS.ids, ROWS.load)
    assert is_whole(index)


def test_a_place_that_cannot_be_written_is_an_error_that_says_so(tmp_path: Path) -> None:
    """The parent is a file: nothing can be made there, and the error names the folder."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexUnavailableError, match="file/index cannot be used") as told_so:
        IssueIndex.open(tmp_path / "file" / "index", ACCOUNT)
    assert "can be written" in told_so.value.hint


def test_a_panic_is_a_failure_of_the_store_and_an_interrupt_is_not(opened: Opened) -> None:
    """Native panics are BaseExceptions of a nameless module; Ctrl-C must still end the process."""
    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})
    store = opened()._store
    with pytest.raises(IndexUnavailableError, match="range start index 7"), told(store):
        raise panic("range start index 7 out of range\nfor slice")
    for other in (KeyboardInterrupt, ValueError):
        with pytest.raises(other), told(store):
            raise other
