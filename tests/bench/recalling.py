"""How long recall in one customer's history takes, beside the encoder alone."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.asking.passages import passages_of
from memory.asking.recall import spoken_query
from memory.entities import Role
from memory.record import tables
from tests.bench import crowd, stock
from tests.bench.briefs import _read_through, open_memory
from tests.bench.outcome import Bound, Outcome, quantile
from tests.bench.template import CUSTOMERS, FIRST_CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory import Memory

_AT_MOST = 2.0
_WARM_UP = 10

QUERIES = (
    "roaming bill",
    "when was the technician at the house",
    "refund for the second charge",
    "What did we promise about the call back?",
    "phone has no signal in the kitchen",
    "cancel the contract",
    "the parcel never arrived",
    "did she want the invoice by post or by e-mail",
    "router reset",
    "Why is the bill higher than last month?",
    "new address after the move",
    "who asked for more time to pay",
)


def measure(vectors: int, times: int) -> Outcome:
    """Time recalls and the encoder in turns, of random customers.

    Args:
        vectors: At least so many in the record.
        times: Of each.
    """
    folder = _record(vectors)
    _read_through(folder / "record.sqlite")
    with open_memory(folder) as memory:
        held = _counts(memory)
        asked = _asked(held["customer"], times + _WARM_UP)
        recalls, encodings, answered = _in_turns(memory, asked)
    if not answered:
        raise RuntimeError("recall found nothing in any history")
    ratio = quantile(recalls, 0.5) / quantile(encodings, 0.5)
    sentences = held["sentence"] / held["customer"]
    outcome = Outcome(
        "Recall in one customer's history, in this process",
        ("what", "vectors", "p50 ms", "p95 ms", "times"),
        bounds=[
            Bound(f"recall p50, {held['vector']:,} vectors / encoder alone", ratio, most=_AT_MOST)
        ],
        notes=[
            "In turns, of random customers; the encoder alone gets the very words whose vector",
            f"recall asks for, on one thread. {answered} of {len(asked)} recalls found something.",
            "The record: " + ", ".join(f"{count:,} {what}s" for what, count in held.items()) + ":",
            f"{sentences:.0f} embedded sentences a customer. {CUSTOMERS} customers are remembered",
            "by the real code, the others are copies under new ids; every copy has vectors of its",
            "own, equal to the original's.",
        ],
    )
    for what, values in (("recall", recalls), ("encoder alone", encodings)):
        figures = [1000 * quantile(values, share) for share in (0.5, 0.95)]
        outcome.rows.append((what, held["vector"], *figures, len(values)))
    return outcome


def _asked(customers: int, times: int) -> list[tuple[str, str]]:
    """Random customers and what is asked about them."""
    dice = random.Random(times)
    return [
        (str(FIRST_CUSTOMER + dice.randrange(customers)), QUERIES[place % len(QUERIES)])
        for place in range(times)
    ]


def _in_turns(
    memory: Memory, asked: Sequence[tuple[str, str]]
) -> tuple[list[float], list[float], int]:
    """Seconds of each recall and of each encoding, and how many recalls found something."""
    recalls, encodings, answered = [], [], 0
    for who, words in asked:
        begun = perf_counter()
        found = memory.recall(words, customer=f"zendesk:{who}")
        recalls.append(perf_counter() - begun)
        # Only now: a history that was just read is not read again.
        spoken = _spoken(memory, who, words)
        begun = perf_counter()
        memory._search._encoder.encode([spoken])
        encodings.append(perf_counter() - begun)
        answered += bool(found["hits"])
    return recalls[_WARM_UP:], encodings[_WARM_UP:], answered


def _spoken(memory: Memory, who: str, words: str) -> str:
    with memory.record.reading() as connection:
        passages = passages_of(connection, memory._view(memory.account), who)
    return spoken_query(passages, words)


def _counts(memory: Memory) -> dict[str, int]:
    counted = (tables.ticket, tables.message, tables.sentence, tables.vector)
    of_customers = tables.person.c.role == Role.CUSTOMER.value
    with memory.record.reading() as connection:
        found = {
            one.name: connection.scalar(sa.select(sa.func.count()).select_from(one)) or 0
            for one in counted
        }
        customers = sa.select(sa.func.count()).select_from(tables.person).where(of_customers)
        return {"customer": connection.scalar(customers) or 0, **found}


def _record(vectors: int) -> Path:
    """A data folder with a crowd's record, and with what its customers' sentences need besides."""
    original = stock.template_record() / "record.sqlite"
    with closing(sqlite3.connect(original)) as connection:
        (each,) = connection.execute("SELECT COUNT(*) FROM vector").fetchone()
    copies = -(-vectors // each)

    def make(folder: Path) -> None:
        crowd.copy(original, folder / "record.sqlite", copies * CUSTOMERS)
        _add_sentences(original, folder / "record.sqlite", copies)

    # This file is no part of what the stock is kept under.
    source = hashlib.blake2b(Path(__file__).read_bytes(), digest_size=4).hexdigest()
    return stock.kept(f"recall-{copies}-{source}", make)


def _add_sentences(original: Path, target: Path, copies: int) -> None:
    """Give every copy the places of its embedded sentences, and vectors of its own for them."""
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.create_function("moved", 2, crowd._moved, deterministic=True)
        connection.create_function("own", 2, _own, deterministic=True)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("ATTACH ? AS original", (str(original),))
        connection.execute("CREATE TEMP TABLE copies (copy INTEGER)")
        connection.executemany("INSERT INTO copies VALUES (?)", [(one,) for one in range(copies)])
        connection.execute("DELETE FROM main.vector")
        connection.execute(
            "INSERT INTO main.vector (account, digest, data, users)"
            " SELECT account, own(digest, copy), data, users FROM original.vector, copies"
            " ORDER BY 1, 2"
        )
        connection.execute(
            "INSERT INTO main.sentence"
            " (account, ticket_id, message_id, start, stop, author_id, digest)"
            " SELECT account, moved(ticket_id, copy), message_id, start, stop,"
            " moved(author_id, copy), own(digest, copy) FROM original.sentence, copies"
            " ORDER BY 1, 2, 3, 4"
        )
        connection.execute("PRAGMA journal_mode=WAL")


def _own(digest: bytes, copy: int) -> bytes:
    """A copy's digest of the same sentence."""
    if not copy:
        return digest
    return hashlib.blake2b(digest + copy.to_bytes(4, "big"), digest_size=len(digest)).digest()
