"""By command: what is shown is written down before, and can be asked for and checked."""

from __future__ import annotations

import json
import os
import pwd
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from memory.record import tables as t
from tests.support.book import ago

if TYPE_CHECKING:
    from tests.integration.access.conftest import Run
    from tests.support.book import Book

MARA, ELLEN = "zendesk:100", "zendesk:101"
USER = pwd.getpwuid(os.getuid()).pw_name
SECRET = "My friend Ruth died"


def _log(book: Book, *entries: tuple[str, str, str]) -> None:
    """Write entries: who, of whom and what, a day apart, the last yesterday; all in ticket 1."""
    with book.record.writing(book.account) as writer:
        for place, (agent, customer, what) in enumerate(entries):
            writer.log_access(
                at=ago(len(entries) - place),
                agent=agent,
                proof="zendesk",
                source="service:Zendesk app",
                what=what,
                customer_id=customer,
                subject="ticket:1",
            )


def _entries(run: Run, *how: str) -> list[dict[str, Any]]:
    told = run("access", "show", *how, "--json")
    assert told.code == 0, told.err
    entries: list[dict[str, Any]] = told.document["entries"]
    return entries


def test_what_a_command_shows_stands_in_the_log(known: Book, run: Run) -> None:
    """A brief, a reveal, an export and a note, each by the user of the operating system."""
    memory = known.told("bereavement", SECRET, relation="friend")
    how = ("--customer", MARA)
    assert run("brief", "--phone", "+12125550101").code == 0
    assert run("brief", *how, "--verified", "--reveal").code == 0
    assert run("note", "prefers mornings", *how).code == 0
    assert run("export", *how).code == 0
    found = _entries(run, *how)
    note = known.rows(t.note)[0]["id"]
    assert [(one["what"], one["subject"]) for one in reversed(found)] == [
        ("brief", None),
        ("reveal", memory),
        ("brief", None),
        ("note", note),
        ("export", None),
    ]
    assert {(one["agent"], one["proof"], one["source"]) for one in found} == {
        (USER, "os-user", "command")
    }
    assert {one["customer"] for one in found} == {MARA}
    assert [one["number"] for one in found] == [5, 4, 3, 2, 1]


def test_the_export_says_who_looked(known: Book, run: Run) -> None:
    """All of it, oldest first, in the four keys that are promised; and earlier exports."""
    _log(known, ("zendesk:11", "100", "brief"), ("zendesk:12", "100", "verify"))
    first = json.loads(run("export", "--customer", MARA).out)["access"]
    assert first == [
        {
            "at": "2026-07-05T09:00:00Z",
            "agent": "zendesk:11",
            "proof": "zendesk",
            "what": "brief:ticket:1",
        },
        {
            "at": "2026-07-06T09:00:00Z",
            "agent": "zendesk:12",
            "proof": "zendesk",
            "what": "verify:ticket:1",
        },
    ]
    again = json.loads(run("export", "--customer", MARA).out)["access"]
    assert [one["what"] for one in again[2:]] == ["export"]
    assert json.loads(run("export", "--customer", ELLEN).out)["access"] == []


def test_nothing_is_written_of_what_was_not_shown(known: Book, run: Run) -> None:
    """Nobody found, a number that several share, everyone's issues."""
    assert run("brief", "--phone", "+12125550177").code == 5
    assert run("export", "--customer", "zendesk:999").code == 5
    assert known.rows(t.access) == []


