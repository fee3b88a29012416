"""The brief of one customer as a document: its keys, its sections, and what it keeps to itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from memory.entities import Organization, Status
from memory.record import tables as t
from tests.support.book import AS_OF, agent, ago, customer

if TYPE_CHECKING:
    from memory.asking.document import Brief, Last
    from tests.support.book import Book

BRIEF = {
    *("version", "account", "as_of", "synced_at", "match", "verified", "customer", "adjustments"),
    *("care", "context", "last", "you", "open", "missed", "before", "preferred_agent", "promises"),
    *("check", "suggestions", "about", "withheld"),
}
MATCH = {"by", "value", "outcome", "candidates"}
CANDIDATE = {"ref", "name", "organization", "last_contact_on"}
CUSTOMER = {
    *("ref", "name", "pronunciation", "phone", "email", "organization", "language", "time_zone"),
    *("since", "contacts", "rhythm", "url"),
}
RHYTHM = {"every_days", "weekday"}
ITEM = {
    *("memory", "kind", "relation", "said_on", "said_days_ago", "about_on", "hidden", "quote"),
    *("evidence", "confidence", "consent", "first_view"),
}
EVIDENCE = {"ticket", "message", "url", "said_on", "channel", "author", "quote"}
LAST = {"on", "channel", "minutes", "agent", "outcome", "tone", "restatement", "evidence"}
YOU = {"agent", "times", "last_on", "minutes", "last_about", "evidence"}
OPEN = {"ticket", "title", "status", "opened_on", "url", "hidden", "first_view"}
BEFORE = {
    *("title", "times", "first_on", "last_on", "outcome", "resolution", "tickets", "evidence"),
    *("hidden", "first_view"),
}
PREFERRED = {"agent", "reason", "confidence", "is_you"}
CHECK = {"memory", "what", "noted_on", "evidence", "first_view"}
WITHHELD = {"kind", "count", "why"}
"""The keys of version 1 (design: 5.3), written out once more so that none goes or comes unseen."""


@pytest.fixture
def mara(book: Book) -> Book:
    """A customer with something in every section."""
    book.people(
        customer(phone="2125550101", email="mara@example.com", organization_id="5"),
        agent(email="daniel@acme.example"),
        agent("12", "Eli"),
    )
    book.store(organizations=(Organization("5", "Harbour Co-op"),))
    for number, days in enumerate(range(8, 64, 7)):
        book.ticket(str(100 + number), status=Status.SOLVED, at=ago(days), channel="email")
        book.issue(str(100 + number), "Roaming bill too high", resolution="I have credited it")
    book.ticket("1", subject="Roaming refund", at=ago(2))
    book.issue("1", "Roaming refund", restatement="Where is my refund", at=ago(2), code="open")
    book.told("bereavement", "My friend Ruth died in June", relation="friend", at=ago(8))
    book.told("access_need", "I am hard of hearing, please speak slowly", code="speak_slowly")
    book.told("contact_rule", "Do not ring the landline")
    book.told("interest", "I love sailing", at=ago(3))
    book.contact("1", "11", 97.0, at=ago(2))
    book.contact("100", "11", 5.0, at=ago(8), calls=0)
    book.told("agent_request", "I would rather speak to Daniel", code="11", confidence=0.9)
    book.note("Street is spelled ?Lindenstraße in the file")
    book.never_kept("1", 2)
    return book


def _keys(found: Any, keys: set[str]) -> None:
    assert isinstance(found, dict)
    assert set(found) == keys


def test_every_key_of_the_document_is_there_and_no_other(mara: Book) -> None:
    """Key for key, down to the evidence (design: 5.3 and 5.6)."""
    brief = mara.brief(agent="11")
    _keys(brief, BRIEF)
    _keys(brief["match"], MATCH)
    _keys(brief["customer"], CUSTOMER)
    assert brief["customer"] is not None
    _keys(brief["customer"]["rhythm"], RHYTHM)
    for section, keys in (
        *(("adjustments", ITEM), ("care", ITEM), ("context", ITEM), ("open", OPEN)),
        *(("before", BEFORE), ("check", CHECK), ("withheld", WITHHELD)),
    ):
        entries: Any = brief[section]  # type: ignore[literal-required]
        assert entries, section
        for entry in entries:
            _keys(entry, keys)
    _keys(brief["last"], LAST)
    _keys(brief["you"], YOU)
    _keys(brief["preferred_agent"], PREFERRED)
    assert brief["preferred_agent"] is not None
    _keys(brief["preferred_agent"]["agent"], {"ref", "name"})
    _keys(brief["preferred_agent"]["reason"], {"code", "times", "of"})
    for item in brief["context"]:
        for evidence in item["evidence"]:
            _keys(evidence, EVIDENCE)
            _keys(evidence["author"], {"name", "role"})
    assert (brief["missed"], brief["promises"], brief["suggestions"]) == ([], [], [])
    assert brief["about"] is None


def test_the_head_of_the_document(mara: Book) -> None:
    """Version, account, the present, how fresh; what was looked up."""
    with mara.record.writing(mara.account) as writer:
        writer.synced(ago(0))
    brief = mara.brief(by="phone", value="2125550101")
    assert (brief["version"], brief["account"], brief["verified"]) == (1, "zendesk:acme", True)
    assert (brief["as_of"], brief["synced_at"]) == ("2026-07-07T09:00:00Z",) * 2
    assert brief["match"]["value"] == "+12125550101"


def test_who_it_is(mara: Book) -> None:
    """Everything of the name line, from the helpdesk's own row."""
    assert mara.brief()["customer"] == {
        "ref": "zendesk:100",
        "name": "Mara Lindqvist",
        "pronunciation": None,
        "phone": "+12125550101",
        "email": "mara@example.com",
        "organization": "Harbour Co-op",
        "language": None,
        "time_zone": None,
        "since": "2017-03-01",
        "contacts": 9,
        "rhythm": {"every_days": 7, "weekday": 1},
        "url": "https://acme.zendesk.com/agent/users/100",
    }


