"""Who sees what, and what is never kept.

Every string the product shows passes here: a memory by its kind (`may_show`), and any other text,
such as a ticket's subject, by its words (`sensitive_words`), since nothing has classified those. All
of it is plain rules on plain text: no model is needed while a phone rings.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from memory.lexicon import NEVER_KEPT, SENSITIVE, any_of, fold, without_benign

Mode = Literal["full", "masked", "off"]
Showing = Literal["shown", "hidden", "withheld"]
Section = Literal["care", "adjustments", "context"]

SENSITIVE_KINDS: Final = frozenset({"bereavement", "health", "family_care", "hardship", "feeling"})
"""Kinds whose words leave the server only through a reveal."""

NEVER_KEPT_KIND: Final = "never_kept"
"""What a sentence of one of `NEVER_KEPT_CLASSES` is found as; it is counted and dropped."""

NEVER_KEPT_CLASSES: Final = (
    "religion",
    "politics",
    "sexuality",
    "ethnicity",
    "union",
    "crime",
    "immigration",
    "self_harm",
    "abuse",
)
"""Matters that are dropped even when told. They are counted together, under `never_kept`."""

SECTION_OF_KIND: Final[dict[str, Section]] = {
    "bereavement": "care",
    "health": "care",
    "family_care": "care",
    "hardship": "care",
    "feeling": "care",
    "access_need": "adjustments",
    "contact_rule": "adjustments",
    "preference": "adjustments",
    "life_event": "context",
    "work": "context",
    "interest": "context",
    "loyalty": "context",
    "note": "context",
}
"""Which list of the brief a kind stands in."""

_SENSITIVE = any_of(SENSITIVE + NEVER_KEPT)
_NEVER_KEPT = any_of(NEVER_KEPT)

# The order is the order of preference: a sentence that says both yields the more exact need.
_NEEDS: Final = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        ("interpreter", r"\b(?:sign language|bsl|asl|interpreter)\b"),
        (
            "relay",
            r"\b(?:relay (?:uk|service|call|operator)|text ?relay|typetalk|tty|textphone|minicom)\b",
        ),
        ("braille", r"\bbraille\b"),
        (
            "large_print",
            r"\blarge(?:r)?[- ](?:print|type|font|text)|\bbig(?:ger)? (?:print|letters|font|text)",
        ),
        ("screen_reader", r"\bscreen ?reader|\bvoiceover\b|\bjaws\b|\bnvda\b"),
        (
            "speak_slowly",
            r"\b(?:slow(?:ly|er)?|slow(?:ing)? down)\b(?!.{0,20}\b(?:internet|speed|connection|wi-?fi|broadband|line)\b)",
        ),
        (
            "speak_up",
            r"\bspeak(?:ing)? (?:up|loud\w*|clear\w*)|\b(?:talk|speak) (?:a bit |a little )?(?:louder|clearer)|\blouder\b|\bspk up\b",
        ),
        (
            "text_only",
            r"\b(?:text|sms|txt|message|whatsapp|chat)(?:ing|s)? only\b|\bonly (?:by |via |use )?(?:text|sms|txt|chat|message)|"
            r"\b(?:text|sms|txt|chat|whatsapp)\b.{0,30}\b(?:instead of|rather than|not|over) (?:a )?(?:call|phon|ring|voice|speak)\w*|\b(?:pls|please|can you|could you|just|prefers?) (?:txt|text|sms)\b",
        ),
        (
            "email",
            r"\b(?:pls|please|can you|could you|only|just|prefers?|by|via|use|in|to|needs?|with)(?: \w+){0,2} e-?mails?\b|\be-?mail (?:only|me|instead|pls|please|works|is (?:best|better|easier)|rather|not)|"
            r"\bin writing\b|\bwrit(?:e|ten)\b.{0,20}\b(?:instead|rather|only)\b",
        ),
        (
            "no_calls",
            r"\b(?:can'?t|cannot|unable to|do(?:es)? ?n'?t|don'?t|no|not|never|hard to|struggles? (?:on|with)|difficult\w*)(?: \w+){0,3} (?:phone ?calls?|calls?|telephone|phone|voice calls?|on the phone)\b",
        ),
        (
            "more_time",
            r"\b(?:extra|more|a (?:bit|little) (?:more )?) ?time\b|\bbe patient\b|\b(?:long(?:er)?|extra) pauses?\b|\bstammer|\bstutter",
        ),
        (
            "plain_language",
            r"\b(?:plain|simple|easy)(?:r)? (?:language|english|words|read)\b|\bexplain\w* (?:simply|step by step)|\bone (?:step|thing) at a time\b|\brepeat (?:things|it|everything|yourself)\b",
        ),
        (
            "step_free",
            r"\bwheel ?chair|\bstep[- ]free|\bramp\b|\bno stairs\b|\bstairs\b|\bground floor\b|\bwalk(?:ing)? (?:frame|stick)\b|\bmobility\b",
        ),
        ("no_calls", r"\bdeaf\b"),
        (
            "speak_up",
            r"\bhard of hearing\b|\bhoh\b|\bhearing aids?\b|\bhearing (?:loss|impair\w*)|\bhearing (?:is|isn't|has)\b",
        ),
        (
            "large_print",
            r"\bpartially sighted\b|\b(?:visual|sight|vision)(?:ly)? (?:impair\w*|loss)|\bblind\b|\bcan'?t (?:read|see) (?:small|the small|tiny|the screen)",
        ),
    )
)

_TOPICS: Final = tuple(
    (title, re.compile(r"(?<![a-z])(?:" + pattern + r")"))
    for title, pattern in (
        (
            "Cancellation",
            r"cancel|terminat|close (?:my|the|his|her)? ?account|kundig|resili|annul|dar(?:se)? de baja|baja",
        ),
        ("Refund", r"refund|reimburs|money back|reembols|devoluci|erstatt|rembours"),
        (
            "Billing",
            r"bill|invoice|charge|payment|pay(?:ing)? |price|fee|factur|cobro|pago|rechnung|zahlung|paiement|prelevement",
        ),
        (
            "Delivery",
            r"deliver|parcel|package|shipp|courier|entrega|paquete|envio|liefer|paket|livraison|colis",
        ),
        (
            "Booking",
            r"book|reserv|appointment|flight|hotel|schedul|ticket|cita|vuelo|termin|buch|flug|rendez-vous|vol ",
        ),
        (
            "Account",
            r"account|login|log in|password|name change|transfer|address|cuenta|contrasena|konto|passwort|anmeld|compte|mot de passe",
        ),
        (
            "Technical",
            r"signal|internet|wi-?fi|broadband|router|phone|line|error|not working|broken|fault|averia|linea|storung|anschluss|panne|ligne",
        ),
    )
)


def is_sensitive(kind: str) -> bool:
    """Whether memories of this kind are hidden until revealed."""
    return kind in SENSITIVE_KINDS


def may_show(kind: str, mode: Mode) -> Showing:
    """What the `SENSITIVE` setting allows for a memory of this kind.

    `hidden` means kind, relation and age without words; `withheld` means counted only. The words
    of an access need are its reason, so they are hidden unless the mode is `full`; the need itself
    (`need_of`) may always be shown.
    """
    if kind == NEVER_KEPT_KIND:
        return "withheld"
    if mode == "full" or (kind != "access_need" and not is_sensitive(kind)):
        return "shown"
    return "withheld" if mode == "off" and is_sensitive(kind) else "hidden"


def sensitive_words(text: str) -> bool:
    """Whether a string about to be shown speaks of a sensitive or never-kept matter.

    Reads English, Spanish, German and French word lists (`memory.lexicon`) and errs to hiding.
    """
    return _SENSITIVE.search(without_benign(fold(text))) is not None


def never_kept_words(text: str) -> bool:
    """Whether the word lists find one of `NEVER_KEPT_CLASSES` in the text."""
    return _NEVER_KEPT.search(without_benign(fold(text))) is not None


def neutral_title(text: str) -> str:
    """A title from a closed list that says what a ticket asks for and nothing of the person.

    "Cancel my late husband's line" becomes "Cancellation"; what fits no topic is a "Request".
    """
    folded = fold(text)
    return next((title for title, pattern in _TOPICS if pattern.search(folded)), "Request")


def need_of(text: str) -> str | None:
    """The need that a sentence of kind `access_need` states, as a code, or None.

    Codes: `email`, `text_only`, `no_calls`, `speak_slowly`, `speak_up`, `large_print`, `braille`,
    `screen_reader`, `relay`, `interpreter`, `more_time`, `plain_language`, `step_free`. The brief shows
    the code at once; the sentence, which holds the reason, stays hidden.
    """
    folded = fold(text)
    return next((code for code, pattern in _NEEDS if pattern.search(folded)), None)
