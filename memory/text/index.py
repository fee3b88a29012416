"""Chroma's one owner: the issues of one account, by meaning, across its customers.

The index holds ids and vectors and nothing else, and may be lost at any time: what it should hold
is in the record, and `IssueIndex.reconcile` puts it right. An embedded index must be open in one
process only (two writers break it for good), which is for the caller to see to.

Facts about Chroma stated here were measured on chromadb 1.5.9.
"""

from __future__ import annotations

import hashlib
import shutil
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from memory.errors import RememberError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

BATCH = 5000
"""Rows per call; Chroma takes at most 5,461."""

_SAMPLE = 64
"""Rows whose vectors are compared with the record's before an index is trusted."""

_ALIKE = 0.999
"""Least cosine between a vector and itself; it is stored as float32, the record's as float16."""

_REACHED_WITHIN = 5.0
"""Seconds for a server to take a connection; Chroma's own client would wait for ever."""

_DATABASE = "chroma.sqlite3"


class IndexUnavailableError(RememberError):
    """The index of issues cannot be reached, or not be made where it should be."""

    title = "The index cannot be used"


class IssueIndex:
    """The vectors of one account's issue memories, searchable by likeness.

    An embedded index that turns out to be damaged is deleted and made anew, empty, by whichever
    method met the damage; `reconcile` fills it. A server's is only ever emptied by `reconcile`.

    Every method raises IndexUnavailableError if a server does not answer or if no index can be
    made in the folder.
    """

    def __init__(self, store: _Store) -> None:
        self._store = store

    @classmethod
    def open(cls, folder: Path, account: str) -> IssueIndex:
        """Open or make the embedded index in a folder, which accounts may share.

        Raises:
            IndexUnavailableError: Nothing can be written there.
        """
        return cls(_Folder(folder, _collection_name(account)))

    @classmethod
    def connect(cls, url: str, account: str) -> IssueIndex:
        """Use the index on a Chroma server, such as `http://127.0.0.1:8000`.

        Raises:
            IndexUnavailableError: There is no Chroma server at the URL.
        """
        return cls(_Server(url, _collection_name(account)))

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
            with _told(self._store):
                self._store.collection.upsert(
                    ids=list(ids[start:end]), embeddings=matrix[start:end]
                )

    def _delete(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), BATCH):
            with _told(self._store):
                self._store.collection.delete(ids=list(ids[start : start + BATCH]))

    def _query(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        with _told(self._store):
            found = self._store.collection.query(
                query_embeddings=[vector], n_results=k, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(one, 1.0 - distance) for one, distance in pairs]

    def _ids(self) -> set[str]:
        held: set[str] = set()
        with _told(self._store):
            while page := self._store.collection.get(limit=BATCH, offset=len(held), include=[])[
                "ids"
            ]:
                held.update(page)
        return held

    def _vectors(self, ids: Sequence[str]) -> NDArray[np.float32] | None:
        """The stored vectors in the order of `ids`, or None where one has none."""
        with _told(self._store):
            found = self._store.collection.get(ids=list(ids), include=["embeddings"])
        rows = {one: row for row, one in enumerate(found["ids"])}
        if len(rows) < len(ids):
            return None
        matrix = np.asarray(found["embeddings"], dtype=np.float32)
        return matrix[[rows[one] for one in ids]]


class _Store(Protocol):
    """Where a collection lives.

    Attributes:
        where: For people to read.
        hint: What to do when it fails.
        collection: Chroma's; replaced when the store is made anew.
    """

    where: str
    hint: str
    collection: Any

    def mend(self, error: IndexUnavailableError) -> None:
        """Make the store usable after a failure, empty if need be, or raise the error."""

    def renew(self) -> None:
        """Make the collection anew, empty."""

    def close(self) -> None:
        """Let go of it."""


class _Folder:
    """An embedded index. Its accounts share one database, and are lost together.

    While an index is first read, a file marks it as being tried: with a damaged graph Chroma ends
    the whole process, and an index on which a process ended is not tried a second time.
    """

    hint = "See that the folder and its parent can be written and that the disk is not full."

    def __init__(self, folder: Path, name: str) -> None:
        self.where = f"The index in {folder}"
        self._folder = folder.resolve()
        self._name = name
        self._mark = self._folder / "being-tried"
        self._client: Any = None
        try:
            self._try()
        except (IndexUnavailableError, ValueError):  # Chroma's for a missing tenant
            self.renew()

    def _try(self) -> None:
        with _told(self):
            if self._mark.exists() or self._is_half_there():
                self._discard()
            self._folder.mkdir(parents=True, exist_ok=True)
            self._mark.touch()
            self._start()
            held = self.collection.get(limit=1, include=["embeddings"])["embeddings"]
            if len(held):
                self.collection.query(query_embeddings=held, n_results=1, include=[])
            self._mark.unlink()

    def _is_half_there(self) -> bool:
        folder = self._folder
        return folder.is_dir() and any(folder.iterdir()) and not (folder / _DATABASE).exists()

    def _start(self) -> None:
        import chromadb

        try:
            self._client = chromadb.PersistentClient(str(self._folder), settings=_settings())
        except BaseException:
            _forget(self._folder)
            raise
        self.collection = _collection(self._client, self._name)

    def mend(self, error: IndexUnavailableError) -> None:
        del error  # an embedded index is lost rather than mourned
        self.renew()

    def renew(self) -> None:
        with _told(self):
            self.close()
            _forget(self._folder)
            self._discard()
            self._folder.mkdir(parents=True, exist_ok=True)
            self._start()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _discard(self) -> None:
        """Delete the folder, moved aside first so that a kill leaves none that is half there."""
        aside = self._folder.with_name(self._folder.name + ".broken")
        _delete(aside)
        if self._folder.exists():
            self._folder.rename(aside)
            _delete(aside)


class _Server:
    """A collection on a Chroma server, which others may use too."""

    hint = "Start the Chroma server, or set REMEMBER_CHROMA_URL to where it is."

    def __init__(self, url: str, name: str) -> None:
        self.where = "The Chroma server"
        self._name = name
        try:
            with _told(self):
                self._connect(url)
        except ValueError as error:  # Chroma's for a server that is not one, ours for the URL
            raise IndexUnavailableError(
                f"{self.where} cannot be used: there is none at that address.", self.hint
            ) from error

    def _connect(self, url: str) -> None:
        import chromadb

        parts = urlsplit(url)
        secure = parts.scheme == "https"
        if parts.hostname is None or parts.scheme not in {"http", "https"}:
            raise ValueError("a server's URL is http or https and has a host")
        host, port = parts.hostname, parts.port or (443 if secure else 80)
        self.where = f"The Chroma server at {host}:{port}"
        socket.create_connection((host, port), timeout=_REACHED_WITHIN).close()
        self._client = chromadb.HttpClient(host, port, ssl=secure, settings=_settings())
        self.collection = _collection(self._client, self._name)

    def mend(self, error: IndexUnavailableError) -> None:
        raise error

    def renew(self) -> None:
        with _told(self):
            self._client.delete_collection(self._name)
            self.collection = _collection(self._client, self._name)

    def close(self) -> None:
        self._client.close()


def _collection_name(account: str) -> str:
    """A name that Chroma takes and that tells nothing of the account."""
    return "issues-" + hashlib.blake2b(account.encode(), digest_size=16).hexdigest()


def _collection(client: Any, name: str) -> Any:
    return client.get_or_create_collection(
        name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )


def _forget(folder: Path) -> None:
    """Chroma shares one system per path, and would hand out one that failed to start."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient._identifier_to_system.pop(str(folder), None)  # noqa: SLF001 - no public way


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False, _env_file=None)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _told(store: _Store) -> Iterator[None]:
    """Turn what Chroma raises when it cannot work, and nothing else, into our own error."""
    try:
        yield
    except BaseException as error:
        if not _is_failure(error):
            raise
        said = str(error).strip().partition("\n")[0][:200] or type(error).__name__
        raise IndexUnavailableError(f"{store.where} cannot be used: {said}.", store.hint) from error


def _is_failure(error: BaseException) -> bool:
    """Whether the store failed, rather than whoever called it.

    A panic of Chroma's native part is a BaseException of a module that cannot be imported; its
    HTTP client lets errors of httpx through and raises bare Exceptions for what it cannot read.
    """
    from chromadb.errors import InternalError, NotFoundError

    home = type(error).__module__.partition(".")[0]
    return (
        isinstance(error, InternalError | NotFoundError | OSError)
        or home in {"pyo3_runtime", "httpx", "httpcore"}
        or type(error) is Exception
    )
