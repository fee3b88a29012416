"""What is particular to the Freshdesk apps: Freshworks' cloud, too, has to find the server."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from memory.errors import UsageError

_DOMAIN = re.compile(r"[a-z0-9.-]+\.[a-z][a-z0-9-]*")


def check(url: str) -> None:
    """Refuse a server that a request template cannot name.

    A template holds a domain name and nothing else: no port, no address.

    Args:
        url: Of the server; on loopback anything goes, for trying the app out.

    Raises:
        UsageError: Freshworks' cloud could not ask such a server.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "http":  # which is loopback, as no other is taken
        return
    if parts.port not in {None, 443} or not _DOMAIN.fullmatch(host):
        raise UsageError(
            "Freshworks' cloud cannot ask a server with a port, or without a domain name.",
            "Serve it at the ordinary port of a name, such as https://remember.acme.com.",
        )
