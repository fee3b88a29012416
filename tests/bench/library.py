"""What a memory library's user waits for: Chroma's search filtered by customer."""

from __future__ import annotations

import random
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.bench import stock

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

VECTORS = 20
"""A customer."""

_DIMENSIONS = 384
_BATCH = 5_000
_WARM_UP = 3


def filtered_queries(customers: int, times: int) -> list[float]:
    """Seconds of each `query(where={"customer": …})` on `VECTORS` vectors for every customer."""
    folder = stock.kept(f"chroma-{customers}", lambda path: _fill(path, customers))
    collection = _collection(folder)
    dice, random_state = random.Random(1), np.random.default_rng(1)
    taken = []
    for _ in range(times + _WARM_UP):
        wanted = _vectors(random_state, 1)
        who = str(dice.randrange(customers))
        start = perf_counter()
        found = collection.query(query_embeddings=wanted, n_results=10, where={"customer": who})
        taken.append(perf_counter() - start)
        if len(found["ids"][0]) != 10:
            raise RuntimeError("Chroma did not find ten of a customer's vectors")
    return taken[_WARM_UP:]


def _fill(folder: Path, customers: int) -> None:
    collection = _collection(folder)
    random_state = np.random.default_rng(0)
    owners = random_state.permutation(np.repeat(np.arange(customers), VECTORS))
    for start in range(0, len(owners), _BATCH):
        batch = owners[start : start + _BATCH]
        collection.add(
            ids=[str(start + place) for place in range(len(batch))],
            embeddings=_vectors(random_state, len(batch)),
            metadatas=[{"customer": str(who)} for who in batch],
        )


def _vectors(random_state: np.random.Generator, count: int) -> NDArray[np.float32]:
    found = random_state.standard_normal((count, _DIMENSIONS)).astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def _collection(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    return client.get_or_create_collection(
        "vectors", metadata={"hnsw:space": "cosine"}, embedding_function=None
    )
