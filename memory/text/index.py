"""The issues of one account, by meaning, across its customers.

The index holds ids and vectors and nothing else, and may be lost at any time: what it should hold
is in the record, and `IssueIndex.reconcile` puts it right. An embedded index must be open in one
process only (two writers break it for good), which is for the caller to see to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from memory.text.chroma import (
    FolderStore,
    IndexUnavailableError,
    ServerStore,
    collection_name,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from memory.text.chroma import Store

BATCH = 5000
"""Rows per call; Chroma 1.5.9 takes at most 5,461."""

_SAMPLE = 64
"""Rows whose vectors are compared with the record's before an index is trusted."""

_ALIKE = 0.999
"""Least cosine between a vector and itself; it is stored as float32, the record's as float16."""


class IssueIndex:
    """The vectors of one account's issue memories, searchable by likeness.

    An embedded index that turns out to be damaged is deleted and made anew, empty, by whichever
    method met the damage; `reconcile` fills it. A server's is only ever emptied by `reconcile`.

    Every method raises IndexUnavailableError if a server does not answer or if no index can be
    made in the folder.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, folder: Path, account: str) -> IssueIndex:
        """Open or make the embedded index in a folder, which accounts may share.

        Raises:
            IndexUnavailableError: Nothing can be written there.
        """
        return cls(FolderStore(folder, collection_name(account)))

    @classmethod
    def connect(cls, url: str, account: str) -> IssueIndex:
        """Use the index on a Chroma server, such as `http://127.0.0.1:8000`.

        Raises:
            IndexUnavailableError: There is no Chroma server at the URL.
        """
        return cls(ServerStore(url, collection_name(account)))

    def add(self, ids: Sequence[str], matrix: NDArray[np.float32]) -> None:
        """Add vectors, or replace those of the same ids.

        Args:
            ids: Each once.
            matrix: Shape (ids, dimensions), rows in the order of `ids`.
        """
        try:
            self._upsert(ids, matrix)
        except IndexUnavailableError as error:
            self._store.mend(error)
            self._upsert(ids, matrix)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove vectors; ids that are not there are fine."""
        try:
            self._delete(list(ids))
        except IndexUnavailableError as error:
            self._store.mend(error)

    def search(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """The `k` nearest ids with their cosine, best first; fewer if there are fewer."""
        if k < 1:
            return []
        try:
            return self._query(vector, k)
        except IndexUnavailableError as error:
            self._store.mend(error)
            return []

    def count(self) -> int:
        """How many ids the index says it holds."""
        try:
            with told(self._store):
                return int(self._store.collection.count())
        except IndexUnavailableError as error:
            self._store.mend(error)
            return 0

    def ids(self) -> set[str]:
        """Everything the index says it holds."""
        try:
            return self._ids()
        except IndexUnavailableError as error:
            self._store.mend(error)
            return set()

    def reconcile(
        self,
        wanted: Iterable[str],
        load: Callable[[Sequence[str]], NDArray[np.float32]],
    ) -> tuple[int, int]:
        """Make the index hold exactly the wanted ids, from scratch if it cannot be trusted.

        It is not trusted if it cannot be read or searched, if a sample of its vectors differs
        from what `load` gives, or if it shares no id with what is wanted.

        Args:
            wanted: The ids of the record.
            load: Gives the vectors of some ids, one row each, in their order.

        Returns:
            How many were added, and how many removed one by one.
        """
        exactly = set(wanted)
        try:
            if not self._is_sound(exactly, load):
                self._store.renew()
            return self._fill(exactly, load)
        except IndexUnavailableError:
            self._store.renew()
            return self._fill(exactly, load)

    def renew(self) -> None:
        """Make it anew, empty; an embedded one is lost for every account in its folder."""
        self._store.renew()

    def close(self) -> None:
        """Let go of every file, so that the folder can be deleted; closing twice is fine."""
        self._store.close()

    def _is_sound(
        self, wanted: set[str], load: Callable[[Sequence[str]], NDArray[np.float32]]
    ) -> bool:
        held = self._ids()
        if not held:
            return True
        shared = sorted(held & wanted)
        sample = shared[:: max(1, len(shared) // _SAMPLE)]
        if not sample:
            return False
        theirs, ours = self._vectors(sample), load(sample)
        if theirs is None or theirs.shape != ours.shape:
            return False
        products = np.einsum("ij,ij->i", theirs, ours)
        lengths = np.linalg.norm(theirs, axis=1) * np.linalg.norm(ours, axis=1)
        return bool(np.all(products >= _ALIKE * lengths)) and bool(self._query(ours[0], 1))

    def _fill(
        self, wanted: set[str], load: Callable[[Sequence[str]], NDArray[np.float32]]
    ) -> tuple[int, int]:
        held = self._ids()
        gone, missing = sorted(held - wanted), sorted(wanted - held)
        self._delete(gone)
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            self._upsert(batch, load(batch))
        return len(missing), len(gone)

    def _upsert(self, ids: Sequence[str], matrix: NDArray[np.float32]) -> None:
        for start in range(0, len(ids), BATCH):
            end = start + BATCH
            with told(self._store):
                self._store.collection.upsert(
                    ids=list(ids[start:end]), embeddings=matrix[start:end]
                )

    def _delete(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), BATCH):
            with told(self._store):
                self._store.collection.delete(ids=list(ids[start : start + BATCH]))

    def _query(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        with told(self._store):
            found = self._store.collection.query(
                query_embeddings=[vector], n_results=k, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(one, 1.0 - distance) for one, distance in pairs]

    def _ids(self) -> set[str]:
        held: set[str] = set()
        with told(self._store):
            while page := self._store.collection.get(limit=BATCH, offset=len(held), include=[])[
                "ids"
            ]:
                held.update(page)
        return held

    def _vectors(self, ids: Sequence[str]) -> NDArray[np.float32] | None:
        """The stored vectors in the order of `ids`, or None where one has none."""
        with told(self._store):
            found = self._store.collection.get(ids=list(ids), include=["embeddings"])
        rows = {one: row for row, one in enumerate(found["ids"])}
        if len(rows) < len(ids):
            return None
        matrix = np.asarray(found["embeddings"], dtype=np.float32)
        return matrix[[rows[one] for one in ids]]