@pytest.mark.parametrize(
    ("by", "value", "outcome", "situation"),
    [
        ("phone", "+12125550999", "none", "unknown_caller"),
        ("phone", "anonymous", "hidden", "hidden_number"),
        ("phone", "2125550101", "several", "shared_number"),
    ],
)
def test_when_it_is_not_one_person_nobodys_memory_is_shown(
    mara: Book, by: str, value: str, outcome: str, situation: str
) -> None:
    """Every key is there, the customer null and every list empty but what may be said."""
    mara.people(customer("101", "Ellen", phone="2125550101"))
    for verified in (True, False):
        brief = mara.brief(by=by, value=value, verified=verified, agent="11")
        _keys(brief, BRIEF)
        assert brief["match"]["outcome"] == outcome
        assert all(set(one) == CANDIDATE for one in brief["match"]["candidates"])
        shown = {key: value for key, value in brief.items() if isinstance(value, list) and value}
        assert shown.keys() == {"suggestions"}
        assert [one["situation"] for one in brief["suggestions"]] == [situation]
        for key in ("customer", "last", "you", "preferred_agent", "about"):
            assert brief[key] is None, key
        assert "Ruth" not in str(brief)


def test_an_item_is_a_kind_and_the_persons_own_words(mara: Book) -> None:
    """With date, link and author: every line has its evidence."""
    (item,) = [one for one in mara.brief()["context"] if one["kind"] == "interest"]
    assert item["quote"] == "I love sailing"
    assert (item["said_on"], item["said_days_ago"]) == ("2026-07-04", 3)
    assert item["evidence"] == [
        {
            "ticket": "zendesk:1",
            "message": item["memory"].removeprefix("interest-"),
            "url": "https://acme.zendesk.com/agent/tickets/1",
            "said_on": "2026-07-04",
            "channel": "voice",
            "author": {"name": "Mara Lindqvist", "role": "customer"},
            "quote": "I love sailing",
        }
    ]


def test_a_sensitive_item_shows_kind_relation_and_age_only(mara: Book) -> None:
    """While hidden is true, quote is null and evidence empty; nothing else says the words."""
    brief = mara.brief(agent="11")
    (item,) = brief["care"]
    assert (item["kind"], item["relation"], item["said_days_ago"]) == ("bereavement", "friend", 8)
    assert (item["hidden"], item["quote"], item["evidence"]) == (True, None, [])
    assert "Ruth" not in str(brief)


def test_what_someone_needs_is_shown_and_why_is_not(mara: Book) -> None:
    """The clause that states the need stands, and its evidence quotes no more than the clause."""
    brief = mara.brief()
    (need,) = [one for one in brief["adjustments"] if one["kind"] == "access_need"]
    assert (need["hidden"], need["quote"]) == (False, "please speak slowly")
    assert [one["quote"] for one in need["evidence"]] == ["please speak slowly"]
    assert "hearing" not in str(brief)


