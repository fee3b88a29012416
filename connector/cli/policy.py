"""Commands for what is kept, how it is shown and for how long: `remember policy`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from connector.cli.options import Account, Agent, AsJson, Customer
from connector.cli.sealing import rotate_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

    from memory.asking.kept import CustomerPolicy, KindKept, Policy

Show = Literal["full", "masked", "off", "default"]
Answer = Literal["agreed", "declined"]

_HEADINGS = ("kind", "kept", "shown", "days")
_OF_CUSTOMER = Annotated[str, typer.Argument(metavar="REF", help="A ref, such as zendesk:123.")]
_MEMORY = Annotated[
    str, typer.Argument(metavar="MEMORY", help="The id, as a brief or an export names it.")
]

policy = typer.Typer(
    help="What is kept, how it is shown and for how long: by kind, by customer, by memory.",
    no_args_is_help=True,
)


@policy.command()
def show(customer: Customer = None, account: Account = None, as_json: AsJson = False) -> None:
    """What is kept of this account, or of one customer.

    Example: remember policy show

    Example: remember policy show --customer zendesk:123
    """
    from connector.cli.looking import own_act
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json, table

    with open_memory(open_settings(), account) as memory:
        if customer is not None:
            of_one = memory.policy_of(customer, act=own_act())
            print_json(of_one) if as_json else console().print(_told_of(of_one))
            return
        document = memory.policies()
    if as_json:
        print_json(document)
        return
    table(
        f"What {document['account']} keeps", _HEADINGS, [_cells(one) for one in document["kinds"]]
    )
    for line in _lines(document):
        console().print(line)


@policy.command()
def kind(
    name: Annotated[str, typer.Argument(metavar="KIND", help="Such as health or feeling.")],
    keep: Annotated[
        bool | None,
        typer.Option("--keep/--never-keep", help="Whether anything of this kind is kept."),
    ] = None,
    show: Annotated[
        Show | None,
        typer.Option(help="As it is, hidden until revealed, left out, or as the setting says."),
    ] = None,
    days: Annotated[
        str | None,
        typer.Option(
            metavar="DAYS", help="How long after it was said; 0 is for good, or: default."
        ),
    ] = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Say of a kind whether it is kept, how it is shown and for how long.

    What is never kept goes at once, with its words, and is not derived again. What is kept again,
    or for longer, comes back with the next sync, as far as tickets tell it.

    Example: remember policy kind health --never-keep

    Example: remember policy kind feeling --show off --days 90
    """
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json
    from memory.errors import UsageError

    if keep is None and show is None and days is None:
        raise UsageError(
            "It is not said what is to hold of that kind.",
            "Add --keep, --never-keep, --show or --days; `remember policy show` tells what holds.",
        )
    with open_memory(open_settings(), account) as memory:
        told = memory.set_kind(
            name, keep=keep, show=show, days=None if days is None else _days(days)
        )
        own = memory.account.name
    if as_json:
        print_json({"version": 1, "account": own, **told})
    else:
        console().print(f"{told['kind']}: {_sentence(told)}")


@policy.command("opt-out")
def opt_out(customer: _OF_CUSTOMER, account: Account = None, as_json: AsJson = False) -> None:
    """Keep nothing of a customer but their issues; what there is goes at once.

    Example: remember policy opt-out zendesk:123
    """
    from connector.cli.looking import own_act
    from connector.cli.opening import open_memory, open_settings

    with open_memory(open_settings(), account) as memory:
        memory.opt_out(customer, act=own_act())
        _done(
            memory.account.name,
            customer,
            "opted_out",
            "Nothing is kept but issues.",
            as_json=as_json,
        )


@policy.command("opt-in")
def opt_in(customer: _OF_CUSTOMER, account: Account = None, as_json: AsJson = False) -> None:
    """Remember a customer who opted out like any other; the next sync does.

    Example: remember policy opt-in zendesk:123
    """
    from connector.cli.looking import own_act
    from connector.cli.opening import open_memory, open_settings

    with open_memory(open_settings(), account) as memory:
        memory.opt_in(customer, act=own_act())
        told = "They are remembered with the next sync."
        _done(memory.account.name, customer, "opted_in", told, as_json=as_json)


