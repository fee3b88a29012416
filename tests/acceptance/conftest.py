"""Worlds that are costly to make, made once: the packaged story and a small one, remembered.

Whatever uses one of them carries its xdist group, so that one worker makes it for all.
"""

from __future__ import annotations

import contextlib
import io
import shutil
from typing import TYPE_CHECKING

import pytest

from connector.demo.story import load_story, packaged_story
from tests.acceptance.wheel import built, demonstrated, installed
from tests.support.command import remember
from tests.support.house import (
    House,
    Told,
    freshdesk_settings_for,
    served,
    served_as_freshdesk,
    settings_for,
)
from tests.support.tale import ACCOUNT, sixty_tickets, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connector.demo.story import Story
    from tests.acceptance.wheel import Demonstrated

LUMENLINE = "lumenline"


@pytest.fixture(scope="session")
def story() -> Story:
    """The packaged story."""
    return load_story(packaged_story())


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return built(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def demonstrated_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Demonstrated:
    """The wheel, installed, and what its demo did."""
    remember = installed(wheel, tmp_path_factory.mktemp("venv"))
    return demonstrated(remember, tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def lumenline_as_zendesk(demonstrated_wheel: Demonstrated) -> House:
    """The packaged story as the demo of the wheel has backfilled and remembered it; to read."""
    nobody = settings_for("http://127.0.0.1:9")
    return House(demonstrated_wheel.home / "demo", nobody)


@pytest.fixture(scope="session")
def lumenline_as_freshdesk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The packaged story, backfilled by the installed command from a Freshdesk and remembered."""
    with served_as_freshdesk(None) as url:
        house = House(tmp_path_factory.mktemp("freshdesk") / "home", freshdesk_settings_for(url))
        done = house.run("backfill", "freshdesk", "--json", "--account", f"freshdesk:{LUMENLINE}")
        assert done.code == 0, done.err
        yield house


@pytest.fixture(scope="session")
def small_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a story of sixty tickets is served."""
    file = written(sixty_tickets(), tmp_path_factory.mktemp("story"))
    with served(file) as url:
        yield url


@pytest.fixture(scope="session")
def small_report(small_url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Told]:
    """The small story, backfilled without disturbance, and what the command told."""
    house = House(tmp_path_factory.mktemp("small") / "home", settings_for(small_url))
    done = house.run("backfill", "zendesk", "--json", "--account", ACCOUNT)
    assert done.code == 0, done.err
    return house, done


@pytest.fixture(scope="session")
def small(small_report: tuple[House, Told]) -> House:
    """The small story, remembered; for reading only."""
    return small_report[0]


@pytest.fixture
def own(small: House, tmp_path: Path) -> House:
    """A copy of the remembered small story, for a test to change."""
    shutil.copytree(small.home, tmp_path / "home")
    return small.at(tmp_path / "home")


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    """Runs the command line in this process: the same code without the start of a program."""

    def run(house: House, *arguments: str) -> Told:
        out, err = io.StringIO(), io.StringIO()
        with monkeypatch.context() as patch:
            for name, value in house.environment.items():
                patch.setenv(name, value)
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = remember(*arguments)
        return Told(code, out.getvalue(), err.getvalue())

    return run
