"""Whatever reads a whole text takes time and memory in proportion to it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.freshdesk import voice as freshdesk_voice
from connector.freshdesk.zones import iana
from connector.words import is_number, without_tags
from connector.zendesk import voice as zendesk_voice
from memory import phones, policy
from memory.asking import periods, signs, speaking
from memory.asking.lexical import words_of
from memory.record import names, notes
from memory.remembering import issues, standing
from memory.remembering.checks import checks_in
from memory.remembering.doubts import _pieces
from memory.remembering.languages import code_of
from memory.remembering.promises import promise_in
from memory.remembering.pronunciation import pronunciation_in
from memory.remembering.relation import relation_of
from memory.remembering.turns import turns_of
from memory.text.automatic import is_auto_reply
from memory.text.clean import clean
from memory.text.dates import days_in
from memory.text.redact import redact
from memory.text.sentences import MAX_LENGTH, split
from memory.words import fold
from tests.fuzz.measuring import MOST, TIMES, held, peak, ratio, seconds
from tests.fuzz.mutating import WILD_TEXTS
from tests.fuzz.patterns import Attack, attacks, patterns
from tests.fuzz.profile import LONG, drawn, fuzzing

if TYPE_CHECKING:
    from collections.abc import Callable

SAID: Final = datetime(2026, 7, 7, 9, 0, tzinfo=UTC)
LENGTH: Final = 40_000 if LONG else 12_000
"""Characters of the longer text; `make test` looks at less, and sees what is quadratic too."""

TRIED: Final = 150 if LONG else 16
"""Texts for each reader."""

SHORT: Final = 3000
"""Characters of a text that is compared with prose."""

DEAREST: Final = 120.0
"""Bytes for each letter: a text of four bytes a letter, as lists of lines and words.

A ligature counts as its letters, of which one has eighteen.
"""


def _turns(text: str) -> list[Any]:
    row = SimpleNamespace(
        text=text,
        channel="voice",
        direction="inbound",
        ticket_id="1",
        id="1",
        author_id="100",
        answered_by="11",
        public=False,
        role="agent",
        at=SAID,
    )
    return list(turns_of(row, "100"))


READERS: Final[dict[str, Callable[[str], object]]] = {
    "automatic": is_auto_reply,
    "called in vain": freshdesk_voice.in_vain,
    "clean": clean,
    "days": lambda text: days_in(text, SAID, UTC),
    "doubts": lambda text: list(_pieces(text)),
    "fold": fold,
    "hidden": phones.is_hidden,
    "language": code_of,
    "marker": lambda text: list(notes.MARKER.finditer(text)),
    "name": is_number,
    "names": names.words_of_name,
    "need": policy.need_of,
    "never kept": policy.never_kept_words,
    "period": lambda text: periods.period_of(text, date(2026, 7, 7)),
    "phone": lambda text: phones.normalise(text, "US"),
    "promised by": standing.promised_by,
    "redact": redact,
    "reply": issues.is_reply,
    "says something": signs.says_something,
    "sensitive": policy.sensitive_words,
    "sentences": split,
    "sip": phones.from_sip,
    "speaking": lambda text: speaking.as_embedded(text, [], "100"),
    "stems": words_of("en").stems,
    "tags": without_tags,
    "title": policy.neutral_title,
    "turns": _turns,
    "voice": zendesk_voice.own_words,
    "zone": iana,
}
"""What is given texts of any length."""

OF_A_SENTENCE: Final[dict[str, Callable[[str], object]]] = {
    "checks": lambda text: checks_in(text, "note"),
    "promise": lambda text: promise_in(text, SAID, UTC, by_note=True),
    "pronunciation": pronunciation_in,
    "relation": lambda text: relation_of(text, "health"),
}
"""What is given one sentence at a time."""

LINES: Final = (
    "",
    " ",
    "x",
    "> quoted",
    "--",
    "-- ",
    "---",
    "On 3 May 2026, Bob wrote:",
    "-----Original Message-----",
    "From: Bob <bob@example.com>",
    "Sent from my iPhone",
    "Kind regards,",
    "Thanks,",
    "Mara Lindqvist",
    "Tel: 212-555-0143",
    "PS: ring me",
    "Begin forwarded message:",
    "This e-mail is confidential and intended for the recipient.",
    "This message",
    "Disclaimer",
    "Best Mara,",
    "Customer: hello",
    "Agent: good day.",
    "<div>",
    "<ul><li>x",
    "<table><tr><td>x</td></tr>",
    "<blockquote>",
    "a. b? c! d…",
    "password is",
    "PIN: 1234",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "tomorrow, in 3 days, by Friday, 5 July",
)
"""Lines that some reader looks at twice."""

PREFIXES: Final = ("", "x\n", "Hello, my phone died.\n\n")

ONCE_SLOW: Final = (
    Attack("", "cvv111", ""),
    Attack("", "x\nthisscanned" + "-" * 140 + "1\n", ""),
    Attack("", "x\n--Forwarded by" + "-" * 140 + "a\n", ""),
    Attack("", "x\nje vous prie d'agréer" + " " * 120 + "\u2060a\n", ""),
    Attack("x", "\n", ""),
    Attack("12345", " ", "y"),
    Attack("", " ", "sip"),
    Attack("", "\u4e00", "\x01"),
    Attack("", "_", ""),
    Attack("", "\ufdfa", ""),
)
"""What once took minutes."""

WIDTHS: Final = (150, 290)
"""Characters of lines that are looked at closely; longer ones are no signature and no head."""

MOST_OF_PROSE: Final = 60
"""How many times as long a text may take as prose of its length takes to be cleaned and redacted.

