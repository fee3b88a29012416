"""What changes in the helpdesk changes here: the export shows it, and old words are gone.

One record follows a story from day to day; each test looks at one change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support.changing import FIRST, SECOND, THIRD, Follower

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.changing import Day

BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Told:
    """The days of the story by their names, and whose helpdesk it is."""

    days: Mapping[str, Day]
    provider: str

    def __getitem__(self, name: str) -> Day:
        return self.days[name]


_HELPDESKS = [
    pytest.param(name, marks=pytest.mark.xdist_group("model")) for name in ("zendesk", "freshdesk")
]


@pytest.fixture(scope="module", params=_HELPDESKS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The record on every day of the story."""
    provider: str = request.param
    with Follower(provider, tmp_path_factory.mktemp(provider)) as follower:
        before = follower.run(sync=False)
        for number in (109, 115, 120):
            note = f"Plays the accordion, says {number}."
            follower.memory.note(note, customer=f"{provider}:{number}")
        return Told({BEFORE: before, **follower.days()}, provider)


def _gone(day: Day, word: str) -> bool:
    """Whether a word stands in no table of the record."""
    return word.casefold() not in day.text.casefold()


def test_all_is_there_before(told: Told) -> None:
    """What is gone later was there: tickets, memories and vectors."""
    day = told[BEFORE]
    assert all(day.exports[str(number)] is not None for number in range(101, 123))
    assert "theremin" in day.remembered(109)
    assert "bassoon" in day.remembered(112)
    assert "marimba" in day.remembered(114)
    assert "didgeridoo" in day.remembered(115)
    assert "spinet" in day.remembered(119)
    assert day.has_vector("The zeppelin modem is broken since Monday.") is False
    assert day.has_vector("My zeppelin modem is broken since Monday.")
    assert day.preferred["122"] == f"{told.provider}:13"


def test_a_deleted_ticket_is_gone(told: Told) -> None:
    """Its customer stays, without it; not a word or vector of it is left."""
    assert told[FIRST].tickets(101) == {}
    assert _gone(told[FIRST], "zeppelin")
    assert not told[FIRST].has_vector("My zeppelin modem is broken since Monday.")


def test_a_restored_ticket_is_back(told: Told) -> None:
    """While it is deleted nothing is there; then everything is, and is remembered anew."""
    assert told[FIRST].tickets(102) == {}
    assert _gone(told[FIRST], "cello")
    assert [one["text"] for one in told[SECOND].tickets(102)["2"]["messages"]] == [
        "The cello line is dead again.",
        "I have looked into matter 2.",
    ]
    assert told[SECOND].has_vector("The cello line is dead again.")


def test_a_scrubbed_ticket_is_gone(told: Told) -> None:
    """Neither its words nor what the helpdesk wrote over them is there."""
    assert told[FIRST].tickets(103) == {}
    assert _gone(told[FIRST], "kazoo")
    assert _gone(told[FIRST], "scrubbed")


def test_a_spam_ticket_is_gone(told: Told) -> None:
    """Like a deleted one."""
    assert told[FIRST].tickets(104) == {}
    assert _gone(told[FIRST], "banjo")
    assert not told[FIRST].has_vector("Buy a banjo cheaply today.")


def test_a_merged_ticket_is_closed_and_the_other_goes_on(told: Told) -> None:
    """Both stay their customer's, with their own words."""
    tickets = told[FIRST].tickets(106)
    assert {tickets["5"]["status"], told[BEFORE].tickets(106)["5"]["status"]} == {"closed", "open"}
    assert tickets["6"]["status"] == "open"
    assert len(tickets["6"]["messages"]) > len(told[BEFORE].tickets(106)["6"]["messages"])


def test_redacted_words_are_gone_though_nobody_tells(told: Told) -> None:
    """The message stays, blacked out; its old sentence and vector do not."""
    assert "ocarina" in told[BEFORE].text
    first = told[FIRST].tickets(107)["7"]["messages"][0]["text"]
    assert first.startswith("The word for my line is ")
    assert "ocarina" not in first
    messages = [one["text"] for one in told[FIRST].tickets(107)["7"]["messages"]]
    assert not any("ocarina" in text for text in messages)
    assert not told[FIRST].has_vector("The word for my line is ocarina and it does not work.")


def test_a_message_made_private_is_a_note(told: Told) -> None:
    """It is no longer public."""
    public = [one["public"] for one in told[FIRST].tickets(108)["8"]["messages"]]
    assert told[BEFORE].tickets(108)["8"]["messages"][1]["public"] is True
    assert public == [True, False]


def test_a_merged_customer_is_the_winner(told: Told) -> None:
    """Tickets, memories, words, notes and identities are the winner's, whom both refs find."""
    day, ref = told[FIRST], f"{told.provider}:110"
    assert day.export(109)["customer"]["ref"] == day.export(120)["customer"]["ref"] == ref
    assert day.export(110)["customer"]["merged_from"] == [
        f"{told.provider}:109",
        f"{told.provider}:120",
    ]
    assert set(day.tickets(110)) == {"9", "10"}
    said = day.tickets(110)["9"]["messages"][0]
    assert (said["author"]["ref"], said["text"]) == (
        ref,
        "My theremin mother passed away last week.",
    )
    assert "theremin" in day.remembered(110)
    assert {note["text"] for note in day.export(110)["notes"]} == {
        "Plays the accordion, says 109.",
        "Plays the accordion, says 120.",
    }
    assert day.reached_by(110) >= {"c109@mail.example", "c110@mail.example"}


