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
from memory.remembering.drain import Remembering
from memory.remembering.personal import PersonalHead
from memory.remembering.remember import BATCH, Rememberer
from memory.text.encoder import Encoder
from memory.workplace import Workplace
from tests.bench import stock
from tests.bench.outcome import Bound, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from memory.text.encoder import TokenReader

_THROUGHPUT = 0.8
_OURS, _PLAIN = "remembering", "SentenceTransformer.encode"
_PLAIN_BATCH = 32
"""The batch size of sentence-transformers unless told otherwise."""


class Listening(Encoder):
    """The encoder, noting which texts it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self.__dict__.update(encoder.__dict__)
        self.plain = self._model.encode
        self.texts: list[str] = []

    def encode_and_read(
        self,
        texts: Sequence[str],
        reader: TokenReader | None,
        progress: Callable[[int, int], object] | None = None,
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Encode, and note."""
        self.texts = [*self.texts, *texts]
        return super().encode_and_read(texts, reader, progress)


def throughput(tickets: int) -> Outcome:
    """Time remembering and the bare encoder, batch by batch in turns, on the same texts.

    Args:
        tickets: To remember; the outbox gives them a batch at a time.
    """
    encoder = Listening(Encoder.load())
    plain = partial(encoder.plain, batch_size=_PLAIN_BATCH, show_progress_bar=False)
    encoder.encode(["customer: warm up"])
    taken: dict[str, list[float]] = {_OURS: [], "Encoder.encode": [], _PLAIN: []}
    texts = 0
    for took in _remembered(encoder, tickets):
        said = encoder.texts
        texts += len(said)
        taken[_OURS].append(took)
        taken["Encoder.encode"].append(_timed(partial(encoder.encode, said)))
        taken[_PLAIN].append(_timed(partial(plain, said)))
    pairs = zip(taken[_OURS], taken["Encoder.encode"], strict=True)
    return Outcome(
        "Remembering beside the bare encoder",
        ("what", "texts", "seconds", "texts a second"),
        rows=[(what, texts, sum(took), texts / sum(took)) for what, took in taken.items()],
        bounds=[
            Bound(
                "remembering / bare encoder, texts a second",
                median(bare / whole for whole, bare in pairs),
                least=_THROUGHPUT,
            )
        ],
        notes=[
            f"{tickets} tickets of the packaged story; after each batch of {BATCH} the bare",
            "encoders get the texts that it encoded. The ratio is the median of the batches'.",
        ],
    )


def _remembered(encoder: Listening, tickets: int) -> Iterator[float]:
    """Seconds of each batch, whose texts the encoder then knows."""
    with _copy() as home:
        record = Record.in_folder(home)
        rememberer = Rememberer(record, record.account(), encoder, PersonalHead.load())
        while rememberer.progress.remembered < tickets:
            encoder.texts = []
            took = _timed(rememberer.remember_next)
            if encoder.texts:
                yield took
        record.close()


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
