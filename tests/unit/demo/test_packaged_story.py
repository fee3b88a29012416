"""The packaged story: an invented company whose history the demonstration remembers."""

import json
import re
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from connector.demo.story import load_story
from connector.demo.writing import story as writing
from connector.demo.writing.story import STORY_FILE, write_story

Json = dict[str, Any]

FICTIONAL = re.compile(
    r"\+1[2-9]\d\d55501\d\d"  # 555-0100 to 555-0199, kept free for fiction in North America
    r"|\+442079460\d{3}|\+447700900\d{3}"  # Ofcom's numbers for drama
    r"|\+493023125\d{3}|\+494066969\d{3}"  # the Bundesnetzagentur's
)


@pytest.fixture(scope="module")
def story() -> Json:
    """The story as it lies in the package."""
    read: Json = json.loads(STORY_FILE.read_text(encoding="utf-8"))
    return read


def _texts(story: Json) -> list[str]:
    """All that anybody says in the story."""
    messages = [message for ticket in story["tickets"] for message in ticket["messages"]]
    return [
        text
        for message in messages
        for text in (message["text"], message.get("call", {}).get("transcript", ""))
        if text
    ]


def test_the_workshop_writes_the_story_that_lies_in_the_package() -> None:
    """The story comes from its sources byte for byte, so that a change of either shows."""
    assert write_story() == STORY_FILE.read_text(encoding="utf-8")


def test_the_simulated_helpdesk_can_tell_it() -> None:
    """The story passes every check of the format: ids, authors, times in order."""
    told = load_story(STORY_FILE)
    assert told.name == "Lumen Line"


def test_it_is_as_large_as_promised(story: Json) -> None:
    """At least 80 customers, 6 agents, three years and 900 tickets, and small enough to carry."""
    times = [datetime.fromisoformat(ticket["at"]) for ticket in story["tickets"]]
    assert len(story["customers"]) >= 80
    assert len(story["agents"]) == 6
    assert len(story["tickets"]) >= 900
    assert (max(times) - min(times)).days >= 3 * 365 - 7
    assert STORY_FILE.stat().st_size < 1_500_000


def test_the_agents_are_a_team(story: Json) -> None:
    """One is an administrator, and one has left and answers nothing after that."""
    gone = [agent["id"] for agent in story["agents"] if not agent.get("active", True)]
    last = max(ticket["at"] for ticket in story["tickets"] if ticket["agent"] in gone)
    assert [agent["role"] for agent in story["agents"]].count("admin") == 1
    assert len(gone) == 1
    assert last < "2025-02-01"


@pytest.mark.parametrize("kind", ["agents", "customers", "tickets", "organizations"])
def test_no_id_is_given_twice(story: Json, kind: str) -> None:
    """Every agent, customer, ticket and organization has an id of their own."""
    ids = [each["id"] for each in story[kind]]
    assert len(ids) == len(set(ids))


def test_tickets_are_numbered_in_the_order_they_were_opened(story: Json) -> None:
    """A higher number is a later ticket, as in a helpdesk."""
    numbered = [(ticket["id"], ticket["at"]) for ticket in story["tickets"]]
    assert numbered == sorted(numbered)
    assert [at for _, at in numbered] == sorted(at for _, at in numbered)


def test_what_is_told_is_past(story: Json) -> None:
    """No message lies after the story's present time, and changes follow one another."""
    said = [message["at"] for ticket in story["tickets"] for message in ticket["messages"]]
    changed = [change["at"] for change in story["changes"]]
    assert max(said) < story["as_of"]
    assert changed == sorted(changed)
    assert min(changed) < story["as_of"] < max(changed)


def test_every_telephone_number_is_fictional(story: Json) -> None:
    """Nobody's telephone rings because of this story."""
    numbers = [customer["phone"] for customer in story["customers"] if customer["phone"]]
    numbers += re.findall(r'"from": "(\+[^"]+)"', json.dumps(story))
    compact = [
        number if number[0] == "+" else "+1" + re.sub(r"\D", "", number) for number in numbers
    ]
    assert [number for number in compact if not FICTIONAL.fullmatch(number)] == []


def test_a_number_belongs_to_one_customer_unless_it_is_shared(story: Json) -> None:
    """Only the switchboard's number stands at more than one name: at nine."""
    holders = Counter(each["phone"] for each in story["customers"] if each["phone"])
    assert {number: count for number, count in holders.items() if count > 1} == {"+13125550150": 9}
    shared = [each for each in story["customers"] if each.get("shared_phone")]
    assert {each["phone"] for each in shared} == {"+13125550150"}


def test_each_of_the_people_has_an_expectation(story: Json) -> None:
    """Cases 1 to 28 are all there, and the first piece of work brings something of the first 18."""
    assert {each["case"] for each in story["expect"]} == set(range(1, 29))
    assert {each["case"] for each in story["expect"] if each["due"] == 1} == set(range(1, 19))


@pytest.mark.parametrize("case", range(19, 29))
def test_a_later_case_is_asked_for_before_and_after_verification(story: Json, case: int) -> None:
    """What a brief shows to a voice on the phone is expected, and what to the person themself."""
    asked = [each["ask"] for each in story["expect"] if each["case"] == case]
    assert {"--verified" in ask for ask in asked} == {True, False}


