"""A page that hosts the packed app as Zendesk does, with what stands behind such a page.

Zendesk's addresses are answered from files: the agent's page and the SDK from `tests/hosts`, the
app from the package that `remember app pack` makes. Every other address is refused.
"""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from playwright.sync_api import Error

from connector.apps.packages import APPS
from connector.apps.packing import pack, server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Browser, Frame, Page, Request, Route

HOSTS = Path(__file__).parents[1] / "hosts"
ZENDESK = "https://acme.zendesk.com"
APP = "https://1184.apps.zdusercontent.com"
SDK = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"
DANA = {"id": 11, "locale": "en-US", "email": "dana@acme.example"}

_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
_TYPES |= {".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(repr=False)
class ZendeskHost:
    """The agent's page, the app in it, and Zendesk's servers behind it.

    Attributes:
        page: The agent's page.
        service: Where the service is; the only address of this machine that the page may ask.
        zendesk: The account's address.
        sign: Gives the token that Zendesk posts to a signed page; None where pages are the app's.
        token: The app's secure setting, which Zendesk's servers fill in, and no page ever holds.
        without_sdk: Whether Zendesk's script cannot be had.
        held_up: Whether something on the way keeps the stream to itself.
        away: Whether the service cannot be reached.
        requests: What the browser itself asked of the service, so far.
        proxied: What Zendesk's servers asked of it for the app.
    """

    page: Page
    service: str
    token: str
    zendesk: str = ZENDESK
    sign: Callable[[], str] | None = None
    without_sdk: bool = False
    held_up: bool = False
    away: bool = False
    requests: list[Request] = field(default_factory=list)
    proxied: list[dict[str, Any]] = field(default_factory=list)
    _files: dict[str, bytes] = field(default_factory=dict)
    _manifest: dict[str, Any] = field(default_factory=dict)

    def begin(self, *, only: Sequence[str] = (), **more: Any) -> None:
        """Open the agent's page, in which the app begins.

        Args:
            only: The locations that the app has; all that its manifest names unless given.
            more: What else the page begins with, such as `scheme` and `width`.
        """
        pages = {
            place: told["url"]
            for place, told in self._manifest["location"]["support"].items()
            if not only or place in only
        }
        settings = {"server_url": self.service}
        told: dict[str, Any] = {"app": f"{APP}/", "agent": DANA, "settings": settings}
        if self.sign is not None:
            told |= {"app": f"{self.service}/", "settings": {}, "signed": True}
        self.page.goto(f"{self.zendesk}/agent")
        self.page.evaluate("(told) => host.begin(told)", {**told, "pages": pages, **more})

    def open(self, location: str, **values: Any) -> Frame:
        """Let Zendesk show the app in a location; the frame, once it is there."""
        named = {key.replace("__", "."): value for key, value in values.items()}
        self.page.evaluate("([where, told]) => host.open(where, told)", [location, named])
        return self.frame(location)

    def frame(self, location: str) -> Frame:
        """The frame that was opened last in a location."""
        last = self.page.locator(f"iframe[title={location}]").last
        last.wait_for(state="attached")
        found = last.element_handle().content_frame()
        assert found is not None
        return found

    def guid(self, location: str) -> str:
        """The last instance of a location."""
        return str(self.page.evaluate("(where) => host.find(where).at(-1).guid", location))

    def heard(self, location: str, name: str) -> None:
        """Wait until an instance in a location listens to an event."""
        self.page.wait_for_function(
            "([where, name]) => host.find(where).some((one) => one.heard[name] > 0)",
            arg=[location, name],
        )

    def change(self, location: str, path: str, value: object) -> None:
        """Let a value of Zendesk's page change, once the app listens to that."""
        self.heard(location, f"{path}.changed")
        self.page.evaluate(
            "([guid, path, value]) => host.change(guid, path, value)",
            [self.guid(location), path, value],
        )

    def fire(self, name: str, message: object) -> None:
        """Send an event to every instance that listens to it."""
        self.page.evaluate("([name, message]) => host.fire(name, message)", [name, message])

    def notify(self, event: str, body: object) -> None:
        """What `POST /api/v2/apps/notify` brings to the app's instances."""
        self.fire(f"api_notification.{event}", {"body": body, "sender": 1})

    def asked(self, kind: str, name: str, by: str | None = None) -> list[Any]:
        """What the app asked of the page: `asked("invoke", "routeTo")` gives each one's values."""
        journal = self.page.evaluate("host.journal")
        return [
            one[kind][name]
            for one in journal
            if name in one.get(kind, {}) and by in {None, one["by"]}
        ]

    def wait_asked(self, kind: str, name: str, by: str | None = None) -> Any:
        """The last of those, once there is one."""
        self.page.wait_for_function(
            """([kind, name, by]) => host.journal.some(
                (one) => one[kind] && name in one[kind] && (!by || by === one.by))""",
            arg=[kind, name, by],
        )
        return self.asked(kind, name, by)[-1]

    def route(self, route: Route) -> None:
        """Answer what the browser asks: Zendesk's addresses from files, the service by itself."""
        parts = urlsplit(route.request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin == self.service:
            self.requests.append(route.request)
            self._let_through(route)
        elif origin == APP:
            self._fulfil(route, parts.path.lstrip("/"), self._files.get(parts.path.lstrip("/")))
        elif route.request.url == SDK and self.without_sdk:
            route.abort()
        elif route.request.url == SDK:
            self._fulfil(route, "zaf_sdk.js", (HOSTS / "zaf_sdk.js").read_bytes())
        elif origin == self.zendesk:
            name = "zendesk.html" if parts.path == "/agent" else parts.path.lstrip("/")
            file = HOSTS / name
            self._fulfil(route, name, file.read_bytes() if file.is_file() else None)
        else:
            route.abort()

    def _let_through(self, route: Route) -> None:
        streams = route.request.url.endswith("/stream")
        if self.away:
            route.abort()
        elif not (streams and self.held_up):  # what is held up is never answered
            route.continue_()

    @staticmethod
    def _fulfil(route: Route, name: str, content: bytes | None) -> None:
        if content is None:
            route.fulfill(status=404, body="")
        else:
            route.fulfill(body=content, content_type=_TYPES[Path(name).suffix])

    def signed(self) -> str:
        """What Zendesk posts to a page that it opens."""
        assert self.sign is not None
        return self.sign()

    def proxy(self, options: dict[str, Any]) -> dict[str, Any]:
        """Zendesk's servers: they ask allowed domains alone, and fill secure settings in.

        A setting whose scope is the header is filled into headers, nowhere else.
        """
        assert urlsplit(options["url"]).hostname in self._manifest["domainWhitelist"]
        assert options.get("secure") is True
        self.proxied.append(options)
        headers = {
            name: value.replace("{{setting.api_token}}", self.token)
            for name, value in options.get("headers", {}).items()
        }
        assert not [name for name in headers if "_" in name]  # the proxy drops those
        headers["Content-Type"] = options.get("contentType", "application/x-www-form-urlencoded")
        data = options.get("data", "").encode()
        request = HttpRequest(options["url"], data, headers, method=options.get("type", "GET"))
        try:
            with urlopen(request, timeout=10) as answer:
                return _told(answer.status, answer.headers, answer.read())
        except HTTPError as error:
            with error:
                return _told(error.code, error.headers, error.read())


def _told(status: int, headers: Any, body: bytes) -> dict[str, Any]:
    return {"status": status, "type": headers.get("Content-Type"), "body": body.decode()}


def hosted(
    browser: Browser,
    service: str,
    token: str,
    *,
    errors: Callable[[str], None],
    zendesk: str = ZENDESK,
    sign: Callable[[], str] | None = None,
) -> ZendeskHost:
    """A page with the packed app, not yet begun.

    Args:
        browser: Which.
        service: The address of the service.
        token: What an administrator typed into the app's secure setting.
        errors: Is told of errors in scripts.
        zendesk: The account's address.
        sign: Signs for the agent, where the app's pages are the service's own.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    with suppress(Error):  # a Chromium that knows no such permission asks for none
        context.grant_permissions(["local-network-access"])  # as for a service inside a company
    page = context.new_page()
    page.set_default_timeout(10_000)
    host = ZendeskHost(page, service, token, zendesk, sign)
    packed = pack(APPS["zendesk"], server(service), signed=sign is not None)
    with zipfile.ZipFile(BytesIO(packed)) as package:
        host._files = {name: package.read(name) for name in package.namelist()}
    host._manifest = json.loads(host._files["manifest.json"])
    page.on("pageerror", lambda error: errors(str(error)))
    page.expose_function("proxy", host.proxy)
    page.expose_function("sign", host.signed)
    context.route("**/*", host.route)
    return host
