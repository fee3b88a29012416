"""Signatures, sign-offs and what telephones add at the end of a message."""

from __future__ import annotations

import re

_SIGNATURE_LINES = 12
"""A `--` with more lines behind it is a rule drawn by the writer, not a signature (RFC 3676)."""

_LONGEST_LINE = 80
_MOST_WORDS = 8
_DEVICES = r"""
    i-?Phone|i-?Pad|iOS|Apple|Galaxy|Samsung|Android|Huawei|Xiaomi|Pixel|OnePlus|Nokia|Motorola
    |BlackBerry|Windows|(?:smart|mobile|cell)?phone|device|mobile|cell|tablet|Handy|Mobiltelefon
    |Gerät|Telefon|Smartphone|m[óo]vil|celular|tel[ée]fono|dispositivo|portable|mobile
      |t[ée]l[ée]phone
    |Outlook|Yahoo|Gmail|GMX|WEB\.DE|ProtonMail|Proton|K-9|Spark|Aqua|T-Online|Courrier|Correo|Mail
"""
_PROGRAMS = r"Outlook|Yahoo|Gmail|GMX|WEB\.DE|Proton\w*|BlueMail|Spark|AOL"
_SENT_FROM = re.compile(
    rf"""[\W_]*+ (?:
        (?: Sent|Enviad[oa](?:[ ]a[ ]partir)?|Envoyé(?:[ ]à[ ]partir)?|Inviato|Verzonden|Gesendet)
          [ ] (?= (?: from|via|with|using|von|mit|vom|über|desde|do|de|del|con|depuis|avec|da|dal
            |van) \b )
          (?: (?: from|via|with|using|von|mit|vom|über|der|dem|desde|do|de|del|con|depuis|avec|da
            |dal
              |van|my|the|an?|meine[mr]?|mi|meu|mon|ma|un[oae]?|el|la ) \b [ ] )*+
          [^.!?\n]{{0,25}}? \b (?: {_DEVICES} ) \b
      | (?: Get|Obt[ée]n\w*|Télécharge[rz]|Hol [ ] dir|Holen [ ] Sie [ ] sich )
        [ ] (?: {_PROGRAMS} ) \b
      | (?: Diese [ ] (?:Nachricht|E-?Mail) [ ] wurde | Von ) [ ] [^.!?\n]{{0,60}} \b gesendet
    )
    (?! .* \b (?: it|and|but|does|is|are|was|not|never|the|to|und|aber|nicht|pero|mais|pas) \b )
    (?: ,? (?: [ ] [\w&-]+ ){{1,5}} )? (?: [ ]? <?https?://\S+ (?: [ ] [\w-]+ ){{0,4}} )? [\W_]*
    (?: (?:please|bitte|sorry|excuse|forgive|pardon|por [ ] favor|merci
      |désolé) \b [^\n]{{0,60}} )? $""",
    re.VERBOSE | re.IGNORECASE,
)
_FORMAL = r"""
    (?:with [ ])? (?:(?:my|our) [ ])? (?: kind|kindest|best|warm|warmest|many )? [ ]? regards
      | best | best [ ] wishes
  | all [ ] the [ ] best | (?: yours [ ])? (?: sincerely|faithfully|truly ) (?: [ ] yours)?
    | respectfully
  | rgds | br
  | warmly | warm [ ] wishes | yours [ ] ever
  | thanks [ ] (?:and|&) [ ] (?:kind|best)? [ ]? regards | thanks?,? [ ] (?:kind|best)
    [ ] regards
  | (?:mit [ ])? (?: freundliche|herzliche|beste|liebe|viele|schöne|sonnige )[nm]? [ ] (?: grü(?:ß
    |ss)en? | gru(?:ß|ss) )
      (?: [ ] aus [ ] [\w ]{2,30} )?
  | mfg | lg | vg | hochachtungsvoll | gru(?:ß|ss) | grü(?:ß|ss)e
  | (?:(?:un|reciba[ ]un) [ ])? (?: cordial|atento|afectuoso|muy [ ] cordial )? [ ]? saludos? (?:
    [ ] cordial(?:es)? )? | atentamente | atte\.?
  | (?:bien [ ])? cordialement | bien [ ] à [ ] vous | cdlt | amicalement
  | (?:(?:meilleures|sincères|respectueuses|cordiales|bien [ ] cordiales) [ ])? salutations (?:
    [ ] distinguées)?
  | veuillez [ ] (?:agréer|recevoir) .{0,80} | je [ ] vous [ ] prie [ ] d['\u2019]agréer .{0,80}
"""
_CASUAL = r"""
    (?:many [ ])? thanks (?: [ ] (?:again|in [ ] advance|so [ ] much|a [ ] lot|for [ ] your
      [ ] help) )?
  | thank [ ] you (?: [ ] (?:again|in [ ] advance|so [ ] much|very [ ] much|for [ ] your
    [ ] help) )? | thx | ty
  | have [ ] an? [ ] (?:good|nice|great|lovely|pleasant) [ ] (?:one|day|evening|weekend|week)
  | (?:einen [ ])? schönen? [ ] (?:tag|abend|wochenende) (?: [ ] noch )?
  | (?:que [ ] tenga [ ] (?:un [ ])?)? buen [ ] día
  | cheers | take [ ] care | love | yours
  | (?: vielen|herzlichen|besten|schönen )? [ ]? danke? (?: [ ] (?:im [ ] voraus|schön|und
    [ ] gruß|vorab) )?
  | (?: muchas|mil )? [ ]? gracias (?: [ ] (?:de [ ] antemano|por [ ] su [ ] ayuda) )? | (?:un
    [ ])? abrazos?
  | (?:mille [ ])? merci (?: [ ] (?:d['\u2019]avance|beaucoup|bien) )? | bonne [ ] journée
"""
_SIGN_OFF = re.compile(
    rf"[ \t]*+ (?: (?P<formal> {_FORMAL} ) | (?P<casual> {_CASUAL} ) ) [ ,.!\u2013—-]*$",
    re.VERBOSE | re.IGNORECASE,
)
_NAME_WORD = (
    r"(?:[A-ZÀ-ÖØ-Þ][\w.'\u2019-]*|von|van|de|der|den|del|della|la|le|da|dos|di|el|al|bin|y|und"
    r"|and|&)"
)
_NAME = re.compile(
    rf"[ \t]*+{_NAME_WORD}(?:"
    rf"[ ]{_NAME_WORD}){{0,4}}[ ,.]*(?:[(|/\u2013—-].{{0,50}}|(?<=,[ ])\w.{{0,50}})?$"
)
_ONE_WORD = re.compile(r"[ \t]*+[^\W\d_]{2,20}[,.]?$")
_NO_NAMES = frozenset(
    ["yes", "no", "ok", "okay", "please", "asap", "help", "urgent", "thanks", "bye", "danke"]
)
_SIGNED = re.compile(
    rf"[ \t]*+(?:{_FORMAL})(?:[ ]*+[,\-\u2013—])?[ ]++(?i:dr\.?[ ]|mr\.?[ ]|ms\.?"
    rf"[ ])?(?P<name>[^\W\d_][^,;:!?\n]{{0,40}})$",
    re.VERBOSE | re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"[ \t]*(?:p\.? ?s\.?|n\.?b\.?|pd)\b[ .:,-]", re.IGNORECASE)
