"""Makes the installable package of an app: a zip archive, the same byte for byte each time."""

from __future__ import annotations

import ipaddress
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connector.apps import freshdesk, zendesk
from memory import __version__
from memory.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.apps.packages import App

_TEXT = {".json", ".html", ".js", ".css", ".md"}
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip archive can name."""

_PLAIN_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Server:
    """Where the service is reached from an agent's browser.

    Attributes:
        url: Its address, without a slash at the end.
        host: Its name, without a port; what a helpdesk is told to let the app speak to.
    """

    url: str
    host: str


def server(address: str) -> Server:
    """Read the address of the service.

    Args:
        address: Such as https://remember.acme.com. http is allowed on loopback only, for trying
            the app out on one's own machine.

    Raises:
        UsageError: It is no address that an app could use.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _unusable("cannot be read") from None
    if parts.scheme not in {"http", "https"} or not _named(host):
        raise _unusable("is no web address")
    if parts.scheme == "http" and not _loopback(host):
        raise _unusable("is not encrypted: a helpdesk's page does not ask such a server")
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        raise _unusable("has more than a scheme, a host and a port")
    shown = f"[{host}]" if ":" in host else host
    return Server(f"{parts.scheme}://{shown}{f':{port}' if port is not None else ''}", host)


def _unusable(why: str) -> UsageError:
    return UsageError(
        f"The address of the server {why}.",
        "Say it like --server https://remember.acme.com (http only for localhost).",
    )


def _named(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return len(host) <= 253 and _HOST.fullmatch(host) is not None
    return True


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def pack(app: App, where: Server, *, signed: bool = False) -> bytes:
    """The package of an app for one server.

    Args:
        app: Which.
        where: The server that the app will ask.
        signed: Zendesk only: the pages come from the server itself, which Zendesk tells, signed,
            who is looking.

    Raises:
        UsageError: The app has no such variant, or cannot ask this server.
    """
    files = app.files()
    if app.name != "zendesk":
        freshdesk.check(where.url)
    if signed and app.name != "zendesk":
        raise UsageError(
            f"The app {app.name} has no signed variant.", "Leave --signed out; only Zendesk signs."
        )
    if signed:
        files = zendesk.signed(files)
    values = {"@SERVER_URL@": where.url, "@SERVER_HOST@": where.host, "@VERSION@": __version__}
    return archive({name: _filled(name, content, values) for name, content in files.items()})


def _filled(name: str, content: bytes, values: Mapping[str, str]) -> bytes:
    if not any(name.endswith(suffix) for suffix in _TEXT):
        return content
    for mark, value in values.items():
        content = content.replace(mark.encode(), value.encode())
    return content


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip archive with these files, by path, at its root; it tells neither date nor machine."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.create_system = 3  # where permissions have a meaning, whatever machine packs
            entry.external_attr = _PLAIN_FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content, compresslevel=9)
    return out.getvalue()
