"""What Chroma writes to its files holds nothing of what else was in the process's memory."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from memory.text.blank import blank_memory
from tests.integration.text import dirty

ROOT = Path(__file__).parents[3]


pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="Only glibc can be told so."
)


def _handed_out(size: int) -> bytes:
    """What stands in memory that is allocated where something stood before."""
    library = ctypes.CDLL(None)
    library.malloc.restype = ctypes.c_void_p
    for letter in (b"k", None):
        place = library.malloc(ctypes.c_size_t(size))
        found = ctypes.string_at(place, size)
        if letter is not None:
            ctypes.memset(place, letter[0], size)
        library.free(ctypes.c_void_p(place))
    return found


def test_blocks_may_stand_within_one_another() -> None:
    """It lasts until the last of them ends, in every thread."""
    with ThreadPoolExecutor(1) as other, blank_memory():
        with blank_memory():
            pass
        assert set(_handed_out(5000)[64:]) == {0}
        assert other.submit(lambda: set(_handed_out(5000)[64:])).result() == {0}


def test_room_for_more_vectors_is_blank(tmp_path: Path) -> None:
    """As long as the graph's file holds no vector, which wait elsewhere at first, it is zeros."""
    done = subprocess.run(
        [sys.executable, "-m", dirty.__name__, tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    graphs = sorted(tmp_path.rglob("data_level0.bin"))
    assert len(graphs) == len(dirty.COUNTS)
    rooms = [graph.read_bytes() for graph in graphs]
    assert all(rooms)
    assert [len(room.strip(b"\0")) for room in rooms] == [0] * len(rooms)
