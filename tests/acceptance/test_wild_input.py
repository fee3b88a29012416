"""What people really are in a helpdesk: nameless, in any script, at any length."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.house import House, Told, served, settings_for
from tests.support.tale import ACCOUNT, AS_OF, DAY, customer, message, tale, ticket, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.xdist_group("wild"), pytest.mark.timeout(900), pytest.mark.long]

SCRIPTS = {
    210: ("Αλεξάνδρα Παπαδοπούλου", "Η γραμμή κόβεται κάθε βράδυ."),  # noqa: RUF001 - it is Greek
    211: ("山田 花子", "回線が毎晩切れます。よろしくお願いします。"),
    212: ("محمد الأحمد", "الخط ينقطع كل مساء."),
    213: ("Zoë ﷽ 🧡👩‍👩‍👧", "🧡🧡🧡 Z̸a̷l̴g̵o̶ \u202eright to left\u202c"),
    214: ("Олена Шевченко", "Лінія щовечора обривається."),
}
LARGE = "The line drops. I called before, and nobody came. " * 100_000
COMMENTS = 5_000
NAMELESS, NUMBERED, FREE_TEXT, ALONE, NUL, VAST, BUSY = range(201, 208)


def _story() -> dict[str, object]:
    day = iter(range(1, 100))

    def told(number: int, who: int, text: str) -> dict[str, object]:
        at = AS_OF - next(day) * DAY
        return ticket(number, who, at, messages=[message("customer", at, text)])

    began = AS_OF - 200 * DAY
    long = [
        message("customer" if n % 2 else "agent", began + n, f"Line {n % 50} is checked.")
        for n in range(COMMENTS)
    ]
    odd = [
        customer(NAMELESS, name=""),
        customer(NUMBERED, name="+1 (212) 555-0202", phone="+12125550202"),
        customer(FREE_TEXT, phone="ask at the shop, ring twice"),
        customer(ALONE, phone=None, email=None),
        customer(NUL, name="Nu\x00ll"),
        customer(VAST),
        customer(BUSY),
    ]
    tickets = [
        told(1, NAMELESS, "Nobody knows my name."),
        told(2, NUMBERED, "I am my number."),
        told(3, FREE_TEXT, "Ask for me at the shop."),
        told(4, ALONE, "I have nothing."),
        told(5, NUL, "A zero \x00 in the \x00 middle; my mother died."),
        told(6, VAST, LARGE),
        ticket(7, BUSY, began, messages=long),
        *(told(who, who, text) for who, (_, text) in SCRIPTS.items()),
    ]
    return tale(tickets, odd + [customer(who, name=name) for who, (name, _) in SCRIPTS.items()])


@pytest.fixture(scope="session")
def wild(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Told]]:
    """Twelve customers as they come, taken and remembered in one run."""
    folder = tmp_path_factory.mktemp("wild")
    with served(written(_story(), folder)) as url:
        house = House(folder / "home", settings_for(url))
        yield house, house.run("backfill", "zendesk", "--json", "--account", ACCOUNT)


@pytest.fixture
def brief(wild: tuple[House, Told], in_process: Callable[..., Told]) -> Callable[..., Told]:
    """Asks for a verified brief, printed and as a document; the document's answer."""

    def ask(*who: str) -> Told:
        printed = in_process(wild[0], "brief", *who, "--verified", "--full")
        told = in_process(wild[0], "brief", *who, "--verified", "--json")
        assert printed.code == told.code
        assert printed.out
        return told

    return ask


def test_everything_is_taken_and_remembered(wild: tuple[House, Told]) -> None:
    """Nothing is quarantined, nothing fails, no word of it on standard error."""
    told = wild[1]
    assert told.code == 0, told.err
    assert "Traceback" not in told.err
    report = told.document
    assert (report["tickets"], report["customers"], report["remembered"]) == (12, 12, 12)
    assert report["messages"] == 11 + COMMENTS
    assert report["quarantined"] == 0


