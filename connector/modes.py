"""Who may read what is written here: its owner alone, whatever the system would give others."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHERS: Final = 0o077

_log = logging.getLogger(__name__)


def keep_to_owner() -> None:
    """Let nobody else read what this process and its children make from now on."""
    os.umask(_OTHERS)


def close_to_others(folder: Path) -> None:
    """Take from everybody but their owner what a data folder holds, and the folder.

    What belongs to another user stays as it is, and is logged; `doctor` names it.
    """
    closed, kept = 0, 0
    for path in open_to_others(folder):
        try:
            path.chmod(path.stat().st_mode & ~_OTHERS)
            closed += 1
        except FileNotFoundError:  # it went meanwhile, as an index's files do
            continue
        except OSError:
            kept += 1
    if closed:
        _log.info("Others could read or write %d things in the data folder; no longer.", closed)
    if kept:
        _log.warning("Others can read or write %d things in the data folder: see `doctor`.", kept)


def open_to_others(folder: Path) -> Iterator[Path]:
    """The folder and what is in it, as far as others may read or write it; no link is followed."""
    places = [folder]
    for root, folders, files in os.walk(folder):
        places += [Path(root, name) for name in (*folders, *files)]
    for path in places:
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            continue
        if not path.is_symlink() and mode & _OTHERS:
            yield path
