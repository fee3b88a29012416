"""What Zendesk refuses in the manifest of an app, told as its own validator tells it.

See `zendesk_rules`; of the gem: validations/manifest.rb and validations/secure_settings.rb.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCATIONS = {
    "top_bar",
    "nav_bar",
    "ticket_sidebar",
    "new_ticket_sidebar",
    "user_sidebar",
    "organization_sidebar",
    "background",
    "modal",
    "ticket_editor",
    "system_top_bar",
}
HOSTS = {"support", "chat", "standalone_chat", "sell", "zendesk", "zopim", "lotus_box"}
TYPES = {"text", "checkbox", "url", "number", "multiline", "hidden", "oauth"}
SCOPES = {
    "header",
    "body",
    "url",
    "jwt_secret_key",
    "jwt_claim",
    "basic_auth_username",
    "basic_auth_password",
}
LOCALE = re.compile(r"[a-z]{2,3}(-\w{2,3})?")
_SECRET = re.compile("token|key|pwd|password", re.IGNORECASE)


def manifest_complaints(manifest: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    """What is wrong with the manifest.

    Args:
        manifest: As read.
        files: All of the package, by path.
    """
    for rule in (_keys, _kinds, _parameters, _locations):
        yield from rule(manifest, files)


def _keys(manifest: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    """What must be there, and what may not."""
    for key in ("author", "defaultLocale", "frameworkVersion"):
        if manifest.get(key) is None:
            yield f"manifest: {key} is missing"
    if manifest.get("frameworkVersion") not in {None, "2.0"}:
        yield "manifest: frameworkVersion is not served"
    if manifest.get("noTemplate"):
        yield "manifest: noTemplate belongs to version 1"
    locale = manifest.get("defaultLocale")
    if isinstance(locale, str):
        if not LOCALE.fullmatch(locale):
            yield "manifest: defaultLocale is no locale"
        elif f"translations/{locale}.json" not in files:
            yield "manifest: defaultLocale has no translation"
    for key in manifest.get("experiments") or {}:
        if key not in {"hashParams", "newCssCompiler"}:
            yield f"manifest: experiment {key}"


def _kinds(manifest: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    """Each value is of its kind."""
    del files
    texts = ("defaultLocale", "version", "frameworkVersion", "remoteInstallationURL")
    for key in (*texts, "termsConditionsURL", "gaID"):
        if not isinstance(manifest.get(key), str | None):
            yield f"manifest: {key} is no text"
    for key in ("requirementsOnly", "marketingOnly", "singleInstall", "signedUrls", "private"):
        if not isinstance(manifest.get(key, False), bool):
            yield f"manifest: {key} is neither true nor false"
    author = manifest.get("author") or {}
    for key in ("name", "email", "url"):
        if not isinstance(author.get(key), str | None):
            yield f"manifest: author's {key} is no text"
    for address in (author.get("url"), manifest.get("termsConditionsURL")):
        if isinstance(address, str) and not _web(address):
            yield f"manifest: {address} is no web address"
    yield from _lists(manifest)


def _lists(manifest: dict[str, Any]) -> Iterator[str]:
    if not isinstance(manifest.get("experiments", {}), dict):
        yield "manifest: experiments is no object"
    domains = manifest.get("domainWhitelist", [])
    if not isinstance(domains, list) or not all(isinstance(one, str) for one in domains):
        yield "manifest: domainWhitelist is no list of texts"
    oauth = manifest.get("oauth")
    for key in ("client_id", "client_secret", "authorize_uri", "access_token_uri"):
        if oauth is not None and not oauth.get(key):
            yield f"manifest: oauth lacks {key}"


def _web(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _parameters(manifest: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    """The settings that an administrator fills in."""
    del files
    parameters = manifest.get("parameters", [])
    if not isinstance(parameters, list):
        yield "parameters: not a list"
        return
    names = [one.get("name") for one in parameters]
    if len(set(names)) < len(names):
        yield "parameters: a name twice"
    if "name" in names:
        yield "parameters: one is called name"
    if sum(one.get("type") == "oauth" for one in parameters) > 1:
        yield "parameters: more than one oauth"
    for one in parameters:
        yield from (f"parameters: {one.get('name')}: {why}" for why in _parameter(one))


def _parameter(one: dict[str, Any]) -> Iterator[str]:
    kind, secure = one.get("type", "text"), one.get("secure", False)
    if kind not in TYPES:
        yield f"type {kind}"
    for key in ("required", "secure"):
        if not isinstance(one.get(key, False), bool):
            yield f"{key} is neither true nor false"
    if kind == "hidden" and one.get("required"):
        yield "hidden and required"
    if kind == "oauth" and secure:
        yield "oauth and secure"
    if "default" in one and (secure or kind == "hidden"):
        yield "a default that everybody could read"
    if kind == "text" and not secure and _SECRET.search(one["name"]):
        yield "looks secret, is not secure"
    yield from _scopes(one.get("scopes"), secure=secure)


def _scopes(scopes: Any, *, secure: bool) -> Iterator[str]:
    if secure and not scopes:
        yield "secure without scopes"
    if scopes is not None and not secure:
        yield "scopes without secure"
    if scopes is not None and not isinstance(scopes, list):
        yield "scopes are no list"
    elif scopes is not None and (scopes == [] or set(scopes) - SCOPES):
        yield "scopes that are none"


def _locations(manifest: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    """Where the app is shown, and what is shown there."""
    hosts = manifest.get("location")
    if not isinstance(hosts, dict) or not any(hosts.values()):
        yield "location: missing, or without addresses"
        return
    for host, locations in hosts.items():
        if host not in HOSTS:
            yield f"location: host {host}"
            continue
        for name, told in locations.items():
            if name not in LOCATIONS:
                yield f"location: {name} is none"
            options = told if isinstance(told, dict) else {"url": told}
            yield from (f"location: {name}: {why}" for why in _location(options, files))
            icon = {"top_bar", "nav_bar", "system_top_bar", "ticket_editor"} & {name}
            if icon and f"assets/icon_{name}.svg" not in files:
                yield f"location: {name} has no icon"


def _location(options: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    if not isinstance(options.get("flexible", False), bool):
        yield "flexible is neither true nor false"
    url = options.get("url")
    if not isinstance(url, str) or not url:
        if options.get("autoLoad", True):
            yield "no address"
        return
    if "{{setting." in url:
        return
    parts = urlsplit(url)
    if parts.scheme:
        if parts.scheme != "https" and parts.hostname != "localhost":
            yield "address without https"
    elif not parts.path.startswith("assets/") or parts.path not in files:
        yield "no such file in assets"
