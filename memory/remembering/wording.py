"""The words of a sentence and their pairs, as places in a table of fixed size.

A sentence embedding blurs what single words say plainly: "works until Thursday" and "works nights"
lie close together, and so do "my telephone is nine years old" and "I have been with you for nine
years". Words and pairs of neighbours are hashed (Weinberger et al. 2009, "Feature hashing for
large scale multitask learning"), so that no list of words has to be kept.
"""

from __future__ import annotations

import re
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from memory.words import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLACES: Final = 8192
_TOKEN: Final = re.compile(r"[a-z']+|[0-9]+|\?")
_NUMBER: Final = re.compile(r"[0-9]+")


def places(sentence: str) -> NDArray[np.int64]:
    """The distinct places, below `PLACES`, of the sentence's words and pairs; any number is one."""
    words = _TOKEN.findall(_NUMBER.sub("0", fold(sentence)))
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    hashed = {zlib.crc32(term.encode()) % PLACES for term in (*words, *pairs)}
    return np.fromiter(sorted(hashed), dtype=np.int64, count=len(hashed))


def weight(count: int) -> float:
    """What each of `count` places weighs, so that long and short sentences weigh the same."""
    return float(1 / np.sqrt(max(1, count)))
