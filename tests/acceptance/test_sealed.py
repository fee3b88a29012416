"""With a key in the environment no file of the data folder says what people said."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.house import House, Told

pytestmark = [pytest.mark.xdist_group("small"), pytest.mark.timeout(900), pytest.mark.slow]

KEY, NEXT = "k" * 43, "n" * 43


def said(home: Path) -> list[bytes]:
    """What people said and wrote, long enough to be nobody's name."""
    with sqlite3.connect(home / "record.sqlite") as record:
        rows = record.execute("SELECT text FROM message UNION SELECT subject FROM ticket")
        return [text.encode() for (text,) in rows if len(text) > 30]


def readable(home: Path, texts: list[bytes]) -> list[str]:
    """The files in which one of these texts stands."""
    files = [file for file in home.rglob("*") if file.is_file()]
    contents = {file.name: file.read_bytes() for file in files}
    return [name for name, content in contents.items() if any(text in content for text in texts)]


def test_sealed_resealed_and_opened(own: House, in_process: Callable[..., Told]) -> None:
    """A brief is the same each time; without the key nothing is told but what to do."""
    texts = said(own.home)
    assert len(texts) > 60
    assert readable(own.home, texts) == ["record.sqlite"]
    brief = ("brief", "--customer", "zendesk:101", "--verified", "--full", "--json")
    before = in_process(own, *brief, "--as-of", "2026-07-07").document

    sealed = own.but(ENCRYPTION_KEY=KEY)
    told = sealed.run("policy", "rotate-key", "--json")
    assert told.code == 0, told.err
    assert told.document["sealed"]
    assert told.document["changed"] > len(texts)
    assert readable(own.home, texts) == []
    assert in_process(sealed, *brief, "--as-of", "2026-07-07").document == before

    refused = in_process(own, *brief)
    assert refused.code == 1
    assert "REMEMBER_ENCRYPTION_KEY" in refused.problem["hint"]

    both = own.but(ENCRYPTION_KEY=f"{NEXT} {KEY}")
    assert both.run("policy", "rotate-key").code == 0
    after = own.but(ENCRYPTION_KEY=NEXT)
    assert in_process(after, *brief, "--as-of", "2026-07-07").document == before
    assert in_process(sealed, *brief).code == 1

    assert after.run("policy", "rotate-key", "--open").code == 0
    assert in_process(own, *brief, "--as-of", "2026-07-07").document == before
    assert KEY not in json.dumps(before)


def test_a_key_is_missing_or_weak(own: House) -> None:
    """It says what to set, and repeats no key."""
    told = own.run("policy", "rotate-key", "--json")
    assert (told.code, told.out) == (2, "")
    assert "REMEMBER_ENCRYPTION_KEY is not set" in told.err
    weak = own.but(ENCRYPTION_KEY="hunter2").run("status", "--json")
    assert weak.code == 2
    assert "43 characters" in weak.err
    assert "hunter2" not in weak.err