_CONTACT = re.compile(
    r"(?:^|\b)(?:tel|phone|mobile|mob|cell|fax|office|direct|m|t|f|p|e|w|tél|téléphone|móvil"
    r"|teléfono"
    r"|telefon|handy|mobil|e-?mail|web)[.:]+[ \t]*[+(\d\w]|[\w.+-]+@[\w-]+\.\w|(?:www\."
    r"|https?://)\S"
    r"|[+(]?\d[\d ()./-]{7,}\d",
    re.IGNORECASE,
)
_RULE = re.compile(r"[ \t]*(?:--|__+|[-=*~\u2013—]{3,})[ \t]*")


def drop_ending(lines: list[str]) -> None:
    """Take signatures and what telephones add from the end, as often as there is one."""
    while lines:
        if not lines[-1].strip() or _is_sent_from(lines[-1]):
            lines.pop()
            continue
        cut = _signature_at(lines)
        if cut is None:
            return
        del lines[cut[0] : cut[1]]


def _is_sent_from(line: str) -> bool:
    if len(line) > 2 * _LONGEST_LINE:
        return False
    return _SENT_FROM.match(line) is not None


def _signature_at(lines: list[str]) -> tuple[int, int] | None:
    """Where the last signature begins and ends, when anything stands above it."""
    first = max(len(lines) - _SIGNATURE_LINES - 2, 0)
    for at in range(len(lines) - 1, first, -1):
        if lines[at].rstrip() == "--":
            return at, len(lines)
    for at in range(len(lines) - 1, first, -1):
        line = lines[at]
        if len(line) > 2 * _LONGEST_LINE or not any(map(str.strip, lines[max(at - 3, 0) : at])):
            continue
        stop = _signed_until(lines, at)
        if stop:
            return at, stop
    return None


def _signed_until(lines: list[str], at: int) -> int:
    """Where the signature ends that begins in this line, or 0."""
    line, below = lines[at], lines[at + 1 :]
    stop = next((i for i, one in enumerate(below) if _POSTSCRIPT.match(one)), len(below))
    said = [one for one in below[:stop] if one.strip()]
    end = at + 1 + stop
    if not all(map(_belongs, said)):
        return 0
    off = _SIGN_OFF.match(line) if _is_own_line(lines, at) else None
    if off and said:
        return end if _is_name(said[0]) else 0
    if off:
        return end if off["formal"] else 0
    signed = _SIGNED.match(line)
    if signed and _NAME.match(signed["name"]):
        return end
    telling = [one for one in said if _CONTACT.search(one)]
    if _RULE.fullmatch(line):
        return end if telling and _is_name(said[0]) else 0
    stands_alone = at > 0 and not lines[at - 1].strip() and not _asks_for_it(lines, at)
    named = _NAME.match(line) is not None and " " in line.strip()
    return end if stands_alone and named and _is_card(said, telling) else 0


def _is_own_line(lines: list[str], at: int) -> bool:
    """Not the last word of a sentence that began in the line above."""
    above = lines[at - 1].strip() if at else ""
    return not above or above[-1] in ".!?,;:)" or lines[at].endswith(",")


def _is_card(said: list[str], telling: list[str]) -> bool:
    """A name's next lines are how to reach them, as on a visiting card: two ways at least."""
    return len(telling) >= 2 and len(telling) * 2 >= len(said)


def _asks_for_it(lines: list[str], at: int) -> bool:
    """What follows a colon was announced, and is meant to be read."""
    above = next((one for one in reversed(lines[max(at - 3, 0) : at]) if one.strip()), "")
    return above.endswith(":")


def _belongs(line: str) -> bool:
    """Short and no sentence: a name, a post, a number, an address."""
    words = line.split()
    ends = line.rstrip().endswith(("?", "!")) or (line.rstrip().endswith(".") and len(words) > 4)
    return len(line) <= _LONGEST_LINE and len(words) <= _MOST_WORDS and not ends


def _is_name(line: str) -> bool:
    if _ONE_WORD.match(line):
        return line.strip(" ,.\t").casefold() not in _NO_NAMES
    return _NAME.match(line) is not None