def test_a_need_that_cannot_be_told_from_its_reason_is_hidden(mara: Book) -> None:
    """Better nothing than a diagnosis."""
    mara.told("access_need", "My deaf husband answers calls", code="no_calls")
    needs = [one for one in mara.brief()["adjustments"] if one["kind"] == "access_need"]
    assert any(one["hidden"] for one in needs)
    assert "deaf" not in str(needs)


def test_a_reveal_shows_the_words(mara: Book) -> None:
    """What was hidden is whole again, with its evidence."""
    brief = mara.brief(reveal=True)
    assert [(one["hidden"], one["quote"]) for one in brief["care"]] == [
        (False, "My friend Ruth died in June")
    ]
    assert "hard of hearing" in str(brief["adjustments"])


@pytest.mark.parametrize(
    ("mode", "quote"), [("full", "My friend Ruth died in June"), ("masked", None)]
)
def test_the_policy_says_whether_sensitive_words_are_shown(
    mara: Book, mode: str, quote: str | None
) -> None:
    """`full` shows them, `masked` hides them, and the reason of a need alike."""
    brief = mara.brief(sensitive=mode)
    assert [one["quote"] for one in brief["care"]] == [quote]
    assert ("hearing" in str(brief["adjustments"])) is (mode == "full")


@pytest.mark.parametrize("reveal", [True, False])
def test_with_the_policy_off_sensitive_kinds_are_only_counted(mara: Book, *, reveal: bool) -> None:
    """A reveal does not show what the account has switched off."""
    brief = mara.brief(sensitive="off", reveal=reveal)
    assert brief["care"] == []
    assert {"kind": "bereavement", "count": 1, "why": "policy"} in brief["withheld"]


def test_words_that_speak_of_something_sensitive_are_hidden_whatever_their_kind(mara: Book) -> None:
    """A kind found wrongly shows nothing it should not."""
    mara.told("work", "I am a nurse and my husband has cancer")
    (item,) = [one for one in mara.brief()["context"] if one["kind"] == "work"]
    assert (item["hidden"], item["quote"], item["evidence"]) == (True, None, [])


def test_of_each_thing_the_latest_stands(mara: Book) -> None:
    """The same matter told twice is one item; different interests are different items."""
    mara.told("bereavement", "My friend Ruth was buried today", relation="friend", at=ago(4))
    mara.told("bereavement", "My dog died", relation="pet", at=ago(5))
    mara.told("interest", "I LOVE sailing", at=ago(1))
    mara.told("interest", "I paint", at=ago(2))
    brief = mara.brief()
    assert [(one["relation"], one["said_days_ago"]) for one in brief["care"]] == [
        ("friend", 4),
        ("pet", 5),
    ]
    told = [
        (one["quote"], one["said_days_ago"]) for one in brief["context"] if one["kind"] != "note"
    ]
    assert told == [("I LOVE sailing", 1), ("I paint", 2)]


def test_a_mood_is_shown_at_first_glance_while_it_lasts(book: Book) -> None:
    """Two weeks; after a bad day of long ago nobody needs to ask. It is one click away."""
    book.people(customer(), agent())
    book.ticket("1")
    book.told("feeling", "I feel so alone", at=ago(14))

    def at_first_glance(brief: Brief) -> list[bool]:
        return [one["first_view"] for one in brief["care"] if one["kind"] == "feeling"]

    assert at_first_glance(book.brief()) == [True]
    assert at_first_glance(book.brief(as_of=AS_OF + timedelta(days=1))) == [False]


def test_what_is_never_kept_is_counted(mara: Book) -> None:
    """The count stands under withheld, and nothing else of it anywhere."""
    assert {"kind": "never_kept", "count": 2, "why": "never_kept"} in mara.brief()["withheld"]


def test_nothing_that_came_later_is_shown(mara: Book) -> None:
    """As of an earlier day the brief is the brief of that day, as far as the record can say."""
    then = mara.brief(as_of=ago(30), agent="11")
    assert then["customer"] is not None
    assert then["customer"]["contacts"] == 4
    assert then["withheld"] == []
    assert (then["care"], then["context"], then["check"], then["you"]) == ([], [], [], None)
    assert [one["ticket"] for one in then["open"]] == []
    assert then["last"] is not None
    assert then["last"]["on"] == "2026-06-01"
    assert max(one["last_on"] for one in then["before"]) <= "2026-06-07"


