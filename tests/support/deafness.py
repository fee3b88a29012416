"""What a child process says of the signals it does not hear."""

from __future__ import annotations

import signal
import sys


def tell() -> None:
    """Write the numbers of the signals that are blocked."""
    blocked = sorted(int(one) for one in signal.pthread_sigmask(signal.SIG_BLOCK, ()))
    sys.stdout.write(f"{blocked}\n")
    sys.stdout.flush()
