"""Lets a library that writes out memory it has not filled write zeros there.

Chroma's graph of vectors is a file with room for more than there are, and what stands in that room
is whatever this process had there before: words, vectors of somebody who is forgotten, a key. The C
library can fill what it hands out (mallopt(3), M_PERTURB); that takes a seventh of the time of
encoding, so that it does so only for as long as it is needed.
"""

from __future__ import annotations

import ctypes
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PERTURB: Final = -6
"""M_PERTURB of glibc's malloc.h."""

_ZEROS: Final = 0xFF
"""What is handed out is filled with the complement."""


@contextmanager
def blank_memory() -> Iterator[None]:
    """Have memory that is allocated within the block hold zeros, in every thread.

    On systems without glibc it stays as it is.
    """
    mallopt = _mallopt()
    if mallopt is None:
        yield
        return
    mallopt(_PERTURB, _ZEROS)
    try:
        yield
    finally:
        mallopt(_PERTURB, 0)


@cache
def _mallopt() -> Any:
    return getattr(ctypes.CDLL(None), "mallopt", None)
