"""Who has the processor first."""

from __future__ import annotations

import os

_NICE = 10


def give_way() -> None:
    """Let whoever asks for a brief meanwhile have the processor before this process.

    A process whose parent gave way already goes no further down: it would hardly ever have its
    turn on a machine that is busy.
    """
    if os.getpriority(os.PRIO_PROCESS, 0) < _NICE:
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)
