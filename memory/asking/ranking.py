"""Which sentences of a history answer a question best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from memory.asking.fusion import HINT, TIME, answering, fuse
from memory.asking.lexical import bm25, with_neighbours
from memory.asking.periods import period_of
from memory.asking.speaking import asked_of
from memory.text.vectors import cosines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from memory.asking.passages import Passages
    from memory.asking.view import View

LEAST_ALIKE: Final = 0.2
"""Sentences of all-MiniLM-L6-v2 that are nearer than this share a subject."""

_MOST_WORDS: Final = 64
"""Of so many distinct words of a question each is looked for."""

_SPARE: Final = 3
_NOT_KEPT: Final = -2.0
"""Less alike than anything can be."""


class Ranking:
    """The order of one history for one question.

    What is never kept is found by nothing: such sentences count neither by their meaning nor by
    their words. It is asked of those in front alone, until all of them may be shown.

    Attributes:
        asked: The stems of the question.
    """

    def __init__(
        self,
        view: View,
        passages: Passages,
        query: str,
        vector: NDArray[np.float32],
    ) -> None:
        self._passages = passages
        asked = list(dict.fromkeys(passages.words.stems(query)))[:_MOST_WORDS]
        self.asked = frozenset(asked)
        self._counts, self._lengths = passages.read.count(asked), passages.read.lengths
        self._alike = cosines(vector, passages.matrix)
        voice = asked_of(query, passages.people, passages.customer_id)
        self._by_asked = np.array(
            [author is not None and author.role == voice for author in passages.by],
            dtype=np.float64,
        )
        period = period_of(query, view.today)
        self._in_time = np.array(
            [
                period is not None and period.holds(message.at.astimezone(view.zone).date())
                for message in passages.messages
            ],
            dtype=np.float64,
        )
        self._left_out: set[int] = set()

    def best(self, limit: int) -> Iterator[tuple[int, float]]:
        """The sentences that answer best, one of each passage, with the passage's score.

        Args:
            limit: How many are wanted; there may be more, of which some repeat others.
        """
        wanted = limit * _SPARE
        while True:
            scores, told = self._scores()
            order = np.argsort(-scores, kind="stable")
            front = [int(passage) for passage in order if told[passage]][:wanted]
            if not self._drop_never_kept(front):
                break
        for passage in front:
            yield self._telling(passage), float(scores[passage])

    def _scores(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Of each passage its score, and whether anything in it answers at all."""
        starts, tickets = self._passages.starts, self._passages.tickets
        meaning = np.maximum.reduceat(self._alike, starts)
        kept = meaning > _NOT_KEPT
        if not kept.any():
            return np.zeros(len(starts)), kept
        counts = np.add.reduceat(self._counts, starts, axis=1)
        lengths = np.add.reduceat(self._lengths, starts)
        words = bm25(with_neighbours(counts, tickets), with_neighbours(lengths, tickets))
        told = kept & ((meaning >= LEAST_ALIKE) | (words > 0))
        meaning = np.where(kept, meaning, meaning[kept].min())
        asks = self._passages.asks & kept
        hints = [
            (HINT, self._by_asked),
            (HINT, self._around()),
            (HINT, answering(meaning, words, asks, tickets)),
            (TIME, self._in_time),
        ]
        return fuse(meaning, words, hints, tickets), told

    def _around(self) -> NDArray[np.float64]:
        """How alike the question is what was said around each passage, itself included."""
        starts, tickets = self._passages.starts, self._passages.tickets
        kept = self._alike > _NOT_KEPT
        alike = np.add.reduceat(np.where(kept, self._alike, 0.0), starts)
        sentences = np.add.reduceat(kept.astype(np.float64), starts)
        heard = with_neighbours(sentences, tickets)
        return with_neighbours(alike, tickets) / np.where(heard > 0, heard, 1.0)

    def _drop_never_kept(self, front: list[int]) -> bool:
        """Take out what must not be found of these passages; whether there was any."""
        dropped = False
        for passage in front:
            for place in self._passages.sentences(passage):
                if place not in self._left_out and self._passages.never_kept(place):
                    self._left_out.add(place)
                    self._alike[place] = _NOT_KEPT
                    self._counts[:, place] = 0
                    self._lengths[place] = 0
                    dropped = True
        return dropped

    def _telling(self, passage: int) -> int:
        """The sentence of a passage that answers best itself."""
        places = self._passages.sentences(passage)
        standing = np.count_nonzero(self._counts[:, places.start : places.stop], axis=0)
        share = standing / max(len(self.asked), 1)
        return places.start + int(np.argmax(self._alike[places.start : places.stop] + share))
