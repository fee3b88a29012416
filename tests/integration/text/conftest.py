"""An index in a folder of its own, and the encoder, loaded once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from memory.text.encoder import Encoder
from memory.text.index import IssueIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ACCOUNT = "zendesk:acme"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the index goes; not there yet."""
    return tmp_path / "index"


@pytest.fixture
def opened(folder: Path) -> Iterator[Callable[..., IssueIndex]]:
    """Opens the index, again and again if asked to, and closes what was opened."""
    indexes: list[IssueIndex] = []

    def open_again(account: str = ACCOUNT) -> IssueIndex:
        indexes.append(IssueIndex.open(folder, account))
        return indexes[-1]

    yield open_again
    for index in indexes:
        index.close()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The packaged model."""
    return Encoder.load(threads=1)
