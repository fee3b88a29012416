"""Who is who: the file that maps a phone system's agents, lines and groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.errors import ConfigurationError
from connector.rings.agents import AgentMap

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Person:
    """An agent, as the record tells of them."""

    id: str
    email: str | None


DANA, LOU, MIN = (
    Person("42", "Dana@acme.example"),
    Person("43", "lou@acme.example"),
    Person("44", None),
)
EVERYONE = (DANA, LOU, MIN)
FILE = """
[aircall.agents]
"456" = "dana@acme.example"
"457" = ["dana@acme.example", "lou@acme.example"]
"nobody" = "gone@acme.example"
"dana@phones.example" = "dana@acme.example"

[twilio.agents]
"client:Dana" = "dana@acme.example"
"+1 (212) 555-0177" = "zendesk:44"

[twilio.lines]
"+1 212 555 0100" = ["dana@acme.example", "zendesk:43"]

[twilio.groups]
Billing = "lou@acme.example"
"Night" = []

[connect.agents]
"arn:aws:connect:eu-west-1:1:instance/i/agent/a-1" = "dana@acme.example"

[connect.groups]
"q-1" = "lou@acme.example"

[any.agents]
"456" = "lou@acme.example"
"9" = "lou@acme.example"
"""


@pytest.fixture
def book(tmp_path: Path) -> AgentMap:
    """The map of the file above."""
    file = tmp_path / "agents.toml"
    file.write_text(FILE, encoding="utf-8")
    return AgentMap.load(file)


AGENTS: list[tuple[str, str, list[str], tuple[str, ...]]] = [
    ("by the phone system's id", "aircall", ["456"], ("42",)),
    (
        "the id and the e-mail of one agent are one",
        "aircall",
        ["456", "DANA@ACME.EXAMPLE"],
        ("42",),
    ),
    ("one telephone of two agents", "aircall", ["457"], ("42", "43")),
    ("an e-mail of the phone system's own", "aircall", ["dana@phones.example"], ("42",)),
    ("an e-mail, without the file", "dialpad", ["lou@ACME.example"], ("43",)),
    ("an agent who left", "aircall", ["nobody"], ()),
    ("an id that the file does not know", "aircall", ["45"], ()),
    ("the helpdesk's own id is no id of a phone system", "aircall", ["42"], ()),
    ("a ref", "generic", ["zendesk:42"], ("42",)),
    ("a ref of nobody", "generic", ["zendesk:99"], ()),
    ("a softphone", "twilio", ["dana"], ("42",)),
    ("a telephone in another writing", "twilio", ["+12125550177"], ("44",)),
    (
        "an address of Amazon",
        "connect",
        ["arn:aws:connect:eu-west-1:1:instance/i/agent/A-1"],
        ("42",),
    ),
    ("any phone system", "dialpad", ["9"], ("43",)),
    ("its own table before that of any", "dialpad", ["456"], ("43",)),
    ("nobody", "twilio", [], ()),
]


@pytest.mark.parametrize(
    ("provider", "names", "expected"), [row[1:] for row in AGENTS], ids=[row[0] for row in AGENTS]
)
def test_whom_a_name_means(
    book: AgentMap, provider: str, names: list[str], expected: tuple[str, ...]
) -> None:
    """Ids of the helpdesk's agents; none where nobody is known by the name."""
    assert book.resolve(provider, names, EVERYONE) == expected


GROUPS: list[tuple[str, str, list[str | None], tuple[str, ...] | None]] = [
    ("a line, in another writing", "twilio", [None, "12125550100"], ("42", "43")),
    ("a group before its line", "twilio", ["billing", "+12125550100"], ("43",)),
    (
        "a group that the file does not know, and its line",
        "twilio",
        ["Else", "+12125550100"],
        ("42", "43"),
    ),
    ("nobody may", "twilio", ["Night"], ()),
    ("everyone may", "twilio", ["Else", None], None),
    ("no group", "twilio", [], None),
    ("a queue of Amazon", "connect", ["arn:aws:connect:eu-west-1:1:instance/i/queue/q-1"], ("43",)),
    ("another phone system", "telnyx", ["Billing"], None),
]


@pytest.mark.parametrize(
    ("provider", "names", "expected"), [row[1:] for row in GROUPS], ids=[row[0] for row in GROUPS]
)
def test_who_may_answer_for_a_group(
    book: AgentMap,
    provider: str,
    names: list[str | None],
    expected: tuple[str, ...] | None,
) -> None:
    """Ids of the helpdesk's agents; None where the file says nothing of it."""
    assert book.members(provider, names, EVERYONE) == expected


def test_without_a_file_the_e_mail_tells_who_is_who() -> None:
    """And nothing is said of groups."""
    book = AgentMap.load(None)
    assert book.resolve("aircall", ["456", "dana@acme.example"], EVERYONE) == ("42",)
    assert book.resolve("aircall", ["456"], EVERYONE) == ()
    assert book.members("twilio", ["+12125550100"], EVERYONE) is None


BROKEN: list[tuple[str, str, str]] = [
    ("no TOML", "[aircall", "cannot be read"),
    ("another phone system", "[skype.agents]\nx = 'a@b.example'", "'skype' is no phone system"),
    ("another table", "[aircall.people]\nx = 'a@b.example'", "'aircall' holds something else"),
    ("a name outside a table", "[aircall]\nx = 'a@b.example'", "'aircall' holds something else"),
    ("a table that is none", "aircall = 3", "'aircall' holds something else"),
    ("a list of agents", "[aircall]\nagents = ['a@b.example']", "'aircall.agents' is not a table"),
    ("a number", "[aircall.agents]\n'456' = 42", "'aircall.agents.456' is neither"),
    ("no e-mail", "[twilio.groups]\nBilling = ['Dana']", "'twilio.groups.Billing' names an agent"),
    ("a list in a list", "[any.agents]\nx = [['a@b.example']]", "'any.agents.x' names an agent"),
]


@pytest.mark.parametrize(
    ("text", "said"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_file_is_named_with_its_key(tmp_path: Path, text: str, said: str) -> None:
    """Whoever wrote it finds the place."""
    file = tmp_path / "agents.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as broken:
        AgentMap.load(file)
    assert said in broken.value.detail
    assert str(file) in broken.value.detail


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """As is one that is no text."""
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml cannot be read: No such file"):
        AgentMap.load(tmp_path / "nowhere.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"bytes\.toml cannot be read"):
        AgentMap.load(tmp_path / "bytes.toml")


@settings(deadline=None)
@given(name=st.text(max_size=40), provider=st.text(max_size=9))
def test_no_name_breaks_the_map(name: str, provider: str) -> None:
    """Names come from outside."""
    book = AgentMap({("any", True, "9"): ("lou@acme.example",)})
    assert set(book.resolve(provider, [name], EVERYONE)) <= {"42", "43", "44"}
    assert book.members(provider, [name], EVERYONE) is None
