"""Vectors that lie as those of sentences do: few directions matter, and none are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DIMENSIONS = 384
DIRECTIONS = 12


class Rows:
    """A record's side of the index: ids and their vectors, the same in every process."""

    def __init__(self, count: int, seed: int = 1, dimensions: int = DIMENSIONS) -> None:
        random = np.random.default_rng(seed)
        matrix = random.standard_normal((count, DIRECTIONS)) @ random.standard_normal(
            (DIRECTIONS, dimensions)
        )
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        self.matrix: NDArray[np.float32] = matrix.astype(np.float16).astype(np.float32)
        self.ids = [f"memory-{row}" for row in range(count)]

    def load(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of some ids, in their order."""
        return self.matrix[[int(one.removeprefix("memory-")) for one in ids]]

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """The right answer, reckoned in float64."""
        known = self.matrix.astype(np.float64)
        cosines = known @ vector / np.linalg.norm(known, axis=1) / np.linalg.norm(vector)
        return [(self.ids[row], float(cosines[row])) for row in np.argsort(-cosines)[:k]]
