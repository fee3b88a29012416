"""What is found of customers' lives, with the real model and the shipped head."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from memory.policy import NEVER_KEPT_KIND
from memory.remembering.cues import NAMES, TOGETHER, cues, together
from memory.remembering.personal import KINDS, Finding, HeadError, PersonalHead
from memory.text.encoder import Encoder
from memory.text.english import reads_as_english

if TYPE_CHECKING:
    from pathlib import Path

Role = Literal["customer", "agent"]
HEADS = files("memory.remembering") / "heads"

TOLD: list[tuple[Role, str, str]] = [
    ("customer", "My aunt died three weeks ago and the funeral was on Monday.", "bereavement"),
    ("customer", "My wife was diagnosed with leukaemia last month.", "health"),
    ("customer", "I am hard of hearing, please write to me instead of calling.", "access_need"),
    ("customer", "I take care of my disabled sister, it is just the two of us.", "family_care"),
    ("customer", "We are getting married in September!", "life_event"),
    ("customer", "I lost my job at the factory and I can't pay the bill.", "hardship"),
    ("customer", "I feel so lonely, nobody comes to see me anymore.", "feeling"),
    ("customer", "I'm a paramedic, so I work nights.", "work"),
    ("customer", "I love gardening and I keep four chickens.", "interest"),
    ("customer", "Please never call me at work.", "contact_rule"),
    ("customer", "I have been with your company for sixteen years.", "loyalty"),
    ("agent", "cx hubby passed 2 wks ago, be gentle", "bereavement"),
    ("agent", "cust in hosp for hip op, ring after 20th", "health"),
    ("agent", "caller HoH pls email", "access_need"),
    ("agent", "lives alone, v lonely, likes a chat", "feeling"),
    ("agent", "never ring landline, wakes baby", "contact_rule"),
]

ORDINARY: list[tuple[Role, str]] = [
    ("customer", "My wife's phone has no signal."),
    ("customer", "My phone died this morning."),
    ("customer", "I need an appointment with Dr. Morgan."),
    ("customer", "What is my balance?"),
    ("customer", "Thank you very much, that works."),
    ("customer", "My order number is 99120."),
    ("customer", "This is killing me, three hours on hold!"),
    ("customer", "Congratulations on your new baby!"),
    ("customer", "Do you have rooms for wheelchair users?"),
    ("customer", "I would like to book a table for four people."),
    ("agent", "reset router, sync ok, closing"),
    ("agent", "cust upset re late fee, waived"),
    ("agent", "battery dead on arrival, RMA 4411"),
]

FORBIDDEN: list[tuple[Role, str]] = [
    ("customer", "I'm Muslim, so please come after the Friday prayer."),
    ("customer", "My husband beats me, he must not know about this number."),
    ("customer", "I don't want to live anymore since my son died."),
    ("customer", "I came out as gay to my family and lost my home."),
    ("customer", "I got out of prison in May and I have nobody."),
    ("agent", "asylum seeker, has two kids, no papers yet"),
    ("agent", "cx union rep, on strike, hubby ill"),
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """The packaged model."""
    return Encoder.load(threads=1)


@pytest.fixture(scope="module")
def head() -> PersonalHead:
    """The packaged head."""
    return PersonalHead.load()


def find(head: PersonalHead, encoder: Encoder, said: list[tuple[Role, str]]) -> list[list[Finding]]:
    """The findings of what was said, embedded as remembering does it."""
    embedded = encoder.encode_and_read(
        [f"{role}: {sentence}" for role, sentence in said], head.reader
    )
    return head.find([sentence for _, sentence in said], *embedded, [role for role, _ in said])


def test_what_is_told_is_found(head: PersonalHead, encoder: Encoder) -> None:
    """Each kind is found in plain words, and in an agent's shorthand."""
    found = find(head, encoder, [(role, sentence) for role, sentence, _ in TOLD])
    missed = [
        (sentence, kind)
        for (_, sentence, kind), each in zip(TOLD, found, strict=True)
        if kind not in {finding.kind for finding in each}
    ]
    assert missed == []


def test_ordinary_talk_is_left_alone(head: PersonalHead, encoder: Encoder) -> None:
    """A relative in passing, an idiom, a booking, a mood about the service: nothing personal."""
    found = find(head, encoder, ORDINARY)
    assert [said for said, each in zip(ORDINARY, found, strict=True) if each] == []


def test_what_is_never_kept_hides_everything_else(head: PersonalHead, encoder: Encoder) -> None:
    """One finding, no relation, no other kind, whatever else the sentence tells."""
    for each in find(head, encoder, FORBIDDEN):
        assert [(finding.kind, finding.relation) for finding in each] == [(NEVER_KEPT_KIND, None)]


@pytest.mark.parametrize(
    "sentence",
    [
        "I would rather speak to Simon Abara about this, he knows the story.",
        "Cards refused in 04, croissants leaving unpaid.",
        "Somebody is frying onions on my line.",
        "Handset theft, locked, insurance form sent.",
        "Oh my God, it works.",
    ],
)
def test_ordinary_talk_is_not_swallowed_as_never_kept(
    head: PersonalHead, encoder: Encoder, sentence: str
) -> None:
    """What is dropped loses its request for an agent too, so ordinary sentences are not."""
    assert find(head, encoder, [("customer", sentence)]) == [[]]


