"""The Freshdesk packages keep the rules that Freshworks has published.

Freshworks' own judge, `fdk validate`, was not run: it is had only from Freshworks' download server.
What stands in for it is `tests.support.freshworks`, which states the published rules. So that it is
no rubber stamp, each rule is shown here a package that breaks it, and must say so.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from connector.apps.packages import APPS
from connector.apps.packing import pack, server
from memory.errors import UsageError
from tests.support.freshworks import faults

if TYPE_CHECKING:
    from collections.abc import Callable

Files = dict[str, bytes]
NAMES = ("freshdesk", "freshdesk-cti")


def unpacked(name: str, address: str = "https://remember.example.com") -> Files:
    """The files of a package as `remember app pack` makes it."""
    with zipfile.ZipFile(io.BytesIO(pack(APPS[name], server(address)))) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


@pytest.fixture(scope="module")
def packages() -> dict[str, Files]:
    """Both packages, once."""
    return {name: unpacked(name) for name in NAMES}


def change(name: str, work: Callable[[dict[str, Any]], object]) -> Callable[[Files], None]:
    """A change of one JSON document of a package."""

    def broken(files: Files) -> None:
        document = json.loads(files[name])
        work(document)
        files[name] = json.dumps(document).encode()

    return broken


def put(path: str, value: object) -> Callable[[dict[str, Any]], object]:
    """Set the value at a path such as `modules/common/requests`; None takes it away."""

    def work(document: dict[str, Any]) -> None:
        *way, last = path.split("/")
        for key in way:
            document = document[key]
        if value is None:
            del document[last]
        else:
            document[last] = value

    return work


def manifest(path: str, value: object) -> Callable[[Files], None]:
    """A change of the manifest."""
    return change("manifest.json", put(path, value))


def template(path: str, value: object) -> Callable[[Files], None]:
    """A change of the template `openSession`."""
    return change("config/requests.json", put(f"openSession/{path}", value))


def parameter(path: str, value: object) -> Callable[[Files], None]:
    """A change of the parameter `api_token`."""
    return change("config/iparams.json", put(f"api_token/{path}", value))


def without(name: str) -> Callable[[Files], None]:
    """A package that lacks a file."""

    def broken(files: Files) -> None:
        del files[name]

    return broken


def written(name: str, old: str, new: str) -> Callable[[Files], None]:
    """A package with other words in a file."""

    def broken(files: Files) -> None:
        assert old.encode() in files[name], "what is to be changed is there"
        files[name] = files[name].replace(old.encode(), new.encode(), 1)

    return broken


def script(code: str, name: str = "app/scripts/places.js") -> Callable[[Files], None]:
    """A package with more code at the end of a script."""

    def broken(files: Files) -> None:
        files[name] += f"\n{code}\n".encode()

    return broken


ICON = {"url": "ticket.html", "icon": "styles/images/icon.svg"}
FORKS = " ".join(f"if (a === {n}) return {n};" for n in range(8))
HANDLER = {"onCallCreate": {"handler": "nobody"}}

BROKEN: dict[str, tuple[Callable[[Files], None], str]] = {
    "no manifest": (without("manifest.json"), "manifest.json: is missing"),
    "no readme": (without("README.md"), "README.md: is missing"),
    "no icon": (without("app/styles/images/icon.svg"), "the icon of ticket_sidebar is not in app/"),
    "no parameters": (without("config/iparams.json"), "iparams.json or iparams.html"),
    "two kinds of parameters": (
        lambda files: files.update({"config/iparams.html": b"<p>"}),
        "iparams.json or iparams.html",
    ),
    "two documents in one file": (
        written("config/requests.json", "{", "{} {"),
        "config/requests.json: is not one JSON document",
    ),
    "a list for an object": (
        lambda files: files.update({"config/iparams.json": b"[]"}),
        "config/iparams.json: is no JSON object",
    ),
    "an old platform": (manifest("platform-version", "2.3"), "platform-version is not 3.0"),
    "a product": (manifest("product", {"freshdesk": {}}), "product is not a key"),
    "whitelisted domains": (manifest("whitelisted-domains", ["https://x.com"]), "whitelisted-"),
    "a name": (manifest("name", "remember-them"), "name is not a key"),
    "no engines": (manifest("engines", None), "names no version of fdk"),
    "no version of node": (manifest("engines/node", "latest"), "names no version of node"),
    "common alone": (
        change("manifest.json", lambda d: d.update(modules={"common": d["modules"]["common"]})),
        "needs a module apart from common",
    ),
    "an unknown module": (manifest("modules/support_dog", {}), "there is no module support_dog"),
    "a location of another module": (
        manifest("modules/common/location", {"ticket_sidebar": ICON}),
        "ticket_sidebar is no location of the module common",
    ),
    "no location": (manifest("modules/support_ticket/location", {}), "location of the module supp"),
    "no requests": (manifest("modules/common/requests", {}), "requests of the module common is em"),
    "no functions": (manifest("modules/common/functions", {}), "functions of the module common is"),
    "no events": (manifest("modules/call/events", {}), "events of the module call is empty"),
    "requests elsewhere": (
        manifest("modules/support_ticket/requests", {"openSession": {}}),
        "requests does not belong in the module support_ticket",
    ),
    "a page that is not there": (without("app/ticket.html"), "the url of ticket_sidebar is not in"),
    "an event of no module": (
        manifest("modules/notification/events", HANDLER),
        "onCallCreate is no event of the module notification",
    ),
    "a handler that is not there": (
        manifest("modules/call/events", HANDLER),
        "exports no handler of onCallCreate",
    ),
    "no server part": (without("server/server.js"), "exports no handler of onCallCreate"),
    "a template not declared": (
        manifest("modules/common/requests/openSession", None),
        "openSession is not both in",
    ),
    "a template only declared": (
        manifest("modules/common/requests/other", {}),
        "other is not both in",
    ),
    "a template with a strange name": (
        change("config/requests.json", lambda d: d.update({"open session": d["openSession"]})),
        "open session is no name",
    ),
    "too many templates": (
        change(
            "config/requests.json",
            lambda d: d.update({f"t{n}": d["openSession"] for n in range(100)}),
        ),
        "more than a hundred",
    ),
    "a body in a template": (template("schema/body", "{}"), "body does not belong in a schema"),
    "no encryption": (template("schema/protocol", "http"), "the protocol is not https"),
    "an unknown method": (template("schema/method", "LOOK"), "there is no such method"),
    "a host with a scheme": (template("schema/host", "https://a.example.com"), "bare domain name"),
    "a host with a path": (template("schema/host", "a.example.com/v1"), "bare domain name"),
    "a host with a port": (template("schema/host", "a.example.com:8787"), "bare domain name"),
    "a host with a number": (template("schema/host", "192.0.2.7"), "bare domain name"),
    "a path without a slash": (template("schema/path", "v1/sessions"), "start with a slash"),
    "other content": (
        template("schema/headers/Content-Type", "application/x-www-form-urlencoded"),
        "such content is not sent",
    ),
    "another way of filling in": (
        template("schema/headers/Authorization", "Bearer {{iparam.api_token}}"),
        "the headers is filled in a way",
    ),
    "an unknown parameter": (
        template("schema/headers/Authorization", "Bearer <%= iparam.key %>"),
        "names the unknown parameter key",
    ),
    "a secret in a path": (
        template("schema/path", "/v1/<%= iparam.api_token %>"),
        "the path would show the secure parameter api_token",
    ),
    "too many attempts": (template("options", {"maxAttempts": 6}), "maxAttempts is not between"),
    "an odd delay": (template("options", {"retryDelay": 250}), "retryDelay is not a multiple"),
    "a secret in the open": (parameter("secure", False), "is a secret and not secure"),
    "a parameter without a name": (parameter("display_name", None), "needs a display_name"),
    "a parameter of no type": (parameter("type", "word"), "needs a display_name and a type"),
    "a strange key of a parameter": (parameter("regexp", "x"), "regexp is not a key"),
    "a page without the product": (
        written("app/ticket.html", "{{{appclient}}}", "https://static.freshdev.io/client.js"),
        "does not load {{{appclient}}}",
    ),
    "a script from elsewhere": (
        written("app/ticket.html", "scripts/places.js", "https://cdn.example.com/x.js"),
        "asks for https://cdn.example.com/x.js",
    ),
    "a script in a page": (
        written("app/call.html", "</head>", "<script>let a;</script></head>"),
        "app/call.html: has a script in its text",
    ),
    "a forked function": (script(f"function f(a) {{ {FORKS} }}"), "complexity 9"),
    "async without await": (script("async function f() { return 1; }"), "require-await"),
    "an unused parameter": (script("function f(a, b) { return a; }"), "no-unused-vars b"),
    "an unused name": (script("let lonely = 1;"), "no-unused-vars lonely"),
    "an unused import": (script('import { alone } from "./x.js";'), "no-unused-vars alone"),
    "an unused function": (script("function lonely() { return 1; }"), "no-unused-vars lonely"),
    "an empty function": (script("const f = () => {};"), "no-empty-function"),
    "a loose null": (script("const f = (a) => a != null;"), "no-eq-null"),
    "an alert": (script('alert("x");'), "no-alert, no-eval alert"),
    "eval": (script('eval("1");'), "no-alert, no-eval eval"),
    "a debugger": (script("debugger;"), "no-debugger"),
    "an import twice": (script('import * as a from "./freshdesk.js";'), "no-duplicate-imports"),
    "no JavaScript": (script("function ("), "parse"),
    "a function above exports": (
        written("server/server.js", "exports = {", "function f() { return 1; }\nexports = {"),
        "exports-first f",
    ),
    "a timer in the sandbox": (
        script("const t = setTimeout;", "server/server.js"),
        "sandbox setTimeout",
    ),
    "a request without a template": (
        script('const f = () => $request.post("https://x.com");', "server/server.js"),
        "asks without a request template",
    ),
    "an empty function in the component": (
        script("const f = () => {};", "app/assets/remember-client.js"),
        "app/assets/remember-client.js",
    ),
}
"""What is done to the package `freshdesk`, and words of what must then be said."""


@pytest.mark.parametrize("name", NAMES)
def test_the_package_keeps_every_published_rule(packages: dict[str, Files], name: str) -> None:
    """Nothing is said against what `remember app pack` makes."""
    assert faults(packages[name]) == []


@pytest.mark.parametrize("broken", BROKEN)
def test_each_rule_refuses_a_package_that_breaks_it(
    packages: dict[str, Files], broken: str
) -> None:
    """The check says of a broken package what is wrong with it."""
    work, said = BROKEN[broken]
    files = dict(packages["freshdesk"])
    work(files)
    assert any(said in fault for fault in faults(files)), faults(files)


@pytest.mark.parametrize("name", NAMES)
def test_the_server_is_filled_in_everywhere(packages: dict[str, Files], name: str) -> None:
    """Request templates and pages name the same server, and no mark is left over."""
    files = packages[name]
    templates = json.loads(files["config/requests.json"])
    assert {one["schema"]["host"] for one in templates.values()} == {"remember.example.com"}
    pages = [content for path, content in files.items() if path.endswith(".html")]
    assert pages
    assert all(b'content="https://remember.example.com"' in page for page in pages)
    assert not [path for path, content in files.items() if b"@SERVER_" in content]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "address",
    ["https://remember.acme.com:8787", "https://192.0.2.7", "https://[2001:db8::7]", "https://box"],
)
def test_a_server_that_freshworks_cannot_ask_is_refused(name: str, address: str) -> None:
    """A request template names a domain, so the command says at once what would fail later."""
    with pytest.raises(UsageError, match="cannot ask"):
        pack(APPS[name], server(address))


def test_the_ordinary_port_and_loopback_are_taken() -> None:
    """443 is the ordinary port; on one's own machine the app can be tried out without a name."""
    for address in ("https://remember.acme.com:443", "http://localhost:8787"):
        assert unpacked("freshdesk", address)


def test_only_one_of_the_two_takes_the_only_phone_panel(packages: dict[str, Files]) -> None:
    """The sidebars can be had beside another vendor's phone: only the second package is one."""
    panels = {
        name: "cti_global_sidebar"
        in json.loads(files["manifest.json"])["modules"]["common"].get("location", {})
        for name, files in packages.items()
    }
    assert panels == {"freshdesk": False, "freshdesk-cti": True}


@pytest.mark.parametrize("name", NAMES)
def test_no_page_can_come_by_a_secret(packages: dict[str, Files], name: str) -> None:
    """Nothing that runs in a browser asks for the installation's parameters."""
    scripts = [content for path, content in packages[name].items() if path.startswith("app/")]
    assert not [content for content in scripts if b"iparam" in content]
