"""The rules of a Freshworks app package, as far as Freshworks has published them.

Freshworks' own judge is `fdk validate`, which is had only from Freshworks' download server and was
never run on these packages. The rules are read from Freshworks' pages on the manifest, request
templates, installation parameters and lint of platform 3.0
(https://developers.freshworks.com/docs/app-sdk/v3.0/) and from its own collections of errors and
samples (https://github.com/freshworks-developers/marketplace, skills/app-dev/references;
https://github.com/freshworks-developers/cti-tutorial-freshdesk).
"""

from __future__ import annotations

import ipaddress
import json
import re
from functools import cached_property
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from tests.support.node import lint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOCATIONS: Mapping[str, frozenset[str]] = {
    "common": frozenset({"full_page_app", "cti_global_sidebar"}),
    "support_ticket": frozenset(
        {
            "ticket_sidebar",
            "ticket_requester_info",
            "ticket_top_navigation",
            "ticket_background",
            "time_entry_background",
            "ticket_attachment",
            "ticket_conversation_editor",
            "new_ticket_requester_info",
            "new_ticket_background",
        }
    ),
    "support_contact": frozenset(
        {"contact_sidebar", "contact_background", "contact_list_background"}
    ),
    "caller_conversation": frozenset({"conversation_card", "widget_conversation_card"}),
    "notification": frozenset({"notification_card", "widget_notification_card"}),
    "call": frozenset(),
    "caller_agent": frozenset(),
    "caller_metrics": frozenset(),
    "support_agent": frozenset(),
    "support_company": frozenset(),
    "support_email": frozenset(),
    "support_portal": frozenset(),
}
"""The modules that Freshdesk and Freshcaller have, and where each of them shows an app."""

EVENTS: Mapping[str, frozenset[str]] = {
    "common": frozenset({"onAppInstall", "afterAppUpdate", "onAppUninstall", "onExternalEvent"}),
    "call": frozenset({"onCallCreate", "onCallUpdate"}),
    "caller_conversation": frozenset({"onCallCreate", "onCallUpdate"}),
}
"""Of the modules that our packages take events from."""

_TOP = {"platform-version", "modules", "engines", "app", "metaConfig", "scripts", "dependencies"}
_OF_COMMON = {"location", "requests", "functions", "events"}
_OF_MODULE = {"location", "events"}
_SCHEMA = {"protocol", "method", "host", "path", "headers", "query"}
_METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH"}
_CONTENT = {
    "application/json",
    "application/xml",
    "text/html",
    "text/xml",
    "application/jsonp",
    "text/plain",
    "text/javascript",
    "application/vnd.api+json",
}
_TYPES = {
    "text",
    "paragraph",
    "dropdown",
    "email",
    "number",
    "phone_number",
    "date",
    "url",
    "radio",
    "checkbox",
    "multiselect",
    "domain",
    "api_key",
}
_PARAMETER = {"display_name", "description", "type", "required", "secure", "default_value"}
_SECRET = re.compile(r"api_?key|token|secret|password|credential|auth", re.IGNORECASE)
_FILLED = re.compile(r"<%=\s*(?:encode\()?\s*(iparam|context)\.(\w+)\s*\)?\s*%>")
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def faults(files: Mapping[str, bytes]) -> list[str]:
    """What Freshworks would have to say against a package: nothing, or sentences with the file.

    Args:
        files: The package, by path.
    """
    return list(_Package(files).faults())


