"""A backfill of the packaged story into a data folder, as a process of its own.

It prints a line when remembering has begun, which is when it has the most to do.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from memory.processor import give_way
from memory.record import Record, queries
from tests.bench import stock

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOOK_SECONDS = 0.2


def main(arguments: Sequence[str]) -> None:
    """Backfill into the folder that is named."""
    home = Path(arguments[0])
    give_way()
    threading.Thread(target=_tell_when_busy, args=(home,), daemon=True).start()
    stock.backfill(home, remember=True)


def _tell_when_busy(home: Path) -> None:
    """Wait until tickets come out of the outbox, then say so."""
    record = Record.in_folder(home)
    before = 0
    while True:
        threading.Event().wait(_LOOK_SECONDS)
        with record.reading() as connection:
            waiting = queries.outbox_size(connection, 1)
        if waiting < before:
            break
        before = waiting
    record.close()
    sys.stdout.write("busy\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
