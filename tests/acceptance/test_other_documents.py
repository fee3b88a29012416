"""Export, status, backfill, sync, notes, reveals: key for key, and what each leaves behind."""

from __future__ import annotations

import json
import shutil
import stat
from typing import TYPE_CHECKING

import pytest

from connector.cli.looking import os_user
from tests.support.house import Told
from tests.support.shape import AT, LINK, NUMBER, ON, REF, misfit
from tests.support.tale import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.house import House

pytestmark = [pytest.mark.xdist_group("small"), pytest.mark.timeout(900), pytest.mark.slow]

TEXT = (str, None)
EXPORT = {
    "version": 1,
    "account": ACCOUNT,
    "customer": {
        "ref": REF,
        "name": TEXT,
        "organization": TEXT,
        "language": TEXT,
        "time_zone": TEXT,
        "since": ON,
        "identities": [
            {
                "kind": ("phone", "email", "external"),
                "value": str,
                "shared": bool,
                "confirmed": bool,
            }
        ],
        "merged_from": [REF],
        "consent": ("unknown", "agreed", "declined"),
    },
    "tickets": [
        {
            "ref": REF,
            "subject": TEXT,
            "status": str,
            "channel": str,
            "agent": ({"ref": REF, "name": TEXT}, None),
            "created_at": AT,
            "updated_at": AT,
            "solved_at": (AT, None),
            "rating": TEXT,
            "url": LINK,
            "messages": [
                {
                    "id": str,
                    "at": AT,
                    "channel": str,
                    "public": bool,
                    "author": {
                        "ref": (REF, None),
                        "name": TEXT,
                        "role": ("customer", "agent", "other"),
                    },
                    "text": TEXT,
                    "call": (
                        {
                            "direction": ("inbound", "outbound"),
                            "minutes": (NUMBER, None),
                            "answered_by": (REF, None),
                        },
                        None,
                    ),
                }
            ],
        }
    ],
    "memories": [
        {
            "memory": str,
            "kind": str,
            "relation": TEXT,
            "said_on": ON,
            "said_days_ago": int,
            "about_on": (ON, None),
            "hidden": False,
            "quote": TEXT,
            "evidence": [
                {
                    "ticket": REF,
                    "message": str,
                    "url": LINK,
                    "said_on": ON,
                    "channel": str,
                    "author": {"name": TEXT, "role": str},
                    "quote": str,
                }
            ],
            "confidence": NUMBER,
            "consent": str,
            "first_view": bool,
            "state": ("current", "superseded", "corrected"),
        }
    ],
    "notes": list,
    "access": [{"at": AT, "agent": str, "proof": str, "what": str}],
}
REPORT = {
    "version": 1,
    "account": ACCOUNT,
    "streams": [
        {
            "name": str,
            "rows": int,
            "requests": int,
            "refused": int,
            "checkpoint": str,
            "done": bool,
        }
    ],
    "tickets": int,
    "messages": int,
    "customers": int,
    "quarantined": int,
    "requests": int,
    "refused": int,
    "seconds": NUMBER,
    "remembered": int,
    "encoded": int,
    "skipped": int,
}
STATUS = {
    "version": 1,
    "accounts": [
        {
            "account": ACCOUNT,
            "synced_at": (AT, None),
            "complete": bool,
            "customers": int,
            "tickets": int,
            "messages": int,
            "memories": int,
            "outbox": int,
            "quarantined": [{"stream": str, "id": str, "field": str, "reason": str}],
            "oldest_unchecked": (AT, None),
        }
    ],
}
ANA = ("--customer", "zendesk:101")


def test_a_backfill_tells_what_it_did(small_report: tuple[House, Told]) -> None:
    """One document; every stream at its end; all sixty tickets taken and remembered."""
    report = small_report[1].document
    assert misfit(report, REPORT) is None
    assert all(stream["done"] for stream in report["streams"])
    assert (report["tickets"], report["customers"], report["remembered"]) == (60, 6, 60)
    assert report["messages"] == 180
    assert report["requests"] == sum(stream["requests"] for stream in report["streams"]) + 2


