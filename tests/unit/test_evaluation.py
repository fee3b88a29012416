"""The measuring of personal context, by the command that `make evaluate` runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.evaluation import __main__ as command
from tests.evaluation.briefs import Lengths
from tests.evaluation.locomo import share_found
from tests.evaluation.personal import Message, intervals, score, table

if TYPE_CHECKING:
    from pathlib import Path

LABELLED = [
    {"text": "My mother was diagnosed with dementia last month.", "p": 2, "k": "health"},
    {"text": "Hello there. I look after my disabled brother.", "p": 2, "k": "family_care"},
    {"text": "The invoice is wrong.", "p": 0, "k": "none"},
    {"text": "my wife's phone is lost", "p": 1, "k": "family_care"},
]


def message(worth: int, *found: str) -> Message:
    """A health matter, or what was taken for one."""
    return Message(worth, "health" if worth else "none", frozenset(found))


def labelled(folder: Path, lines: list[object]) -> str:
    """The path of a file with these lines."""
    file = folder / "labelled.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return str(file)


def test_scores_are_those_of_the_textbook() -> None:
    """Two of three found are right, two of four worth it are found; weak ones count for neither."""
    messages = [
        *[message(2, "health")] * 2,
        *[message(2)] * 2,
        message(0, "work"),
        message(0),
        message(1, "health"),
    ]
    scores = score(messages)
    assert scores.precision == pytest.approx(2 / 3)
    assert (scores.recall, scores.n) == (0.5, 6)
    assert scores.f1 == pytest.approx(4 / 7)


def test_nothing_found_is_no_division_by_nothing() -> None:
    """A head that finds nothing scores 0."""
    assert score([message(2), message(0)]).f1 == 0


def test_intervals_hold_the_value_and_are_the_same_each_time() -> None:
    """The bootstrap has a fixed seed."""
    messages = [message(2, "health")] * 30 + [message(2)] * 10 + [message(0, "work")] * 10
    (low, high), *_ = intervals(messages)
    assert low < score(messages).precision < high
    assert intervals(messages) == intervals(messages)


def test_the_table_names_the_weak_ones_apart() -> None:
    """Weak messages are shown, outside of the scores."""
    shown = table([message(2, "health"), message(0), message(1, "health")], 0.5)
    assert "1 of 1 found" in shown
    assert "2 messages" in shown


def test_the_table_says_whether_the_goals_are_held_and_how_sure_is_how_right() -> None:
    """Precision 0.50 misses its goal, recall 1 holds it; confidence beside what it was worth."""
    found = frozenset({"health"})
    shown = table([Message(2, "health", found, 0.9), Message(0, "none", found, 0.3)], 0.2)
    precision, recall = (one for one in shown.splitlines() if "goal" in one)
    assert (precision[-2:], recall[-3:]) == ("no", "yes")
    sure = [one.split() for one in shown.splitlines() if one.startswith(("0.2 to", "0.8 to"))]
    assert [one[3:] for one in sure] == [
        ["0.30", "1", "0", "0", "1"],
        ["0.90", "1", "1", "0", "0"],
    ]


def test_a_file_is_measured_and_printed_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One document, with the shipped threshold."""
    assert command.main(["--personal", labelled(tmp_path, [*LABELLED]), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)["personal"]
    assert set(measured) == {"precision", "recall", "f1", "threshold", "n"}
    assert (measured["precision"], measured["recall"], measured["n"]) == (1, 1, 3)


@pytest.mark.xdist_group("model")
@pytest.mark.slow
def test_a_missing_default_file_is_said_in_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fresh clone has no text of others: that is no failure, and our own is measured."""
    for name in ("PERSONAL", "LOCOMO", "STAR"):
        monkeypatch.setattr(command, name, tmp_path / "none")
    # Remembering the whole story takes a minute; how briefs are read has tests of its own.
    monkeypatch.setattr("tests.evaluation.briefs.evaluate", Lengths)
    assert command.main([]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Cases of our own")
    assert "The packaged story, 0 briefs" in said
    assert said.count("was not measured") == 3
    assert command.main(["--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"personal": None, "recall": None}


@pytest.mark.parametrize(
    "line", [{"text": "no label"}, {"text": 5, "p": 0}, {"text": "x", "p": 7}, ["a list"]]
)
def test_a_wrong_line_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: object
) -> None:
    """What is wrong, where, and what to write; none of its text is shown."""
    assert command.main(["--personal", labelled(tmp_path, [LABELLED[0], line])]) == 1
    said = capsys.readouterr().err
    assert "line 2" in said
    assert "no label" not in said


def test_a_file_that_is_not_there_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Named by hand, it is expected to exist."""
    assert command.main(["--personal", str(tmp_path / "absent")]) == 1
    assert "absent" in capsys.readouterr().err


def conversation(**questions: list[str]) -> dict[str, object]:
    """Mara and Daniel in two sessions; each question with the turns that answer it."""
    said = [
        ("D1:1", 1, "Mara", "I keep bees on the roof of my house.", ""),
        ("D1:2", 1, "Daniel", "How much honey do they make?", ""),
        ("D1:3", 1, "Mara", "Look at this one!", "a photo of a jar with a yellow label"),
        ("D2:1", 2, "Daniel", "The router was replaced on Monday.", ""),
        ("D2:2", 2, "Mara", "And the bill is still too high.", ""),
    ]
    return {
        "speakers": ["Mara", "Daniel"],
        "turns": [
            {
                "id": name,
                "session": session,
                "at": f"1:56 pm on {session} May, 2023",
                "speaker": speaker,
                "text": text,
                "shares": shares,
            }
            for name, session, speaker, text, shares in said
        ],
        "questions": [
            {"question": words.replace("_", " "), "evidence": evidence, "category": 4}
            for words, evidence in questions.items()
        ],
    }


def conversations(folder: Path, *all_of: object) -> str:
    """The path of a file with these conversations."""
    file = folder / "conversations.json"
    file.write_text(json.dumps(all_of), encoding="utf-8")
    return str(file)


def test_the_share_of_the_evidence_is_counted_among_the_first() -> None:
    """At each depth, whatever else was found."""
    found = [f"D1:{n}" for n in range(40)]
    assert share_found(found, frozenset({"D1:4", "D1:9", "D1:30", "D9:9"})) == [0.25, 0.5, 0.5]


@pytest.mark.xdist_group("model")
@pytest.mark.slow
def test_recall_is_measured_by_the_products_own_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stored, remembered and asked; captions count as words of their turn."""
    file = conversations(
        tmp_path,
        conversation(Where_does_Mara_keep_bees=["D1:1"], yellow_label=["D1:3", "D7:7"]),
        conversation(When_did_Daniel_replace_the_router=["D2:1"]),
    )
    assert command.main(["--locomo", file, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"recall"}
    measured = document["recall"]
    assert set(measured) == {"5", "10", "25", "p50_ms", "encoder_p50_ms"}
    assert (measured["5"], measured["10"], measured["25"]) == (1, 1, 1)
    assert measured["encoder_p50_ms"] > 0
    assert measured["p50_ms"] > 0


@pytest.mark.parametrize("wrong", [{"turns": []}, ["no conversation"], 5, conversation(x=[])])
def test_a_file_without_conversations_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: object
) -> None:
    """In a sentence that says what was expected and shows none of the text."""
    assert command.main(["--locomo", conversations(tmp_path, wrong)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Recall was not measured: it holds no ")
    assert "bees" not in said
