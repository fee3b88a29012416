"""The words of the interface: every code has some, in each of four languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import connector
from memory.asking import owed
from memory.policy import NEVER_KEPT_KIND, SECTION_OF_KIND, neutral_title
from memory.words import expressions

WEB = Path(connector.__file__).parent / "web"
LANGUAGES = ["en", "es", "de", "fr"]
STRINGS: dict[str, dict[str, str]] = json.loads((WEB / "strings.json").read_text())
SCRIPTS = sorted(WEB.glob("*.js")) + sorted((WEB.parents[1] / "deploy").rglob("*.js"))

CODES = {
    "kind": [*SECTION_OF_KIND, NEVER_KEPT_KIND, "issue", "promise", "check", "agent_request"],
    "relation": ["partner", "child", "parent", "relative", "friend", "pet"],
    "reason": ["asked_by_name", "contact_time", "rated", "solved"],
    "why": ["hidden", "unverified", "policy", "never_kept"],
    "role": ["customer", "agent", "other"],
    "by": ["customer", "said", "agent", "other"],
    "channel": ["voice", "phone", "email", "chat", "web", "api", "sms", "unknown"],
    "call": ["ringing", "answered", "ended", "dialled"],
    "outcome": ["solved", "open"],
    "remember": ["promise", "check", "first_contact", "returned", "left_unhappy", "care"],
    "verdict": ["wrong", "outdated", "unwanted", "helped"],
    "promise": list(owed._TITLES.values()),
    "title": [neutral_title("nothing"), *dict(expressions("topics"))],
    "label": ["adjustments", "care", "context", "missed", "you", "last", "promises", "open"],
    "said": ["unclaimed", "several", "none", "hidden", "one", "verified", "offline", "error"],
}
"""Every code that a document may hold, and the component's own."""


def test_every_key_is_in_all_languages() -> None:
    """None is missing or empty, and all name the same things."""
    for key, texts in STRINGS.items():
        assert list(texts) == LANGUAGES, key
        named = [set(re.findall(r"\{(\w+)\}", text)) for text in texts.values()]
        assert all(names == named[0] for names in named), key
        assert all(text.strip() == text and text for text in texts.values()), key


@pytest.mark.parametrize("family", CODES)
def test_every_code_has_words(family: str) -> None:
    """What a document says in codes can be said in each language."""
    assert [code for code in CODES[family] if f"{family}.{code}" not in STRINGS] == []


def test_every_key_that_a_script_names_exists() -> None:
    """A key that is asked for by its whole name stands in the table."""
    asked = re.compile(r"(?:\bsay|\bbutton|\b#group)\(\s*\"([\w.]+)\"")
    named = {key for script in SCRIPTS for key in asked.findall(script.read_text())}
    assert named - set(STRINGS) == set()


def test_every_key_is_used() -> None:
    """No words stand in the table that no script can ask for."""
    text = "".join(script.read_text() for script in SCRIPTS)
    families = set(re.findall(r"[`\"](\w+)\.\$\{", text)) | set(
        re.findall(r"code\(\"(\w+)\"", text)
    )
    unused = [
        key for key in STRINGS if f'"{key}"' not in text and key.partition(".")[0] not in families
    ]
    assert [key for key in unused if not key.endswith((".title", ".help"))] == []
