"""Commands that forget a person, and that let them be known again: forget and allow."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Final

import typer

from connector.cli.options import Account, AsJson, Customer, Email, Phone

if TYPE_CHECKING:
    from connector.settings import Settings
    from memory.face import Memory
    from memory.face.forgetting import Forgot, WouldForget
    from memory.record.certificates import Certificate

_OUTSIDE: Final = {
    "backups": "backups and disk snapshots that were made before",
    "changed_files": "an export that somebody changed after it was written",
    "chroma_server_files": "the Chroma server's files, until it vacuums them",
    "helpdesk": "the helpdesk itself, until they are deleted there",
    "notes_of_others": "notes on other people that name them",
    "postgresql_old_rows": "PostgreSQL's old rows and log until it vacuums, and its own backups",
    "tickets_of_others": "other people's tickets that name them",
}
"""What a forgetting does not reach, by its code."""


def forget(
    customer: Customer = None,
    email: Email = None,
    phone: Phone = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would go and what is outside.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Forget them without asking back.")] = False,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Erase a person everywhere here, for good; no sync brings them back.

    The certificate says when and how much, and nothing of whom or what. A phone or e-mail that
    several share is refused and they are listed.

    Example: remember forget --customer zendesk:123 --dry-run
    """
    from connector.cli.looking import own_act
    from connector.cli.opening import open_memory, open_settings

    settings = open_settings()
    with open_memory(settings, account) as memory:
        if dry_run or not yes:
            _show(memory.would_forget(customer=customer, email=email, phone=phone), as_json=as_json)
        if dry_run:
            return
        if not yes:
            _ask(as_json=as_json)
        forgot = memory.forget(customer=customer, email=email, phone=phone, act=own_act())
        _finish(settings, memory, forgot, as_json=as_json)


def allow(
    ref: Annotated[str, typer.Argument(metavar="REF", help="A customer ref, such as zendesk:123.")],
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Let a person who was forgotten be known again, once the helpdesk tells of them.

    Example: remember allow zendesk:123
    """
    from connector.cli.looking import own_act
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json
    from memory.errors import BusyError

    settings = open_settings()
    with open_memory(settings, account) as memory:
        with suppress(BusyError):  # whether bytes of theirs are left is seen next
            _remove_bytes(settings, memory)
        memory.allow(ref, act=own_act())
        name = memory.account.name
    if as_json:
        print_json({"version": 1, "account": name, "allowed": ref})
    else:
        console().print(
            f"{ref} may be known again, once the helpdesk's lists are read anew: by a sync within "
            "REMEMBER_RECHECK_DAYS, or now with REMEMBER_RECHECK_DAYS=0 remember sync.",
            markup=False,
        )


def _ask(*, as_json: bool) -> None:
    """Go on when somebody at a terminal says so.

    Raises:
        UsageError: Nobody does.
    """
    from memory.errors import UsageError

    asked = not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    if not asked or not typer.confirm("Forget them for good?"):
        raise UsageError("Nobody was forgotten.", "Add --yes to forget them.")


def _finish(settings: Settings, memory: Memory, forgot: Forgot, *, as_json: bool) -> None:
    """Remove the last bytes, unless another process does, and print the certificate."""
    from memory.errors import BusyError, RememberError

    kept: RememberError | None = None
    certificate = forgot.certificate
    try:
        done = _remove_bytes(settings, memory)
        number = certificate["certificate"]
        certificate = next((one for one in done if one["certificate"] == number), certificate)
        later = "The next sync or start removes the last bytes of theirs."
    except BusyError as error:
        later = f"{error.detail} It removes the last bytes of theirs."
    except RememberError as error:
        kept, later = error, "The next sync or start tries to remove the last bytes of theirs."
    _print(forgot, certificate, later, as_json=as_json)
    if kept is not None:
        raise kept


def _remove_bytes(settings: Settings, memory: Memory) -> list[Certificate]:
    """Remove the bytes of everybody who was forgotten; the certificates of those who are done.

    Raises:
        BusyError: Another process holds the data folder, and does so itself.
    """
    from connector.cli.opening import workplace
    from connector.clock import SystemClock
    from connector.lock import hold
    from memory.forgetting import finish

    clock = SystemClock()
    with hold(settings.folder, "forget", clock):
        return finish(memory.record, workplace(settings), clock.now())


def _show(document: WouldForget, *, as_json: bool) -> None:
    from connector.cli.printing import console, print_json, table

    if as_json:
        print_json(document)
        return
    rows = [(what.replace("_", " "), count) for what, count in document["counts"].items()]
    table(f"Of {document['customer']} would go", ("what", "how many"), rows)
    out = console()
    for file in document["files"]:
        out.print(f"File: {file}", markup=False, soft_wrap=True)
    _name_others(document["merged"], document["same_person"])
    for one in document["outside"]:
        ids = [*one["tickets"], *one["notes"]]
        named = f": {', '.join(ids)}" if ids else ""
        told = f"Stays, being outside: {_OUTSIDE[one['what']]}{named}."
        out.print(told, markup=False, soft_wrap=True)


def _print(forgot: Forgot, certificate: Certificate, later: str, *, as_json: bool) -> None:
    from connector.cli.printing import console, print_json

    if as_json:
        print_json(
            {
                **certificate,
                "customer": forgot.customer,
                "before": forgot.before,
                "merged": list(forgot.merged),
                "same_person": list(forgot.same_person),
            }
        )
        return
    out = console()
    since = certificate["accepted_at"]
    told = f"{forgot.customer} was forgotten already" if forgot.before else "Forgotten"
    out.print(f"{told}, since {since}. Certificate {certificate['certificate']}.", soft_wrap=True)
    counts = ", ".join(
        f"{count:,} {what.replace('_', ' ')}"
        for what, count in certificate["counts"].items()
        if not what.startswith("outside")
    )
    out.print(f"Went: {counts or 'nothing that was known'}.", soft_wrap=True)
    _name_others(forgot.merged, forgot.same_person)
    done = certificate["complete_at"]
    ending = later if done is None else f"No byte of theirs is left here since {done}."
    out.print(ending, markup=False, soft_wrap=True)
    for code in certificate["outside"]:
        out.print(f"Stays, being outside: {_OUTSIDE[code]}.", markup=False, soft_wrap=True)


def _name_others(merged: list[str] | tuple[str, ...], same: list[str] | tuple[str, ...]) -> None:
    from connector.cli.printing import console

    out = console()
    if merged:
        out.print(f"With them those merged into them: {', '.join(merged)}.", markup=False)
    if same:
        told = f"Agents say that they are the same person, and stay: {', '.join(same)}."
        out.print(told, markup=False)
