"""What something costs as its input grows: time and memory as ratios within one run."""

from __future__ import annotations

import gc
import math
import time
import tracemalloc
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES: Final = 4
"""How many times as long the longer of two inputs is."""

MOST: Final = 8.0
"""How many times as long it may take: linear work takes four times, quadratic work sixteen."""

_TRIES = 5


def seconds(task: Callable[[], Any], tries: int = 1) -> float:
    """The processor's time that a task takes of this thread: the least of several.

    Without the collection of garbage, which goes through all that the other tests have left.
    """
    least = math.inf
    collects = gc.isenabled()
    gc.disable()
    try:
        for _ in range(tries):
            began = time.thread_time()
            task()
            least = min(least, time.thread_time() - began)
    finally:
        if collects:
            gc.enable()
    return max(least, 1e-7)


def ratio(task: Callable[[Any], Any], short: str | bytes, long: str | bytes) -> float:
    """How many times as long a task takes with the longer of two texts.

    What looks bad is looked at again: another process may have taken the caches away.
    """
    found = math.inf
    for tries in (1, 2, _TRIES):
        found = min(found, seconds(lambda: task(long), tries) / seconds(lambda: task(short), tries))
        if found <= MOST:
            break
    return found


def held(task: Callable[[], Any]) -> int:
    """The most memory that a task holds at a time, in bytes."""
    tracemalloc.start()
    try:
        task()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def peak(task: Callable[[Any], Any], text: str | bytes) -> float:
    """The same of a text, for each of its characters."""
    return held(lambda: task(text)) / len(text)
