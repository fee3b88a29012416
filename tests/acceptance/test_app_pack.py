"""What the installed wheel packs is what the checkout packs: it carries all of every app."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from connector.apps.packages import APPS
from connector.apps.packing import pack, server
from tests.acceptance.wheel import ROOT, installed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.xdist_group("lumenline-zendesk"),  # they share the wheel
    pytest.mark.slow,
]

ADDRESS = "https://remember.acme.example"


@pytest.fixture(scope="module")
def remember(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that holds the wheel alone."""
    return installed(wheel, tmp_path_factory.mktemp("packing"))


def _packed(remember: Path, folder: Path, *arguments: str) -> bytes:
    file = folder / "app.zip"
    command: list[str | Path] = [
        remember,
        "app",
        "pack",
        *arguments,
        "--server",
        ADDRESS,
        "--output",
        file,
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return file.read_bytes()


@pytest.mark.parametrize("name", sorted(APPS))
def test_the_wheel_packs_every_app(remember: Path, tmp_path: Path, name: str) -> None:
    """Manifest, translations, glue and component, byte for byte."""
    assert _packed(remember, tmp_path, name) == pack(APPS[name], server(ADDRESS))


def test_the_wheel_packs_the_signed_variant(remember: Path, tmp_path: Path) -> None:
    """The one whose pages the service itself serves."""
    expected = pack(APPS["zendesk"], server(ADDRESS), signed=True)
    assert _packed(remember, tmp_path, "zendesk", "--signed") == expected


def test_the_wheel_needs_no_checkout(remember: Path, tmp_path: Path) -> None:
    """The files lie beside its own code."""
    code = "from connector.apps.packages import APPS; print(*[x.folder for x in APPS.values()])"
    python = remember.with_name("python")
    done = subprocess.run(
        [python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert len(done.stdout.split()) == len(APPS)
    assert str(ROOT / "deploy") not in done.stdout
