"""What customers get in the language they speak, and from a model that no head was fitted to."""

from __future__ import annotations

import numpy as np
import pytest

from memory.policy import NEVER_KEPT_KIND
from memory.remembering.languages import code_of, what_it_gets
from memory.remembering.personal import PersonalHead, WordHead, head_for
from memory.text.encoder import DIGEST, MODEL_NAME


@pytest.fixture(scope="module")
def head() -> PersonalHead:
    """The packaged head."""
    return PersonalHead.load()


@pytest.mark.parametrize(
    ("tag", "code"), [("en-US", "en"), ("pt_BR", "pt"), ("DE", "de"), (" es ", "es"), (None, "")]
)
def test_a_language_is_known_by_its_code(tag: str | None, code: str) -> None:
    """Whatever region or case its tag has."""
    assert code_of(tag) == code


def test_english_gets_everything(head: PersonalHead) -> None:
    """The head and the rules both read it; a customer whose language is not known may speak it."""
    said = what_it_gets("en-GB", head)
    assert said.endswith("; personal context, promises and details to check")
    assert what_it_gets(None, head) == said


@pytest.mark.parametrize("language", ["es", "de", "ja", "pt-BR"])
def test_other_languages_are_told_what_they_lack(head: PersonalHead, language: str) -> None:
    """Issues, search and the preferred agent still work; nothing is said to be read that is not."""
    said = what_it_gets(language, head)
    assert said.startswith("issues, search and the preferred agent")
    assert said.endswith("no personal context, promises or details to check")


def test_another_model_gets_what_set_words_tell() -> None:
    """No head was fitted to it, so it says that little is left even of English."""
    assert "only what set words tell" in what_it_gets("en", WordHead())


def test_a_head_reads_its_own_encoder_only() -> None:
    """What was fitted to one model's vectors is never applied to those of another."""
    assert isinstance(head_for(f"{MODEL_NAME}:{DIGEST[:8]}"), PersonalHead)
    assert isinstance(head_for("a-multilingual-model:0badcafe"), WordHead)


def test_set_words_are_read_without_a_head() -> None:
    """How to be reached is found; what names what is never kept is dropped; nothing is guessed."""
    said = [
        "Please e-mail me instead of calling.",
        "I'm Muslim, so please come after the Friday prayer.",
        "My mother died last week.",
    ]
    other = np.zeros((len(said), 768), np.float32), np.zeros((len(said), 0), np.float32)
    found = WordHead().find(said, *other, ["customer"] * len(said))
    assert [[one.kind for one in each] for each in found] == [
        ["contact_rule"],
        [NEVER_KEPT_KIND],
        [],
    ]