@pytest.mark.parametrize(
    "sentence",
    [
        "Please e-mail me instead of calling.",
        "please write to us rather than ringing",
        "Text me, don't call.",
        "E-mail only.",
        "Do not call.",
        "Don't ring the landline.",
        "Never call me at work.",
        "No phone calls please",
    ],
)
def test_a_contact_rule_in_set_words_is_always_found(
    head: PersonalHead, encoder: Encoder, sentence: str
) -> None:
    """How somebody asks to be reached is found by rule, however little else it says."""
    kinds = {one.kind for one in find(head, encoder, [("customer", sentence)])[0]}
    assert kinds & {"contact_rule", "preference", "access_need"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Do not call it fiber.",
        "Don't call me back, it works again.",
        "Please don't ring off.",
        "Can you email me the form?",
        "No calls come through.",
        "Text me the code.",
    ],
)
def test_a_wish_for_this_once_is_no_contact_rule(
    head: PersonalHead, encoder: Encoder, sentence: str
) -> None:
    """A rule holds for all time; a form to be sent or a call to be skipped today is none."""
    assert find(head, encoder, [("customer", sentence)]) == [[]]


@pytest.mark.parametrize(
    "note",
    [
        "caller HoH pls email",
        "Needs Spanish, transferred to Ines.",
        "needs an interpreter",
        "no English",
    ],
)
def test_a_need_in_an_agents_usual_words_is_always_found(
    head: PersonalHead, encoder: Encoder, note: str
) -> None:
    """Shorthand is too short to be left to a probability."""
    assert "access_need" in {one.kind for one in find(head, encoder, [("agent", note)])[0]}


def test_whose_it_is(head: PersonalHead, encoder: Encoder) -> None:
    """The relation comes with the finding."""
    (found,) = find(head, encoder, [("customer", "My husband has dementia and needs me all day.")])
    assert {finding.relation for finding in found} == {"partner"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Mi marido murió en marzo y estoy muy sola.",
        "Mein Mann ist im März gestorben.",
        "Ma mère est décédée la semaine dernière.",
        "夫が三月に亡くなりました。",
        "Мой муж умер в марте.",
    ],
)
def test_other_languages_yield_nothing(head: PersonalHead, encoder: Encoder, sentence: str) -> None:
    """A head that knows English invents nothing about a sentence that is not."""
    assert find(head, encoder, [("customer", sentence)]) == [[]]


@pytest.mark.parametrize(
    "sentence", ["cx hubby passed 2 wks ago", "OK", "12 345", "", "The die is cast in Las Vegas"]
)
def test_shorthand_and_scraps_count_as_english(sentence: str) -> None:
    """Notes leave out the small words; that alone does not make them foreign."""
    assert reads_as_english(sentence)


def test_confidence_is_a_probability_above_the_threshold(
    head: PersonalHead, encoder: Encoder
) -> None:
    """The likeliest kind carries the calibrated probability that let it pass."""
    for each in find(head, encoder, [(role, sentence) for role, sentence, _ in TOLD]):
        assert head.thresholds.notes <= each[0].confidence <= 1
        assert all(0 <= finding.confidence <= each[0].confidence for finding in each)


def test_a_sentence_is_judged_alone(head: PersonalHead, encoder: Encoder) -> None:
    """The company a sentence is in does not change what is found in it."""
    said = [(role, sentence) for role, sentence, _ in TOLD]
    together = [[f.kind for f in each] for each in find(head, encoder, said)]
    alone = [[f.kind for f in find(head, encoder, [one])[0]] for one in said]
    assert together == alone


def test_nothing_in_nothing_out(head: PersonalHead) -> None:
    """No sentences, no findings; unequal numbers are the caller's mistake."""
    empty, unread = np.zeros((0, 384), np.float32), np.zeros((0, 2 * len(KINDS)), np.float32)
    assert head.find([], empty, unread, []) == []
    with pytest.raises(ValueError, match="equally many"):
        head.find(["one"], empty, unread, ["customer"])


def test_cues_tell_a_dead_phone_from_a_dead_dog() -> None:
    """A phrase that only sounds grave is not a cue of bereavement."""
    dog, phone = cues(["My dog died.", "My phone died."])
    place = NAMES.index("bereavement")
    assert (dog[place], phone[place]) == (1, 0)
    assert phone[NAMES.index("benign_idiom")] == 1


def test_pairs_of_cues_stand_together() -> None:
    """A diagnosis counts as the mother's only where both cues are in one sentence."""
    found = together(cues(["My mother was diagnosed.", "My mother's bill is wrong."]))
    place = TOGETHER.index("own_kin health")
    assert found[:, place].tolist() == [1, 0]


def write_head(folder: Path, **changes: object) -> Path:
    """A copy of the packaged head, with changes to its description."""
    about = json.loads((HEADS / "head.json").read_text(encoding="utf-8")) | changes
    (folder / "head.json").write_text(json.dumps(about), encoding="utf-8")
    (folder / "head.npz").write_bytes((HEADS / "head.npz").read_bytes())
    return folder


def test_a_copy_of_the_head_loads(tmp_path: Path) -> None:
    """The two files are all there is to it."""
    assert PersonalHead.load(write_head(tmp_path)).encoder == "all-MiniLM-L6-v2"


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 0},
        {"encoder": "another"},
        {"kinds": list(KINDS[:-1])},
        {"cues": []},
        {"dimensions": 383},
        {"layers": [6]},
    ],
)
def test_a_head_for_something_else_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    """A head fitted for other features is never applied to these."""
    with pytest.raises(HeadError):
        PersonalHead.load(write_head(tmp_path, **changes))


def test_a_damaged_head_is_refused(tmp_path: Path) -> None:
    """Missing or cut files are an operational failure with a way out, not a traceback."""
    with pytest.raises(HeadError) as missing:
        PersonalHead.load(tmp_path)
    assert missing.value.hint
    write_head(tmp_path)
    (tmp_path / "head.npz").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(HeadError):
        PersonalHead.load(tmp_path)