def test_who_looked_is_not_what_the_environment_says(
    known: Book, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LOGNAME and USER are anybody's to set."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    run("brief", "--customer", MARA)
    assert [row["agent"] for row in known.rows(t.access)] == [USER]


def test_a_table_of_who_saw_what(known: Book, run: Run) -> None:
    """Piped it is lines of cells; the names of agents beside their refs; no customer's name."""
    _log(known, ("zendesk:11", "100", "brief"), ("token:ab", "101", "recall"))
    told = run("access", "show", "--since", "2026-07-01")
    assert (told.code, told.err) == (0, "")
    assert [line.split("\t") for line in told.out.splitlines()] == [
        [
            *("2", "2026-07-06 05:00:00", "token:ab", "zendesk", "service:Zendesk app", "recall"),
            *("-", ELLEN),
        ],
        [
            *("1", "2026-07-05 05:00:00", "Daniel Osei (zendesk:11)", "zendesk"),
            *("service:Zendesk app", "brief", "ticket:1", MARA),
        ],
    ]


def test_a_terminal_gets_a_table(known: Book, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With headings; the newest first."""
    _log(known, ("zendesk:11", "100", "brief"), ("zendesk:12", "100", "reveal"))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "160")
    told = run("access", "show", "--customer", MARA).out
    lines = re.sub(r"\x1b\[[0-9;]*m", "", told).splitlines()
    assert lines[0].strip() == "Who saw what, in zendesk:acme"
    assert all(word in lines[2] for word in ("when", "who", "known by", "what", "customer"))
    assert "reveal ticket:1" in lines[4]
    assert ["Dana" in line for line in lines if "Osei" in line or "Reyes" in line] == [True, False]


def test_entries_are_asked_for_by_all_that_is_given(known: Book, run: Run) -> None:
    """Of whom, by whom and since when; the newest of more than the limit, and how many."""
    _log(
        known,
        ("zendesk:11", "100", "brief"),
        ("zendesk:12", "100", "brief"),
        ("zendesk:11", "101", "reveal"),
        ("lee", "101", "export"),
    )

    def numbers(*how: str) -> list[int]:
        return [one["number"] for one in _entries(run, *how)]

    assert numbers("--customer", "100") == [2, 1]
    assert numbers("--agent", "DANIEL@acme.example") == [3, 1]
    assert numbers("--agent", "zendesk:12") == [2]
    assert numbers("--agent", "lee") == [4]
    assert numbers("--since", "2026-07-05") == [4, 3]
    assert numbers("--since", "2026-07-05T09:00:00Z") == [4, 3]
    assert numbers("--since", "2026-07-05T09:00:01Z") == [4]
    assert numbers("--customer", ELLEN, "--agent", "lee") == [4]
    told = run("access", "show", "--since", "2026-01-01", "--limit", "3", "--json")
    assert (told.document["total"], len(told.document["entries"])) == (4, 3)
    told = run("access", "show", "--since", "2026-01-01", "--limit", "3")
    assert told.err == "The newest 3 of 4; --limit shows more.\n"


def test_nothing_found_is_an_answer(known: Book, run: Run) -> None:
    """Exit 5, with the document; a customer whom nobody knows has none."""
    told = run("access", "show", "--customer", MARA, "--json")
    assert told.code == 5
    assert told.document == {"version": 1, "account": "zendesk:acme", "total": 0, "entries": []}
    told = run("access", "show", "--agent", "zendesk:12")
    assert (told.code, told.out) == (5, "")
    assert "no such entry" in told.err
    assert known.number
    for ref in ("zendesk:999", "freshdesk:100"):
        told = run("access", "show", "--customer", ref, "--json")
        assert (told.code, told.out) == (5, "")
        assert told.problem["title"] == "Nothing found"


def test_without_options_everything_is_shown(known: Book, run: Run) -> None:
    """The newest first, as many as the limit lets."""
    _log(known, ("zendesk:11", "100", "brief"), ("zendesk:12", "101", "reveal"))
    told = run("access", "show", "--json").document
    assert [one["what"] for one in told["entries"]] == ["reveal", "brief"]
    told = run("access", "show", "--limit", "1", "--json").document
    assert (len(told["entries"]), told["total"]) == (1, 2)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "--since", "soon"), "--since"),
        (("show", "--since", "0001-01-01T00:00:00+14:00"), "--since"),
        (("show", "--customer", ""), "customer ref"),
        (("verify", "--expect", "3:xyz"), "--expect"),
    ],
    ids=["soon", "long ago", "no ref", "no head"],
)
def test_what_makes_no_sense_is_refused(
    arguments: tuple[str, ...], says: str, known: Book, run: Run
) -> None:
    """Exit 2, and what to write instead."""
    assert known.number
    told = run("access", *arguments, "--json")
    assert (told.code, told.out) == (2, "")
    assert says in told.problem["detail"] + told.problem["hint"]


def test_a_whole_log_is_told_with_its_head(known: Book, run: Run) -> None:
    """The head that is printed is the head that is expected later."""
    _log(known, ("zendesk:11", "100", "brief"), ("zendesk:12", "100", "brief"))
    told = run("access", "verify")
    assert told.code == 0
    first, second = told.out.splitlines()
    assert first == "The access log of zendesk:acme is as it was written: 2 entries."
    head = second.removeprefix("Head: ")
    assert re.fullmatch(r"2:[0-9a-f]{64}", head)
    assert run("access", "verify", "--json").document == {
        "version": 1,
        "account": "zendesk:acme",
        "whole": True,
        "entries": 2,
        "head": head,
        "broken_at": None,
        "reason": None,
    }
    _log(known, ("zendesk:11", "101", "brief"))
    assert run("access", "verify", "--expect", head).code == 0
    told = run("access", "verify", "--expect", head.replace("2:", "9:"), "--json")
    assert (told.code, told.document["broken_at"], told.document["reason"]) == (1, 4, "cut")


def test_a_log_that_was_changed_ends_with_1(known: Book, run: Run) -> None:
    """Which entry is the first that is wrong, and what is wrong with it."""
    _log(known, ("zendesk:11", "100", "brief"), ("zendesk:12", "100", "brief"))
    with known.record.engine.begin() as connection:
        mine = (t.access.c.account == known.number) & (t.access.c.number == 2)
        connection.execute(t.access.update().where(mine).values(agent="zendesk:11"))
    told = run("access", "verify")
    assert told.code == 1
    assert "is not as it was written" in told.out
    assert "Entry 2 is the first that is wrong: it says something else" in told.out
    told = run("access", "verify", "--json")
    assert (told.code, told.document["whole"], told.document["entries"]) == (1, False, 1)
    assert (told.document["broken_at"], told.document["reason"]) == (2, "changed")
    assert told.document["head"] is None


def test_a_forgetting_is_logged_and_leads_to_nobody(known: Book, run: Run) -> None:
    """Who forgot, and that somebody was; who was allowed again has their ref in the log again."""
    _log(known, ("zendesk:11", "100", "brief"))
    assert run("forget", "--customer", MARA, "--yes").code == 0
    assert run("forget", "--customer", MARA, "--yes").code == 0
    told = [(one["what"], one["agent"], one["customer"]) for one in _entries(run, "--agent", USER)]
    assert told == [("forget", USER, None)]
    assert known.rows(t.alias) == []
    assert run("access", "show", "--customer", MARA).code == 5
    assert run("allow", MARA).code == 0
    assert [one["what"] for one in _entries(run, "--customer", MARA)] == ["allow"]
    assert run("access", "verify").code == 0
