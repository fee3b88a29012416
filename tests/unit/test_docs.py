"""The README's tables say what there is, all of it and nothing else."""

from __future__ import annotations

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

import memory
from connector.cli.app import app
from connector.settings import PREFIX, Settings
from memory.errors import RememberError

if TYPE_CHECKING:
    from collections.abc import Iterator


ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
EVERYWHERE = {"--help", "--json", "--account"}
"""Options that the README tells of once, for all commands."""


def _flat(group: TyperGroup, path: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """Every command by its name, those of a group as `token create`."""
    for name, one in group.commands.items():
        if isinstance(one, TyperGroup):
            yield from _flat(one, f"{path}{name} ")
        else:
            assert isinstance(one, TyperCommand)
            yield f"{path}{name}", one


_APP = get_command(app)
assert isinstance(_APP, TyperGroup)
COMMANDS = dict(_flat(_APP))


def _rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _options(command: str) -> set[str]:
    return {
        name
        for parameter in COMMANDS[command].params
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--")
    } - EVERYWHERE


def test_every_command_stands_in_the_table_and_the_other_way_round() -> None:
    """In the README as `remember NAME`."""
    told = {re.findall(r"`remember ([a-z -]+)`", row[0])[0] for row in _rows("Commands")}
    assert told == set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_stands_beside_its_command(command: str) -> None:
    """All of a command's own options, and none it does not have."""
    [row] = [row for row in _rows("Commands") if f"`remember {command}`" in row[0]]
    assert set(re.findall(r"--[a-z-]+", row[1])) == _options(command)


def test_options_of_every_command_are_told_once() -> None:
    """`--json`, `--account` and `--help` stand under the table."""
    section = README.partition("## Commands\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"--[a-z-]+", section)) >= EVERYWHERE


def test_every_setting_stands_in_the_table_and_the_other_way_round() -> None:
    """As an environment variable; REMEMBER_CONFIG is the one that no file can hold."""
    told = {name for row in _rows("Settings") for name in re.findall(r"REMEMBER_[A-Z_]+", row[0])}
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert told == known | {f"{PREFIX}CONFIG"}


def test_every_setting_is_described() -> None:
    """In one sentence or an example."""
    assert [name for name, one in Settings.model_fields.items() if not one.description] == []


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_and_option_has_its_help(command: str) -> None:
    """No option goes unexplained."""
    one = COMMANDS[command]
    assert one.help
    assert [p.name for p in one.params if not getattr(p, "help", None)] == []


def test_what_the_memory_offers_can_be_imported() -> None:
    """`memory.__all__` is sorted, importable, and what the README imports is in it."""
    assert memory.__all__ == sorted(memory.__all__)
    assert all(getattr(memory, name) is not None for name in memory.__all__)
    assert set(re.findall(r"from memory import (\w+)", README)) <= set(memory.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = memory.Nothing


def test_every_picture_is_there_and_small() -> None:
    """In light and dark, of no more than 150 kB each; and none lies there that nobody sees."""
    shown = {ROOT / one for one in re.findall(r'(?:src|srcset)="([^"]+)"', README)}
    assert shown == set((ROOT / "deploy" / "screenshots").iterdir())
    assert [one.name for one in shown if one.stat().st_size > 150_000] == []


def _modules() -> Iterator[str]:
    for package in ("connector", "memory"):
        found = import_module(package)
        for one in pkgutil.walk_packages(found.__path__, f"{package}."):
            if not re.search(r"\.(training|writing|migrations)(\.|$)|__main__", one.name):
                yield one.name


def test_every_module_and_every_public_thing_says_what_it_is() -> None:
    """A docstring on each module, public class and public function."""
    silent = []
    for name in _modules():
        module = import_module(name)
        silent += [] if module.__doc__ else [name]
        silent += [
            f"{name}.{key}"
            for key, thing in vars(module).items()
            if not key.startswith("_")
            and (inspect.isclass(thing) or inspect.isfunction(thing))
            and thing.__module__ == name
            and not thing.__doc__
        ]
    assert silent == []


def test_the_exit_codes_of_the_readme_are_the_errors() -> None:
    """Every code an error ends with is told."""
    for name in _modules():
        import_module(name)
    told = {int(code) for code in re.findall(r"(?:^|[ ·:]) ?(\d+) [a-z]", _exit_line())}
    assert {one.exit_code for one in _all(RememberError)} <= told
    assert typer.Exit(0).exit_code in told


def _exit_line() -> str:
    return README.partition("Exit codes:")[2].partition("\n\n")[0].replace("\n", " ")


def _all(error: type[RememberError]) -> Iterator[type[RememberError]]:
    yield error
    for one in error.__subclasses__():
        yield from _all(one)
