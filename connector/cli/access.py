"""Commands for the access log: `remember access show` and `verify`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.failing import NOTHING_FOUND
from connector.cli.options import Account, AsJson

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from memory.asking.looked import Checked, LookEntry
    from memory.record.access import Anchor

access = typer.Typer(
    help="Who saw what of whom, and whether the log of it is as it was written.",
    no_args_is_help=True,
)

_NOT_WHOLE = 1
_HEADINGS = ("number", "when", "who", "known by", "from", "what", "of", "customer")
_IN_A_TERMINAL = ("", "when", "who", "known by", "what", "customer")

_WRONG = {
    "changed": "it says something else than when it was written.",
    "missing": "it has been taken out.",
    "cut": "it and all that came after it are gone.",
    "added": "it was put in by something else, or the head was set back.",
    "rewritten": "it is not the one that was expected: the log up to it was written anew.",
    "alias": "its customer is another than when it was written.",
}


@access.command()
def show(
    customer: Annotated[
        str | None, typer.Option(help="Who saw something of them: a customer ref.")
    ] = None,
    agent: Annotated[
        str | None,
        typer.Option(help="What they saw: an agent's ref or e-mail, or a name as the log has it."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="From that date or RFC 3339 time on.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many.")] = 50,
    account: Account = None,
    as_json: AsJson = False,
) -> int:
    """Who saw what of whom, newest first; never the words themselves.

    Several options together show what all of them are true of; without any it is everything.
    Whom an entry is about is not told any more once they are forgotten.

    Example: remember access show --customer zendesk:123

    Example: remember access show --agent daniel@example.com --since 2026-07-01
    """
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import print_json, table
    from memory.face import zone

    settings = open_settings()
    here = zone(settings.time_zone)
    with open_memory(settings, account) as memory:
        document = memory.who_saw(
            customer=customer,
            agent=agent,
            since=_since(since, here) if since else None,
            limit=limit,
        )
    if as_json:
        print_json(document)
    else:
        drawn = sys.stdout.isatty()
        rows = [(_few_cells if drawn else _cells)(one, here) for one in document["entries"]]
        headings = _IN_A_TERMINAL if drawn else _HEADINGS
        table(f"Who saw what, in {document['account']}", headings, rows)
        _say_how_many(len(rows), document["total"])
    return 0 if document["entries"] else NOTHING_FOUND


@access.command()
def verify(
    expect: Annotated[
        str | None,
        typer.Option(
            metavar="HEAD",
            help="The head that an earlier check printed: the log must still hold that entry.",
        ),
    ] = None,
    account: Account = None,
    as_json: AsJson = False,
) -> int:
    """Is the access log as it was written?

    Keep the head that it prints where nobody who can write to this machine reaches it. With
    --expect a later check shows whether the newest entries were cut, or the whole log was written
    anew, which the log alone cannot show.

    Example: remember access verify
    """
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json

    with open_memory(open_settings(), account) as memory:
        document = memory.check_access(_anchor(expect) if expect is not None else None)
    if as_json:
        print_json(document)
    else:
        console().print(_told(document))
    return 0 if document["whole"] else _NOT_WHOLE


def _told(document: Checked) -> str:
    """The outcome of a check in words."""
    if document["whole"]:
        return (
            f"The access log of {document['account']} is as it was written: "
            f"{_entries(document['entries'])}.\nHead: {document['head']}"
        )
    reason = document["reason"] or ""
    if document["broken_at"] is not None:
        wrong = f"Entry {document['broken_at']} is the first that is wrong: {_WRONG[reason]}"
    elif reason == "alias":
        wrong = "Whom some entries are about is another than when they were written."
    else:
        wrong = "The head is not as it was written."
    return (
        f"The access log of {document['account']} is not as it was written. {wrong}\n"
        f"Before it {_entries(document['entries'])} as written. Keep a copy of the record, and "
        "compare it with a backup."
    )


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _few_cells(one: LookEntry, here: tzinfo) -> list[object]:
    """As `_cells`, in as much room as a terminal has."""
    return [
        one["number"],
        f"{_at(one, here):%Y-%m-%d %H:%M}",
        one["name"] or one["agent"],
        f"{one['proof']}, {one['source']}",
        one["what"] if one["subject"] is None else f"{one['what']} {one['subject']}",
        one["customer"] or "(forgotten)",
    ]


def _at(one: LookEntry, here: tzinfo) -> datetime:
    from datetime import datetime

    return datetime.fromisoformat(one["at"]).astimezone(here)


def _cells(one: LookEntry, here: tzinfo) -> list[object]:
    return [
        one["number"],
        f"{_at(one, here):%Y-%m-%d %H:%M:%S}",
        one["agent"] if one["name"] is None else f"{one['name']} ({one['agent']})",
        one["proof"],
        one["source"],
        one["what"],
        one["subject"] or "-",
        one["customer"] or "(forgotten)",
    ]


def _say_how_many(shown: int, total: int) -> None:
    """What a table leaves out, on standard error; and that there is none."""
    if not total:
        typer.echo("The access log holds no such entry.", err=True)
    elif shown < total:
        typer.echo(f"The newest {shown} of {total}; --limit shows more.", err=True)


def _since(text: str, here: tzinfo) -> datetime:
    """A date (its beginning in the account's time zone) or a time.

    Raises:
        UsageError: It is neither.
    """
    from datetime import UTC, datetime

    from memory.errors import UsageError

    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=here)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            "--since is not a date or time.",
            "Write 2026-07-07 or 2026-07-07T09:00:00Z.",
        ) from None


def _anchor(text: str) -> Anchor:
    """The head that is expected.

    Raises:
        UsageError: It is none.
    """
    from memory.errors import UsageError
    from memory.record.access import Anchor

    try:
        return Anchor.parse(text)
    except ValueError:
        raise UsageError(
            "--expect is not a head of an access log.",
            "Copy it whole from what `remember access verify` printed, such as 312:9f86d0….",
        ) from None