@pytest.mark.parametrize("who", [NAMELESS, NUMBERED, FREE_TEXT, ALONE, NUL, VAST, BUSY, *SCRIPTS])
def test_everyone_has_a_brief_and_an_export(
    wild: tuple[House, Told],
    brief: Callable[..., Told],
    in_process: Callable[..., Told],
    who: int,
) -> None:
    """Found by ref; one ticket; the words they wrote are in the export."""
    told = brief("--customer", f"zendesk:{who}")
    assert told.document["customer"]["contacts"] == 1
    export = json.loads(in_process(wild[0], "export", "--customer", f"zendesk:{who}").out)
    [one] = export["tickets"]
    assert one["messages"][0]["text"]


def test_a_name_that_is_a_number_is_no_name(brief: Callable[..., Told]) -> None:
    """Zendesk names an unknown caller after the number; the brief says no name."""
    found = brief("--phone", "+12125550202").document
    assert (found["match"]["outcome"], found["customer"]["name"]) == ("one", None)


def test_no_name_is_no_name(brief: Callable[..., Told]) -> None:
    """Empty is null, not an empty word."""
    assert brief("--phone", "+12125550201").document["customer"]["name"] is None


def test_a_phone_that_is_free_text_is_nobodys_number(
    wild: tuple[House, Told], in_process: Callable[..., Told]
) -> None:
    """Found by e-mail; no number is made up from words."""
    told = in_process(wild[0], "export", "--email", f"c{FREE_TEXT}@mail.example")
    identities = json.loads(told.out)["customer"]["identities"]
    assert [one["kind"] for one in identities] == ["email"]


def test_who_has_neither_phone_nor_mail_is_found_by_ticket(brief: Callable[..., Told]) -> None:
    """A ref or a ticket always works."""
    found = brief("--ticket", "zendesk:4").document
    assert found["customer"]["ref"] == f"zendesk:{ALONE}"
    assert (found["customer"]["phone"], found["customer"]["email"]) == (None, None)


def test_a_nul_is_dropped_and_what_surrounds_it_is_kept(
    wild: tuple[House, Told], brief: Callable[..., Told], in_process: Callable[..., Told]
) -> None:
    """No database or terminal has to bear it."""
    export = in_process(wild[0], "export", "--customer", f"zendesk:{NUL}").out
    assert "\\u0000" not in export
    assert "my mother died" in export
    found = brief("--customer", f"zendesk:{NUL}").document
    assert [item["kind"] for item in found["care"]] == ["bereavement"]


@pytest.mark.parametrize("who", SCRIPTS)
def test_any_script_is_kept_as_it_was_written(
    wild: tuple[House, Told], in_process: Callable[..., Told], who: int
) -> None:
    """Name and words, character by character (but for marks that turn the reading direction)."""
    name, text = SCRIPTS[who]
    export = json.loads(in_process(wild[0], "export", "--customer", f"zendesk:{who}").out)
    kept = export["tickets"][0]["messages"][0]["text"]
    turning = dict.fromkeys(map(ord, "\u202e\u202c"))
    assert export["customer"]["name"] == name
    assert kept.translate(turning) == text.translate(turning)


def test_five_megabytes_are_one_message(
    wild: tuple[House, Told], brief: Callable[..., Told], in_process: Callable[..., Told]
) -> None:
    """Kept whole; the brief of it is short all the same."""
    export = json.loads(in_process(wild[0], "export", "--customer", f"zendesk:{VAST}").out)
    assert len(export["tickets"][0]["messages"][0]["text"]) == len(LARGE.strip())
    assert len(brief("--customer", f"zendesk:{VAST}").out) < 20_000


def test_five_thousand_comments_are_one_ticket(
    wild: tuple[House, Told], brief: Callable[..., Told], in_process: Callable[..., Told]
) -> None:
    """Every comment once, in order; the brief of it is short all the same."""
    export = json.loads(in_process(wild[0], "export", "--customer", f"zendesk:{BUSY}").out)
    texts = [one["text"] for one in export["tickets"][0]["messages"]]
    assert texts == [f"Line {n % 50} is checked." for n in range(COMMENTS)]
    assert len(brief("--customer", f"zendesk:{BUSY}").out) < 20_000
