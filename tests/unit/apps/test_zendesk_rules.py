"""The Zendesk package passes Zendesk's rules, and a package that breaks one does not."""

from __future__ import annotations

import json
import stat
import struct
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from connector.apps.packages import APPS
from connector.apps.packing import archive, pack, server
from tests.unit.apps.zendesk_rules import complaints

if TYPE_CHECKING:
    from collections.abc import Callable

    Files = dict[str, bytes]
    Break = Callable[[Files], object]

SERVER = server("https://remember.acme.example")


def _files(*, signed: bool = False) -> Files:
    with zipfile.ZipFile(BytesIO(pack(APPS["zendesk"], SERVER, signed=signed))) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize("signed", [False, True])
def test_the_package_passes(*, signed: bool) -> None:
    """Neither errors nor warnings, with its own pages and with the server's."""
    assert complaints(pack(APPS["zendesk"], SERVER, signed=signed)) == []


def _manifest(change: Callable[[dict[str, Any]], Any]) -> Break:
    def broken(files: Files) -> None:
        manifest = json.loads(files["manifest.json"])
        change(manifest)
        files["manifest.json"] = json.dumps(manifest).encode()

    return broken


def _has(**values: Any) -> Break:
    return _manifest(lambda manifest: manifest.update(values))


def _lacks(key: str) -> Break:
    return _manifest(lambda manifest: manifest.pop(key))


def _setting(**values: Any) -> Break:
    return _manifest(lambda manifest: manifest["parameters"].append({"name": "more"} | values))


def _token(**values: Any) -> Break:
    return _manifest(lambda manifest: manifest["parameters"][1].update(values))


def _place(name: str, told: Any) -> Break:
    return _manifest(lambda manifest: manifest["location"]["support"].update({name: told}))


def _file(name: str, content: bytes) -> Break:
    return lambda files: files.update({name: content})


def _gone(name: str) -> Break:
    return lambda files: files.pop(name)


def _text(name: str, old: str, new: str) -> Break:
    def broken(files: Files) -> None:
        assert old in files[name].decode()
        files[name] = files[name].replace(old.encode(), new.encode(), 1)

    return broken


def _nested(files: Files) -> None:
    inner = {f"zendesk/{name}": content for name, content in files.items()}
    files.clear()
    files.update(inner)


def _png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)


_EN, _ICON = "translations/en.json", "assets/icon_top_bar.svg"

