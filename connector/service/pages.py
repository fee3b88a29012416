"""The stand-alone page at `/`, and under `/assets/` what it and the helpdesks' apps are made of."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.service.context import Context
    from connector.settings import Settings

TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}
PAGE: Final = "index.html"

_ETAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served.

    Attributes:
        content: Its bytes.
        media_type: What browsers take it for.
        etag: A name for just these bytes, in quotes.
    """

    content: bytes
    media_type: str
    etag: str


def assets() -> Mapping[str, Asset]:
    """Everything that is served, by file name, as it is packed with the program."""
    found = {}
    for file in (resources.files("connector") / "web").iterdir():
        media_type = TYPES.get(file.name.rpartition(".")[2])
        if media_type is not None:
            content = file.read_bytes()
            etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            found[file.name] = Asset(content, media_type, etag)
    return found


def content_policy(settings: Settings) -> str:
    """What the page may load and ask, and who may show it in a frame: the helpdesks' own pages."""
    hosts = [_origin(url) for url in (settings.zendesk_url, settings.freshdesk_url) if url]
    framing = " ".join(hosts) or "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {framing}",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def router(context: Context) -> APIRouter:
    """The paths of the page and its files.

    Args:
        context: The service; its settings say whose pages may frame ours.
    """
    routes = APIRouter(include_in_schema=False)
    files = assets()
    policy = {"Content-Security-Policy": content_policy(context.settings)}

    @routes.api_route("/", methods=["GET", "HEAD"])
    def page(request: Request) -> Response:
        return _answer(request, files[PAGE], policy)

    @routes.api_route("/assets/{name}", methods=["GET", "HEAD"])
    def asset(request: Request, name: str) -> Response:
        if name not in files or name == PAGE:
            raise HTTPException(404)
        return _answer(request, files[name], {})

    return routes


def _answer(request: Request, asset: Asset, headers: Mapping[str, str]) -> Response:
    """The file, or that it is still what the browser has; it asks each time, so none gets old."""
    headers = {"ETag": asset.etag, "Cache-Control": "no-cache", **headers}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or asset.etag in _ETAG.findall(known):
        return Response(status_code=304, headers=headers)
    return Response(asset.content, media_type=asset.media_type, headers=headers)