def test_no_two_customers_go_by_one_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The tickets of one would silently go to the other: the workshop refuses."""
    shutil.copytree(writing.HERE, tmp_path / "writing")
    other = tmp_path / "writing" / "people" / "15-leopold.toml"
    twice = other.read_text(encoding="utf-8").replace('key = "leopold"', 'key = "mara"')
    other.write_text(twice, encoding="utf-8")
    monkeypatch.setattr(writing, "HERE", tmp_path / "writing")
    with pytest.raises(ValueError, match="'mara'"):
        write_story()


def test_every_expectation_asks_for_somebody_of_the_story(story: Json) -> None:
    """A brief that is to be found is asked for by a phone, e-mail or ref that the story holds."""
    text = json.dumps({key: story[key] for key in ("customers", "tickets")})
    for expect in story["expect"]:
        by, value = expect["ask"][:2]
        if expect["exit"] == 5:
            continue
        digits = re.sub(r"\D", "", value)
        wanted = value.casefold() if by == "--email" else digits
        held = text.casefold() if by == "--email" else re.sub(r"[()\-+ ]", "", text)
        assert wanted in held, expect["ask"]


@pytest.mark.parametrize(
    ("name", "subject", "count"),
    [
        ("Mara Lindqvist", "Roaming bill too high", 3),
        ("Renée Toussaint", "No heat in the apartment", 3),
        ("Marguerite Sandoval-Price", "Cancel my late husband's line", 1),
    ],
)
def test_what_recurs_recurs(story: Json, name: str, subject: str, count: int) -> None:
    """The subjects that the expectations count stand there that often."""
    who = next(each["id"] for each in story["customers"] if each["name"] == name)
    subjects = [each["subject"] for each in story["tickets"] if each["customer"] == who]
    assert subjects.count(subject) == count


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("Odette Farrow", 300, 300), ("Ellen Marchetti", 95, 120), ("Leopold Achterberg", 1, 1)],
)
def test_how_often_they_write_or_ring(story: Json, name: str, least: int, most: int) -> None:
    """One has 300 tickets, one rings about weekly, one came once."""
    who = next(each["id"] for each in story["customers"] if each["name"] == name)
    assert least <= sum(each["customer"] == who for each in story["tickets"]) <= most


def test_the_traveller_and_her_agent_spoke_six_times(story: Json) -> None:
    """Six calls with Daniel, the last of 97 minutes; nothing else of hers is with him."""
    daniel = next(each["id"] for each in story["agents"] if each["name"] == "Daniel Osei")
    hers = [each for each in story["tickets"] if each["customer"] == 70101]
    calls = [message["call"] for each in hers for message in each["messages"] if "call" in message]
    with_him = [call["minutes"] for call in calls if call["answered_by"] == daniel]
    assert (len(with_him), with_him[-1]) == (6, 97.0)
    assert sum(each["agent"] == daniel for each in hers) == 6


def test_the_tenant_rang_twice_and_nobody_answered(story: Json) -> None:
    """On 6 July: once without a trace but in the telephony, once with words on the machine."""
    hers = [each for each in story["tickets"] if each["customer"] == 70104]
    calls = [(m["at"], m["call"]) for each in hers for m in each["messages"] if "call" in m]
    calls += [(each["at"], each["call"]) for each in story["calls"] if each["customer"] == 70104]
    missed = [(at[:10], call["kind"]) for at, call in calls if call["answered_by"] is None]
    assert missed == [("2026-07-06", "talk")] * 2


def test_the_executive_once_rang_from_a_number_on_no_profile(story: Json) -> None:
    """Only the call knows it."""
    text = json.dumps({key: story[key] for key in ("customers", "changes")})
    calls = [m.get("call", {}) for each in story["tickets"] for m in each["messages"]]
    assert "+17735550193" in {call.get("from") for call in calls}
    assert "7735550193" not in text


def test_no_placeholder_is_left_open(story: Json) -> None:
    """Every name and number of the phrasebooks has been filled in."""
    subjects = [ticket["subject"] for ticket in story["tickets"]]
    assert [text for text in [*subjects, *_texts(story)] if re.search(r"[{}]", text)] == []


def test_the_cast_reads_like_people_not_like_a_form(story: Json) -> None:
    """No sentence-long text of the story, greetings aside, is said more than a few times."""
    said = Counter(text for text in _texts(story) if len(text) > 80)
    assert max(said.values()) <= 5


def test_every_channel_and_kind_of_call_is_there(story: Json) -> None:
    """Voice, e-mail, web and chat; both telephone systems, both directions, a voicemail."""
    calls = [
        message["call"]
        for ticket in story["tickets"]
        for message in ticket["messages"]
        if "call" in message
    ]
    assert {ticket["channel"] for ticket in story["tickets"]} == {"voice", "email", "web", "chat"}
    assert {call["kind"] for call in calls} == {"talk", "partner"}
    assert {call["direction"] for call in calls} == {"inbound", "outbound"}
    assert any(call.get("voicemail") for call in calls)
    assert any(call.get("from") == "anonymous" for call in calls)
    assert any("rating" in ticket for ticket in story["tickets"])
