"""The records that are measured, made once and kept in the system's temporary folder.

They are kept under a hash of what makes them, so that a second run starts at once and a changed
generator or a changed table starts anew. One generation is kept.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from connector.cli.running import run
from connector.clock import ScaledClock
from connector.demo.server import Credentials, DemoHelpdesk
from connector.demo.story import load_story, packaged_story
from connector.demo.zendesk.limits import UNLIMITED
from connector.settings import Settings
from memory.record import Record, tables
from tests.bench import crowd, template

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.demo.story import Story

ROOT = Path(tempfile.gettempdir()) / "remember-bench"


@cache
def story() -> Story:
    """The packaged story."""
    return load_story(packaged_story())


def account_name() -> str:
    """The story's account, to which every record here belongs."""
    return f"zendesk:{story().account}"


@cache
def stock_folder() -> Path:
    """Where this generation lies; the others are thrown away."""
    digest = hashlib.blake2b(digest_size=8)
    migrations = sorted(Path(str(tables.__file__)).parent.glob("migrations/versions/*.py"))
    for source in (__file__, crowd.__file__, template.__file__, packaged_story(), *migrations):
        digest.update(Path(str(source)).read_bytes())
    folder = ROOT / digest.hexdigest()
    if not folder.exists():
        shutil.rmtree(ROOT, ignore_errors=True)
        folder.mkdir(parents=True)
    return folder


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, made by `make` when it is not there; a half-made one never is."""
    folder = stock_folder() / name
    if not folder.exists():
        making = folder.with_name(f"{name}.making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        make(making)
        making.rename(folder)
    return folder


def settings(home: Path, url: str) -> Settings:
    """The settings of a backfill of the story's helpdesk into a data folder."""
    known = Credentials()
    return Settings(
        home=home,
        default_region=story().default_region,
        time_zone=story().time_zone,
        zendesk_url=url,
        zendesk_client_id=known.client_id,
        zendesk_client_secret=SecretStr(known.client_secret),
        zendesk_rate_share=1.0,
    )


def backfill(home: Path, *, remember: bool) -> None:
    """Take the whole packaged story over HTTP, through the real client, into a data folder."""
    with DemoHelpdesk(story(), limits=UNLIMITED) as helpdesk:
        run(
            settings(home, helpdesk.url),
            "backfill",
            lambda job: job.together.backfill(),
            account=account_name(),
            remember=remember,
            clock=ScaledClock(1, story().as_of),
        )


def synced_story() -> Path:
    """A data folder with the packaged story in it, of which nothing is remembered yet."""
    return kept("story", lambda folder: backfill(folder, remember=False))


def template_record() -> Path:
    """A data folder with the customers that every crowd is copied from, all remembered."""

    def make(folder: Path) -> None:
        source, target = Record.in_folder(synced_story()), Record.in_folder(folder)
        try:
            template.fill(source, target, story().as_of)
        finally:
            source.close()
            target.close()

    return kept("template", make)


def crowd_record(customers: int) -> Path:
    """A data folder with so many customers, each with ten tickets."""
    original = template_record() / "record.sqlite"

    def make(folder: Path) -> None:
        crowd.copy(original, folder / "record.sqlite", customers)

    return kept(f"crowd-{customers}", make)
