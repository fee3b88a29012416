"""How much of remembering's time is the encoder's, and what is kept on disk for it."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from memory.record import Record, tables
from memory.remembering.drain import Remembering, Workplace
from memory.remembering.personal import PersonalHead
from memory.remembering.remember import Rememberer
from memory.text.encoder import Encoder
from tests.bench import stock
from tests.bench.outcome import Bound, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

_THROUGHPUT = 0.8
_PLAIN = "SentenceTransformer.encode"
_PLAIN_BATCH = 32
"""The batch size of sentence-transformers unless told otherwise."""


class Listening(Encoder):
    """The encoder, noting which texts it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self.__dict__.update(encoder.__dict__)
        self.texts: list[str] = []

    def encode(
        self, texts: Sequence[str], progress: Callable[[int, int], object] | None = None
    ) -> NDArray[np.float32]:
        """Encode, and note."""
        self.texts += texts
        return super().encode(texts, progress)


def throughput(tickets: int, rounds: int) -> Outcome:
    """Time remembering and the bare encoder on the same texts, in turns.

    Args:
        tickets: To remember in a round.
        rounds: Of which the median counts.
    """
    encoder = Listening(Encoder.load())
    plain = encoder._model
    encoder.encode(["customer: warm up"])
    taken: dict[str, list[float]] = {"remembering": [], "Encoder.encode": [], _PLAIN: []}
    for _ in range(rounds):
        encoder.texts = []
        taken["remembering"].append(_remember(encoder, tickets))
        texts = list(encoder.texts)
        taken["Encoder.encode"].append(_timed(partial(encoder.encode, texts)))
        taken[_PLAIN].append(
            _timed(partial(plain.encode, texts, batch_size=_PLAIN_BATCH, show_progress_bar=False))
        )
    middle = {what: median(values) for what, values in taken.items()}
    ratio = median(
        bare / whole
        for whole, bare in zip(taken["remembering"], taken["Encoder.encode"], strict=True)
    )
    return Outcome(
        "Remembering beside the bare encoder",
        ("what", "texts", "seconds", "texts a second"),
        rows=[(what, len(texts), took, len(texts) / took) for what, took in middle.items()],
        bounds=[Bound("remembering / bare encoder, texts a second", ratio, least=_THROUGHPUT)],
        notes=[
            f"{tickets} tickets of the packaged story, medians of {rounds} rounds in turns.",
            "The bare encoders get in one call the texts that remembering encoded.",
        ],
    )


def _remember(encoder: Encoder, tickets: int) -> float:
    with _copy() as home:
        record = Record.in_folder(home)
        rememberer = Rememberer(record, record.account(), encoder, PersonalHead.load())

        def work() -> None:
            while rememberer.progress.remembered < tickets:
                rememberer.remember_next()

        took = _timed(work)
        record.close()
    return took


def sizes() -> Outcome:
    """Remember the whole packaged story and weigh what lies on disk."""
    with _copy() as home:
        workplace = Workplace(f"sqlite:///{home / 'record.sqlite'}", home / "index")
        with Remembering.open(workplace, stock.account_name()) as remembering:
            remembering.drain(wait=lambda: False, report=lambda _: None)
            messages, counted = _counts(remembering.record)
        record = sum(path.stat().st_size for path in home.glob("record.sqlite*"))
        index = sum(x.stat().st_size for x in (home / "index").rglob("*") if x.is_file())
    per_thousand = 1000 / messages
    return Outcome(
        "On disk, the packaged story",
        ("what", "kB", "kB per 1,000 messages"),
        rows=[
            ("record", record / 1000, record / 1000 * per_thousand),
            ("index of issues", index / 1000, index / 1000 * per_thousand),
        ],
        notes=[counted],
    )


def _counts(record: Record) -> tuple[int, str]:
    with record.reading() as connection:
        found = {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in (tables.message, tables.ticket, tables.memory, tables.vector)
        }
    words = ", ".join(f"{count:,} {name}s" for name, count in found.items())
    return found["message"], words.replace("memorys", "memories") + "."


@contextmanager
def _copy() -> Iterator[Path]:
    """The packaged story, synced and not remembered, to be changed and thrown away."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        shutil.copytree(stock.synced_story(), home)
        yield home


def _timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
