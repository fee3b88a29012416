"""Databases for every test that asks: SQLite, and a PostgreSQL that the tests bring themselves."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from memory.processor import give_way
from tests.support import compiling, peeking
from tests.support.databases import KINDS, sqlite_url
from tests.support.postgres import NoServerError, Server, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


# Tests run side by side, and their children too: two threads each would wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Commands that give way would wait for the tests beside them; these give way as far.
give_way()

# A test may look at rows of every account; what it asks of the program may not.
peeking.allow()

# Every record is a new one; what it is asked is not.
compiling.share()

pytest_plugins = ("tests.support.log_scan",)

LATER_ON_POSTGRESQL = (
    "tests/contract",
    "tests/integration/asking",
    "tests/integration/forgetting/test_command",
    "tests/integration/sync",
)
"""What `make test` runs on SQLite, and `make test-long` on PostgreSQL too.

Every statement there is runs on PostgreSQL in `tests/integration/record`, whole runs do in
`tests/contract/test_truth.py`.
"""

PAGES_AND_ORDER = (
    "test_a_backfill_in_small_pages",
    "test_a_page_may_be_larger",
    "test_a_ticket_that_is_restored",
    "test_changes_may_come_at_once",
    "test_pieces_come_to",
    "test_who_called_lately",
)
"""Of whole runs, those whose point is what is asked for and how it comes, not what is stored."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make test-long` what is said above."""
    for item in items:
        told = getattr(getattr(item, "callspec", None), "params", {})
        if told.get("new_database") == "postgresql" and _is_for_later(item, told):
            item.add_marker(pytest.mark.long)


def _is_for_later(item: pytest.Item, told: Mapping[str, object]) -> bool:
    if item.path.match("tests/contract/test_truth.py"):
        return item.name.startswith(PAGES_AND_ORDER) or bool(told.keys() - {"new_database", "kind"})
    return item.path.relative_to(item.config.rootpath).as_posix().startswith(LATER_ON_POSTGRESQL)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server; without one the tests fail rather than look away."""
    try:
        with serving() as server:
            yield server
    except NoServerError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(params=KINDS)
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes an empty record, another at each call; its address. Once per kind of database."""
    with ExitStack() as stack:
        if request.param == "postgresql":
            server: Server = request.getfixturevalue("postgres")
            yield lambda: stack.enter_context(server.database())
        else:
            folders = (tmp_path / name for name in ("", *(f"other{n}" for n in range(1000))))

            def sqlite() -> str:
                folder = next(folders)
                folder.mkdir(exist_ok=True)
                return sqlite_url(folder)

            yield sqlite


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """The address of an empty record, on SQLite and on PostgreSQL in turn."""
    return new_database()