class _Page(HTMLParser):
    """The files that a page asks for, and what stands in it that may not."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.product = False
        self.inline = False
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        source = known.get("src") if tag == "script" else known.get("href")
        if tag == "script" and source == "{{{appclient}}}":
            self.product = True
        elif tag in {"script", "link"} and source:
            self.asked.append(source)
        self._script = tag == "script"

    def handle_data(self, data: str) -> None:
        self.inline |= self._script and bool(data.strip())


class _Package:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def _json(self, name: str) -> dict[str, Any]:
        try:
            document = json.loads(self._files.get(name, b"{}"))
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}

    @cached_property
    def _modules(self) -> dict[str, Any]:
        modules = self._json("manifest.json").get("modules")
        return modules if isinstance(modules, dict) else {}

    @cached_property
    def _linted(self) -> dict[str, Any]:
        return lint(
            {
                name: content.decode()
                for name, content in self._files.items()
                if name.startswith(("app/", "server/")) and name.endswith(".js")
            }
        )

    def faults(self) -> Iterator[str]:
        """One after the other."""
        yield from self._of_files()
        yield from self._of_manifest()
        for name, module in self._modules.items():
            yield from self._of_module(name, module)
        yield from self._of_requests()
        yield from self._of_parameters()
        yield from self._of_pages()
        yield from self._of_scripts()

    def _of_files(self) -> Iterator[str]:
        for name in ("manifest.json", "README.md", "app/styles/images/icon.svg"):
            if name not in self._files:
                yield f"{name}: is missing"
        for name in ("manifest.json", "config/iparams.json", "config/requests.json"):
            try:
                document = json.loads(self._files.get(name, b"{}"))
            except ValueError:
                yield f"{name}: is not one JSON document"
                continue
            if not isinstance(document, dict):
                yield f"{name}: is no JSON object"
        forms = {"config/iparams.json", "config/iparams.html"} & self._files.keys()
        if len(forms) != 1:
            yield "config: needs iparams.json or iparams.html, and not both"

    def _of_manifest(self) -> Iterator[str]:
        manifest = self._json("manifest.json")
        if manifest.get("platform-version") != "3.0":
            yield "manifest.json: platform-version is not 3.0"
        for key in sorted(manifest.keys() - _TOP):
            yield f"manifest.json: {key} is not a key of platform 3.0"
        engines = manifest.get("engines", {})
        for engine in ("node", "fdk"):
            if not _VERSION.fullmatch(str(engines.get(engine, ""))):
                yield f"manifest.json: engines names no version of {engine}"
        if not self._modules.keys() - {"common"}:
            yield "manifest.json: needs a module apart from common"

    def _of_module(self, name: str, module: dict[str, Any]) -> Iterator[str]:
        if name not in LOCATIONS:
            yield f"manifest.json: there is no module {name}"
            return
        allowed = _OF_COMMON if name == "common" else _OF_MODULE
        for key, block in module.items():
            if key not in allowed:
                yield f"manifest.json: {key} does not belong in the module {name}"
            if not block:
                yield f"manifest.json: {key} of the module {name} is empty"
        yield from self._of_locations(name, module.get("location", {}))
        yield from self._of_events(name, module.get("events", {}))

    def _of_locations(self, name: str, locations: dict[str, Any]) -> Iterator[str]:
        for place, shown in locations.items():
            if place not in LOCATIONS[name]:
                yield f"manifest.json: {place} is no location of the module {name}"
            for key in ("url", "icon"):
                if f"app/{shown.get(key)}" not in self._files:
                    yield f"manifest.json: the {key} of {place} is not in app/"

    def _of_events(self, name: str, events: dict[str, Any]) -> Iterator[str]:
        for event, heard in events.items():
            if event not in EVENTS.get(name, ()):
                yield f"manifest.json: {event} is no event of the module {name}"
            if heard.get("handler") not in self._linted["exports"]:
                yield f"server/server.js: exports no handler of {event}"

    def _of_requests(self) -> Iterator[str]:
        templates = self._json("config/requests.json")
        declared = self._modules.get("common", {}).get("requests", {})
        for name in sorted(templates.keys() ^ declared.keys()):
            yield f"requests: {name} is not both in config/requests.json and in the manifest"
        if len(templates) > 100:
            yield "config/requests.json: holds more than a hundred templates"
        for name, template in templates.items():
            if not re.fullmatch(r"[\w-]+", name):
                yield f"config/requests.json: {name} is no name of a template"
            for fault in self._of_template(template):
                yield f"config/requests.json: {name}: {fault}"

    def _of_template(self, template: dict[str, Any]) -> Iterator[str]:
        schema = template.get("schema", {})
        for key in sorted(schema.keys() - _SCHEMA):
            yield f"{key} does not belong in a schema"
        if schema.get("protocol", "https") != "https":
            yield "the protocol is not https"
        if schema.get("method") not in _METHODS:
            yield "there is no such method"
        if not _named(_FILLED.sub("x", str(schema.get("host", "")))):
            yield "the host is not a bare domain name"
        if not str(schema.get("path", "/")).startswith("/"):
            yield "the path does not start with a slash"
        content = schema.get("headers", {}).get("Content-Type", "application/json")
        if content not in _CONTENT:
            yield "such content is not sent"
        yield from self._of_filling(schema)
        yield from _of_options(template.get("options", {}))

    def _of_filling(self, schema: dict[str, Any]) -> Iterator[str]:
        parameters = self._json("config/iparams.json")
        for part in ("host", "path", "query", "headers"):
            text = json.dumps(schema.get(part, ""), ensure_ascii=False)
            found = _FILLED.findall(text)
            if text.count("<%") != len(found) or "{{" in text:
                yield f"the {part} is filled in a way that Freshworks does not know"
            for kind, name in found:
                if kind == "iparam" and name not in parameters:
                    yield f"the {part} names the unknown parameter {name}"
                elif kind == "iparam" and parameters[name].get("secure") and part != "headers":
                    yield f"the {part} would show the secure parameter {name}"

    def _of_parameters(self) -> Iterator[str]:
        for name, parameter in self._json("config/iparams.json").items():
            where = f"config/iparams.json: {name}"
            if not parameter.get("display_name") or parameter.get("type") not in _TYPES:
                yield f"{where} needs a display_name and a type"
            for key in sorted(parameter.keys() - _PARAMETER):
                yield f"{where}: {key} is not a key of a parameter"
            if _SECRET.search(name) and parameter.get("secure") is not True:
                yield f"{where} is a secret and not secure"

    def _of_pages(self) -> Iterator[str]:
        for name, content in self._files.items():
            if not name.startswith("app/") or not name.endswith(".html"):
                continue
            page = _Page(content.decode())
            if not page.product:
                yield f"{name}: does not load {{{{{{appclient}}}}}}"
            if page.inline:
                yield f"{name}: has a script in its text"
            for asked in page.asked:
                if f"app/{asked}" not in self._files:
                    yield f"{name}: asks for {asked}, which is not in app/"

    def _of_scripts(self) -> Iterator[str]:
        for name, found in self._linted["faults"].items():
            ours = not name.startswith("app/assets/")
            for fault in found:
                if fault["level"] == 2 or ours:
                    yield f"{name}:{fault['line']}: {fault['rule']} {fault['text']}".rstrip()
        for name, content in self._files.items():
            if name.endswith(".js") and re.search(rb"\$?request\.(get|post|put|delete)\(", content):
                yield f"{name}: asks without a request template"


def _of_options(options: dict[str, Any]) -> Iterator[str]:
    attempts, delay = options.get("maxAttempts", 1), options.get("retryDelay", 0)
    if attempts not in range(1, 6):
        yield "maxAttempts is not between 1 and 5"
    if delay not in range(0, 1501, 100):
        yield "retryDelay is not a multiple of 100 up to 1500"


def _named(host: str) -> bool:
    """Whether it is a domain name and nothing else: no address, port, path or scheme."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _HOST.fullmatch(host) is not None
    return False