def test_the_last_contact(mara: Book) -> None:
    """The ticket somebody last talked on, with the minutes spoken and by whom."""
    mara.ticket("50", status=Status.SOLVED, at=ago(1.5), channel="email", rating="good")
    last = mara.brief()["last"]
    assert last is not None
    assert (last["on"], last["channel"], last["minutes"]) == ("2026-07-05", "email", None)
    assert (last["agent"], last["outcome"], last["tone"]) == ("Daniel Osei", "solved", "good")
    mara.contact("1", "12", 12.5, at=ago(1))
    last = mara.brief()["last"]
    assert last is not None
    assert (last["on"], last["channel"], last["minutes"]) == ("2026-07-06", "voice", 109.5)
    assert (last["agent"], last["outcome"], last["tone"]) == ("Daniel Osei", "open", None)
    assert last["restatement"] == "Where is my refund"
    assert [one["quote"] for one in last["evidence"]] == ["Where is my refund"]


def test_what_you_and_they_share(mara: Book) -> None:
    """How often, when last, how long that was and what about; only for who asks."""
    you = mara.brief(agent="11")["you"]
    assert you is not None
    assert (you["agent"], you["times"], you["last_on"]) == ("zendesk:11", 2, "2026-07-05")
    assert (you["minutes"], you["last_about"]) == (97.0, "Roaming refund")
    assert mara.brief(agent="12")["you"] is None
    assert mara.brief()["you"] is None


def test_open_tickets_newest_first(mara: Book) -> None:
    """Pending and on hold are open; solved and closed are not."""
    for number, status in enumerate((Status.PENDING, Status.HOLD, Status.NEW, Status.CLOSED)):
        mara.ticket(str(60 + number), status=status, at=ago(50 - number))
    found = mara.brief()["open"]
    assert [(one["ticket"], one["status"]) for one in found] == [
        ("zendesk:1", "open"),
        ("zendesk:62", "new"),
        ("zendesk:61", "hold"),
        ("zendesk:60", "pending"),
    ]
    assert (found[0]["title"], found[0]["opened_on"]) == ("Roaming refund", "2026-07-05")


def test_the_same_issue_again_and_again_is_one_entry(mara: Book) -> None:
    """Grouped by title in any case, the latest first, with how often and since when."""
    mara.ticket("70", status=Status.SOLVED, at=ago(100))
    mara.issue("70", "ROAMING bill too high")
    mara.ticket("71", status=Status.CLOSED, at=ago(90), subject="No signal")
    first, second = mara.brief()["before"]
    assert (first["title"], first["times"], first["outcome"]) == (
        "Roaming bill too high",
        9,
        "solved",
    )
    assert (first["first_on"], first["last_on"]) == (str(date(2026, 3, 29)), "2026-06-29")
    assert first["resolution"] == "I have credited it"
    assert first["tickets"][0] == "zendesk:70"
    assert first["tickets"][-1] == "zendesk:100"
    assert (second["title"], second["times"], second["resolution"]) == ("No signal", 1, None)


def test_a_sensitive_title_becomes_a_neutral_one(mara: Book) -> None:
    """Wherever a subject is shown: open, before, last about. Neutral ones are never grouped."""
    late = "Cancel my late husband's line"
    mara.ticket("80", subject=late, at=ago(0.5))
    mara.contact("80", "11", 3.0, at=ago(0.2))
    mara.ticket("81", subject=late, at=ago(20), status=Status.SOLVED)
    mara.issue("81", late, resolution="I have cancelled it")
    mara.ticket("82", subject="Cancel the wake booking", at=ago(30), status=Status.SOLVED)
    mara.issue("82", "Cancel the wake booking", sensitive=True, resolution="I have cancelled it")
    brief = mara.brief(agent="11")
    assert "husband" not in str(brief)
    assert "wake" not in str(brief)
    assert (brief["open"][0]["title"], brief["open"][0]["hidden"]) == ("Cancellation", True)
    assert brief["you"] is not None
    assert brief["you"]["last_about"] == "Cancellation"
    hidden = [one for one in brief["before"] if one["hidden"]]
    assert [(one["title"], one["times"], one["resolution"]) for one in hidden] == [
        ("Cancellation", 1, None),
        ("Cancellation", 1, None),
    ]
    assert all(one["evidence"] == [] for one in hidden)


def test_a_ticket_without_a_subject_is_called_by_its_number(mara: Book) -> None:
    """There is always something to click on."""
    mara.ticket("90", subject="", at=ago(0.5))
    assert mara.brief()["open"][0]["title"] == "#90"


