"""Vectors as the record keeps them, and exact search among a few of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def to_bytes(vector: NDArray[np.floating]) -> bytes:
    """A vector as little-endian float16: 768 bytes for 384 dimensions."""
    return np.asarray(vector, dtype="<f2").tobytes()


def from_bytes(blobs: Sequence[bytes]) -> NDArray[np.float32]:
    """Vectors of equal length, as `to_bytes` wrote them, in shape (blobs, dimensions).

    Raises:
        ValueError: The blobs differ in length.
    """
    if not blobs:
        return np.empty((0, 0), dtype=np.float32)
    if len({len(blob) for blob in blobs}) > 1:
        raise ValueError("vectors of different lengths do not belong together")
    flat = np.frombuffer(b"".join(blobs), dtype="<f2")
    return flat.reshape(len(blobs), -1).astype(np.float32)


def cosines(query: NDArray[np.floating], matrix: NDArray[np.floating]) -> NDArray[np.float64]:
    """How alike the query and each row are; a row of zeros is like nothing, 0.

    Args:
        query: Shape (dimensions,).
        matrix: Shape (rows, dimensions).
    """
    if len(matrix) == 0:
        return np.zeros(0)
    lengths = np.sqrt(np.einsum("ij,ij->i", matrix, matrix)) * np.linalg.norm(query)
    products = np.asarray(matrix @ query, dtype=np.float64)
    likeness: NDArray[np.float64] = np.zeros_like(products)
    np.divide(products, lengths, out=likeness, where=lengths > 0)
    return likeness


def best(
    query: NDArray[np.floating], matrix: NDArray[np.floating], k: int
) -> list[tuple[int, float]]:
    """The `k` rows most like the query, by exact cosine, best first; equals keep their order.

    Args:
        query: Shape (dimensions,).
        matrix: Shape (rows, dimensions).
        k: How many at most.

    Returns:
        Pairs of row number and cosine.
    """
    scores = cosines(query, matrix)
    order = np.argsort(-scores, kind="stable")[: max(k, 0)]
    return [(int(row), float(scores[row])) for row in order]


def digest(key: bytes, text: str) -> bytes:
    """The 16 bytes by which the record finds a text's vector.

    Keyed (BLAKE2b, RFC 7693), so that without the key nobody can test whether a text they guess
    is in the record.

    Args:
        key: Up to 64 bytes; one per account, so that accounts share no vector.
        text: Any text.
    """
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=key, digest_size=16).digest()
