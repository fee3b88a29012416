"""Runs the installed command against a helpdesk that is served as its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memory import policy
from tests.support import log_scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

REMEMBER = Path(sys.executable).with_name("remember")
"""The script as it is installed."""

PATIENCE = 240
"""Seconds after which a command counts as hanging."""

FOR_GOOD = {f"RETENTION_DAYS_{kind.upper()}": "0" for kind in policy.DAYS_KEPT}
"""Settings by which nothing grows too old: stories are of a day that gets further away."""

_NO_LIMITS = (
    "--requests-per-minute=1000000",
    "--exports-per-minute=1000000",
    "--users-exports-per-minute=1000000",
)


@dataclass(frozen=True, slots=True)
class Told:
    """How a command ended and what it told."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def held(self) -> str:
        """What an export holds but for who looked: every export adds to that."""
        return json.dumps({**self.document, "access": None}, ensure_ascii=False)

    @property
    def problem(self) -> dict[str, Any]:
        """The error document, which is the last line on standard error."""
        problem: dict[str, Any] = json.loads(self.err.splitlines()[-1])
        return problem


class Started(subprocess.Popen[str]):
    """A command that runs; nor may its standard error tell what no log may."""

    def communicate(self, input: str | None = None, timeout: float | None = None) -> Any:  # noqa: A002
        """Wait until it has ended; what it told meanwhile."""
        out, err = super().communicate(input, timeout)
        log_scan.look(err, "Standard error of a command that was started")
        return out, err


@dataclass(frozen=True, slots=True)
class House:
    """A data folder, and the settings with which `remember` works in it."""

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a command: nothing of ours but these settings."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("REMEMBER_")}
        ours = {f"REMEMBER_{name}": value for name, value in self.settings.items()}
        return {**kept, "REMEMBER_HOME": str(self.home), "COLUMNS": "80", **ours}

    def but(self, **settings: str) -> House:
        """The same house with some settings changed; an empty one is not set."""
        return House(self.home, {**self.settings, **settings})

    def at(self, home: Path) -> House:
        """The same settings in another data folder."""
        return House(home, self.settings)

    def run(self, *arguments: str, **how: Any) -> Told:
        """Run `remember` to its end."""
        done = subprocess.run(
            [REMEMBER, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            **how,
        )
        log_scan.look(done.stderr, f"Standard error of {arguments[0] if arguments else 'remember'}")
        return Told(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, **how: Any) -> Started:
        """Start `remember` and go on."""
        return Started(
            [REMEMBER, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **how,
        )


def settings_for(url: str, **more: str) -> dict[str, str]:
    """The settings of an account of the simulated helpdesk."""
    return {
        "ZENDESK_URL": url,
        "ZENDESK_CLIENT_ID": "remember-them",
        "ZENDESK_CLIENT_SECRET": "demo-client-secret",
        "ZENDESK_RATE_SHARE": "1",
        "DEFAULT_REGION": "US",
        "TIME_ZONE": "America/New_York",
        **FOR_GOOD,
        **more,
    }


def freshdesk_settings_for(url: str, **more: str) -> dict[str, str]:
    """The settings of an account of the simulated Freshdesk."""
    return {
        "FRESHDESK_URL": url,
        "FRESHDESK_API_KEY": "demo-admin-key",
        "FRESHDESK_RATE_SHARE": "1",
        "DEFAULT_REGION": "US",
        "TIME_ZONE": "America/New_York",
        **FOR_GOOD,
        **more,
    }


def served(story: Path | None, *options: str) -> AbstractContextManager[str]:
    """A Zendesk without limits in a process of its own; its address."""
    return _serving(story, *_NO_LIMITS, *options)


def served_as_freshdesk(story: Path | None, *options: str) -> AbstractContextManager[str]:
    """A Freshdesk without limits in a process of its own; its address."""
    return _serving(story, "--provider=freshdesk", "--plan=unlimited", *options)


@contextmanager
def _serving(story: Path | None, *options: str) -> Iterator[str]:
    told = [str(story)] if story else []
    command = [sys.executable, "-m", "connector.demo.server", *told, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()
