"""Quoted replies and forwarded mails: other people's words inside an author's message."""

from __future__ import annotations

import re
from enum import Enum

_QUOTED = re.compile(r"[ \t]*(?:>|\|[ ])")
_MOST_HEAD_LINES = 3
_LONGEST_HEAD = 300
_QUOTE_WITHIN = 3
_MOST_BLOCK_LINES = 14

_WHEN = r"""(?= .* (?: \d{1,2} [:.h] \d{2} | \b (?:19|20) \d{2} \b | \d [./-] \d{1,2} [./-] \d
  | @ ) )"""
_REPLY = re.compile(
    rf"""
    [ \t]*+ (?:
        (?: On|Op|Am|Den|El|En|Em|Le|Il ) \b {_WHEN} .*
        \b (?: wrote|schrieb|geschrieben|schreef|escribió|a[ ]écrit|ha[ ]scritto|escreveu
          |skrev ) \b .*
      | {_WHEN} .{{1,80}} [<(\[] (?:mailto:)? [^\s@<>]+@[^\s<>]+ [>)\]] ,? [ ]
        (?: wrote|schrieb|escribió|a[ ]écrit|ha[ ]scritto|escreveu ) \b .*
      | \d{{4}}-\d\d-\d\d [ ] \d\d?:\d\d .{{1,80}} <[^\s@<>]+@[^\s<>]+>
    ) [ ]? : [ \t]*+ $
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:I|we|he|she|they|you|who|(?:my|our|your|his|her|the|a|an"
    r"|one)\s+(?:\w+\s+){1,3})\s*wrote\b"
    r"|\b(?:schrieb|schreef)\s+(?:ich|wir|er|sie|man|mir|uns|(?:mein|unser|ihr|sein|die|der"
    r"|das)e?r?)\b"
    r"|\b(?:yo|mi|su|nuestr[oa]|el|la|me|nos)\s+(?:\w+\s+){0,3}escribió\b"
    r"|\b(?:il|elle|on|m'|mon|ma|notre|son|sa|le|la)\s*(?:\w+\s+){0,3}a\s+écrit\b",
    re.IGNORECASE,
)
_HEAD_START = re.compile(
    r"[ \t]*+(?:(?:On|Op|Am|Den|El|En|Em|Le|Il)\b|\d{4}-|.{0,80}[<(\[])", re.IGNORECASE
)
_WORDS = re.compile(
    r"""
    [ \t]*+ (?:
        [-_*=]{2,}+ [ ]? (?: (?: Original [ ] (?:Message|e-?mail) | Forwarded [ ] Message
          | Ursprüngliche [ ] Nachricht | (?:Original|Weitergeleitete)[ ]?(?:nachricht|e-?mail)?
            (?:[ ] (?:Nachricht|Message) )?
          | Message [ ] (?:d['\u2019]origine|original|transféré|transmis) | Courriel [ ] original
          | Mensaje [ ] (?:original|reenviado) | Mensagem [ ] (?:original|encaminhada)
          | Messaggio [ ] (?:originale|inoltrato) | (?:Oorspronkelijk|Doorgestuurd)
            [ ] bericht ) [^\n]{0,60} | Forwarded [ ] by\b .* )
        (?<! [-_*=] ) [-_*=]{2,}+
      | (?: Begin [ ] forwarded [ ] message | Anfang [ ] der [ ] weitergeleiteten [ ] (?:Nachricht
        |E-?Mail)
          | Inicio [ ] del [ ] mensaje [ ] reenviado | Début [ ] du [ ] message [ ] (?:réexpédié
            |transféré)
        ) [ ]? :
    ) [ \t]*+ $
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DELIMITER = re.compile(
    r"[\W_]*+(?:please (?:type|write|enter) your reply above this line|reply above this line"
    r"|(?:bitte )?(?:geben|schreiben) sie ihre antwort (?:ober|über).{0,40}|escriba su respuesta"
    r" (?:por )?encima de esta línea|(?:veuillez )?(?:saisir|répondre|écrire).{0,30}"
    r" au-dessus de cette ligne)[\W_]*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"""[ \t]*+ [*_]{0,2} (?:
        (?P<who> From|Von|De|Da|Van|Exp[ée]diteur|Remitente|Absender )
      | (?P<when> Sent|Date|Gesendet|Datum|Enviad[oa](?:[ ]el)?|Fecha|Envoyé(?:[ ]le)?|Data
        |Verzonden )
      | (?P<to> To|An|Para|À|A|Aan|Destinatario|Destinataire|Empfänger|Cc|Bcc|Cci|Kopie|Reply-To
        |Antwort[ ]an )
      | (?P<about> Subject|Betreff|Asunto|Objet|Sujet|Oggetto|Assunto|Onderwerp|Importance
        |Priorité )
    ) [*_]{0,2} [ ]? : [*_]{0,2} (?= [ \t] | $ )""",
    re.VERBOSE | re.IGNORECASE,
)
_ONE_LINE_BLOCK = re.compile(
    r"[ \t]*\*?(?:From|Von|De)\*?:.{3,200}(?:Sent|Date|Gesendet|Enviado|Envoyé)(?: el| le)?\*?:"
    r".{3,200}(?:Subject|Betreff|Asunto|Objet)\*?:",
    re.IGNORECASE,
)
_RULE = re.compile(r"[ \t]*[-_=*]{3,}[ \t]*")


class _Head(Enum):
    """What announces other people's words: a line naming who wrote when, or a mail's own head."""

    REPLY = "reply"
    MAIL = "mail"


def without_replies(lines: list[str]) -> list[str]:
    """The lines that are not quoted, at most one blank line in a row.

    Lines with `>` go, with the line that announces them; answers between them stay. Where quoted
    words bear no mark, all that follows their head goes, as nobody can tell where they end: also
    when nothing stands above a forwarded mail. A head of the kind `On … wrote:` with nothing above
    and no mark below may be the author's own sentence, and stays.
    """
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _QUOTED.match(line) or (not line and (not kept or not kept[-1])):
            at += 1
            continue
        head, length = _head_at(lines, at)
        below = lines[at + length : at + length + _QUOTE_WITHIN]
        if head is None or (head is _Head.REPLY and not kept and not any(map(_quoted, below))):
            kept.append(line)
            at += 1
        elif any(map(_quoted, below)):
            at += length
        else:
            _drop_rules(kept)
            break
    return kept


def _quoted(line: str) -> bool:
    return _QUOTED.match(line) is not None


def _head_at(lines: list[str], at: int) -> tuple[_Head | None, int]:
    """What begins in this line, and how many lines it takes."""
    line = lines[at]
    if not line:
        return None, 0
    if len(line) <= _LONGEST_HEAD and (_WORDS.match(line) or _DELIMITER.match(line)):
        return _Head.MAIL, 1
    length = _block_at(lines, at)
    if length:
        return _Head.MAIL, length
    length = _reply_at(lines, at)
    return (_Head.REPLY, length) if length else (None, 0)


def _reply_at(lines: list[str], at: int) -> int:
    """How many lines, as mail programs wrap them, say who wrote when; or 0."""
    if not _HEAD_START.match(lines[at][:_LONGEST_HEAD]):
        return 0
    said = ""
    for length, line in enumerate(lines[at : at + _MOST_HEAD_LINES], 1):
        said = f"{said} {line.strip()}"
        if not line or len(said) > _LONGEST_HEAD:
            return 0
        if line.endswith(":"):
            return length if _REPLY.match(said) and not _TOLD.search(said) else 0
    return 0


def _block_at(lines: list[str], at: int) -> int:
    """How many lines the head of a mail takes, as Outlook puts it above what it quotes; or 0.

    A sender, and a time or a recipient, count only with a subject or an address beside them:
    travellers also write `From:` and `To:`.
    """
    first = _LABEL.match(lines[at][:_LONGEST_HEAD])
    if first is None or first.lastgroup not in {"who", "when"}:
        return 0
    if _ONE_LINE_BLOCK.match(lines[at][: 2 * _LONGEST_HEAD]):
        return 1
    found: set[str | None] = set()
    length, address = 0, False
    for place, line in enumerate(lines[at : at + _MOST_BLOCK_LINES], 1):
        label = _LABEL.match(line[:_LONGEST_HEAD])
        if label and label.lastgroup == "who" and "who" in found:
            break
        if label:
            found.add(label.lastgroup)
            length = place
        elif line and not line.startswith((" ", "\t", "<")) and "@" not in line:
            break
        address = address or (length == place and "@" in line)
    enough = "who" in found and found & {"when", "to"} and ("about" in found or address)
    return length if enough else 0


def _drop_rules(kept: list[str]) -> None:
    """Take the line drawn above a quoted mail, and blank lines, from the end."""
    while kept and (not kept[-1] or _RULE.fullmatch(kept[-1])):
        kept.pop()
