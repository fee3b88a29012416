"""Two accounts in one record that use the same ids, phones and names, and what may be asked."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa
from hypothesis import strategies as st

from connector.clock import ManualClock
from memory.asking.search import Search
from memory.face import Memory
from memory.face.keeping import Act
from memory.face.looking import Seen
from memory.policy import KINDS
from memory.record import forgotten
from memory.record import tables as t
from memory.workplace import Workplace
from tests.integration.record.asked import fill
from tests.support.book import AS_OF, Book
from tests.support.databases import sqlite_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MARK = "bravo"
"""Stands in every name and text of the other account, and in none of the own."""

OWN, OTHER = "zendesk:acme", "zendesk:apex"

_REFS = tuple(
    f"zendesk:{one}" for one in (100, 101, 900, 901, 540, 542, 550, 552, 770, 772, 11, 21, 23, 99)
)
_MORE_REFS = ("freshdesk:100", "zendesk:apex:100", "901", "")
_TICKETS = tuple(f"zendesk:{one}" for one in (1, 2, 3, 70, 71, 72, 82))
_CALLS = (
    "ring:r0",
    "ring:r2",
    *(f"ticket:{one}" for one in _TICKETS),
    "ticket:zendesk:0",
    "ring:",
    "r2",
)
_WORDS = (MARK, f"{MARK} bill", "bill", "alpha", "sails", "mara", "9", "+1212", f"{MARK}@example")
_AGENTS = ("zendesk:11", "zendesk:21", "zendesk:23", "zendesk:100", "nobody@acme.example")
_PEOPLE = ("zendesk:100", "zendesk:101", "zendesk:901", "zendesk:772")
_ACT = Act("zendesk:11", "zendesk", "service")


def _one(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def asking(memory_ids: Sequence[str]) -> Mapping[str, st.SearchStrategy[Any]]:
    """What there is to ask with, by the name of a parameter: ids of both accounts, and neither."""
    ref = _one(*_REFS, *_MORE_REFS) | _one(*_PEOPLE)
    memory = _one(*memory_ids, "nothing")
    agent = _one(*_AGENTS) | st.just("zendesk:11")
    return {
        "phone": _one("+12125550101", "+12125550102", "+12125550142", "+12125550144", "anonymous"),
        "email": _one(f"{MARK}@example.com", "alpha@example.com"),
        "customer": ref,
        "customers": st.lists(ref, max_size=3),
        "other": ref,
        "ticket": _one(*_TICKETS),
        "ring": _one("r0", "r2", "r9"),
        "call": _one(*_CALLS),
        "agent": agent,
        "ref_or_email": agent,
        "reveal_to": _one("somebody"),
        "words": _one(*_WORDS),
        "about": _one(*_WORDS),
        "text": _one(*_WORDS),
        "memory": memory,
        "memory_id": memory,
        "note_id": memory,
        "id": memory,
        "verdict": _one("wrong", "outdated", "unwanted", "helped", "other"),
        "answer": _one("agreed", "declined"),
        "as_of": st.just(AS_OF),
        "on": _one(AS_OF.date()),
        "before": st.just(AS_OF),
        "since": _one(datetime(2026, 1, 1, tzinfo=UTC)),
        "until": st.just(AS_OF),
        "limit": st.integers(1, 20),
        "verified": st.booleans(),
        "to_helpdesk": st.booleans(),
        "proof": _one("zendesk", "link"),
        "source": _one("service", "command"),
        "act": _one(None, _ACT),
        "seen": st.just([Seen(AS_OF, "zendesk:11", "link", "service", "brief", "zendesk:100")]),
        "expected": st.none(),
        "kind": _one(*KINDS),
        "keep": st.booleans(),
        "show": _one("full", "masked", "off", None),
        "claim": st.booleans(),
        "days": _one(1, 400, None),
        "account": _one(OWN, OTHER, None),
    }


class Searching(Search):
    """A search that needs no model: every question lies between the two axes of the sentences."""

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.ones((len(texts), 2), dtype=np.float32) / np.float32(2**0.5)


@dataclass(frozen=True)
class Two:
    """Both accounts of a record, and the memory of the first."""

    own: Book
    other: Book
    memory: Memory
    clock: ManualClock

    def rows_of_other(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that the other account has."""
        with self.other.record.reading() as connection:
            return {
                table.name: [
                    tuple(row)
                    for row in connection.execute(
                        sa.select(table)
                        .where(table.c.account == self.other.number)
                        .order_by(*table.primary_key.columns)
                    )
                ]
                for table in t.metadata.sorted_tables
                if "account" in table.c
            }

    def rows_of_other_rings(self) -> list[dict[str, Any]]:
        """The other account's rings."""
        return [row for row in self.other.rows(t.ring) if row["account"] == self.other.number]

    def forgetting_is_complete(self) -> None:
        """No byte is left of those of the own account who are forgotten."""
        with self.own.record.writing(self.own.account) as writer:
            waiting = forgotten.pending(writer.connection, self.own.number)
            digests = [one.digest for one in waiting]
            forgotten.complete(writer.connection, self.own.number, digests, AS_OF)

    def memory_ids(self) -> list[str]:
        """The ids of memories and notes, whoever's they are."""
        rows = (*self.own.rows(t.memory), *self.own.rows(t.note), *self.own.rows(t.correction))
        return sorted({row.get("id") or row["memory_id"] for row in rows})

    def close(self) -> None:
        """Let go of the record."""
        self.own.record.close()
        self.other.record.close()


def written(folder: Path) -> Path:
    """A record with both accounts; the file."""
    own, other = _books(folder)
    fill(own, "alpha", 0)
    fill(other, MARK, 2)
    own.record.close()
    other.record.close()
    return folder


def opened(template: Path, folder: Path) -> Two:
    """A copy of it, to be asked and changed."""
    shutil.copytree(template, folder)
    own, other = _books(folder)
    clock = ManualClock(AS_OF)
    memory = Memory(
        own.record,
        Workplace(own.database_url, folder / "index"),
        account=OWN,
        default_region="US",
        now=clock.now,
    )
    memory._made = Searching(memory._workplace, own.record)
    return Two(own, other, memory, clock)


def _books(folder: Path) -> tuple[Book, Book]:
    folder.mkdir(parents=True, exist_ok=True)
    url = sqlite_url(folder)
    return Book(url, OWN), Book(url, OTHER, "https://apex.zendesk.com")


def told(answer: object, *asked: object) -> str:
    """An answer as text, without what it repeats of the question."""
    text = str(answer).casefold()
    for one in sorted((str(x).casefold() for x in asked if isinstance(x, str)), key=len)[::-1]:
        text = text.replace(one, "") if MARK in one else text
    return text
