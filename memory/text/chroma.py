"""Chroma, kept in order: a collection in a folder or on a server, and what its failures mean.

What is said of Chroma here was measured on chromadb 1.5.9.
"""

from __future__ import annotations

import hashlib
import shutil
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from memory.errors import RememberError
from memory.text.blank import blank_memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_REACHED_WITHIN = 5.0
"""Seconds for a server to take a connection."""

_ANSWERED_WITHIN = 60.0
"""Seconds for it to go on answering; Chroma's own client would wait for ever."""

_DATABASE = "chroma.sqlite3"


class IndexUnavailableError(RememberError):
    """The index of issues cannot be reached, or not be made where it should be."""

    title = "The index cannot be used"


class Store(Protocol):
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


class FolderStore:
    """An embedded index. Its accounts share one database, and are lost together.

    While an index is first read, a file marks it as being tried: a damaged graph can make Chroma
    end the whole process, and an index on which a process ended is not tried a second time.
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
        with told(self):
            _delete(_aside(self._folder))
            if self._mark.exists() or self._is_half_there():
                _discard(self._folder)
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
        """Start from scratch, whatever the error was."""
        del error
        self.renew()

    def renew(self) -> None:
        """Delete the folder and start from scratch."""
        with told(self):
            self.close()
            _forget(self._folder)
            _discard(self._folder)
            self._folder.mkdir(parents=True, exist_ok=True)
            self._start()

    def close(self) -> None:
        """Release Chroma's files."""
        if self._client is not None:
            with blank_memory():
                self._client.close()
            self._client = None


class ServerStore:
    """A collection on a Chroma server, which others may use too."""

    hint = "Start the Chroma server, or set REMEMBER_CHROMA_URL to where it is."

    def __init__(self, url: str, name: str) -> None:
        self.where = "The Chroma server"
        self._name = name
        try:
            with told(self):
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
        for session in _sessions(self._client):
            session.timeout = _ANSWERED_WITHIN
        self.collection = _collection(self._client, self._name)

    def mend(self, error: IndexUnavailableError) -> None:
        """Raise the error: a server that does not answer has lost nothing."""
        raise error

    def renew(self) -> None:
        """Delete this collection and make it anew; no other is touched."""
        with told(self):
            self._client.delete_collection(self._name)
            self.collection = _collection(self._client, self._name)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        for session in _sessions(self._client):
            session.close()


def discard(folder: Path) -> None:
    """Delete an embedded index that nobody has open, with every byte it ever held.

    What Chroma deletes stays readable in its files: rows in its queue, vectors in its graph.

    Raises:
        IndexUnavailableError: It cannot be deleted.
    """
    folder = folder.resolve()
    try:
        _discard(folder)
    except OSError as error:
        raise IndexUnavailableError(
            f"The index in {folder} cannot be deleted ({error.strerror}).", FolderStore.hint
        ) from None


def collection_name(account: str) -> str:
    """A name that Chroma takes and that tells nothing of the account."""
    return "issues-" + hashlib.blake2b(account.encode(), digest_size=16).hexdigest()


def _collection(client: Any, name: str) -> Any:
    """The collection, without what a server says of how to embed words: we bring vectors only.

    A server may name a model there, and have its code run where it is loaded
    (https://github.com/chroma-core/chroma/issues/6717); Chroma loads it when vectors are written.
    """
    collection = client.get_or_create_collection(
        name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )
    model = collection._model  # noqa: SLF001 - no public way
    model.serialized_schema, model.configuration_json = None, {}
    return collection


def _forget(folder: Path) -> None:
    """Chroma shares one system per path, and would hand out one that failed to start."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient._identifier_to_system.pop(str(folder), None)  # noqa: SLF001 - no public way


def _discard(folder: Path) -> None:
    """Delete a folder, moved aside first so that a kill leaves none that is half there."""
    _delete(_aside(folder))
    if folder.exists():
        folder.rename(_aside(folder))
        _delete(_aside(folder))


def _aside(folder: Path) -> Path:
    return folder.with_name(folder.name + ".broken")


def _sessions(client: Any) -> list[Any]:
    """The HTTP clients inside Chroma's, which neither limits their time nor closes them."""
    return [part._server._session for part in (client, client._admin_client)]  # noqa: SLF001


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False, _env_file=None)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def told(store: Store) -> Iterator[None]:
    """Turn what Chroma raises when it cannot work, and nothing else, into our own error.

    What it allocates within the block is blank, since it writes out what it has not filled.
    """
    try:
        with blank_memory():
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
