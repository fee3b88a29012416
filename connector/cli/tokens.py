"""Commands for bearer tokens: `remember token create`, `list` and `revoke`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.options import Account, AsJson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connector.settings import Settings
    from memory import Memory
    from memory.record.tokens import Token

LOCAL = "http://127.0.0.1:8787"
"""Where `remember serve` is reached on this machine, unless told otherwise."""

_LINK_HOURS = 12.0
_PROGRAM_HOURS = 365 * 24.0
_FOR_GOOD = 0.0
_MOST_HOURS = 10 * 366 * 24
_LONGEST_NAME = 80

tokens = typer.Typer(
    help="Tokens that open the service: for programs, and sign-in links for agents.",
    no_args_is_help=True,
)


@tokens.command()
def create(
    name: Annotated[str, typer.Argument(help="What the token is for, such as “Zendesk app”.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="What it allows, once for each: brief:read, sensitive:read, notes:write, "
            "ring:write, admin."
        ),
    ] = None,
    agent: Annotated[
        str | None,
        typer.Option(help="Make a sign-in link for this agent: an e-mail or a ref."),
    ] = None,
    hours: Annotated[
        float | None,
        typer.Option(
            min=_FOR_GOOD,
            max=_MOST_HOURS,
            help="How long it is good: a sign-in link 12 hours, another a year, unless it is said; "
            "0 is until it is revoked.",
        ),
    ] = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Make a token; its secret is shown this once.

    Example: remember token create "Zendesk app" --scope brief:read --scope notes:write

    Example: remember token create "Dana's page" --agent dana@acme.com --hours 9
    """
    from datetime import timedelta

    from connector.cli.opening import open_memory, open_settings
    from connector.clock import SystemClock
    from memory.errors import UsageError
    from memory.record import tokens as record

    if hours == _FOR_GOOD and agent is not None:
        raise UsageError("A sign-in link ends.", "Say after how many hours.")
    settings = open_settings()
    scopes = _scopes(scope, for_agent=agent is not None)
    label = _label(name)
    if hours is None:
        hours = _PROGRAM_HOURS if agent is None else _LINK_HOURS
    with open_memory(settings, account) as memory:
        now = SystemClock().now()
        agent_id = None if agent is None else _agent_id(memory, agent, now)
        with memory.record.writing(memory.account) as writer:
            token, secret = record.create(
                writer.connection,
                memory.account.number,
                name=label,
                scopes=scopes,
                at=now,
                agent_id=agent_id,
                expires_at=None if hours == _FOR_GOOD else now + timedelta(hours=hours),
            )
        link = None if agent_id is None else _link(settings, secret)
        _print_new(memory, token, secret, link, as_json=as_json)


@tokens.command("list")
def list_(account: Account = None, as_json: AsJson = False) -> None:
    """The tokens there are, without their secrets.

    Example: remember token list
    """
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json, table
    from connector.clock import SystemClock
    from memory.record import tokens as record

    with open_memory(open_settings(), account) as memory:
        own = memory.account
        with memory.record.reading() as connection:
            found = record.tokens(connection, own.number)
        rows = [_document(memory, token, SystemClock().now()) for token in found]
        if as_json:
            print_json({"version": 1, "account": own.name, "tokens": rows})
        elif not rows:
            console().print("There is no token. Make one with `remember token create`.")
        else:
            headings = ("id", "name", "scopes", "agent", "state", "made", "ends", "used")
            table(f"Tokens of {own.name}", headings, [_cells(row) for row in rows])


