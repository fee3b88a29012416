"""What commands print: plain when piped, wrapped and coloured for a terminal only."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from connector.cli.printing import print_hits, print_json, print_like, table

if TYPE_CHECKING:
    import pytest

HIT: Any = {
    "score": 0.714,
    "words": ["line"],
    "hidden": False,
    "quote": "The [line] drops " * 20,
    "evidence": [
        {
            "ticket": "zendesk:1",
            "message": "7",
            "url": "https://acme.zendesk.com/agent/tickets/1",
            "said_on": "2026-07-01",
            "channel": "voice",
            "author": {"name": None, "role": "customer"},
            "quote": "The [line] drops",
        }
    ],
}
LIKE: Any = {
    "score": 0.5,
    "title": "The [bold]line[/bold] drops",
    "outcome": "solved",
    "ticket": "zendesk:2",
    "url": "https://acme.zendesk.com/agent/tickets/2",
    "resolution": None,
    "hidden": False,
}


def test_a_document_is_json_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """Every script as it is written, ended by a line feed."""
    print_json({"name": "山田", "none": None})
    told = capsys.readouterr()
    assert json.loads(told.out) == {"name": "山田", "none": None}
    assert "山田" in told.out
    assert told.out.endswith("}\n")
    assert told.err == ""


def test_a_hit_is_one_line_however_long(capsys: pytest.CaptureFixture[str]) -> None:
    """Score, words, who (their role where they have no name), when and where."""
    print_hits([HIT])
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("  0.71  “The [line] drops")
    assert line.endswith("”  customer, 2026-07-01, zendesk:1")


def test_a_hidden_hit_says_only_that_it_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    """No word of it."""
    hidden: Any = {**HIT, "hidden": True, "quote": None, "evidence": []}
    print_hits([hidden])
    assert capsys.readouterr().out == "  0.71  (private)\n"


def test_a_title_is_words_and_not_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """What a customer writes in brackets is printed as it stands."""
    solved: Any = {**LIKE, "resolution": "Set up anew."}
    print_like([LIKE, solved])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  0.50  The [bold]line[/bold] drops  zendesk:2, solved"
    assert lines[1] == "  0.50  The [bold]line[/bold] drops → “Set up anew.”  zendesk:2, solved"


def test_a_piped_table_is_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    """Tab-separated, for other programs; no title, no headings."""
    table("Title", ("one", "two"), [("a", 1), ("b", None)])
    assert capsys.readouterr().out == "a\t1\nb\tNone\n"


def test_a_table_in_a_terminal_has_title_and_headings(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For people."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    table("Title", ("one", "two"), [("a [b]", 1)])
    out = capsys.readouterr().out
    assert all(word in out for word in ("Title", "one", "two", "a [b]", "1"))
