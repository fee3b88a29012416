"""A process that fills an index until it is killed: `python -m tests.integration.text.writer DIR`.

It prints a line after every batch.
"""

from __future__ import annotations

import sys
from pathlib import Path

from memory.text.index import IssueIndex
from tests.integration.text.rows import Rows

COUNT = 20_000
AT_ONCE = 100


def write(folder: Path) -> None:
    """Add rows in small batches, as remembering does."""
    rows = Rows(COUNT)
    index = IssueIndex.open(folder, "zendesk:acme")
    for start in range(0, COUNT, AT_ONCE):
        index.add(rows.ids[start : start + AT_ONCE], rows.matrix[start : start + AT_ONCE])
        sys.stdout.write(f"{start}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