def test_a_merge_of_the_merged_makes_one_of_all(told: Told) -> None:
    """Who lost to the loser belongs to the winner as well."""
    day, ref = told[SECOND], f"{told.provider}:113"
    assert [day.export(number)["customer"]["ref"] for number in (109, 110, 120)] == [ref] * 3
    assert day.export(113)["customer"]["merged_from"] == [
        f"{told.provider}:{number}" for number in (109, 110, 120)
    ]
    assert {"9", "10", "13", "19"} <= set(day.tickets(113))
    assert "theremin" in day.remembered(113)
    assert len(day.export(113)["notes"]) == 2


def test_who_was_merged_is_not_erased_with_time(told: Told) -> None:
    """A month later everything of theirs is still the winner's."""
    assert "theremin" in told[THIRD].remembered(113)
    assert set(told[THIRD].tickets(113)) == set(told[SECOND].tickets(113))
    assert told[THIRD].export(109) == told[THIRD].export(113)


def test_a_deleted_customer_is_hidden_and_erased_after_thirty_days(told: Told) -> None:
    """Nobody finds them from the first day on; then nothing of theirs is left anywhere."""
    assert told[FIRST].exports["112"] is None
    assert told[SECOND].exports["112"] is None
    assert "bassoon" in told[SECOND].text
    assert "oboe" not in str(told[FIRST].export(113))
    assert told[THIRD].exports["112"] is None
    for word in ("bassoon", "oboe", "c112@mail.example", "+12125550112", "Customer 112"):
        assert _gone(told[THIRD], word), word
    assert not told[THIRD].has_vector("I love playing the oboe.")


def test_a_restored_customer_is_back_with_everything(told: Told) -> None:
    """Hidden meanwhile; then tickets, identities and memories are as before, for good."""
    assert told[FIRST].exports["114"] is None
    for name in (SECOND, THIRD):
        assert "marimba" in told[name].remembered(114)
        assert told[name].tickets(114) == told[BEFORE].tickets(114)
        assert told[name].reached_by(114) == told[BEFORE].reached_by(114)


def test_a_permanently_deleted_customer_is_erased_at_once(told: Told) -> None:
    """With their tickets, their words in others' tickets, and what was noted of them."""
    assert told[FIRST].exports["115"] is None
    for word in ("didgeridoo", "dulcimer", "says 115", "c115@mail.example", "Customer 115"):
        assert _gone(told[FIRST], word), word
    assert not told[FIRST].has_vector("My didgeridoo father died in the spring.")
    assert not told[FIRST].has_vector("My dulcimer daughter got married.")


def test_a_new_identity_is_known(told: Told) -> None:
    """Beside those there were."""
    added = told[FIRST].reached_by(116) - told[BEFORE].reached_by(116)
    assert added == {"second@mail.example"}


def test_a_removed_identity_is_no_longer_known(told: Told) -> None:
    """Nothing points to them by it."""
    assert "c117@mail.example" in told[BEFORE].reached_by(117)
    assert "c117@mail.example" not in told[FIRST].reached_by(117)
    assert _gone(told[FIRST], "c117@mail.example")


def test_a_changed_phone_takes_the_place_of_the_old(told: Told) -> None:
    """The number that was given back points to nobody."""
    assert "+12125550199" in told[FIRST].reached_by(118)
    assert _gone(told[FIRST], "+12125550118")


def test_a_ticket_given_to_another_is_remembered_as_theirs(told: Told) -> None:
    """The first customer stays themselves and keeps their words; the ticket is the other's."""
    day = told[FIRST]
    assert "19" in day.tickets(113)
    assert day.export(119)["customer"]["merged_from"] == []
    assert day.export(113)["customer"]["merged_from"] == []
    assert not [one for one in day.tickets(119).values() if one["subject"] is not None]
    assert [one["kind"] for one in day.export(119)["memories"] if one["kind"] == "issue"] == []


def test_a_renamed_agent_has_the_new_name_only(told: Told) -> None:
    """Wherever they are named."""
    assert told[BEFORE].tickets(121)["21"]["agent"]["name"] == "Petra Holm"
    assert told[FIRST].tickets(121)["21"]["agent"]["name"] == "Petra Lang"
    assert _gone(told[FIRST], "Petra Holm")


def test_an_agent_who_left_is_nobodys_choice(told: Told) -> None:
    """What they did stays, under their name; nobody is told to rather speak to them."""
    assert told[FIRST].preferred["122"] is None
    assert told[FIRST].tickets(122)["22"]["agent"]["name"] == "Nadia Brook"


def test_the_index_holds_what_the_record_holds(told: Told) -> None:
    """On every day: no vector of anything gone stays in Chroma."""
    for name, day in told.days.items():
        assert day.indexed == day.issues, name


def test_the_status_tells_how_fresh_everything_is(told: Told) -> None:
    """All was looked at in the last sync, and nothing waits."""
    for name in (FIRST, SECOND, THIRD):
        status = told[name].status
        assert status["complete"], name
        assert status["oldest_unchecked"] is not None
        assert status["oldest_unchecked"] >= status["synced_at"][:10], name


def test_the_rechecks_are_streams_of_the_report(told: Told) -> None:
    """They are counted like any other."""
    names = {one["name"] for one in told[FIRST].report["streams"] if one["done"]}
    assert {"comments_recheck", "unlisted"} <= names
