"""The model and the head that ship, loaded once for all that is measured in a run."""

from __future__ import annotations

from functools import cache

from memory.remembering.personal import PersonalHead
from memory.text.encoder import Encoder


@cache
def encoder() -> Encoder:
    """The packaged weights, on one thread."""
    return Encoder.load(threads=1)


@cache
def head() -> PersonalHead:
    """The packaged head."""
    return PersonalHead.load()
