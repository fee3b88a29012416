"""The measuring of what is remembered of service talk, on dialogues made for it."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from tests.evaluation import base_rate
from tests.evaluation.base_rate import Hit, Rate, drawn, key_of, rates, table, verdicts, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def dialogues(folder: Path, said: Sequence[tuple[str, str]]) -> Path:
    """A file with one dialogue, of who said what."""
    messages = [{"by": by, "text": text} for by, text in said]
    file = folder / "dialogues.json.gz"
    told = {"tickets": [{"topic": "bank", "messages": messages}]}
    file.write_bytes(gzip.compress(json.dumps(told).encode()))
    return file


def hit(number: int, *, sure: bool = True) -> Hit:
    """One of many."""
    key = key_of("health", f"sentence {number}")
    return Hit(key, key.encode(), "health", 0.9, f"sentence {number}", "bank", sure)


def rate(hits: int, **judged: int) -> Rate:
    """Of a thousand sentences."""
    told = {"right": 0, "wrong": 0, "doubtful": 0, "unjudged": 0, **judged}
    return Rate("remembered", 1000, hits, **told)


def test_only_sentences_that_remembering_reads_are_counted(tmp_path: Path) -> None:
    """Of customers, redacted, split, and of more than one word."""
    file = dialogues(
        tmp_path,
        [
            ("customer", "Hello. My card is 4111 1111 1111 1111. It is lost."),
            ("agent", "I am sorry to hear that."),
        ],
    )
    said = base_rate.read(file)
    assert said == [("My card is [card].", "bank"), ("It is lost.", "bank")]


@pytest.mark.parametrize(
    "held",
    [b"no gzip", gzip.compress(b"[]", mtime=0), gzip.compress(b'{"x": 1}', mtime=0)],
    ids=["no gzip", "no document", "no tickets"],
)
def test_a_file_without_dialogues_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], held: bytes
) -> None:
    """In a sentence, by the command too."""
    file = tmp_path / "wrong.gz"
    file.write_bytes(held)
    assert base_rate.main(["--star", str(file)]) == 1
    assert "wrong.gz holds no dialogues" in capsys.readouterr().err


def test_the_draw_is_the_same_however_many_are_found_besides() -> None:
    """What was drawn of many is drawn of fewer, if it is among them: verdicts are not wasted."""
    many = [hit(number) for number in range(1000)]
    first = drawn(many)
    assert len(first) == base_rate.DRAWN
    assert drawn(reversed(many)) == first
    fewer = [one for one in many if one in first or one.sentence.endswith("7")]
    assert drawn(fewer) == first


def test_wrong_ones_are_reckoned_per_thousand_sentences() -> None:
    """A quarter of 40 hits in 1,000 sentences makes 10, somewhere between 6 and 15."""
    measured = rate(40, right=100, wrong=50, doubtful=50)
    assert measured.wrong_per_1000 == 10
    low, high = measured.interval
    assert 6 < low < 10 < high < 15


def test_the_interval_is_wilsons() -> None:
    """As the textbook's examples have it; of nothing judged it says nothing."""
    assert wilson(10, 20) == pytest.approx((0.299, 0.701), abs=0.001)
    assert wilson(0, 200) == pytest.approx((0, 0.0188), abs=0.001)
    assert wilson(0, 0) == (0, 1)


@pytest.mark.parametrize(
    ("measured", "holds"),
    [
        (rate(20, right=190, wrong=10), "yes"),
        (rate(20, right=150, wrong=50), "no"),
        (rate(20, right=150, wrong=10, unjudged=40), "not known"),
        (rate(20, wrong=50, unjudged=150), "no"),
        (rate(2, unjudged=2), "yes"),
        (rate(0), "yes"),
    ],
)
def test_the_goal_is_not_held_by_what_nobody_judged(measured: Rate, holds: str) -> None:
    """Held only if it were with all of those wrong; missed only if with all of them right."""
    assert measured.holds == holds


def test_the_first_view_is_drawn_for_itself() -> None:
    """What is less sure is not in it; what has no verdict is counted and said."""
    hits = [hit(1), hit(2), hit(3, sure=False)]
    rows = rates(1000, hits, {hit(1).key: "right", hit(3).key: "wrong"})
    assert [(one.hits, one.right, one.wrong, one.unjudged) for one in rows] == [
        (3, 1, 1, 1),
        (2, 1, 0, 1),
    ]
    shown = table(rows, 0)
    assert "Of those drawn for 'first view' 1 have no verdict yet" in shown


def test_verdicts_are_of_three_words_and_hold_no_text(tmp_path: Path) -> None:
    """Digests alone stand beside them; another word is refused."""
    assert set(verdicts().values()) == {"right", "wrong", "doubtful"}
    assert all(len(key) == 24 and int(key, 16) >= 0 for key in verdicts())
    wrong = tmp_path / "verdicts.tsv"
    wrong.write_text("digest\tverdict\nabc\tperhaps\n", encoding="utf-8")
    with pytest.raises(base_rate.UnreadableError, match="another verdict"):
        verdicts(wrong)


@pytest.mark.xdist_group("model")
@pytest.mark.slow
def test_what_is_found_is_listed_for_a_person_to_judge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the head that ships: each finding with its kind, the ones without a verdict as `?`."""
    told = "My husband died in March."
    file = dialogues(tmp_path, [("customer", f"{told} What is my balance?"), ("customer", told)])
    assert base_rate.main(["--star", str(file), "--show"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[1:3] for line in listed[1:]] == [["?", "bereavement"]]
    assert listed[1].startswith(key_of("bereavement", told))
    assert base_rate.main(["--star", str(file)]) == 0
    assert "3 sentences of customers" in capsys.readouterr().out