What is quadratic within a line is linear in a text of many lines, and would not end all the same.
"""

MARKUP: Final = (
    ("<table><tr><td>@</td></tr>", "<tr><td>y</td></tr>", "</table>"),
    ("<table><tr><td>@</td><td>y</td></tr>", "<tr><td>y</td><td>z</td></tr>", "</table>"),
    ("<table><tr>", "<td>y", "</tr><tr><td>z</td></tr></table>"),
    ("<table><tr><td>", "x<br>", "</td>" + "<td>y</td>" * 100 + "</tr></table>"),
    ("<ul>" * 200, "<li>x", ""),
    ("<ol>" * 60 + "<pre>", "x\n", ""),
    ("", "<p style='margin-top:99999em;padding-left:99999em'>x</p>", ""),
    ("", "<b>x</b>y", ""),
    ("", "<!-- -->x", ""),
)
"""What stands first, with a long text for `@`, what is repeated, and what stands last."""


_ONE_LINE = str.maketrans(dict.fromkeys("\r\n", " "))


@cache
def _everything() -> list[Attack]:
    """All texts: of each expression those that its tree suggests, and lines again and again."""
    found = [one for pattern in patterns().values() for one in attacks(pattern)]
    said = [*LINES, *WILD_TEXTS]
    found += [Attack(head, f"{line}\n", "") for head in PREFIXES for line in said]
    found += [Attack(f"{line}\n", f"{other}\n", "") for line in LINES for other in LINES]
    found += [Attack("", f"{line}\n{other}\n", "") for line in LINES for other in LINES]
    found += [Attack("", line, "") for line in said if line]
    found += [
        Attack("", f"x\n{one.of(width).translate(_ONE_LINE)}\n", "")
        for one in tuple(found)
        for width in WIDTHS
    ]
    return found


def _texts(name: str) -> list[Attack]:
    """Those for one reader: some of all, and always the short lines."""
    plain = [Attack(head, f"{line}\n", "") for head in PREFIXES for line in LINES]
    chance = drawn(name)
    few = plain if LONG else chance.sample(plain, 10)
    return [*ONCE_SLOW, *few, *chance.sample(_everything(), TRIED)]


@pytest.mark.parametrize("name", sorted(READERS))
def test_time_grows_with_the_text(name: str) -> None:
    """Four times the text takes four times the time, not sixteen."""
    read, bad = READERS[name], {}
    usual = seconds(lambda: read("Hello, my mother is ill. " * (LENGTH // 25)), 3)
    for attack in _texts(name):
        short, long = attack.of(LENGTH // TIMES), attack.of(LENGTH)
        # What is hardly slower than prose is no quadratic work; it is not worth two more looks.
        if seconds(lambda: read(short)) < usual / 2 and seconds(lambda: read(long)) < 2 * usual:  # noqa: B023
            continue
        grown = ratio(read, short, long)
        if grown > MOST:
            bad[attack] = round(grown, 1)
    assert not bad


@pytest.mark.parametrize("name", sorted(READERS))
def test_no_text_takes_far_longer_than_prose(name: str) -> None:
    """Nor do many lines each of which takes long."""
    read, bad = READERS[name], {}
    prose = "Hello, my mother is ill. " * (SHORT // 25)
    most = MOST_OF_PROSE * seconds(lambda: redact(clean(prose)), 5)
    for attack in _texts(name):
        text = attack.of(SHORT)
        taken = seconds(lambda: read(text))  # noqa: B023  called at once
        if taken > most:
            taken = seconds(lambda: read(text), 3)  # noqa: B023  as above
        if taken > most:
            bad[attack] = round(MOST_OF_PROSE * taken / most)
    assert not bad


@pytest.mark.parametrize("name", sorted(OF_A_SENTENCE))
def test_a_sentence_takes_no_longer_than_its_pairs_of_words(name: str) -> None:
    """Of what is given one sentence at most the square of its length is the bound."""
    read, bad = OF_A_SENTENCE[name], {}
    for attack in _texts(name):
        short, long = attack.of(MAX_LENGTH // TIMES), attack.of(MAX_LENGTH)
        if len(attack.body) > len(short) / 4:  # then it is not the same text, shorter
            continue
        if seconds(lambda: read(long)) < 1e-3:  # noqa: B023  too short to be measured
            continue
        grown = ratio(read, short, long)
        if grown > TIMES**2.6:
            bad[attack] = round(grown, 1)
    assert not bad


@pytest.mark.parametrize("name", sorted(READERS))
def test_memory_grows_with_the_text(name: str) -> None:
    """A text is held a few times over at most, however it is made."""
    read, bad = READERS[name], {}
    read("warm")
    for attack in _texts(name)[:: 3 if LONG else 9]:
        text = attack.of(LENGTH)
        dear = held(lambda: read(text)) / len(normalize("NFKD", text))  # noqa: B023  called at once
        if dear > DEAREST:
            bad[attack] = round(dear)
    assert not bad


@pytest.mark.parametrize("made", MARKUP, ids=range(len(MARKUP)))
def test_markup_is_no_larger_as_text(made: tuple[str, str, str]) -> None:
    """A table with one wide cell, a list in a list in a list, margins of a mile."""
    head, body, tail = made

    def of(length: int) -> str:
        return head.replace("@", "x" * (length // 2)) + body * (length // 2 // len(body)) + tail

    assert len(without_tags(of(LENGTH))) <= LENGTH
    assert peak(without_tags, of(LENGTH)) < DEAREST * 2
    assert ratio(without_tags, of(LENGTH // TIMES), of(LENGTH)) < MOST


@pytest.mark.parametrize("name", sorted(READERS | OF_A_SENTENCE))
@fuzzing(25)
@given(
    text=st.one_of(
        st.text(alphabet=st.characters(codec=None)),
        st.lists(st.sampled_from([*LINES, *WILD_TEXTS]), max_size=12).map("\n".join),
        st.lists(st.sampled_from([*LINES, *WILD_TEXTS]), max_size=12).map(" ".join),
        st.randoms(use_true_random=False).map(
            lambda chance: "".join(one.of(60) for one in chance.sample(_everything(), 4))
        ),
    )
)
def test_any_text_is_read(name: str, text: str) -> None:
    """Halves of characters, scripts that turn round, and pieces of what expressions look for."""
    (READERS | OF_A_SENTENCE)[name](text)
