"""What is never kept, and what its customer or the account does not want kept: sixty cases.

One helpdesk tells of sixty customers. The installed command backfills it and remembers it, is told
what is not wanted, and remembers everything anew. Of a never-kept class no file has a word, from
the first. Of what an account or a customer does not want kept nothing is derived at once, and no
file has a word as soon as the ticket is remembered again: its message says `[not kept]` there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
import sqlalchemy as sa

from connector.clock import SystemClock
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED
from memory import policy
from memory.record import Record
from memory.record import tables as t
from memory.text.sentences import spoken
from memory.text.vectors import digest
from tests.support.command import remember
from tests.support.house import House, settings_for
from tests.support.tale import ACCOUNT, AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("model"), pytest.mark.timeout(600)]

LANGUAGES = ("english", "spanish", "german", "french")
TOLD: Final = {
    "religion": (
        "I pray at the mosque on Fridays, so ring me on Monday.",
        "Los domingos voy a la iglesia con mis hermanas.",
        "Freitags bin ich immer in der Moschee.",
        "Je vais prier à la mosquée tous les vendredis.",
    ),
    "politics": (
        "I vote for the green party and so does my whole street.",
        "Yo voté por el partido socialista toda la vida.",
        "Ich bin seit Jahren Parteimitglied und stehe am Samstag am Stand.",
        "Je suis au parti communiste depuis trente ans.",
    ),
    "sexuality": (
        "I am gay and my partner is on the contract as well.",
        "Soy lesbiana y mi mujer paga la factura.",
        "Ich bin schwul und mein Mann steht im Vertrag.",
        "Je suis lesbienne et ma femme paie la facture.",
    ),
    "ethnicity": (
        "My family is of Turkish descent, the name is spelled so.",
        "Somos gitanos y nos miran mal en su tienda.",
        "Mein Nachbar ruft mir rassistische Dinge zu.",
        "On m'a dit des choses racistes dans votre boutique.",
    ),
    "union": (
        "I am a union rep and at meetings all of Tuesday.",
        "Estoy en el sindicato y el martes hay huelga.",
        "Ich bin in der Gewerkschaft und dienstags im Streik.",
        "Je suis syndiquée et mardi je fais grève.",
    ),
    "crime": (
        "My son was arrested last night, so cut his line.",
        "Mi hermano está en la cárcel desde enero.",
        "Mein Bruder sitzt im Gefängnis, die Nummer kann weg.",
        "Mon frère est en prison depuis janvier.",
    ),
    "immigration": (
        "My asylum papers came, so change my address please.",
        "Estoy sin papeles y no puedo firmar nada.",
        "Meine Aufenthaltserlaubnis läuft im Mai ab.",
        "Je suis sans papiers et je ne peux pas signer.",
    ),
    "self_harm": (
        "I want to die and nobody picks up the phone.",
        "Pienso en el suicidio cada noche.",
        "Ich denke jeden Abend an Selbstmord.",
        "Je pense au suicide tous les soirs.",
    ),
    "abuse": (
        "My husband hits me, never tell him this number.",
        "Sufro violencia de género y él mira mi factura.",
        "Ich lebe im Frauenhaus und er darf das nicht wissen.",
        "Je subis des violences conjugales, il lit mes factures.",
    ),
}
MEANT = (
    "I was let out in March after two years inside and have no phone yet.",
    "My papers came through, so I can stay in the country now.",
    "We marched with the branch on Saturday against the new law.",
    "My leave to stay was refused and I appeal.",
    "He puts his hands on me and I hide at my sister's.",
)
NOTED = (
    "Muslim, prays at noon, ring after two.",
    "Arrested last night, phone taken.",
    "Sin papeles, ojo con la firma.",
)
OPTED_OUT = (
    "My husband passed away in March.",
    "I love sailing and go every Sunday.",
    "I lost my job last week and cannot pay the bill.",
    "My daughter had her first baby on Sunday.",
    "I work nights at the bakery.",
)
OF_A_KIND = (
    "I was diagnosed with cancer this spring.",
    "I had heart surgery last month.",
    "I am diabetic and need my insulin in the fridge.",
    "I have arthritis in both hands.",
    "I go to the hospital for dialysis twice a week.",
)
BEFORE = (
    "I sing in a choir on Thursdays.",
    "I retired in May after forty years.",
    "My wife passed away last winter.",
)
DECLINED = (
    "We are getting married in June.",
    "My dog died yesterday and I miss him.",
    "I have been so lonely since the winter.",
)
WANTED = "I paint on Sundays."
"""The one that nobody minds: it stays, or the rest would prove nothing."""


@dataclass(frozen=True, slots=True)
class Case:
    """What one customer told, or an agent noted of them, and why it is not to be kept."""

    number: int
    why: str
    said: str

    @property
    def is_never_kept(self) -> bool:
        """Whether it is of a class that nobody ever keeps."""
        return self.why in {"told", "meant", "noted"}

    @property
    def traces(self) -> list[str]:
        """The words, and how they begin and end, should a part be left."""
        words = self.said.rstrip(".").split()
        return [self.said, " ".join(words[:4]), " ".join(words[-4:])]


_SAID: Final = {
    "told": [one for each in TOLD.values() for one in each],
    "meant": MEANT,
    "noted": NOTED,
    "opted out": OPTED_OUT,
    "of a kind": OF_A_KIND,
    "before": BEFORE,
    "declined": DECLINED,
}
CASES: Final = [
    Case(101 + place, why, said)
    for place, (why, said) in enumerate((w, one) for w, each in _SAID.items() for one in each)
]
CONTROL: Final = Case(101 + len(CASES), "wanted", WANTED)


@dataclass(frozen=True, slots=True)
class Held:
    """What a data folder holds at a time.

    Attributes:
        files: Their bytes, by name.
        derived: All that stands in the record but the tickets' own words, as text.
        vectors: Whose vectors there are.
        account_key: What digests of vectors are keyed with.
        never_kept: How many sentences were dropped, by customer.
    """

    files: Mapping[str, bytes]
    derived: str
    vectors: frozenset[bytes]
    account_key: bytes
    never_kept: Mapping[str, int]

    def has_vector(self, case: Case) -> bool:
        """Whether the words can be found by what they mean."""
        role = spoken("agent" if case.why == "noted" else "customer", case.said)
        return digest(self.account_key, role) in self.vectors


@dataclass(frozen=True, slots=True)
class Days:
    """What was held as a backfill stored it, remembered, without what is not wanted, and anew."""

    stored: Held
    remembered: Held
    told: Held
    anew: Held


def _story() -> dict[str, object]:
    tickets = []
    for one in (*CASES, CONTROL):
        at = AS_OF - 30 * DAY + one.number
        words = "" if one.why == "noted" else f" {one.said}"
        messages = [message("customer", at, f"The line is dead.{words} Thank you for that.")]
        if one.why == "noted":
            messages.append(message("agent", at + 60, one.said, public=False))
        tickets.append(ticket(one.number, one.number, at, messages=messages))
    return tale(tickets, [customer(one.number) for one in (*CASES, CONTROL)])


def _held(house: House) -> Held:
    files = {
        file.relative_to(house.home).as_posix(): file.read_bytes()
        for file in sorted(house.home.rglob("*"))
        if file.is_file()
    }
    record = Record.open(f"sqlite:///{house.home / 'record.sqlite'}")
    with record.reading() as connection:
        rows = [
            str(row)
            for table in t.metadata.sorted_tables
            if table not in {t.message, t.ticket}
            for row in connection.execute(sa.select(table))
        ]
        vectors = frozenset(connection.scalars(sa.select(t.vector.c.digest)))
        counted = connection.execute(sa.select(t.never_kept.c.customer_id, t.never_kept.c.count))
        never_kept = {str(who): int(count) for who, count in counted}
        key = record.account(ACCOUNT, connection).key
    record.close()
    return Held(files, "\n".join(rows), vectors, key, never_kept)


def _wishes(house: House) -> Iterator[tuple[str, ...]]:
    """The commands that say what is not to be kept."""
    record = Record.open(f"sqlite:///{house.home / 'record.sqlite'}")
    with record.reading() as connection:
        e = t.evidence.c
        memories = {
            row.quote: row.memory_id
            for row in connection.execute(sa.select(e.quote, e.memory_id).where(e.part == "said"))
        }
    record.close()
    yield ("kind", "health", "--never-keep")
    for one in CASES:
        ref = f"zendesk:{one.number}"
        if one.why == "opted out":
            yield ("opt-out", ref)
        elif one.why == "before":
            yield ("before", "2026-06-30", "--customer", ref)
        elif one.why == "declined":
            yield ("consent", memories[one.said], "declined")


@pytest.fixture(
    scope="module", params=["in process", pytest.param("installed", marks=pytest.mark.long)]
)
def days(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Days]:
    """The data folder on each of its days; what follows the backfill is told by either way."""
    folder: Path = tmp_path_factory.mktemp("never-kept") / "home"
    account = ("--account", ACCOUNT)
    with DemoHelpdesk(read_story(_story()), limits=UNLIMITED, clock=SystemClock().now) as helpdesk:
        house = House(folder, settings_for(helpdesk.url))
        done = house.run("backfill", "zendesk", "--no-remember", *account)
        assert done.code == 0, done.err
    stored = _held(house)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in house.environment.items():
            patch.setenv(name, value)

        def tell(*arguments: str) -> None:
            installed = request.param == "installed"
            code = house.run(*arguments).code if installed else remember(*arguments)
            assert code == 0, arguments

        tell("reindex", "--memories", *account)
        remembered = _held(house)
        for wish in _wishes(house):
            tell("policy", *wish)
        told = _held(house)
        tell("reindex", "--memories", *account)
        yield Days(stored, remembered, told, _held(house))


def _found(held: Held, case: Case) -> set[str]:
    """The files in which a word of a case stands, as plain text, UTF-16 or escaped in JSON."""
    forms = {
        form
        for words in case.traces
        for form in (
            words.encode(),
            words.encode("utf-16-le"),
            json.dumps(words)[1:-1].encode(),
        )
    }
    return {name for name, data in held.files.items() if any(form in data for form in forms)}


def test_there_are_sixty_cases() -> None:
    """Every never-kept class in four languages, and every way not to want something kept."""
    assert len(CASES) == 60
    assert tuple(TOLD) == policy.NEVER_KEPT_CLASSES
    assert {len(each) for each in TOLD.values()} == {len(LANGUAGES)}


def test_what_nobody_minds_is_kept(days: Days) -> None:
    """It stands in the record, in words and as a vector, on every day."""
    for held in (days.stored, days.remembered, days.told, days.anew):
        assert _found(held, CONTROL) == {"record.sqlite"}
    for held in (days.remembered, days.anew):
        assert WANTED in held.derived
        assert held.has_vector(CONTROL)


@pytest.mark.parametrize(
    "case", [one for one in CASES if one.is_never_kept], ids=lambda one: f"{one.why}-{one.number}"
)
def test_of_what_is_never_kept_there_is_no_word(days: Days, case: Case) -> None:
    """In no file, from the first; that something was said is counted, and stays counted.

    What has to be understood goes when it is: when it is remembered.
    """
    assert bool(_found(days.stored, case)) == (case.why == "meant")
    for held in (days.remembered, days.told, days.anew):
        assert _found(held, case) == set()
        assert not held.has_vector(case)
    for held in (days.remembered, days.anew):
        assert held.never_kept[str(case.number)] == 1


@pytest.mark.parametrize(
    "case",
    [one for one in CASES if not one.is_never_kept],
    ids=lambda one: f"{one.why}-{one.number}".replace(" ", "-"),
)
def test_of_what_is_not_wanted_no_word_is_left(days: Days, case: Case) -> None:
    """It was remembered; nothing is derived of it at once, and then no file has a word of it."""
    assert case.said in days.remembered.derived
    assert days.remembered.has_vector(case)
    for held in (days.told, days.anew):
        assert not [words for words in case.traces if words in held.derived]
        assert not held.has_vector(case)
    assert _found(days.told, case) == {"record.sqlite"}
    assert _found(days.anew, case) == set()
