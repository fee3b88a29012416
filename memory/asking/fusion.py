"""Several opinions of which passages answer a question, made one.

By scores, not by ranks: how far the first is before the second is the better half of what a score
says. Each opinion is spread between 0 and 1 within one customer's history, and the weights are
round: they say what matters more, and others near them find as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

MEANING: Final = 1.0
WORDS: Final = 1.0
TIME: Final = 0.5
HINT: Final = 0.3
TICKET: Final = 0.2
"""What the opinions weigh: meaning and words alike, when it was said half of that where a question
names a time, and each other hint less; in which ticket it was said the least."""

_GOOD_HITS: Final = 3
"""A ticket is worth the mean of so many of its best passages."""


def spread(scores: Scores) -> Scores:
    """The scores between 0, the lowest, and 1, the highest; all 0 where they are equal."""
    if scores.size == 0:
        return scores
    low, high = scores.min(), scores.max()
    return np.zeros_like(scores) if high <= low else (scores - low) / (high - low)


def of_ticket(scores: Scores, tickets: NDArray[np.intp]) -> Scores:
    """What each passage's ticket is worth: the mean of its three best, missing ones being 0.

    Args:
        scores: Of passages, 0 at least.
        tickets: The ticket of each passage, as a number from 0.
    """
    if scores.size == 0:
        return scores
    order = np.lexsort((-scores, tickets))
    ranked = tickets[order]
    first = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    place = np.arange(len(ranked)) - np.repeat(first, np.diff(np.r_[first, len(ranked)]))
    good = order[place < _GOOD_HITS]
    worth = np.bincount(tickets[good], weights=scores[good], minlength=int(tickets.max()) + 1)
    return (worth / _GOOD_HITS)[tickets]


def answering(
    meaning: Scores, words: Scores, asks: NDArray[np.bool_], tickets: NDArray[np.intp]
) -> Scores:
    """How well the passage before each is found, where that one asks something.

    Who asks names the matter, and who answers need not name it again.

    Args:
        meaning: As in `fuse`.
        words: As in `fuse`.
        asks: Which passages ask something.
        tickets: As in `fuse`.
    """
    found = _agreed([(MEANING, meaning), (WORDS, words)], len(tickets))
    scores = np.zeros(len(tickets))
    asked = asks[:-1] & (tickets[1:] == tickets[:-1])
    scores[1:][asked] = found[:-1][asked]
    return scores


def fuse(
    meaning: Scores,
    words: Scores,
    hints: Sequence[tuple[float, Scores]],
    tickets: NDArray[np.intp],
) -> Scores:
    """One score per passage, between 0 and 1.

    An opinion that thinks the same of all passages (no word was found, nobody was named) has no
    say, and its weight no share in the score. So 1 is the passage that all others agree on.

    Args:
        meaning: The cosine of each passage's nearest sentence.
        words: BM25 of each passage and its neighbours.
        hints: What else speaks for passages, each with its weight.
        tickets: The ticket of each passage, as a number from 0; a ticket's stand together.
    """
    fused = _agreed([(MEANING, meaning), (WORDS, words), *hints], len(tickets))
    worth = spread(of_ticket(fused, tickets))
    if not worth.any():
        return fused
    return (fused * (MEANING + WORDS) + worth * TICKET) / (MEANING + WORDS + TICKET)


def _agreed(opinions: list[tuple[float, Scores]], passages: int) -> Scores:
    heard = [(weight, spread(scores)) for weight, scores in opinions]
    heard = [(weight, scores) for weight, scores in heard if scores.any()]
    total = sum(weight for weight, _ in heard)
    fused = np.zeros(passages)
    for weight, scores in heard:
        fused += weight / total * scores
    return fused
