"""Message text without what the writer did not write for us: quotes, signatures, odd characters."""

from __future__ import annotations

import re
import unicodedata

_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Controls, zero-width and direction marks, half surrogates. The joiners U+200C and U+200D stay:
Persian, Indic scripts and emoji are spelled with them."""

_QUOTED = re.compile(r"[ \t]*>")
_REPLY = re.compile(
    r"""[ \t]* (?: On\b .*\d.* \bwrote | Am\b .*\d.* \bschrieb\b .* | Le\b .*\d.* \ba[ ]écrit
                 | El\b .*\d.* \bescribió ) [ ]? : $""",
    re.VERBOSE | re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"[ \t]*-{2,}[ ]?(?:Original Message|Ursprüngliche Nachricht|Message d'origine"
    r"|Mensaje original)[ ]?-{2,}$",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:Sent from my|Sent from (?:Yahoo )?Mail|Get Outlook for|Sent via|Von meinem|Gesendet von"
    r"|Envoyé de mon|Enviado desde mi)\b.{0,60}$",
    re.IGNORECASE,
)
_LONGEST_HEADER = 300
_SIGNATURE_LINES = 12
"""A `--` with more lines behind it is a rule drawn by the writer, not a signature (RFC 3676)."""


def clean(text: str) -> str:
    """The writer's own words, in Unicode NFC, with plain line ends and no spaces at the ends.

    Quoted replies (`On … wrote:`, lines with `>`), a signature after `--`, `Sent from my …` and
    invisible characters go; everything else stays. A message that is nothing but a forwarded one
    stays. Cleaning twice changes nothing; never raises; time grows with the text.
    """
    text = _UNSEEN.sub("", _LINE_END.sub("\n", text)).replace("\u00a0", " ")
    lines = _without_replies(unicodedata.normalize("NFC", text).split("\n"))
    _drop_ending(lines)
    return "\n".join(lines).strip()


def _without_replies(lines: list[str]) -> list[str]:
    """The lines that are not quoted, at most one blank line in a row."""
    kept: list[str] = []
    for at, line in enumerate(map(str.rstrip, lines)):
        if _QUOTED.match(line) or (not line and (not kept or not kept[-1])):
            continue
        header = _header(kept, line)
        quoted = any(_QUOTED.match(following) for following in lines[at + 1 : at + 3])
        before = len(kept) + 1 - header
        if header and quoted:
            del kept[before:]
        elif header and before:
            return kept[:before]
        else:
            kept.append(line)
    return kept


def _header(kept: list[str], line: str) -> int:
    """How many lines, up to this one, announce a quoted reply: 0, 1, or 2 where it is wrapped."""
    if len(line) > _LONGEST_HEADER or not line:
        return 0
    if _REPLY.match(line) or _ORIGINAL.match(line):
        return 1
    before = kept[-1] if kept else ""
    wrapped = line.endswith(":") and before and len(before) <= _LONGEST_HEADER
    return 2 if wrapped and _REPLY.match(f"{before} {line}") else 0


def _drop_ending(lines: list[str]) -> None:
    """Take signatures and what telephones add from the end, as often as there is one."""
    while lines:
        rule = _rule(lines)
        if not lines[-1].strip() or _SENT_FROM.match(lines[-1].strip()):
            lines.pop()
        elif rule:
            del lines[rule:]
        else:
            return


def _rule(lines: list[str]) -> int:
    """Where the signature begins, or 0."""
    for at in range(len(lines) - 1, max(len(lines) - _SIGNATURE_LINES - 2, 0), -1):
        if lines[at].rstrip() == "--":
            return at
    return 0
