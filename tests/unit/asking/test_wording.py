"""A support lead's own sentences and resources, and what is said of a file that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.asking.wording import FILE, SLOTS, HouseWording, packaged
from memory.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def _read(folder: Path, text: str) -> HouseWording:
    (folder / FILE).write_text(text, encoding="utf-8")
    return HouseWording(folder / FILE)


def test_without_a_file_the_packaged_sentences_stand(tmp_path: Path) -> None:
    """No file, no folder, or an empty file."""
    assert HouseWording(tmp_path / FILE).read() == packaged()
    assert HouseWording(tmp_path / "none" / FILE).read() == packaged()
    assert _read(tmp_path, "# nothing yet\n").read() == packaged()


def test_a_house_adds_replaces_and_silences(tmp_path: Path) -> None:
    """Situation by situation; what is not named stays as it is."""
    found = _read(
        tmp_path,
        """
        [missed_calls]
        add = ["Sorry we missed you {times}."]
        [unverified]
        say = ["Your name, please?"]
        add = ["And who is calling?"]
        [after_solved]
        say = []
        """,
    ).read()
    own = packaged().sentences
    assert found.sentences["missed_calls"] == (
        *own["missed_calls"],
        "Sorry we missed you {times}.",
    )
    assert found.sentences["unverified"] == ("Your name, please?", "And who is calling?")
    assert found.sentences["after_solved"] == ()
    assert found.of("after_solved", {}, 3) is None
    assert found.sentences["open_promise"] == own["open_promise"]


def test_resources_are_found_by_their_words(tmp_path: Path) -> None:
    """Folded, whole words or phrases; the address may be missing."""
    [moving, plain] = (
        _read(
            tmp_path,
            """
            [[resources]]
            name = "Moving house"
            url = "https://help.example.com/moving"
            words = ["Umzug", "New   Address"]
            [[resources]]
            name = "Opening hours"
            words = ["hours"]
            """,
        )
        .read()
        .resources
    )
    assert [moving.fits(one) for one in ("UMZUG!", "my new address", "newaddress", "")] == [
        *(True, True),
        *(False, False),
    ]
    assert plain.url == ""


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    """A service need not be started anew; a file that is gone is as if it had never been."""
    house = _read(tmp_path, '[unverified]\nsay = ["One?"]')
    assert house.read().sentences["unverified"] == ("One?",)
    assert house.read() is house.read()
    (tmp_path / FILE).write_text('[unverified]\nsay = ["Another?"]')
    assert house.read().sentences["unverified"] == ("Another?",)
    (tmp_path / FILE).unlink()
    assert house.read() == packaged()


WRONG = [
    ("[unverified\n", "line 1"),
    ('[unverified]\nsay = ["x"]\nsay = ["y"]\n', "line 3"),
    ('[greeting]\nsay = ["Hello"]', "'greeting'"),
    ('unverified = "Hello"', "unverified"),
    ('[unverified]\nsays = ["Hello"]', "'says'"),
    ('[unverified]\nsay = "Hello"', "unverified.say"),
    ("[unverified]\nadd = [1]", "unverified.add"),
    ('[unverified]\nadd = ["ok", ""]', "unverified.add, entry 2"),
    ('[unverified]\nadd = ["one\\ntwo"]', "unverified.add, entry 1"),
    (f'[unverified]\nadd = ["{"x" * 201}"]', "unverified.add, entry 1"),
    ('[unverified]\nadd = ["Is it about {issue}?"]', "unverified.add, entry 1"),
    ('[missed_calls]\nsay = ["You called {time}"]', "missed_calls.say, entry 1"),
    ('[missed_calls]\nsay = ["You called { times }"]', "missed_calls.say, entry 1"),
    ('[missed_calls]\nsay = ["I am sorry for the loss of your wife"]', "missed_calls.say, entry 1"),
    ("resources = 3", "resources"),
    ("[[resources]]\nname = 1", "resources, entry 1"),
    ('[[resources]]\nname = "x"', "resources, entry 1, words"),
    ('[[resources]]\nname = "x"\nwords = []', "resources, entry 1"),
    ('[[resources]]\nname = "x"\nwords = ["!"]', "resources, entry 1"),
    ('[[resources]]\nname = "x"\nwords = ["y"]\nurl = "javascript:1"', "resources, entry 1"),
    ('[[resources]]\nname = "{x}"\nwords = ["y"]', "resources, entry 1"),
    ('[[resources]]\nname = "Help with grief"\nwords = ["y"]', "resources, entry 1, name"),
    ('[[resources]]\nname = "x"\nwords = ["y"]\nlink = "z"', "'link'"),
]


@pytest.mark.parametrize(("text", "where"), WRONG)
def test_a_wrong_file_is_an_error_that_says_where(tmp_path: Path, text: str, where: str) -> None:
    """The file, the place in it, and what to do next; exit 2."""
    with pytest.raises(UsageError) as caught:
        _read(tmp_path, text).read()
    assert FILE in caught.value.detail
    assert where in caught.value.detail
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    """Bytes that are no UTF-8, and a folder of that name."""
    (tmp_path / FILE).write_bytes(b"\xff\xfe[")
    with pytest.raises(UsageError, match="UTF-8"):
        HouseWording(tmp_path / FILE).read()
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        HouseWording(tmp_path / FILE).read()


@given(
    st.sampled_from(sorted(SLOTS)),
    st.lists(st.text("{}ab isueonamtwhr", min_size=1, max_size=12), max_size=3),
    st.integers(0, 99),
)
def test_whatever_is_accepted_leaves_no_slot(
    tmp_path_factory: pytest.TempPathFactory, situation: str, lines: list[str], turn: int
) -> None:
    """What cannot be filled is refused when the file is read, not when somebody calls."""
    folder = tmp_path_factory.mktemp("house")
    text = f"[{situation}]\nsay = {[one.strip() for one in lines]!r}"
    try:
        found = _read(folder, text).read()
    except UsageError:
        return
    said = found.of(situation, dict.fromkeys(SLOTS[situation], "x"), turn)
    assert said is None or not set("{}") & set(said)
