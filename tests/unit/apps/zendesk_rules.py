"""What Zendesk refuses in an app's package, told as its own validator tells it.

The rules are those of the Ruby gem `zendesk_apps_support` 4.52.0, which Zendesk's server runs
(https://github.com/zendesk/zendesk_apps_support, lib/zendesk_apps_support/validations): it needs
Ruby 3.2, which Debian 12 does not have, so that they are stated here again. Errors of the gem and
its warnings are complaints alike. Beside them stand rules that Zendesk's documentation gives and
the gem leaves to its reviewers: the sizes of the logos, the length of the name.
"""

from __future__ import annotations

import json
import re
import stat
import struct
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from tests.unit.apps.zendesk_manifest import LOCALE, manifest_complaints

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUIREMENTS = {
    "automations",
    "channel_integrations",
    "custom_objects",
    "macros",
    "targets",
    "views",
    "ticket_fields",
    "triggers",
    "user_fields",
    "organization_fields",
    "webhooks",
    "custom_objects_v2",
}
BANNED = {
    *("rar", "zip", "gzip", "gz", "7z", "bz", "bz2", "jar", "bin", "csh", "sh"),
    *("pdf", "doc", "docx", "odt", "ppt", "pptx", "xls", "xlsx", "avi", "mp3", "mpeg"),
}
MAGIC = (b"PK\x03\x04", b"Rar!", b"\x1f\x8b", b"%PDF", b"\xd0\xcf\x11\xe0", b"BZh", b"7z\xbc\xaf")
"""What files of refused types begin with, whatever they are called."""

DRAWN = {"svg", "g", "path", "circle", "rect", "ellipse", "line", "polygon", "polyline", "title"}
"""Elements of a picture that the gem leaves as they are, unlike scripts, styles and bitmaps."""

SIZES = {"assets/logo.png": (320, 320), "assets/logo-small.png": (128, 128)}
BANNERS = {(830, 200), (1660, 400)}

SECRET_WORDS = re.compile(
    r"password|secret|secretToken|secret_token|auth_key|authKey|auth_pass|authPass|auth_user"
    r"|AuthUser|api_key"
)
SECRETS = (
    re.compile(r"AKIA[0-9A-Z]{8,24}"),
    re.compile(r"-----BEGIN (RSA|OPENSSH|DSA|EC|PGP)"),
    re.compile(r"[tT][oO][kK][eE][nN]( [:\"=-]|[:\"=-]).*.[0-9a-zA-Z+_.-]{4,156}"),
)
"""Three of the gem's patterns: the others find the same, or keys of other companies."""


class DuplicateError(ValueError):
    """A JSON object names a key twice."""


def complaints(package: bytes) -> list[str]:
    """Everything that Zendesk would refuse or warn of, one sentence each.

    Args:
        package: The zip archive.
    """
    with zipfile.ZipFile(BytesIO(package)) as archive:
        entries = archive.infolist()
        files = {one.filename: archive.read(one) for one in entries if not one.is_dir()}
    found = [f"symlink: {one.filename}" for one in entries if stat.S_ISLNK(one.external_attr >> 16)]
    found += _mime(files)
    if "manifest.json" not in files:
        nested = [name for name in files if re.fullmatch(r"[^/]+/manifest\.json", name)]
        return [*found, f"nested manifest: {nested[0]}" if nested else "no manifest"]
    try:
        manifest = json.loads(files["manifest.json"], object_pairs_hook=_once)
    except DuplicateError as error:
        return [*found, f"manifest: key twice: {error}"]
    except ValueError:
        return [*found, "manifest: not JSON"]
    found += manifest_complaints(manifest, files)
    for rule in (_translations, _requirements):
        found += rule(manifest, files)
    for look in (_pictures, _logos, _secrets, _insecure):
        found += look(files)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise DuplicateError(", ".join(sorted(twice)))
    return dict(pairs)


