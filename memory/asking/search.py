"""Questions in words: what is near them in a customer's history, and among everyone's issues."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from memory.asking.lexical import words_of
from memory.asking.like import LikeSearch
from memory.asking.passages import passages_of
from memory.asking.recall import hits_for, like_issues, recall_document, spoken_query
from memory.text.encoder import Encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from memory.asking.document import About, Hit
    from memory.asking.recall import Recall
    from memory.asking.view import View
    from memory.record import Record
    from memory.workplace import Workplace


class Search:
    """Searches by meaning; loads the model with the first question."""

    def __init__(self, workplace: Workplace, record: Record) -> None:
        self._workplace = workplace
        self._record = record
        self._one_at_a_time = Lock()

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder.load(self._workplace.model, threads=1)

    def let_go(self) -> None:
        """Forget the words that were compared so far."""
        words_of.cache_clear()

    def everyone(self, view: View, words: str, limit: int) -> Recall:
        """All customers' issues that are like the words."""
        vector = self._encode([words])[0]
        search = LikeSearch(self._workplace, self._record, view.account)
        with self._record.reading() as connection:
            like = like_issues(connection, view, vector, search, limit)
        return recall_document(words, [], like)

    def of(self, view: View, words: str, customer_id: str, limit: int) -> Recall:
        """What of one customer's history answers to the words."""
        with self._record.reading() as connection:
            passages = passages_of(connection, view, customer_id)
        vector = self._encode([spoken_query(passages, words)])[0]
        return recall_document(words, hits_for(view, passages, words, vector, limit), [])

    def about(
        self, view: View, words: str, people: Sequence[str], limit: int, *, verified: bool = True
    ) -> About:
        """What of one customer's history answers to the words, and all others' issues like them.

        Args:
            view: How the question is asked.
            words: What to look for.
            people: The ids of all who are the one customer, their own first.
            limit: At most so many of each.
            verified: Whether the history may be searched; else there are no hits.
        """
        search = LikeSearch(self._workplace, self._record, view.account)
        with self._record.reading() as connection:
            hits: list[Hit] = []
            if verified:
                passages = passages_of(connection, view, people[0], people)
                asked, alike = self._encode([spoken_query(passages, words), words])
                hits = hits_for(view, passages, words, asked, limit)
            else:
                (alike,) = self._encode([words])
            like = like_issues(connection, view, alike, search, limit, but_of=people)
        return {"query": words, "hits": hits, "like_issues": like}

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors; one thread at a time, since the model's tokenizer serves no two at once."""
        with self._one_at_a_time:
            return self._encoder.encode(texts)