@tokens.command()
def revoke(
    token_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="As `token list` shows it.")
    ] = None,
    agent: Annotated[
        str | None,
        typer.Option(help="In place of an id: an agent, by e-mail or ref, and all they have open."),
    ] = None,
    everybody: Annotated[
        bool,
        typer.Option("--everybody", help="In place of an id: every token, and all that is open."),
    ] = False,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Take a token back, and every session that it opened.

    Of an agent, their sign-in links and all that they have open: sessions, the pages that Zendesk
    signed for them, and streams of rings, which end within 15 seconds.

    Example: remember token revoke 5f0c1d2e3a4b

    Example: remember token revoke --agent dana@acme.com
    """
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json
    from connector.clock import SystemClock
    from memory.errors import NotFoundError, UsageError
    from memory.record import tokens as record

    if [token_id is None, agent is None, not everybody].count(False) != 1:
        raise UsageError("Say what to take back in one way.", "Give an id, --agent or --everybody.")
    with open_memory(open_settings(), account) as memory:
        own = memory.account
        now = SystemClock().now()
        whose = _agent_id(memory, agent, now, active=False) if agent else record.EVERYBODY
        with memory.record.writing(own) as writer:
            known = True
            if token_id is None:
                record.end_sessions(writer.connection, own.number, whose, now)
            else:
                known = record.revoke(writer.connection, own.number, token_id, now)
        if not known:
            raise NotFoundError(
                "There is no token of that id.", "Take the id from `remember token list`."
            )
        revoked = token_id or (own.ref(whose) if whose else "everybody")
        if as_json:
            print_json({"version": 1, "account": own.name, "revoked": revoked})
        else:
            console().print(f"Revoked {revoked}.")


def _scopes(named: Sequence[str] | None, *, for_agent: bool) -> frozenset[str]:
    """What the token is to allow.

    Raises:
        UsageError: One of them is none, or a program's token names none.
    """
    from memory.errors import UsageError
    from memory.record.tokens import AGENT_SCOPES, SCOPES

    asked = {one for text in named or () for one in text.replace(",", " ").split()}
    if not asked and for_agent:
        return frozenset(AGENT_SCOPES)
    if not asked or not asked <= set(SCOPES):
        raise UsageError(
            "Say what the token allows." if not asked else "There is no such scope.",
            f"Give --scope, once for each: {', '.join(SCOPES)}.",
        )
    return frozenset(asked)


def _label(name: str) -> str:
    """The name in one line.

    Raises:
        UsageError: It is empty or too long.
    """
    from memory.errors import UsageError

    label = " ".join(name.split())
    if not label or len(label) > _LONGEST_NAME or not label.isprintable():
        raise UsageError(
            "The token's name cannot be used.", f"Write 1 to {_LONGEST_NAME} characters."
        )
    return label


def _agent_id(memory: Memory, ref_or_email: str, now: datetime, *, active: bool = True) -> str:
    """The id of an agent, an active one unless told otherwise.

    Raises:
        UsageError: There is none.
    """
    from datetime import UTC

    from memory.asking.identity import agent_of
    from memory.asking.view import View
    from memory.errors import UsageError

    with memory.record.reading() as connection:
        found = agent_of(connection, View(memory.account, now, UTC), ref_or_email)
    if active and not found.active:
        raise UsageError(
            "That agent is no longer active.", "Name one who can sign in to the helpdesk."
        )
    agent_id: str = found.id
    return agent_id


def _link(settings: Settings, secret: str) -> str:
    """A sign-in link: what stands after # never reaches a server, nor its log."""
    return f"{(settings.public_url or LOCAL).rstrip('/')}/#link={secret}"


def _print_new(
    memory: Memory, token: Token, secret: str, link: str | None, *, as_json: bool
) -> None:
    from connector.cli.printing import console, print_json

    document = _document(memory, token, token.created_at)
    if as_json:
        shown = {"secret": secret} if link is None else {"link": link}
        print_json({"version": 1, "account": memory.account.name, **document, **shown})
        return
    out = console()
    what = "Token" if link is None else "Sign-in link"
    ends = document["expires_at"] or "it is revoked"
    out.print(f"{what} {token.id} ({', '.join(sorted(token.scopes))}), good until {ends}:")
    out.print(secret if link is None else link, soft_wrap=True)
    out.print(f"It is shown this once. Take it back with `remember token revoke {token.id}`.")


def _document(memory: Memory, token: Token, now: datetime) -> dict[str, object]:
    """A token as the commands show it."""
    from memory.asking.view import rfc3339

    def told(at: datetime | None) -> str | None:
        return None if at is None else rfc3339(at)

    state = "good" if token.stands(now) else "revoked" if token.revoked_at else "ended"
    return {
        "id": token.id,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "agent": memory.account.ref(token.agent_id) if token.agent_id else None,
        "state": state,
        "created_at": told(token.created_at),
        "expires_at": told(token.expires_at),
        "revoked_at": told(token.revoked_at),
        "used_at": told(token.used_at),
    }


def _cells(row: dict[str, object]) -> list[object]:
    scopes = row["scopes"]
    return [
        row["id"],
        row["name"],
        " ".join(scopes) if isinstance(scopes, list) else "",
        row["agent"] or "-",
        row["state"],
        row["created_at"],
        row["expires_at"] or "-",
        row["used_at"] or "never",
    ]
