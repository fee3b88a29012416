"""What Chroma writes to its files holds nothing of what else was in the process's memory."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.text import dirty

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="Only glibc can be told so.")
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
