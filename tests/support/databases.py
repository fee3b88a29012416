"""Fresh records on every database that the record can stand on."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from memory.record import Record

KINDS = ("sqlite", "postgresql")


@cache
def _blank() -> Path:
    """An empty record that all migrations have made, once for all tests of this process."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    Record.in_folder(folder).close()
    return folder / "record.sqlite"


def sqlite_url(folder: Path) -> str:
    """The address of the SQLite record in a folder, made when there is none."""
    file = folder / "record.sqlite"
    if not file.exists():
        shutil.copy(_blank(), file)
    return f"sqlite:///{file}"
