"""Packages of apps: what is in them, for which server, and always the same bytes."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.apps import packages
from connector.apps.packages import APPS
from connector.apps.packing import archive, pack, server
from memory import __version__
from memory.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

SERVER = server("https://remember.acme.example")


def _read(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(package)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def _manifest(*, signed: bool = False) -> Any:
    return json.loads(_read(pack(APPS["zendesk"], SERVER, signed=signed))["manifest.json"])


@pytest.mark.parametrize("name", sorted(APPS))
def test_a_package_is_the_same_bytes_each_time(name: str) -> None:
    """No date, no machine, no order of a file system."""
    assert pack(APPS[name], SERVER) == pack(APPS[name], SERVER)


@pytest.mark.parametrize("name", sorted(APPS))
def test_every_package_shows_the_component_unchanged(name: str) -> None:
    """Component, client, style and words are byte for byte those that the service serves."""
    files = _read(pack(APPS[name], SERVER))
    for shared in ("remember-brief.js", "remember-client.js", "remember.css", "strings.json"):
        web = (packages.WEB / shared).read_bytes()
        assert files[f"{APPS[name].assets}/{shared}"] == web
    assert not [one for one in files if one.endswith(("/index.html", "/page.js", ".py"))]


@pytest.mark.parametrize("name", sorted(APPS))
def test_no_mark_is_left_to_fill_in(name: str) -> None:
    """Server and version are in, wherever they are named."""
    for path, content in _read(pack(APPS[name], SERVER)).items():
        assert not re.search(rb"@(SERVER_URL|SERVER_HOST|VERSION)@", content), path


def test_zendesk_may_speak_to_the_server_and_to_nobody_else() -> None:
    """The allowed domain is the server's host, its address the setting's default."""
    manifest = _manifest()
    assert manifest["domainWhitelist"] == ["remember.acme.example"]
    assert manifest["parameters"][0]["default"] == "https://remember.acme.example"
    assert manifest["version"] == __version__


def test_the_token_is_for_headers_alone() -> None:
    """Zendesk fills it into a header on its servers, never into what a browser gets."""
    [token] = [one for one in _manifest()["parameters"] if one["name"] == "api_token"]
    assert (token["secure"], token["scopes"], "default" in token) == (True, ["header"], False)


def test_signed_pages_are_the_servers() -> None:
    """No script and no page is in the package; each location is an address of the server."""
    manifest = _manifest(signed=True)
    places = manifest["location"]["support"]
    assert manifest["signedUrls"] is True
    assert places["top_bar"]["url"] == "https://remember.acme.example/?page=top_bar"
    assert places["new_ticket_sidebar"]["url"] == "https://remember.acme.example/?page=sidebar"
    names = _read(pack(APPS["zendesk"], SERVER, signed=True))
    assert not [name for name in names if name.endswith((".js", ".html", ".css"))]


def test_only_zendesk_signs() -> None:
    """The other helpdesks have no such request; the error says to leave it out."""
    with pytest.raises(UsageError) as told:
        pack(APPS["freshdesk"], SERVER, signed=True)
    assert "--signed" in told.value.hint


@pytest.mark.parametrize(
    ("address", "url", "host"),
    [
        (
            "https://Remember.ACME.example/",
            "https://remember.acme.example",
            "remember.acme.example",
        ),
        ("https://acme.example:8443", "https://acme.example:8443", "acme.example"),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787", "127.0.0.1"),
        ("http://localhost:8787/", "http://localhost:8787", "localhost"),
        ("http://[::1]:8787", "http://[::1]:8787", "::1"),
        (" https://r.acme.example ", "https://r.acme.example", "r.acme.example"),
    ],
)
def test_an_address_of_a_server(address: str, url: str, host: str) -> None:
    """Scheme, host and port, whatever its letters; loopback needs no certificate."""
    assert (server(address).url, server(address).host) == (url, host)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "acme",
        "remember.acme.example",
        "ftp://acme.example",
        "http://acme.example",
        "http://127.0.0.1.acme.example",
        "https://",
        "https://acme.example/remember",
        "https://acme.example?x=1",
        "https://acme.example#x",
        "https://me:word@acme.example",
        "https://acme.example:port",
        "https://acme.example:99999",
        "https://ac me.example",
        'https://acme".example',
        "https://-acme.example",
        "https://[::1",
        f"https://{'a' * 64}.example",
    ],
)
def test_an_address_that_no_app_could_use_is_refused(address: str) -> None:
    """In a sentence that says how to put it; what was typed is not repeated."""
    with pytest.raises(UsageError) as told:
        server(address)
    assert "--server https://" in told.value.hint
    assert "word" not in told.value.detail


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_or_refused(address: str) -> None:
    """An address that is taken can stand in JSON and in a script without being quoted."""
    for scheme in ("", "https://"):
        try:
            taken = server(scheme + address)
        except UsageError:
            continue
        assert re.fullmatch(r"https?://[a-z0-9.:\[\]-]+", taken.url)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}\.js", fullmatch=True), st.binary(max_size=64)))
def test_an_archive_holds_what_was_put_in(files: dict[str, bytes]) -> None:
    """By path, sorted, whatever order it came in."""
    assert _read(archive(files)) == files
    assert archive(files) == archive(dict(reversed(files.items())))


def test_an_installation_without_the_folders_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files of an app come with the wheel; one that lost them is not whole."""
    monkeypatch.setattr(packages, "_INSTALLED", tmp_path)
    monkeypatch.setattr(packages, "_CHECKOUT", tmp_path)
    with pytest.raises(NotFoundError) as told:
        APPS["zendesk"].files()
    assert "Install" in told.value.hint


def test_what_tools_leave_behind_is_not_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither hidden files nor what a package manager put there."""
    folder = tmp_path / "zendesk"
    for name in ("manifest.json", ".zcliignore", "node_modules/x.js", "__pycache__/x.pyc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    monkeypatch.setattr(packages, "_INSTALLED", tmp_path)
    own = [name for name in APPS["zendesk"].files() if not name.startswith("assets/")]
    assert own == ["manifest.json"]