def test_notes_stand_in_context_and_their_question_marks_are_to_check(mara: Book) -> None:
    """What agents noted here: the whole note, and each `?word` by itself, newest first."""
    mara.note("Ask ?surname. Is ?street?, fine? ??? ok", at=ago(0.5), note_id="n2")
    brief = mara.brief()
    assert [(one["what"], one["noted_on"]) for one in brief["check"]] == [
        ("surname", "2026-07-06"),
        ("street", "2026-07-06"),
        ("Lindenstraße", "2026-07-06"),
    ]
    notes = [one for one in brief["context"] if one["kind"] == "note"]
    assert notes[-1]["quote"] == "Street is spelled ?Lindenstraße in the file"
    assert notes[-1]["evidence"] == []


def test_a_sensitive_note_is_hidden_and_has_nothing_to_check(mara: Book) -> None:
    """Its question marks would tell what it is about."""
    mara.note("Her ?cancer is back", note_id="n3", at=ago(0.1))
    brief = mara.brief()
    assert "cancer" not in str(brief)
    hidden = [one for one in brief["context"] if one["memory"] == "n3"]
    assert [(one["hidden"], one["quote"]) for one in hidden] == [(True, None)]
    assert "cancer" in str(mara.brief(reveal=True)["context"])


def test_until_verified_only_what_helps_to_receive_the_call(mara: Book) -> None:
    """Name, adjustments, open with neutral titles, preferred agent, `you` without its subject."""
    brief = mara.brief(agent="11", verified=False)
    assert brief["verified"] is False
    for section in ("care", "context", "before", "promises", "check", "suggestions"):
        assert brief[section] == [], section
    assert (brief["last"], brief["about"]) == (None, None)
    assert brief["customer"] is not None
    assert (brief["customer"]["name"], brief["customer"]["since"]) == (
        "Mara Lindqvist",
        "2017-03-01",
    )
    assert (brief["customer"]["phone"], brief["customer"]["email"]) == (None, None)
    assert {one["kind"] for one in brief["adjustments"]} == {"access_need", "contact_rule"}
    assert [(one["title"], one["hidden"]) for one in brief["open"]] == [("Refund", True)]
    assert brief["you"] is not None
    assert (brief["you"]["times"], brief["you"]["last_about"]) == (2, None)
    assert brief["you"]["evidence"] == []
    assert brief["preferred_agent"] is not None
    assert brief["preferred_agent"]["is_you"]
    shown = str(brief)
    for words in ("Ruth", "hearing", "sailing", "Lindenstraße", "Roaming", "my refund", "credited"):
        assert words not in shown, words


def test_until_verified_the_rest_is_counted_by_kind(mara: Book) -> None:
    """Every section that is veiled leaves its counts, and nothing is counted twice."""
    withheld = mara.brief(verified=False)["withheld"]
    assert sorted((one["kind"], one["count"], one["why"]) for one in withheld) == [
        ("bereavement", 1, "unverified"),
        ("check", 1, "unverified"),
        ("interest", 1, "unverified"),
        ("issue", 1, "unverified"),
        ("never_kept", 2, "never_kept"),
        ("note", 1, "unverified"),
    ]


def test_other_customers_stay_out(mara: Book) -> None:
    """What another said, needs or asked, in their own ticket or in this one, is theirs."""
    mara.people(customer("101", "Ellen"))
    mara.ticket("95", "101")
    mara.told("interest", "I keep bees", "95", by="101", customer_id="101")
    mara.told("interest", "I keep goats", "1", by="101", customer_id="101")
    mara.contact("95", "12", 500.0, customer_id="101")
    brief = str(mara.brief(agent="12"))
    assert "bees" not in brief
    assert "goats" not in brief
    assert "Ellen" not in brief


def test_days_are_the_accounts_days(mara: Book) -> None:
    """Six in the evening in New York is tomorrow in Tokyo."""
    mara.told("interest", "I swim", at=AS_OF - timedelta(hours=11))
    for zone, days, on in (("Asia/Tokyo", 0, "2026-07-07"), ("America/New_York", 1, "2026-07-06")):
        context = mara.brief(zone=ZoneInfo(zone))["context"]
        (item,) = [one for one in context if one["quote"] == "I swim"]
        assert (item["said_days_ago"], item["said_on"]) == (days, on)


