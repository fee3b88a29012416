"""What is particular to the Zendesk app: its variant whose pages come from the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGES = ("background", "sidebar", "top_bar")
"""The pages of the app; each location shows one of them."""

_KEPT = (".json", ".png", ".svg")


def signed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The package whose locations are pages of the server, each opened with a signed request.

    It keeps manifest, translations and pictures: scripts and styles come from the server with the
    pages. It has no settings, above all no token: whoever can read one could say to be anybody.

    Args:
        files: Of the ordinary package, by path.
    """
    manifest = json.loads(files["manifest.json"])
    manifest["signedUrls"] = True
    for location in manifest["location"]["support"].values():
        page = location["url"].removeprefix("assets/").removesuffix(".html")
        location["url"] = f"@SERVER_URL@/?{urlencode({'page': page})}"
    for setting in ("parameters", "domainWhitelist"):
        del manifest[setting]
    kept = {
        name: content
        for name, content in files.items()
        if name.endswith(_KEPT) and name != "assets/strings.json"
    }
    return kept | {"manifest.json": _written(manifest)} | _translated(files)


def _translated(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The translations without words for settings."""
    told = {name: json.loads(files[name]) for name in files if name.startswith("translations/")}
    for words in told.values():
        for key in ("parameters", "installation_instructions"):
            del words["app"][key]
    return {name: _written(words) for name, words in told.items()}


def _written(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