def test_progress_is_plain_lines_when_piped(small_report: tuple[House, Told]) -> None:
    """Each stream says when it is done; no escape codes, nothing of a customer."""
    lines = small_report[1].err.splitlines()
    assert {"tickets: 60 done", "comments: 60 done", "remembering: 60 done"} <= set(lines)
    assert "\x1b" not in small_report[1].err
    assert "Customer" not in small_report[1].err


def test_a_sync_with_no_changes_tells_the_same_and_takes_nothing(own: House) -> None:
    """The same document; what is stored stays, nothing is remembered again."""
    before = own.run("status", "--json").document["accounts"][0]
    told = own.run("sync", "zendesk", "--json", "--account", ACCOUNT)
    assert told.code == 0
    report = told.document
    assert misfit(report, REPORT) is None
    assert (report["remembered"], report["encoded"]) == (0, 0)
    after = own.run("status", "--json").document["accounts"][0]
    changing = {"synced_at", "oldest_unchecked"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }


def test_status_tells_what_is_stored(small: House, in_process: Callable[..., Told]) -> None:
    """Complete, nothing waiting, nothing quarantined; the sums of the story."""
    told = in_process(small, "status", "--json")
    assert misfit(told.document, STATUS) is None
    one = told.document["accounts"][0]
    assert one["complete"]
    assert (one["customers"], one["tickets"], one["messages"], one["outbox"]) == (6, 60, 180, 0)
    assert one["quarantined"] == []
    assert one["memories"] >= 60
    assert in_process(small, "status").out.startswith(f"{ACCOUNT}\n")


def test_an_export_holds_everything_of_one_person(
    small: House, in_process: Callable[..., Told]
) -> None:
    """Key for key; the ten tickets of this customer in the order of their times, all words."""
    told = in_process(small, "export", *ANA, "--json")
    document = told.document
    assert misfit(document, EXPORT) is None
    assert [one["ref"] for one in document["tickets"]] == [f"zendesk:{6 * n}" for n in range(1, 11)]
    assert all(len(ticket["messages"]) == 3 for ticket in document["tickets"])
    assert {one["value"] for one in document["customer"]["identities"]} == {
        "+12125550101",
        "c101@mail.example",
    }
    assert sum(one["kind"] == "issue" for one in document["memories"]) == 10