BROKEN: dict[str, tuple[Break, str]] = {
    "no manifest": (_gone("manifest.json"), "no manifest"),
    "everything in a folder": (_nested, "nested manifest"),
    "manifest is not JSON": (_text("manifest.json", "{", "{,"), "not JSON"),
    "manifest has a key twice": (_text("manifest.json", "{", '{"author": {},'), "key twice"),
    "no author": (_lacks("author"), "author is missing"),
    "author without an address": (_has(author={"url": "acme"}), "no web address"),
    "author with a number for a name": (_has(author={"name": 7}), "author's name"),
    "no locale": (_lacks("defaultLocale"), "defaultLocale is missing"),
    "locale that is none": (_has(defaultLocale="english"), "no locale"),
    "locale without translation": (_has(defaultLocale="nl"), "no translation"),
    "no framework": (_lacks("frameworkVersion"), "frameworkVersion is missing"),
    "old framework": (_has(frameworkVersion="1.0"), "not served"),
    "noTemplate": (_has(noTemplate=True), "noTemplate"),
    "experiment": (_has(experiments={"newThing": True}), "experiment newThing"),
    "experiments are a list": (_has(experiments=["hashParams"]), "experiments"),
    "private is a word": (_has(private="yes"), "private is neither"),
    "signedUrls is a word": (_has(signedUrls="yes"), "signedUrls is neither"),
    "version is a number": (_has(version=1), "version is no text"),
    "terms without an address": (_has(termsConditionsURL="here"), "no web address"),
    "domains are a word": (_has(domainWhitelist="acme.example"), "domainWhitelist"),
    "domains are numbers": (_has(domainWhitelist=[7]), "domainWhitelist"),
    "oauth that lacks": (_has(oauth={"client_id": "acme"}), "oauth lacks client_secret"),
    "settings are no list": (_has(parameters={}), "not a list"),
    "setting twice": (_setting(name="api_token", type="checkbox"), "a name twice"),
    "setting called name": (_setting(name="name"), "called name"),
    "setting of an old type": (_setting(type="password"), "type password"),
    "setting hidden and required": (_setting(type="hidden", required=True), "hidden and required"),
    "setting hidden with a default": (_setting(type="hidden", default="x"), "a default that"),
    "setting required with a word": (_setting(required="yes"), "required is neither"),
    "two oauth settings": (
        lambda files: [_setting(name=one, type="oauth")(files) for one in ("a", "b")],
        "more than one oauth",
    ),
    "oauth setting that is secure": (_setting(type="oauth", secure=True), "oauth and secure"),
    "token that is not secure": (_setting(name="auth_token"), "looks secret"),
    "secure without scopes": (_token(scopes=None), "secure without scopes"),
    "secure with no scope": (_token(scopes=[]), "scopes that are none"),
    "secure with a wrong scope": (_token(scopes=["cookie"]), "scopes that are none"),
    "scopes are a word": (_token(scopes="header"), "scopes are no list"),
    "scopes without secure": (_token(secure=False), "scopes without secure"),
    "secure with a default": (_token(default="abc"), "a default that"),
    "no location": (_lacks("location"), "location: missing"),
    "location without a place": (_has(location={"support": {}}), "location: missing"),
    "unknown host": (_has(location={"shop": {"top_bar": "assets/top_bar.html"}}), "host shop"),
    "unknown place": (_place("left_bar", "assets/sidebar.html"), "left_bar is none"),
    "place without an address": (_place("modal", {"flexible": True}), "no address"),
    "place outside the assets": (_place("modal", "sidebar.html"), "no such file"),
    "place with a file that is not there": (_place("modal", "assets/no.html"), "no such file"),
    "place without https": (_place("modal", "http://acme.example/"), "without https"),
    "flexible is a word": (
        _place("modal", {"url": "assets/sidebar.html", "flexible": "yes"}),
        "flexible is neither",
    ),
    "place without an icon": (_gone(_ICON), "has no icon"),
    "place that wants an icon": (_place("nav_bar", "assets/sidebar.html"), "nav_bar has no icon"),
    "translation is not JSON": (_file("translations/fr.json", b"{"), "fr.json: not JSON"),
    "translation has a key twice": (_text(_EN, '"name"', '"name": "", "name"'), "key twice"),
    "translation is a list": (_file("translations/fr.json", b"[]"), "no object"),
    "translation of no locale": (_file("translations/english.json", b"{}"), "no locale"),
    "translation without a name": (_text(_EN, '"name"', '"title"'), "name is missing"),
    "public without a description": (
        lambda files: [
            _has(private=False)(files),
            _text(_EN, "short_description", "told")(files),
        ],
        "short_description is missing",
    ),
    "setting without a label": (_text(_EN, '"label"', '"title"'), "has no label"),
    "setting without words": (_setting(type="checkbox"), "without words"),
    "name too long": (_text(_EN, '"remember-them"', f'"{"r" * 41}"'), "too long"),
    "name of Zendesk's": (_text(_EN, "remember-them", "Memory for Zendesk"), "Zendesk's"),
    "requirements are not JSON": (_file("requirements.json", b"{"), "requirements: not JSON"),
    "requirements of no kind": (_file("requirements.json", b'{"pets": {}}'), "pets is none"),
    "requirement without a title": (
        _file("requirements.json", b'{"triggers": {"one": {}}}'),
        "triggers without a title",
    ),
    "requirements alone, without any": (_has(requirementsOnly=True), "requirements: missing"),
    "archive": (_file("assets/more.zip", b""), "type: assets/more.zip"),
    "archive under another name": (_file("assets/more.js", b"PK\x03\x04"), "type: assets/more.js"),
    "document": (_file("assets/help.bin.pdf", b"x"), "type: assets/help.bin.pdf"),
    "picture with a script": (_text(_ICON, "<path", "<script/><path"), "element script"),
    "picture with a bitmap": (_text(_ICON, "<path", "<image/><path"), "element image"),
    "picture that listens": (_text(_ICON, "<path", '<path onload="x()"'), "attribute onload"),
    "picture that loads": (_text(_ICON, "<path", '<path href="#x"'), "attribute href"),
    "picture without a size": (_text(_ICON, "viewBox", "data-box"), "no viewBox"),
    "picture that is none": (_file(_ICON, b"<svg"), "not XML"),
    "no logo": (_gone("assets/logo.png"), "logo.png: missing"),
    "small logo of the wrong size": (_file("assets/logo-small.png", _png(64, 64)), "128 x 128"),
    "logo that is no PNG": (_file("assets/logo.png", b"GIF89a"), "320 x 320"),
    "banner of the wrong size": (_file("assets/banner.png", _png(800, 200)), "banner.png"),
    "key of a cloud": (_file("assets/a.js", b"const a = 'AKIAABCDEFGHIJKL';"), "a.js: looks like"),
    "token in a script": (_file("assets/a.js", b'const token = "abcdef123456";'), "a.js: looks"),
    "word for a secret": (_file("assets/a.html", b"<p>password</p>"), "a.html: looks like"),
    "address without https": (_file("assets/a.js", b'fetch("http://a.example")'), "a.js: http:"),
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_a_package_that_breaks_a_rule_is_refused(name: str) -> None:
    """Each rule has a package that breaks it, and is told by name."""
    files = _files()
    breaks, told = BROKEN[name]
    breaks(files)
    found = complaints(archive(files))
    assert any(told in one for one in found), found


def test_a_link_in_the_package_is_refused() -> None:
    """A symlink would let a package name a file of the machine that unpacks it."""
    out = BytesIO(pack(APPS["zendesk"], SERVER))
    entry = zipfile.ZipInfo("assets/more.json")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr(entry, "/etc/hostname")
    assert complaints(out.getvalue()) == ["symlink: assets/more.json"]
