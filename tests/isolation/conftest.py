"""A record with two accounts, filled once and copied for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.isolation.two import Two, opened, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the record."""
    return written(tmp_path_factory.mktemp("two") / "template")


@pytest.fixture
def two(template: Path, tmp_path: Path) -> Iterator[Two]:
    """A copy of the record."""
    found = opened(template, tmp_path / "copy")
    yield found
    found.close()