def test_an_export_is_the_same_every_time_and_a_file_is_the_owners_alone(
    small: House, tmp_path: Path, in_process: Callable[..., Told]
) -> None:
    """Byte for byte but for who looked, which has one more export in it each time.

    `--output` writes the same document, readable by its owner only.
    """
    file = tmp_path / "ana.json"
    printed = [in_process(small, "export", *ANA) for _ in range(2)]
    told = in_process(small, "export", *ANA, "--output", str(file))
    assert told.out == ""
    written = Told(0, file.read_text(), "")
    assert written.out.startswith(printed[0].out.partition('"access"')[0])
    assert written.held == printed[0].held == printed[1].held
    looks = [one.document["access"] for one in (*printed, written)]
    assert looks[2][:-1] == looks[1]
    assert looks[1][:-1] == looks[0]
    assert {one["what"] for one in (looks[1][-1], looks[2][-1])} == {"export"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_export_of_nobody_is_no_document(small: House, in_process: Callable[..., Told]) -> None:
    """Exit 5; the reason on standard error."""
    told = in_process(small, "export", "--customer", "zendesk:999", "--json")
    assert (told.code, told.out) == (5, "")
    assert told.problem["title"] == "Nothing found"


@pytest.mark.long
def test_reindexing_changes_no_export_and_mends_the_index(own: House) -> None:
    """A lost index is rebuilt and all memories are derived again: the same exports, like issues."""
    before = own.run("export", *ANA).held
    asked = ("recall", "the line keeps dropping", "--everyone", "--json")
    like = own.run(*asked).out
    shutil.rmtree(own.home / "index")
    plain = own.run("reindex", "--json")
    assert plain.code == 0, plain.err
    assert plain.document["remembered"] == 0
    assert own.run(*asked).out == like
    again = own.run("reindex", "--memories", "--json")
    assert (again.code, again.document["remembered"]) == (0, 60), again.err
    assert own.run("export", *ANA).held == before
    assert own.run(*asked).out == like


def test_a_reveal_shows_the_words_and_is_written_down_first(
    own: House, in_process: Callable[..., Told]
) -> None:
    """Hidden before, spoken after; the export names who asked, when and for which memory."""
    ask = ("brief", *ANA, "--verified", "--json")
    seen = len(json.loads(in_process(own, "export", *ANA).out)["access"])
    hidden = in_process(own, *ask).document["care"]
    assert hidden
    assert all(item["hidden"] and item["quote"] is None for item in hidden)
    looked = json.loads(in_process(own, "export", *ANA).out)["access"][seen:]
    assert [one["what"] for one in looked] == ["export", "brief"]
    shown = in_process(own, *ask, "--reveal").document["care"]
    assert [item["memory"] for item in shown] == [item["memory"] for item in hidden]
    assert all(item["quote"] and item["evidence"] and not item["hidden"] for item in shown)
    export = json.loads(in_process(own, "export", *ANA).out)
    assert misfit(export, EXPORT) is None
    logged = {entry["what"] for entry in export["access"]}
    assert {f"reveal:{item['memory']}" for item in hidden} <= logged
    assert {(entry["agent"], entry["proof"]) for entry in export["access"]} == {
        (os_user(), "os-user")
    }


def test_a_note_with_a_question_mark_is_a_thing_to_check(
    own: House, in_process: Callable[..., Told]
) -> None:
    """The verified brief shows it; the export has the note and its author."""
    words = "prefers mornings; street is ?Ashgrove"
    agent = ("--agent", "daniel@acme.example")
    noted = in_process(own, "note", words, *ANA, *agent, "--json")
    assert noted.code == 0, noted.err
    assert noted.document["customer"] == "zendesk:101"
    brief = in_process(own, "brief", *ANA, "--verified", "--json").document
    assert ["Ashgrove" in check["what"] for check in brief["check"]] == [True]
    assert in_process(own, "brief", *ANA, "--json").document["check"] == []
    notes = json.loads(in_process(own, "export", *ANA).out)["notes"]
    assert [(note["text"], note["agent"]["name"]) for note in notes] == [(words, "Daniel Osei")]


@pytest.mark.parametrize(
    ("words", "why"),
    [("   ", "empty"), ("x" * 2001, "too long"), ("She is Muslim", "never kept")],
)
def test_a_note_that_cannot_be_kept_is_refused(
    small: House, in_process: Callable[..., Told], words: str, why: str
) -> None:
    """Exit 2 and why; nothing is stored."""
    told = in_process(small, "note", words, *ANA, "--json")
    assert (told.code, told.out) == (2, "")
    assert why in told.problem["detail"]
    assert json.loads(in_process(small, "export", *ANA).out)["notes"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("note", "x", "--customer", "zendesk:999"), 5, "Nobody is known"),
        (("note", "x", *ANA, "--agent", "nobody@acme.example"), 2, "agent"),
        (("brief", *ANA, "--agent", "zendesk:999"), 2, "agent"),
        (("brief", *ANA, "--as-of", "soon"), 2, "--as-of"),
        (("brief",), 2, "exactly one way"),
        (("brief", *ANA, "--phone", "+12125550101"), 2, "exactly one way"),
        (("brief", *ANA, "--account", "zendesk:other"), 2, "zendesk:other"),
        (("recall", "line"), 2, "whose history"),
        (("recall", "line", *ANA, "--everyone"), 2, "whose history"),
        (("recall", "  ", *ANA), 2, "nothing to search"),
        (("backfill", "zendesk", "--since", "soon"), 2, "--since"),
        (("backfill", "otherdesk"), 2, "otherdesk"),
        (("sync", "--every", "0"), 2, "every"),
        (("dance",), 2, "dance"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(
    small: House, in_process: Callable[..., Told], arguments: tuple[str, ...], code: int, says: str
) -> None:
    """The exit code, one problem on standard error that names what is wrong, no document."""
    told = in_process(small, *arguments, "--json")
    assert (told.code, told.out) == (code, ""), told.err
    assert says in told.problem["detail"] + told.problem["hint"]
    assert told.problem["hint"]
