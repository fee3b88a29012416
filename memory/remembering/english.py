"""Whether a sentence may be read by rules and heads that know English only."""

from __future__ import annotations

import re
from typing import Final

from memory.lexicon import fold

_ENGLISH: Final = frozenset(
    "the and is are was were my i i'm you your he she it we they to of for with have has had "
    "not this that what when where be been but so just please can do don't will would at by from "
    "about after before because very her his our out up cx cust pls".split()
)
_OTHER: Final = frozenset(
    # Spanish, Portuguese, Italian
    "el los las una unos del que por para con mi mis su sus es esta estoy soy muy pero porque como "
    "cuando desde hace mas al lo le les se nos yo ella ellos favor quiero tengo necesito gracias hola "
    "uma nao meu minha voce estou sou obrigado il lo gli che non sono mio mia per della sono grazie "
    # German, Dutch
    "der das ein eine einen einem ich ist bin mein meine meinen nicht und mit fur auf aber wir sie "
    "haben habe wurde seit bitte danke wo warum mir mich dem den zu im am von bei het een van ik niet mijn "
    # French
    "le les des une est je j'ai mon ma mes pas pour avec dans sur mais depuis votre nous vous au aux et "
    "merci bonjour suis ete du ne qui c'est elle il la de".split()
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_FOREIGN_SCRIPT_SHARE: Final = 0.3


def reads_as_english(sentence: str) -> bool:
    """Whether the sentence looks English: Latin letters, and no more small words of other tongues.

    A sentence without any small word at all (an agent's shorthand) counts as English.
    """
    folded = fold(sentence)
    letters = sum(c.isalpha() for c in folded)
    latin = sum(c.isascii() and c.isalpha() for c in folded)
    if letters - latin > _FOREIGN_SCRIPT_SHARE * letters:
        return False
    words = _WORD.findall(folded)
    english = sum(word in _ENGLISH for word in words)
    return sum(word in _OTHER for word in words) <= english
