"""Chance that falls the same way on every Python.

Only ``random.Random.random`` and seeding by a string promise the same sequence in every version
(https://docs.python.org/3/library/random.html#notes-on-reproducibility), so all else is made of
these two.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Seeded chance."""

    def __init__(self, seed: str) -> None:
        """Start the sequence that belongs to ``seed``."""
        self._random = random.Random(seed)
        self._hands: dict[tuple[str, ...], list[str]] = {}

    def share(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        return self._random.random()

    def below(self, bound: int) -> int:
        """Return a whole number from 0 up to, not including, ``bound``."""
        return int(self.share() * bound)

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def chance(self, probability: float) -> bool:
        """Return true this often."""
        return self.share() < probability

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of ``choices``."""
        return choices[self.below(len(choices))]

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        """Return ``choices`` in another order."""
        rest = list(choices)
        return [rest.pop(self.below(len(rest))) for _ in choices]

    def deal(self, wordings: Sequence[str]) -> str:
        """Return a wording; none comes twice before all have come once."""
        deck = tuple(wordings)
        hand = self._hands.get(deck)
        if not hand:
            hand = self._hands[deck] = self.shuffled(deck)
        return hand.pop()
