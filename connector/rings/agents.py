"""Who is who: agents, lines and groups of a phone system, as agents of the helpdesk."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Protocol

from connector.errors import ConfigurationError
from connector.rings.providers import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

ANY = "any"
"""The table of the file that counts for every phone system."""
_AGENTS = "agents"
_TABLES = frozenset({_AGENTS, "groups", "lines"})
_NUMBER = re.compile(r"\+?[\d\s().-]*\d[\d\s().-]*")
_REF = re.compile(r"(zendesk|freshdesk):(\d+)")

_Key = tuple[str, bool, str]
"""The phone system (or `any`), whether an agent is meant, and the name as `_key` writes it."""


class Agent(Protocol):
    """An agent of the helpdesk, as the record tells of them."""

    @property
    def id(self) -> str:
        """The helpdesk's id."""
        ...

    @property
    def email(self) -> str | None:
        """The e-mail, by which both systems know the same person."""
        ...


class AgentMap:
    """The file `AGENT_MAP`, or nothing: then e-mails alone tell who is who.

    The file is TOML. Each phone system has up to three tables, `any` counts for all of them:

        [aircall.agents]
        "12345" = "dana@acme.com"
        [twilio.lines]
        "+1 212 555 0100" = ["dana@acme.com", "zendesk:42"]
        [dialpad.groups]
        "Billing" = ["dana@acme.com"]

    Names are compared without regard to case, numbers by their digits. An agent of the helpdesk
    is an e-mail or a ref.
    """

    def __init__(self, names: Mapping[_Key, tuple[str, ...]] | None = None) -> None:
        self._names = dict(names or {})

    @classmethod
    def load(cls, path: Path | None) -> AgentMap:
        """Read the file.

        Args:
            path: The file; without one the map is empty.

        Raises:
            ConfigurationError: It cannot be read; the file and the key are named.
        """
        if path is None:
            return cls()
        try:
            text = path.expanduser().read_text(encoding="utf-8")
            document = tomllib.loads(text)
        except (OSError, ValueError, RecursionError) as error:  # of a parser, whichever it is
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise _broken(path, "", f"cannot be read: {reason}") from None
        return cls(_checked(document, path))

    def resolve(
        self, provider: str, names: Iterable[str], agents: Sequence[Agent]
    ) -> tuple[str, ...]:
        """The ids of the helpdesk agents whom a phone system names.

        Args:
            provider: The phone system.
            names: Ids or e-mails, of one agent perhaps both.
            agents: Every agent of the account.

        Returns:
            Each id once; empty where nobody is known by these names.
        """
        mapped = ((name, self._mapped(provider, name, agent=True)) for name in names)
        people = [person for name, found in mapped for person in found or (name,)]
        return _ids(people, agents)

    def members(
        self, provider: str, names: Iterable[str | None], agents: Sequence[Agent]
    ) -> tuple[str, ...] | None:
        """The ids of the agents who may answer for a group or a line.

        Args:
            provider: The phone system.
            names: The group and the line; the first that the file knows counts.
            agents: Every agent of the account.

        Returns:
            None where the file knows none of them: every agent may.
        """
        for name in names:
            found = self._mapped(provider, name, agent=False) if name else None
            if found is not None:
                return _ids(found, agents)
        return None

    def _mapped(self, provider: str, name: str, *, agent: bool) -> tuple[str, ...] | None:
        key = _key(name)
        found = self._names.get((provider, agent, key))
        return found if found is not None else self._names.get((ANY, agent, key))


def _key(name: str) -> str:
    plain = name.strip().casefold()
    if plain.startswith("arn:"):  # Amazon's id of an agent or a queue stands at its end
        return plain.rpartition("/")[2]
    plain = re.sub(r"^(sips?|tel|client):", "", plain)
    return re.sub(r"\D", "", plain) if _NUMBER.fullmatch(plain) else plain


def _ids(people: Iterable[str], agents: Sequence[Agent]) -> tuple[str, ...]:
    by_email = {agent.email.casefold(): agent.id for agent in agents if agent.email}
    ids = {agent.id for agent in agents}
    found: list[str] = []
    for person in people:
        ref = _REF.fullmatch(person.strip().casefold())
        known = ref.group(2) if ref else by_email.get(person.strip().casefold())
        if known is not None and known in ids:
            found.append(known)
    return tuple(dict.fromkeys(found))


def _checked(document: Mapping[str, object], path: Path) -> dict[_Key, tuple[str, ...]]:
    names: dict[_Key, tuple[str, ...]] = {}
    for provider, tables in document.items():
        if provider != ANY and provider not in PROVIDERS:
            known = ", ".join(sorted({ANY, *PROVIDERS}))
            raise _broken(path, provider, f"is no phone system; there are {known}")
        if not isinstance(tables, dict) or not tables.keys() <= _TABLES:
            known = ", ".join(f"[{provider}.{table}]" for table in sorted(_TABLES))
            raise _broken(path, provider, f"holds something else than the tables {known}")
        for table, entries in tables.items():
            if not isinstance(entries, dict):
                raise _broken(path, f"{provider}.{table}", "is not a table")
            for name, value in entries.items():
                where = f"{provider}.{table}.{name}"
                names[provider, table == _AGENTS, _key(name)] = _people(value, where, path)
    return names


def _people(value: object, key: str, path: Path) -> tuple[str, ...]:
    people = [value] if isinstance(value, str) else value
    if not isinstance(people, list):
        raise _broken(path, key, "is neither an e-mail nor a list of e-mails")
    for person in people:
        if not isinstance(person, str) or not ("@" in person or _REF.fullmatch(person.casefold())):
            raise _broken(path, key, "names an agent neither by e-mail nor as zendesk:42")
    return tuple(people)


def _broken(path: Path, key: str, reason: str) -> ConfigurationError:
    what = f"{path}: the key {key!r} {reason}" if key else f"{path} {reason}"
    return ConfigurationError(
        f"AGENT_MAP: {what}.", "Mend the file; the README shows what it holds."
    )
