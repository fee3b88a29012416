"""`remember app pack`: where it writes, what it says, and how it refuses."""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from memory import __version__
from tests.support.command import remember

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://remember.acme.example"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is called."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _pack(*arguments: str) -> int:
    return remember("app", "pack", *arguments)


@pytest.mark.parametrize("name", ["zendesk", "freshdesk", "freshdesk-cti"])
def test_it_writes_the_package_and_says_what_to_do_with_it(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """In the folder where one is, named after app and version."""
    assert _pack(name, "--server", ADDRESS) == 0
    file = folder / f"remember-them-{name}-{__version__}.zip"
    with zipfile.ZipFile(file) as package:
        assert "manifest.json" in package.namelist()
    told = capsys.readouterr().out
    assert file.name in told
    assert "REMEMBER_ALLOWED_ORIGINS" in told


def test_the_document_names_the_file_and_its_digest(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a script that uploads it."""
    assert _pack("zendesk", "--server", f"{ADDRESS}/", "--output", "here.zip", "--json") == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    package = (folder / "here.zip").read_bytes()
    assert told == {
        "version": 1,
        "app": "zendesk",
        "server": ADDRESS,
        "signed": False,
        "file": "here.zip",
        "bytes": len(package),
        "sha256": hashlib.sha256(package).hexdigest(),
    }


def test_a_signed_package_says_that_pages_need_no_origin(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They come from the service itself; it must know the app's number."""
    assert _pack("zendesk", "--server", ADDRESS, "--signed") == 0
    told = capsys.readouterr().out
    assert "REMEMBER_ZENDESK_APP_ID" in told
    assert "REMEMBER_ALLOWED_ORIGINS" not in told
    with zipfile.ZipFile(folder / f"remember-them-zendesk-{__version__}.zip") as package:
        assert json.loads(package.read("manifest.json"))["signedUrls"] is True


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("zendesk", "--server", "http://acme.example"), 2),
        (("zendesk", "--server", "acme"), 2),
        (("freshdesk", "--server", ADDRESS, "--signed"), 2),
        (("zendesk",), 2),
        (("zoom", "--server", ADDRESS), 2),
        (("zendesk", "--server", ADDRESS, "--output", "no/such/folder.zip"), 1),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int
) -> None:
    """A sentence and what to do next, as a document for a program."""
    assert _pack(*arguments, "--json") == code
    problem = json.loads(capsys.readouterr().err)
    assert problem["detail"]
    assert problem["hint"]
    assert list(folder.iterdir()) == []
