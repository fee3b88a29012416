"""Lets a library that writes out memory it has not filled write zeros there.

Chroma's graph of vectors is a file with room for more than there are, and what stands in that room
is whatever this process had there before: words, vectors of somebody who is forgotten, a key. The C
library can fill what it hands out (mallopt(3), M_PERTURB); that takes a seventh of the time of
encoding, so that it does so only for as long as it is needed.
"""

from __future__ import annotations

import ctypes
import os
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PERTURB: Final = -6
"""M_PERTURB of glibc's malloc.h."""

_ZEROS: Final = 0xFF
"""What is handed out is filled with the complement."""


_lock = threading.Lock()
_within = 0
"""How many blocks are being run, in whichever threads."""


@contextmanager
def blank_memory() -> Iterator[None]:
    """Have memory that is allocated within the block hold zeros, in every thread.

    Blocks may stand within one another, and side by side in threads: it lasts until the last of
    them ends. On systems without glibc memory stays as it is.
    """
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _within  # noqa: PLW0603 - there is one memory
    with _lock:
        _within += change
        mallopt = _mallopt()
        if mallopt is not None:
            mallopt(_PERTURB, _ZEROS if _within else 0)


@cache
def _mallopt() -> Any:
    return getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