@policy.command()
def before(
    date: Annotated[
        str, typer.Argument(metavar="DATE", help="A day, or an RFC 3339 time: what is older goes.")
    ],
    customer: Annotated[str, typer.Option(help="A customer ref, such as zendesk:123.")],
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Remember nothing that was said of a customer before a day; what there is goes at once.

    Memories and notes go, and what they wrote; of older issues the title and our answer stay.

    Example: remember policy before 2025-01-01 --customer zendesk:123
    """
    from connector.cli.looking import own_act
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json
    from memory.asking.view import rfc3339
    from memory.face import zone

    settings = open_settings()
    moment = _moment(date, zone(settings.time_zone))
    with open_memory(settings, account) as memory:
        since = memory.cut_off(customer, moment, act=own_act())
        own = memory.account.name
    if as_json:
        print_json({"version": 1, "account": own, "customer": customer, "before": rfc3339(since)})
    else:
        day = since.astimezone(moment.tzinfo).strftime("%Y-%m-%d %H:%M")
        console().print(f"{customer}: nothing is remembered that was said before {day}.")


@policy.command()
def consent(
    memory_id: _MEMORY,
    answer: Annotated[Answer, typer.Argument(help="What the customer said when asked.")],
    agent: Agent = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Write down whether a customer wants something kept; what they declined goes at once.

    Example: remember policy consent 5f0c1d2e3a4b agreed --agent daniel@example.com
    """
    from connector.cli.looking import own_act
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json

    with open_memory(open_settings(), account) as memory:
        memory.say_consent(memory_id, answer, agent, act=own_act())
        own = memory.account.name
    if as_json:
        print_json({"version": 1, "account": own, "memory": memory_id, "consent": answer})
    else:
        gone = " It is gone, and does not come back." if answer == "declined" else ""
        console().print(f"{memory_id}: {answer}.{gone}")


@policy.command()
def drop(
    memory_id: _MEMORY,
    verdict: Annotated[
        bool,
        typer.Option(
            "--do-not-keep/--no-longer-true",
            help="Remove its words for ever, or keep it out of sight as a thing of the past.",
        ),
    ] = True,
    agent: Agent = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Take one memory or note away: it is not to be kept, or it is no longer true.

    Example: remember policy drop 5f0c1d2e3a4b --no-longer-true
    """
    from connector.cli.looking import own_act
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json

    with open_memory(open_settings(), account) as memory:
        memory.correct(memory_id, "unwanted" if verdict else "outdated", agent, act=own_act())
        own = memory.account.name
    state = "not_kept" if verdict else "no_longer_true"
    if as_json:
        print_json({"version": 1, "account": own, "memory": memory_id, "state": state})
    else:
        told = "its words are gone." if verdict else "it is shown no more."
        console().print(f"{memory_id}: {told}")


@policy.command()
def sweep(account: Account = None, as_json: AsJson = False) -> None:
    """Take away now what is older than its kind is kept; syncs and `serve` do it daily.

    Example: remember policy sweep
    """
    from connector.cli.opening import open_memory, open_settings
    from connector.cli.printing import console, print_json

    with open_memory(open_settings(), account) as memory:
        gone = dict(sorted(memory.sweep().items()))
        own = memory.account.name
    if as_json:
        print_json({"version": 1, "account": own, "gone": gone})
    else:
        told = ", ".join(f"{count} of {kind}" for kind, count in gone.items())
        console().print(f"Gone: {told}." if told else "Nothing was too old.")


def _done(account: str, customer: str, what: str, told: str, *, as_json: bool) -> None:
    from connector.cli.printing import console, print_json

    if as_json:
        print_json({"version": 1, "account": account, "customer": customer, "state": what})
    else:
        console().print(f"{customer}: {what.replace('_', ' ')}. {told}")


def _days(text: str) -> int | Literal["default"]:
    """How many days; their bounds are for the memory to know.

    Raises:
        UsageError: It is neither a number nor `default`.
    """
    from memory.errors import UsageError

    if text == "default":
        return "default"
    if not (text.isascii() and text.isdecimal()):
        raise UsageError("--days is no number of days.", "Write 90, 0 for good, or: default.")
    return int(text[:9])


def _moment(text: str, zone: tzinfo) -> datetime:
    """A day's beginning in the account's time zone, or a time.

    Raises:
        UsageError: It is neither.
    """
    from datetime import UTC, datetime

    from memory.errors import UsageError

    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError("That is not a date or time.", "Write 2025-01-01.") from None


def _cells(one: KindKept) -> tuple[object, ...]:
    own = {True: "", False: " (setting)"}
    return (
        one["kind"],
        "yes" if one["kept"] else "never",
        f"{one['shown']}{own[one['shown_by'] == 'policy']}",
        f"{one['days'] or 'for good'}{own[one['days_by'] == 'policy']}",
    )


def _sentence(one: KindKept) -> str:
    if not one["kept"]:
        return "never kept; what there was is gone."
    days = f"for {one['days']} days" if one["days"] else "for good"
    return f"kept {days}, shown: {one['shown']}."


def _lines(document: Policy) -> Iterable[str]:
    yield f"Last swept: {document['swept_at'] or 'never'}."
    if document["opted_out"]:
        yield f"Opted out: {', '.join(document['opted_out'])}."
    for one in document["cut_off"]:
        yield f"{one['customer']}: nothing from before {one['before']}."


def _told_of(one: CustomerPolicy) -> str:
    kept = "opted out: issues only" if one["opted_out"] else "remembered like any other"
    since = f"; nothing from before {one['before']}" if one["before"] else ""
    answers = "".join(f"\n  {x['memory']}  {x['answer']}" for x in one["answers"])
    return f"{one['customer']}: {kept}{since}. Consent: {one['consent']}.{answers}"


policy.command("rotate-key")(rotate_key)
