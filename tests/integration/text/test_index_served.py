"""The same index on a Chroma server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from memory.text.chroma import IndexUnavailableError, collection_name
from memory.text.index import IssueIndex
from tests.integration.text.conftest import ACCOUNT
from tests.integration.text.rows import Rows
from tests.support.chroma_server import chroma_server, free_port

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

ROWS = Rows(300)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A real Chroma server on loopback, and its process."""
    with chroma_server(tmp_path) as found:
        yield found


@pytest.mark.slow
def test_a_server_serves_as_a_folder_does(server: tuple[str, subprocess.Popen[bytes]]) -> None:
    """Adding, searching, removing and reconciling, with accounts apart."""
    acme, other = (IssueIndex.connect(server[0], name) for name in (ACCOUNT, "zendesk:other"))
    assert acme.search(ROWS.matrix[0], 3) == []
    assert acme.reconcile(ROWS.ids, ROWS.load) == (300, 0)
    assert acme.reconcile(ROWS.ids[10:], ROWS.load) == (0, 10)
    assert acme.ids() == set(ROWS.ids[10:])
    assert other.ids() == set()
    assert [one for one, _ in acme.search(ROWS.matrix[20], 1)] == ["memory-20"]
    other.add(ROWS.ids, Rows(300, seed=9).matrix)
    assert other.reconcile(ROWS.ids, ROWS.load) == (300, 0)
    assert acme.ids() == set(ROWS.ids[10:])
    acme.close()
    other.close()


@pytest.mark.slow
def test_a_server_cannot_have_us_load_a_model(
    server: tuple[str, subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collection may name one to embed words with, and have its code run: none is built.

    Source: GHSA-f4j7-r4q5-qw2c, and https://github.com/chroma-core/chroma/issues/6717.
    """
    from chromadb.utils.embedding_functions import known_embedding_functions

    built: list[str] = []
    for name, kind in known_embedding_functions.items():
        monkeypatch.setattr(
            kind, "build_from_config", lambda _config, name=name: built.append(name)
        )
    url = f"{server[0]}/api/v2/tenants/default_tenant/databases/default_database/collections"
    config = {"model_name": "x", "device": "cpu", "normalize_embeddings": False}
    poisoned = {
        "type": "known",
        "name": "sentence_transformer",
        "config": {**config, "kwargs": {"trust_remote_code": True}},
    }
    told = {
        "name": collection_name(ACCOUNT),
        "configuration": {"hnsw": {"space": "cosine"}, "embedding_function": poisoned},
    }
    httpx.post(url, json=told).raise_for_status()
    index = IssueIndex.connect(server[0], ACCOUNT)
    assert index.reconcile(ROWS.ids, ROWS.load) == (300, 0)
    assert [one for one, _ in index.search(ROWS.matrix[20], 1)] == ["memory-20"]
    index.remove(ROWS.ids[:10])
    assert len(index.ids()) == index.count() == 290
    index.renew()
    index.close()
    assert built == []


@pytest.mark.slow
def test_a_server_that_went_away_is_an_error_that_says_so(
    server: tuple[str, subprocess.Popen[bytes]],
) -> None:
    """Nothing is silently lost: each use says that the server does not answer."""
    url, process = server
    index = IssueIndex.connect(url, ACCOUNT)
    index.add(ROWS.ids, ROWS.matrix)
    process.kill()
    process.wait()
    for use in (
        lambda: index.add(ROWS.ids[:1], ROWS.matrix[:1]),
        lambda: index.remove(ROWS.ids[:1]),
        lambda: index.search(ROWS.matrix[0], 1),
        index.ids,
        lambda: index.reconcile(ROWS.ids, ROWS.load),
    ):
        with pytest.raises(IndexUnavailableError, match=r"Chroma server at 127\.0\.0\.1"):
            use()
    index.close()


def test_nobody_listens() -> None:
    """The error names the address and the setting."""
    with pytest.raises(IndexUnavailableError, match=r"127\.0\.0\.1:\d+ cannot be used") as told:
        IssueIndex.connect(f"http://127.0.0.1:{free_port()}", ACCOUNT)
    assert "REMEMBER_CHROMA_URL" in told.value.hint


@pytest.mark.parametrize(
    "url", ["", "localhost:8000", "ftp://localhost", "http://", "http://localhost:123456"]
)
def test_what_is_no_address(url: str) -> None:
    """A URL that cannot be one is the same clear error."""
    with pytest.raises(IndexUnavailableError, match="there is none at that address"):
        IssueIndex.connect(url, ACCOUNT)


def test_a_password_in_the_address_is_not_repeated() -> None:
    """The error names host and port alone."""
    with pytest.raises(IndexUnavailableError) as told:
        IssueIndex.connect(f"http://user:secret@127.0.0.1:{free_port()}", ACCOUNT)
    assert "secret" not in str(told.value) + told.value.hint
