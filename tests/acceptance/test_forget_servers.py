"""On PostgreSQL and a Chroma server: SQL and the API find nothing of somebody who was forgotten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import psycopg
import pytest
from psycopg import sql

from tests.support.chroma_server import chroma_server
from tests.support.forgetting import GOES, MARKS, NOTE, PHONE, desk
from tests.support.marks import found_among, found_in, of_vectors, of_words, vectors_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.house import Told
    from tests.support.postgres import Server

pytestmark = [pytest.mark.xdist_group("forget-servers"), pytest.mark.slow, pytest.mark.long]


def _rows(url: str) -> dict[str, bytes]:
    """All that SQL finds, by table and column."""
    found: dict[str, bytes] = {}
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for table, column in columns:
            asked = sql.SQL("SELECT {} FROM {}").format(*map(sql.Identifier, (column, table)))
            values = [value for (value,) in connection.execute(asked)]
            found[f"{table}.{column}"] = b"\n".join(_bytes(value) for value in values)
    return found


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return (json.dumps(value) if isinstance(value, dict | list) else str(value)).encode()


def _indexed(url: str) -> dict[str, bytes]:
    """All that a Chroma server tells of: ids, documents, metadata and vectors, by collection."""
    import chromadb
    from chromadb.config import Settings

    client = chromadb.HttpClient(
        "127.0.0.1", int(url.rpartition(":")[2]), settings=Settings(anonymized_telemetry=False)
    )
    found: dict[str, bytes] = {}
    for collection in client.list_collections():
        held = collection.get(include=["embeddings", "documents", "metadatas"])
        words = json.dumps([held["ids"], held["documents"], held["metadatas"]]).encode()
        vectors = np.asarray(held["embeddings"], dtype="<f4").tobytes()
        found[collection.name] = words + vectors
    return found


def test_neither_sql_nor_the_api_finds_anything(
    postgres: Server, in_process: Callable[..., Told], tmp_path: Path
) -> None:
    """Whatever columns and collections there are; nor does the data folder hold anything."""
    who = f"zendesk:{GOES}"
    with (
        desk() as zendesk,
        postgres.database() as url,
        chroma_server(tmp_path / "chroma") as (index, _),
    ):
        house = zendesk.house(tmp_path / "home").but(DATABASE_URL=url, CHROMA_URL=index)
        for command in (
            ("backfill", "--json", "--account", zendesk.account),
            ("note", NOTE, "--customer", who),
            ("export", "--customer", who, "--output", str(house.home / "quillmarkson.json")),
            ("brief", "--phone", PHONE, "--verified", "--reveal", "--full"),
        ):
            told = in_process(house, *command)
            assert told.code == 0, told.err
        before, had = vectors_in(url), _indexed(index)
        everything = found_among(_rows(url), of_words(MARKS))
        assert {name.partition(" as ")[0] for name in everything} == set(MARKS)

        done = house.run("forget", "--customer", who, "--yes", "--json")
        assert done.code == 0, done.err
        after = vectors_in(url)
        vectors = of_vectors(before[key] for key in sorted(before.keys() - after.keys()))
        assert found_among(had, vectors)
        needles = [*of_words(MARKS), *vectors]
        assert found_among(_rows(url), needles) == {}
        assert found_among(_indexed(index), needles) == {}
        assert found_in(house.home, needles) == {}
        assert {"chroma_server_files", "postgresql_old_rows"} <= set(done.document["outside"])
        assert done.document["complete_at"] is not None

        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("DELETE FROM checkpoint")  # as if nothing had been read yet
        again = in_process(house, "backfill", "--json", "--account", zendesk.account)
        assert again.code == 0, again.err
        assert found_among({**_rows(url), **_indexed(index)}, needles) == {}
