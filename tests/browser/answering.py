"""A small service for the component's tests: it serves the real files, and says what it is told."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from connector.service.pages import assets, content_policy
from connector.settings import Settings

if TYPE_CHECKING:
    from starlette.requests import Request

BENCH = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bench</title>
<link rel="stylesheet" href="/bench.css"><script type="module" src="/bench.js"></script></head>
<body><main><h1>Bench</h1><remember-brief></remember-brief></main></body></html>"""
"""The barest page around the component."""

SCRIPT = """
import "/assets/remember-brief.js";
import { RememberClient } from "/assets/remember-client.js";
import { listen } from "/assets/remember-stream.js";
const openSession = async () => (await fetch("/v1/sessions", { method: "POST" })).json();
const asked = new URLSearchParams(location.search);
const language = asked.get("language") ?? "en";
const brief = document.querySelector("remember-brief");
brief.setAttribute("language", language);
document.documentElement.lang = language;
if (asked.has("scheme")) brief.setAttribute("scheme", asked.get("scheme"));
brief.client = new RememberClient({ openSession, language });
Object.assign(globalThis, { brief, listen });
globalThis.heard = [];
for (const name of ["remember-open", "remember-prefer", "remember-resize"]) {
  brief.addEventListener(name, (event) => heard.push([name, event.detail]));
}
document.documentElement.dataset.ready = "";
"""
STYLE = """:root { color-scheme: light dark } body { margin: 0 }
h1 { position: absolute; clip-path: inset(50%); inline-size: 1px; block-size: 1px; margin: 0 }"""


class Answering:
    """What the service answers, and what it was asked.

    Attributes:
        answers: By path below `/v1/`, what is answered: a document, a status, or a function of
            the question that gives one of them.
        asked: By path, the questions so far.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: dict[str, list[dict[str, Any]]] = defaultdict(list)
        policy = content_policy(Settings())
        files = assets()

        def file(request: Request) -> Response:
            found = files[request.path_params["name"]]
            return Response(found.content, media_type=found.media_type)

        def bench(request: Request) -> Response:
            return HTMLResponse(BENCH, headers={"Content-Security-Policy": policy})

        self.app = Starlette(
            routes=[
                Route("/bench", bench),
                Route("/bench.js", lambda _: Response(SCRIPT, media_type="text/javascript")),
                Route("/bench.css", lambda _: Response(STYLE, media_type="text/css")),
                Route("/favicon.ico", lambda _: Response(status_code=204)),
                Route("/assets/{name}", file),
                Route("/v1/{path:path}", self._answer, methods=["GET", "POST"]),
            ]
        )

    def forget(self) -> None:
        """Begin anew: sessions are opened, nothing else is known."""
        self.asked.clear()
        self.answers.clear()
        self.answers["sessions"] = {"bearer": "b", "expires_at": "2099-01-01T00:00:00Z"}

    async def _answer(self, request: Request) -> Response:
        path = request.path_params["path"]
        question = json.loads(await request.body() or b"{}")
        self.asked[path].append(question)
        answer = self.answers.get(path, 404)
        if callable(answer):
            answer = answer(question)
        if isinstance(answer, int):
            problem = {"type": "about:blank", "title": "No", "status": answer}
            return Response(status_code=204) if answer == 204 else JSONResponse(problem, answer)
        if "status" in answer:
            return JSONResponse(answer, answer["status"])
        return JSONResponse(answer)
