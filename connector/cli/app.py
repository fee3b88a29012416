"""Puts the commands together. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import typer

from connector.cli import (
    access,
    apps,
    asking,
    demo,
    forgetting,
    policy,
    serving,
    syncing,
    tokens,
    upkeep,
)

app = typer.Typer(
    name="remember",
    help="A customer relationship memory for helpdesks: the brief that is there before hello.",
    epilog="Try it: remember demo · then: remember brief --phone +12125550101 --verified",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (
    demo.demo,
    syncing.backfill,
    syncing.sync,
    serving.serve,
    asking.brief,
    asking.recall,
    asking.note,
    asking.status,
    upkeep.doctor,
    upkeep.reindex,
    upkeep.backup,
    asking.export,
    forgetting.forget,
    forgetting.allow,
):
    app.command()(command)

app.add_typer(access.access, name="access")
app.add_typer(policy.policy, name="policy")
app.add_typer(tokens.tokens, name="token")
app.add_typer(apps.apps, name="app")
