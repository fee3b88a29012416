"""Processes that write a record."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

_ROOT = Path(__file__).parents[3]


@pytest.fixture
def writing() -> Callable[[str, str], AbstractContextManager[None]]:
    """Has another process write a record, from its first word on until it is killed."""

    @contextmanager
    def start(database_url: str, what: str) -> Iterator[None]:
        command = [sys.executable, "-m", "tests.integration.record.writer", database_url, what]
        with subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            try:
                yield
            finally:
                process.kill()

    return start
