"""Forgets somebody again and again, and kills itself each time at another step.

Run as a program, with a data folder and how many kills: for each it forgets in a copy of the
folder, `killed-STEP` beside it, in a child of its own that is killed when it is about to take that
step. A step is a statement or a commit of the record, or a change in the file system. The kills are
spread over all of them. Prints the steps.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from connector.cli.exporting import write_export
from memory import Memory
from memory.forgetting import finish
from memory.workplace import Workplace
from tests.integration.forgetting.life import WHO
from tests.support.book import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 2026

EXPORT = "export.json"
"""In each copy a file about them that was written before."""

_CHANGES = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _kill_at(step: int | None) -> Iterator[int]:
    """Count steps from now on, and kill this process before it takes that one."""
    steps = itertools.count()

    def take(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(event: str, told: tuple[object, ...]) -> None:
        opens = event == "open" and isinstance(told[2], int) and told[2] & _WRITES
        if opens or event in _CHANGES:
            take()

    sa.event.listen(sa.Engine, "before_cursor_execute", take)
    sa.event.listen(sa.Engine, "commit", take)
    sys.addaudithook(hear)
    return steps


def _forget(folder: Path, step: int | None) -> int:
    """Forget them in a folder; how many steps it took."""
    with Memory.open(folder, now=lambda: AS_OF) as memory:
        document = memory.export(customer=f"zendesk:{WHO}")
        write_export(memory, document, folder / EXPORT, AS_OF)
        steps = _kill_at(step)
        memory.forget(customer=f"zendesk:{WHO}")
        url = f"sqlite:///{folder / 'record.sqlite'}"
        assert finish(memory.record, Workplace(url, folder / "index"), AS_OF)
        return next(steps)


def _in_a_child(home: Path, folder: Path, step: int | None) -> int:
    """Forget them in a copy of a folder; how many steps it took, 0 where it was killed."""
    shutil.copytree(home, folder)
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.write(theirs, str(_forget(folder, step)).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as told:
        steps = int(told.read() or 0)
    _, status = os.waitpid(child, 0)
    expected = 0 if step is None else -signal.SIGKILL
    assert os.waitstatus_to_exitcode(status) == expected
    return steps


def main(home: Path, kills: int) -> None:
    """Forget them once to the end, and so often not."""
    import chromadb

    assert chromadb.PersistentClient  # imported once, and not by every child
    total = _in_a_child(home, home.with_name("counted"), None)
    dice = random.Random(SEED)
    ends = [total * number // kills for number in range(kills + 1)]
    steps = [dice.randrange(*pair) for pair in itertools.pairwise(ends)]
    for step in steps:
        _in_a_child(home, home.with_name(f"killed-{step}"), step)
    sys.stdout.write(" ".join(map(str, steps)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