def _translations(manifest: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    """Each translation is JSON with the labels of the settings; English has the app's name."""
    for name, content in files.items():
        path = re.fullmatch(r"translations/(.*)\.json", name)
        if path is None:
            continue
        if not LOCALE.fullmatch(path[1]):
            yield f"{name}: no locale"
        try:
            told = json.loads(content, object_pairs_hook=_once)
        except ValueError:
            yield f"{name}: not JSON, or a key twice"
            continue
        if not isinstance(told, dict):
            yield f"{name}: no object"
            continue
        app = told.get("app") or {}
        for parameter, words in (app.get("parameters") or {}).items():
            if not isinstance(words, dict) or "label" not in words:
                yield f"{name}: {parameter} has no label"
        if path[1] == manifest.get("defaultLocale"):
            yield from (f"{name}: {why}" for why in _english(manifest, app))


def _english(manifest: dict[str, Any], app: dict[str, Any]) -> Iterator[str]:
    wanted = ["name"]
    if not manifest.get("private", True):
        wanted += ["short_description", "long_description", "installation_instructions"]
    yield from (f"{key} is missing" for key in wanted if key not in app)
    if len(app.get("name", "")) > 40 or "zendesk" in app.get("name", "").lower():
        yield "name is too long, or uses Zendesk's"
    parameters = manifest.get("parameters", [])
    named = {one.get("name") for one in parameters if one.get("type") != "hidden"}
    if isinstance(parameters, list) and named - set(app.get("parameters") or {}):
        yield "a parameter without words"


def _requirements(manifest: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    """What the app wants to be made in the account."""
    if "requirements.json" not in files:
        if manifest.get("requirementsOnly"):
            yield "requirements: missing"
        return
    try:
        wanted = json.loads(files["requirements.json"], object_pairs_hook=_once)
    except ValueError:
        yield "requirements: not JSON, or a key twice"
        return
    yield from (f"requirements: {kind} is none" for kind in wanted if kind not in REQUIREMENTS)
    for kind in set(wanted) & {"macros", "views", "triggers", "automations", "ticket_fields"}:
        if any("title" not in fields for fields in wanted[kind].values()):
            yield f"requirements: {kind} without a title"


def _mime(files: dict[str, bytes]) -> Iterator[str]:
    """No archives, no documents, no programs, by name or by content."""
    for name, content in files.items():
        if name.rpartition(".")[2].lower() in BANNED or content.startswith(MAGIC):
            yield f"type: {name}"


def _pictures(files: dict[str, bytes]) -> Iterator[str]:
    """A picture of lines draws; it runs nothing and loads nothing."""
    for name, content in files.items():
        if not re.fullmatch(r"assets/.*\.svg", name):
            continue
        try:
            nodes = list(ET.fromstring(content).iter())
        except ET.ParseError:
            yield f"{name}: not XML"
            continue
        for node in nodes:
            if node.tag.rpartition("}")[2] not in DRAWN:
                yield f"{name}: element {node.tag.rpartition('}')[2]}"
            for key, value in node.attrib.items():
                if key.lower().startswith("on") or "javascript:" in value or "href" in key:
                    yield f"{name}: attribute {key}"
        if "viewBox" not in nodes[0].attrib:
            yield f"{name}: no viewBox"


def _logos(files: dict[str, bytes]) -> Iterator[str]:
    """Two logos, of the size that the documentation asks for, with an alpha channel."""
    for name, size in SIZES.items():
        if name not in files:
            yield f"{name}: missing"
        elif _png(files[name]) != (*size, 6):
            yield f"{name}: not {size[0]} x {size[1]} with transparency"
    banner = files.get("assets/banner.png")
    if banner is not None and (_png(banner) or (0, 0, 0))[:2] not in BANNERS:
        yield "assets/banner.png: of no size that is shown"


def _png(content: bytes) -> tuple[int, int, int] | None:
    """Width, height and colour type; 6 is colours with transparency (PNG: 11.2.2)."""
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR":
        return None
    width, height, _, colour = struct.unpack(">IIBB", content[16:26])
    return width, height, colour


def _texts(files: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, content in files.items():
        if re.search(r"\.(html?|xml|jsx?|json|css)$", name):
            yield name, content.decode()


def _secrets(files: dict[str, bytes]) -> Iterator[str]:
    """Nothing that looks like a password or a key stands in the package."""
    for name, text in _texts(files):
        if any(pattern.search(text) for pattern in SECRETS) or SECRET_WORDS.search(text):
            yield f"{name}: looks like a secret"


def _insecure(files: dict[str, bytes]) -> Iterator[str]:
    """Scripts and pages name no address without encryption."""
    for name, text in _texts(files):
        if name.endswith((".js", ".html")) and re.search(r"\bhttp://", text):
            yield f"{name}: http:"
