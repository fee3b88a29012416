"""Databases for every test that asks: SQLite, and a PostgreSQL that the tests bring themselves."""

from __future__ import annotations

import gc
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
    "tests/contract/",
    "tests/integration/access/",
    "tests/integration/asking/",
    "tests/integration/forgetting/",
    "tests/integration/keeping/",
    "tests/integration/policy/",
    "tests/integration/rings/",
    "tests/integration/sealing/",
    "tests/integration/sync/",
)
"""What `make test` runs on SQLite, and `make test-long` on PostgreSQL too."""

EVERY_STATEMENT = (
    "tests/integration/access/test_chain.py",
    "tests/integration/access/test_commands.py::test_entries_are_asked_for_by_all_that_is_given",
    "tests/integration/access/test_commands.py::test_nothing_found_is_an_answer",
    "tests/integration/access/test_every_byte.py",
    "tests/integration/access/test_service.py::test_a_brief_is_logged_with_who_how_from_where_and_",
    "tests/integration/access/test_together.py",
    "tests/integration/forgetting/test_record.py::test_no_page_of_the_helpdesk_brings_anything_back",
    "tests/integration/forgetting/test_record_asked.py::test_of_sealed_words_it_is_told_too_who_na",
    "tests/integration/forgetting/test_record_asked.py::test_somebody_is_forgotten_by_any_way",
    "tests/integration/forgetting/test_record_asked.py::test_who_is_out_of_sight_is_forgotten_too",
    "tests/integration/forgetting/test_record_older.py",
    "tests/integration/keeping/test_do_not_offer.py",
    "tests/integration/keeping/test_opt_out.py::test_of_merged_customers_either_may_have_opted_out",
    "tests/integration/policy/test_command.py::test_a_customer_opts_out_and_in",
    "tests/integration/policy/test_customers.py::test_every_act_on_a_customer_is_written_down",
    "tests/integration/policy/test_customers.py::test_who_agrees_later_takes_it_back",
    "tests/integration/policy/test_kinds.py::test_what_is_kept_again_is_remembered_again",
    "tests/integration/policy/test_retention.py::test_what_is_too_old_goes_with_its_words",
    "tests/integration/rings/test_left_behind.py::test_an_erased_customers_rings_go_with_them",
    "tests/integration/sealing/test_sealed.py::test_one_that_was_killed_half_way_goes_on",
)
"""Of those, what `make test` runs on PostgreSQL all the same.

With `tests/integration/record` and the whole runs of `tests/contract/test_truth.py` they run every
statement there that all of them do; and what is read byte by byte, or written by several at once.
"""

PAGES_AND_ORDER = (
    "test_a_backfill_in_small_pages",
    "test_a_page_may_be_larger",
    "test_a_second_backfill_asks_little",
    "test_a_sync_after_which_nothing_happened",
    "test_a_sync_before_any_backfill",
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


def pytest_collection_finish() -> None:
    """Have the garbage collector look no more at what all tests share, as the service does."""
    gc.collect()
    gc.freeze()


def _is_for_later(item: pytest.Item, told: Mapping[str, object]) -> bool:
    if item.path.match("tests/contract/test_truth.py"):
        return item.name.startswith(PAGES_AND_ORDER) or bool(told.keys() - {"new_database", "kind"})
    of = item.nodeid
    return of.startswith(LATER_ON_POSTGRESQL) and not of.startswith(EVERY_STATEMENT)


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
