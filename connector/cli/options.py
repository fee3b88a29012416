"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Account = Annotated[
    str | None,
    typer.Option(help="Which account, such as zendesk:acme; needed when several are stored."),
]
Phone = Annotated[str | None, typer.Option(help="As the phone system shows it.")]
Email = Annotated[str | None, typer.Option(help="An e-mail address.")]
Customer = Annotated[str | None, typer.Option(help="A customer ref, such as zendesk:123.")]
Ticket = Annotated[str | None, typer.Option(help="A ticket ref; its requester is meant.")]
Agent = Annotated[str | None, typer.Option(help="The agent who asks: a ref or an e-mail.")]
