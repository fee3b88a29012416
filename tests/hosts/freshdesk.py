"""A Freshdesk account with one of our apps installed, for browser tests.

Three things of Freshworks are played here, each at an address of its own as in life: the product's
page, where apps sit in frames; the server that their files come from; and the cloud that performs
request templates and alone knows the secure parameters. Only what Freshworks documents is played
(see `tests.support.freshworks` for where); the real products were never asked.
"""

from __future__ import annotations

import io
import json
import mimetypes
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.apps.packages import APPS
from connector.apps.packing import pack, server
from tests.browser.serving import served
from tests.support.node import node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from starlette.requests import Request

_HERE = Path(__file__).parent
_MOST_A_MINUTE = 50
_FILLED = re.compile(r"<%=\s*(iparam|context)\.(\w+)\s*%>")
_PAGE = {
    "/": ("freshdesk.html", "text/html"),
    "/host.js": ("freshdesk-host.js", "text/javascript"),
}


@dataclass
class Freshdesk:
    """The account.

    Attributes:
        iparams: What the administrator has typed on installing the app.
        data: What the product tells an app, by location and name.
        files: The installed package.
        asked: The request templates that were performed, with their bodies.
        page_url: Where the product's page is; `?locations=a,b` says which frames it has.
        apps_url: The origin that the app's pages come from.
    """

    iparams: Mapping[str, str] = field(default_factory=dict)
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    page_url: str = ""
    apps_url: str = ""
    _service: str = ""

    def install(self, name: str, service: str, iparams: Mapping[str, str]) -> None:
        """Install what `remember app pack` makes.

        Args:
            name: Of the app.
            service: Where the service listens.
            iparams: The installation's parameters.
        """
        with zipfile.ZipFile(io.BytesIO(pack(APPS[name], server(service)))) as archive:
            self.files = {entry: archive.read(entry) for entry in archive.namelist()}
        self.iparams, self._service = dict(iparams), service

    def url(self, *locations: str) -> str:
        """The address of the product's page with the app in these places."""
        return f"{self.page_url}/?locations={','.join(locations)}"

    def call_changed(
        self, event: str, payload: Mapping[str, Any], at: datetime, refuse: int = 0
    ) -> list[str]:
        """Let Freshworks' cloud run the handler of a Freshcaller event.

        Args:
            event: Such as onCallCreate.
            payload: What the cloud tells the handler; the parameters are added.
            at: What the cloud's clock says.
            refuse: A status with which the service is said to refuse; nothing is sent then.

        Returns:
            What the handler logged.
        """
        modules = json.loads(self.files["manifest.json"])["modules"]
        told = {
            "source": self.files["server/server.js"].decode(),
            "handler": modules["call"]["events"][event]["handler"],
            "payload": {**payload, "event": event, "iparams": dict(self.iparams)},
            "now": int(at.timestamp() * 1000),
            "refuse": refuse,
        }
        answer = node(_HERE / "freshdesk-server.cjs", told=told)
        for one in answer["asked"]:
            if refuse:
                self.asked.append((one["template"], one["body"]))
                continue
            performed = self._perform(one["template"], one["context"], one["body"])
            assert performed["status"] == 204, performed
        logged: list[str] = answer["logged"]
        return logged

    def _perform(self, name: str, context: Mapping[str, Any], body: str) -> dict[str, Any]:
        """What the cloud does for a template: it fills in, asks, and hands the answer back."""
        declared = json.loads(self.files["manifest.json"])["modules"]["common"]["requests"]
        if name not in declared:
            return {"status": 400, "message": f"There is no template {name}"}
        if len(self.asked) >= _MOST_A_MINUTE:
            return {"status": 429, "message": "Too many requests of this app in this minute"}
        self.asked.append((name, body))
        schema = json.loads(self.files["config/requests.json"])[name]["schema"]
        assert schema["host"] == urlsplit(self._service).hostname
        known = {"iparam": self.iparams, "context": context}
        headers = {
            key: _FILLED.sub(lambda found: str(known[found[1]][found[2]]), value)
            for key, value in schema["headers"].items()
        }
        with httpx.Client(base_url=self._service, timeout=30) as client:
            answer = client.request(
                schema["method"], schema["path"], headers=headers, content=body.encode()
            )
        return {"status": answer.status_code, "response": answer.text, "headers": {}}

    def product(self) -> Starlette:
        """The product's page, and its way to the cloud."""

        def page(request: Request) -> Response:
            name, kind = _PAGE[request.url.path]
            return Response((_HERE / name).read_bytes(), media_type=kind)

        def world(request: Request) -> Response:
            asked = request.query_params["locations"].split(",")
            return JSONResponse([self._frame(location) for location in asked])

        async def cloud(request: Request) -> Response:
            name, told = request.path_params["name"], json.loads(await request.body())
            work = partial(self._perform, name, told["context"], told.get("body", ""))
            return JSONResponse(await run_in_threadpool(work))

        return Starlette(
            routes=[
                *(Route(path, page) for path in _PAGE),
                Route("/world.json", world),
                Route("/cloud/{name}", cloud, methods=["POST"]),
            ]
        )

    def _frame(self, location: str) -> dict[str, Any]:
        modules = json.loads(self.files["manifest.json"])["modules"].values()
        shown = {place: at for one in modules for place, at in one.get("location", {}).items()}
        url = f"{self.apps_url}/{shown[location]['url']}"
        return {"location": location, "url": url, "data": self.data.get(location, {})}

    def apps(self) -> Starlette:
        """The server of the app's files, which puts its client in the place of its mark."""

        def file(request: Request) -> Response:
            path = request.path_params["path"]
            if path == "appclient.js":
                content = (_HERE / "freshdesk-appclient.js").read_bytes()
            else:
                content = self.files.get(f"app/{path}", b"")
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            if kind == "text/html":
                content = content.replace(b"{{{appclient}}}", b"/appclient.js")
            return Response(content, 200 if content else 404, media_type=kind)

        return Starlette(routes=[Route("/{path:path}", file)])


@contextmanager
def freshdesk() -> Iterator[Freshdesk]:
    """An account without apps, while the context is open."""
    account = Freshdesk()
    with served(account.product()) as page, served(account.apps()) as apps:
        account.page_url, account.apps_url = page, apps
        yield account
