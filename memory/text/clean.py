"""Message text without what the writer did not write for us: quotes, signatures, odd characters."""

from __future__ import annotations

import re
import unicodedata

from memory.text.cleaning.disclaimers import without_disclaimers
from memory.text.cleaning.endings import drop_ending
from memory.text.cleaning.replies import without_replies

_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Controls, zero-width and direction marks, half surrogates. The joiners U+200C and U+200D stay:
Persian, Indic scripts and emoji are spelled with them."""


def clean(text: str) -> str:
    """The writer's own words, in Unicode NFC, with plain line ends and no spaces at the ends.

    Quoted replies and forwarded mails of the usual mail programs, in the usual languages, go;
    so do signatures, legal notices, `Sent from my …` and invisible characters. Answers written
    between quoted lines stay, and so does everything else. Of a message that is nothing but a
    forwarded mail nothing is left: those are not its author's words. Cleaning twice changes
    nothing; never raises; time grows with the text.
    """
    before = None
    while text != before:  # what one sort of clutter hid may be another's end
        before = text
        text = _once(text)
    return text


def _once(text: str) -> str:
    text = _UNSEEN.sub("", _LINE_END.sub("\n", text)).replace("\u00a0", " ")
    lines = [line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n")]
    kept = without_disclaimers(without_replies(lines))
    drop_ending(kept)
    return "\n".join(kept).strip()
