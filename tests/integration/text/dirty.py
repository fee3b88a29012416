"""Fills an index in a process whose memory is full of something that was let go of.

Run as a program with a folder: in it indexes are made, of more and of fewer vectors.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from memory.text.index import IssueIndex

WORD = b"kazoomark-kazoomark-"
COUNTS = (5, 150, 5, 90, 30, 5, 250, 5)
_SIZES = (20_000, 120_000, 160_000, 167_500, 167_600, 168_000, 200_000, 400_000, 1_000_000)


def _fill_memory() -> list[bytearray]:
    """Fill much memory and let go of it; what stays keeps it from being given back."""
    held: list[bytearray] = []
    stays: list[bytearray] = []
    for _ in range(60):
        held += [bytearray(WORD * (size // len(WORD))) for size in _SIZES]
        stays.append(bytearray(WORD))
    del held
    return stays


def main(folder: Path) -> None:
    """Make the indexes."""
    _ = bytearray(30_000_000)  # from now on large pieces are used again, not given back
    for number, count in enumerate(COUNTS):
        stays = _fill_memory()
        index = IssueIndex.open(folder / f"{number}", "zendesk:acme")
        for start in range(0, count, 50):
            ids = [f"issue-{one}" for one in range(start, min(start + 50, count))]
            vectors = np.ones((len(ids), 384), dtype=np.float32)
            vectors[:, 0] += np.arange(start, start + len(ids))
            index.add(ids, vectors)
        index.close()
        del stays


if __name__ == "__main__":
    main(Path(sys.argv[1]))
