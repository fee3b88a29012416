"""Files that people write: each is read, or it is said in a sentence what is wrong with it."""

from __future__ import annotations

import gzip
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.demo.story import load_story, read_story
from connector.freshdesk.walks import Place
from connector.rings.agents import AgentMap
from connector.settings import load_settings
from connector.sync.helpdesk import Checkpoint
from memory.asking.wording import SLOTS, HouseWording
from memory.errors import RememberError
from tests.fuzz.mutating import JSON, WILD_TEXTS, as_bytes, mutated, wild_bytes
from tests.fuzz.profile import fuzzing
from tests.support.book import agent
from tests.support.tale import AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AGENT_MAP: Final = """
[any.agents]
"12345" = "dana@acme.example"
[twilio.lines]
"+1 646 555 0100" = ["dana@acme.example", "zendesk:11"]
[dialpad.groups]
Billing = ["dana@acme.example"]
"""
SUGGESTIONS: Final = """
[missed_calls]
add = ["Sorry we missed you {times}, I am all ears now."]
[ask_to_note]
say = []
[[resources]]
name = "Moving house, step by step"
url = "https://help.example.com/moving"
words = ["moving", "new address"]
"""
SETTINGS: Final = """
time_zone = "Europe/Berlin"
default_region = "DE"
retry_seconds = 7
recheck_days = 1.5
zendesk_url = "https://acme.zendesk.com"
zendesk_app_id = 5
zendesk_screen_pop = true
allowed_origins = "https://acme.zendesk.com"
log_level = "INFO"
"""
LITERALS: Final = (
    "true",
    "0",
    "-1",
    "1e999",
    "nan",
    "9" * 5000,
    '""',
    '"x"',
    '"\\u0000"',
    '"\\ud800"',
    "'''\n'''",
    "[]",
    "[1, 'a', []]",
    "{}",
    "{a.b.c = 1}",
    "1979-05-27T07:32:00Z",
    "0000-00-00",
    "07:32:00",
    '"' + "x" * 10_000 + '"',
    '["' + "moving " * 5_000 + '"]',
    "[" * 3_000 + "]" * 3_000,
    "{a=" * 500 + "1" + "}" * 500,
)
KEYS: Final = ("a" + ".a" * 800, '"\\u0000"', '""', "say", "add", "x = 1\nx", "[[missed_calls]]\nz")


@st.composite
def tomls(draw: st.DrawFn, text: str) -> bytes:
    """A file with a few lines changed, doubled or gone, or with bytes in it that are no text."""
    lines = text.strip().splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["value", "value", "key", "gone", "doubled", "table"])):
            case "value":
                lines[at] = f"{lines[at].partition('=')[0]}= {draw(st.sampled_from(LITERALS))}"
            case "key":
                lines[at] = f"{draw(st.sampled_from(KEYS))} ={lines[at].partition('=')[2] or '1'}"
            case "gone" if len(lines) > 1:
                del lines[at]
            case "doubled":
                lines.append(lines[at])
            case _:
                lines.insert(at, f"[{draw(st.sampled_from([*KEYS[:2], 'any', 'any.agents']))}]")
    written = "\n".join(lines).encode()
    if draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(0, len(written)))
        return written[:at] + draw(st.binary(max_size=4)) + written[at:]
    return written


STORY: Final[dict[str, Any]] = tale(
    [
        ticket(
            1,
            101,
            AS_OF - DAY,
            status="solved",
            rating={"score": "good", "agent": 11, "at": AS_OF},
            messages=[
                message("customer", AS_OF - DAY, "Hi", call={"minutes": 3.0, "answered_by": 11}),
                message({"agent": 11}, AS_OF - DAY + 60, "Hello", public=False, html="<p>x</p>"),
            ],
        )
    ],
    [customer(101), customer(102, identities=[{"type": "email", "value": "x@mail.example"}])],
) | {
    "changes": [
        {"at": AS_OF, "do": "merge_customers", "loser": 102, "winner": 101},
        {"at": AS_OF, "do": "redact_message", "ticket": 1, "message": 0, "words": "Hi"},
        {"at": AS_OF, "do": "update_ticket", "ticket": 1, "set": {"status": "open"}},
    ],
    "calls": [{"id": 1, "at": AS_OF, "call": {"minutes": 0.0}, "customer": 101}],
    "organizations": [{"id": 5, "name": "Acme"}],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files are."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def unset(folder: Path) -> Iterator[Path]:
    """The path of the settings' file; nothing else is set."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("REMEMBER_")]:
            patch.delenv(name)
        file = folder / "settings.toml"
        file.write_text("")
        patch.setenv("REMEMBER_CONFIG", str(file))
        yield file


@fuzzing(150)
@given(written=tomls(AGENT_MAP))
def test_any_map_of_agents(written: bytes, folder: Path) -> None:
    """Who of a phone system is which agent."""
    file = folder / "agents.toml"
    file.write_bytes(written)
    with suppress(RememberError):
        known = AgentMap.load(file)
        agents = [agent("11", email="dana@acme.example")]
        known.resolve("twilio", ["12345", *WILD_TEXTS], agents)
        known.members("dialpad", ["Billing", None, *WILD_TEXTS], agents)


@fuzzing(150)
@given(written=tomls(SUGGESTIONS))
def test_any_words_of_a_house(written: bytes, folder: Path) -> None:
    """What is suggested to say; what is read can be said."""
    file = folder / "suggestions.toml"
    file.write_bytes(written)
    with suppress(RememberError):
        wording = HouseWording(file).read()
        for situation, known in SLOTS.items():
            wording.of(situation, dict.fromkeys(known, "x"), 3)
        for one in wording.resources:
            one.fits("Moving to a new address")


@fuzzing(150)
@given(written=tomls(SETTINGS))
def test_any_settings(written: bytes, unset: Path) -> None:
    """`remember.toml`, whatever it holds."""
    unset.write_bytes(written)
    with suppress(RememberError):
        load_settings()


@fuzzing(150)
@given(document=mutated(STORY, most=4))
def test_any_story(document: Any) -> None:
    """What the simulated helpdesk is given to tell."""
    with suppress(RememberError):
        read_story(document)


@fuzzing(60)
@given(written=wild_bytes(STORY), packed=st.sampled_from(["no", "said", "yes"]))
def test_any_file_of_a_story(written: bytes, packed: str, folder: Path) -> None:
    """Packed, and only said to be."""
    file = folder / ("story.json" if packed == "no" else "story.json.gz")
    file.write_bytes(gzip.compress(written) if packed == "yes" else written)
    with suppress(RememberError):
        load_story(file)


@fuzzing(150)
@given(
    text=mutated({"start": 5, "cursor": "5 2", "done": True, "began": 0})
    .map(as_bytes)
    .map(bytes.decode)
    | st.sampled_from(WILD_TEXTS)
    | JSON.map(str)
)
def test_any_checkpoint(text: str) -> None:
    """What a record of another time or hand holds is refused in words, not half believed."""
    with suppress(RememberError):
        found = Checkpoint.from_text(text)
        assert isinstance(found.start, int)
        assert found.cursor is None or isinstance(found.cursor, str)
        Place.of(found)