def test_between_two_readings_a_brief_shows_only_words_that_stand_in_a_message(book: Book) -> None:
    """When real messages have replaced the description, its memories wait to be remembered anew."""
    book.people(customer(), agent())
    book.ticket("1")
    book.told("interest", "I love sailing")
    book.issue("1", "Boat", restatement="My boat line is dead")
    with book.record.writing(book.account) as writer:
        writer.connection.execute(t.message.delete())
        writer.put_in_outbox(["1"])
    brief = book.brief()
    assert brief["context"] == []
    assert brief["last"] is not None
    assert (brief["last"]["restatement"], brief["last"]["evidence"]) == (None, [])
    assert brief["open"][0]["title"] == "Boat"


def test_a_customer_without_anything_has_a_brief_that_says_so(book: Book) -> None:
    """No filler: every list is empty, and every key is there."""
    book.people(customer())
    brief = book.brief(agent=None)
    _keys(brief, BRIEF)
    assert brief["customer"] is not None
    assert (brief["customer"]["contacts"], brief["customer"]["rhythm"]) == (0, None)
    assert (brief["last"], brief["preferred_agent"], brief["withheld"]) == (None, None, [])


def test_a_deleted_ticket_is_absent(mara: Book) -> None:
    """With all that was remembered of it, at once."""
    mara.store(gone_tickets=("1",))
    brief = mara.brief(agent="11")
    assert (brief["care"], brief["adjustments"], brief["open"]) == ([], [], [])
    assert "Roaming refund" not in str(brief)


def test_a_name_is_said_as_somebody_spelt_it_last(book: Book) -> None:
    """Also before the caller is verified; a respelling that is not of this name is left out."""
    book.people(customer(name="Mara Lindqvist"), agent())
    book.ticket("1")
    book.told("preference", "It's pronounced MEH-ra", at=ago(30), code="MEH-ra")
    book.told("preference", "name pron. MAH-ra", at=ago(9), by="11", public=False, code="MAH-ra")
    book.told("preference", "He says it TOE-mas", at=ago(2), code="TOE-mas")
    found = book.brief(verified=False)
    assert found["customer"] is not None
    assert found["customer"]["pronunciation"] == "MAH-ra"
    assert found["adjustments"] == []


def _last(book: Book) -> Last:
    last = book.brief()["last"]
    assert last is not None
    return last


def test_how_the_last_contact_ended_is_said_by_rating_or_words(book: Book) -> None:
    """A rating outranks words; words stand beside it as evidence."""
    book.people(customer(), agent())
    book.ticket("1", at=ago(9))
    book.issue("1", "Router", restatement="It drops", displeased="This is unacceptable")
    last = _last(book)
    assert last["tone"] == "bad"
    assert [one["quote"] for one in last["evidence"]] == ["It drops", "This is unacceptable"]
    book.ticket("1", at=ago(9), rating="good", version=2)
    assert _last(book)["tone"] == "good"


def test_a_fact_told_three_times_is_one_item_with_three_pieces_of_evidence(book: Book) -> None:
    """As it was told last, with the day it is about from whoever named it."""
    book.people(customer(), agent())
    book.ticket("1")
    for days, words, about in (
        (30, "We love sailing, the regatta is on 4 July", date(2026, 7, 4)),
        (20, "I love sailing", None),
        (3, "Still love sailing, you know", None),
    ):
        book.told("interest", words, at=ago(days), about_on=about)
    (one,) = book.brief()["context"]
    assert one["quote"] == "Still love sailing, you know"
    assert one["about_on"] == "2026-07-04"
    assert [len(said["quote"].split()) for said in one["evidence"]] == [5, 3, 9]


def test_private_words_are_no_evidence_of_what_may_be_shown(book: Book) -> None:
    """Of three tellings two may be read."""
    book.people(customer(), agent())
    book.ticket("1")
    book.told("interest", "I love sailing", at=ago(30))
    book.told("interest", "I love sailing since my husband died", at=ago(20))
    book.told("interest", "I love sailing at dawn", at=ago(3))
    (one,) = book.brief()["context"]
    assert [said["quote"] for said in one["evidence"]] == [
        "I love sailing at dawn",
        "I love sailing",
    ]


def test_what_has_passed_is_not_shown(book: Book) -> None:
    """Who recovered is well; a loss of two years ago is one click away."""
    book.people(customer(), agent())
    book.ticket("1")
    book.told("health", "I am in hospital", at=ago(90), relation="self")
    book.told("health", "I have fully recovered", at=ago(20), relation="self", code="over")
    book.told("bereavement", "My friend died", at=ago(700), relation="friend")
    (loss,) = book.brief()["care"]
    assert (loss["kind"], loss["first_view"]) == ("bereavement", False)
