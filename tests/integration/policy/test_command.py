"""`remember policy`: every act by command, with its exit code and its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from memory.record import tables as t
from tests.support.command import remember
from tests.support.house import FOR_GOOD, Told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.book import Book

    Run = Callable[..., Told]

MARA = "zendesk:100"


@pytest.fixture
def run(
    told: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs `remember policy` on that record, in this process."""
    monkeypatch.setenv("REMEMBER_HOME", str(tmp_path))
    monkeypatch.setenv("REMEMBER_DATABASE_URL", told.database_url)
    monkeypatch.setenv("REMEMBER_TIME_ZONE", "America/New_York")
    for name, days in FOR_GOOD.items():
        monkeypatch.setenv(f"REMEMBER_{name}", days)

    def run(*arguments: str) -> Told:
        code = remember("policy", *arguments)
        printed = capsys.readouterr()
        return Told(code, printed.out, printed.err)

    return run


def _kinds(book: Book) -> set[str]:
    return {row["kind"] for row in book.rows(t.memory) if row["customer_id"] == "100"}


def _id(book: Book, kind: str) -> str:
    return next(str(row["id"]) for row in book.rows(t.memory) if row["kind"] == kind)


def test_a_kind_is_never_kept_by_command(told: Book, run: Run) -> None:
    """The answer says what holds now; `show` says it of every kind."""
    done = run("kind", "health", "--never-keep", "--show", "off", "--days", "90", "--json")
    expected = {"account": "zendesk:acme", "kind": "health", "kept": False, "shown": "off"}
    assert done.code == 0
    assert expected.items() <= done.document.items()
    assert "health" not in _kinds(told)
    shown = run("show", "--json").document["kinds"]
    [health] = [one for one in shown if one["kind"] == "health"]
    assert (health["kept"], health["days"], health["days_by"]) == (False, 90, "policy")
    assert "health\tnever\toff\t90\n" in run("show").out


def test_a_customer_opts_out_and_in(told: Book, run: Run) -> None:
    """With an entry of the log for each, and `show --customer` says where they stand."""
    assert run("opt-out", MARA, "--json").document["state"] == "opted_out"
    assert _kinds(told) == {"issue"}
    found = run("show", "--customer", MARA, "--json").document
    assert (found["consent"], found["opted_out"], found["before"]) == ("declined", True, None)
    assert "opted out: issues only" in run("show", "--customer", MARA).out
    assert "next sync" in run("opt-in", MARA).out
    acts = [what for _, proof, what in told.seen() if proof == "os-user"]
    assert acts == ["opt_out", "policy", "policy", "opt_in"]


def test_nothing_is_remembered_from_before_a_day(told: Book, run: Run) -> None:
    """Days begin in the account's time zone."""
    done = run("before", "2026-01-01", "--customer", MARA, "--json")
    assert done.document["before"] == "2026-01-01T05:00:00Z"
    assert "feeling" not in _kinds(told)
    assert "2026-01-01T05:00:00Z" in run("show").out


def test_consent_and_dropping(told: Book, run: Run) -> None:
    """Agreed stays, declined and dropped goes, no longer true is kept out of sight."""
    sails, knee, lonely = (_id(told, kind) for kind in ("interest", "health", "feeling"))
    assert run("consent", sails, "agreed", "--json").document["consent"] == "agreed"
    assert "does not come back" in run("consent", lonely, "declined").out
    assert run("drop", knee, "--no-longer-true", "--json").document["state"] == "no_longer_true"
    assert _kinds(told) == {"issue", "health", "interest"}
    assert "gone" in run("drop", sails).out
    assert _kinds(told) == {"issue", "health"}


def test_a_sweep_by_hand(told: Book, run: Run) -> None:
    """It says what went; what the settings keep for good stays."""
    assert run("sweep", "--json").document == {"version": 1, "account": "zendesk:acme", "gone": {}}
    run("kind", "feeling", "--days", "30")
    assert "feeling" in run("sweep").out
    assert "feeling" not in _kinds(told)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("kind", "health"), 2, "not said what"),
        (("kind", "sorrow", "--keep"), 2, "no such kind"),
        (("kind", "health", "--days", "soon"), 2, "no number of days"),
        (("before", "yesterday", "--customer", MARA), 2, "not a date"),
        (("before", "2999-01-01", "--customer", MARA), 2, "to come"),
        (("opt-out", "zendesk:999"), 5, "nobody is known"),
        (("consent", "none", "agreed"), 5, "nothing is remembered"),
        (("consent", "none", "maybe"), 2, "maybe"),
        (("drop", "none"), 5, "nothing is remembered"),
        (("show", "--account", "zendesk:other"), 2, "zendesk:other"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_what_cannot_be_done_is_said(
    run: Run, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """With its exit code, and what to do."""
    done = run(*arguments, "--json")
    assert done.code == code, done.err
    problem: dict[str, Any] = done.problem
    assert words in f"{problem['title']} {problem['detail']}".lower()
    assert problem["hint"]
