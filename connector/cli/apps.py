"""The command that makes what is installed in a helpdesk: `remember app pack`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

import typer

from connector.cli.options import AsJson

apps = typer.Typer(help="The apps that are installed in a helpdesk.", no_args_is_help=True)

Name = Literal["zendesk", "freshdesk", "freshdesk-cti"]

_UPLOAD = (
    "In Zendesk's Admin Center: Apps and integrations > Zendesk Support apps > Upload private app. "
    "Then tell the server of it: the app's number in REMEMBER_ZENDESK_APP_ID"
)
_SIGNED = f"{_UPLOAD}, the account's address in REMEMBER_ZENDESK_URL."
_NEXT = {
    "zendesk": (
        f"{_UPLOAD}, its origin, https://NUMBER.apps.zdusercontent.com, in "
        "REMEMBER_ALLOWED_ORIGINS."
    ),
    "freshdesk": (
        "In Freshworks' developer portal: a new custom app, then upload the package. Then name the "
        "helpdesk's origin in REMEMBER_ALLOWED_ORIGINS."
    ),
}


@apps.command()
def pack(
    name: Annotated[Name, typer.Argument(help="Which app.")],
    server: Annotated[
        str, typer.Option(help="Where agents' browsers reach the service, with https.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write; in this folder unless said."),
    ] = None,
    signed: Annotated[
        bool,
        typer.Option("--signed", help="Zendesk: pages from the server, opened by signed requests."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the installable package of an app.

    Example: remember app pack zendesk --server https://remember.acme.com
    """
    from connector.apps import packing
    from connector.apps.packages import APPS
    from connector.cli.printing import console, print_json
    from memory import __version__

    where = packing.server(server)
    package = packing.pack(APPS[name], where, signed=signed)
    file = output or Path(f"remember-them-{name}-{__version__}.zip")
    file.write_bytes(package)
    if as_json:
        digest = hashlib.sha256(package).hexdigest()
        told = {"app": name, "server": where.url, "signed": signed, "file": str(file)}
        print_json({"version": 1, **told, "bytes": len(package), "sha256": digest})
        return
    out = console()
    out.print(f"Wrote {file}, {len(package) / 1000:.0f} kB, for {where.url}.", soft_wrap=True)
    out.print(_SIGNED if signed else _NEXT[name.removesuffix("-cti")], soft_wrap=True)
