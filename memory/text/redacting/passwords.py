"""Told passwords, PINs and one-time codes; complaints about them tell nothing and stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from memory.text.redacting.reading import MARK, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD_LABEL = r"""
    pass[ -]?(?:word|code|phrase|wort) | kennwort | pwd? | contraseña | clave | mot[ ]de[ ]passe
  | mdp
  | wachtwoord | senha
"""
_CODE_LABEL = r"""
    pin (?:[ -]?(?:number|nummer|code|no\.?))? | puk (?:[ -]?code)? | tan | otp
  | (?: verification|one[ -]?time|log[ -]?in|sign[ -]?in|access|authentication|auth|sms|2fa
      | activation
      | otp|unlock ) [ ] (?: pass)? code
  | your [ ] code
  | (?: bestätigungs|verifizierungs|einmal|freischalt|zugangs|aktivierungs|sms-) code
  | c[óo]digo [ ] de [ ] (?: verificaci[óo]n|acceso|confirmaci[óo]n|activaci[óo]n)
  | code [ ] (?: de [ ] (?: v[ée]rification|confirmation|connexion)|d'(?: acc[èe]s|activation))
"""
_LINK = r"""
    (?P<of> [ ] (?: for|für|para|pour) (?: [ ] [^\W\d_]{1,15} ){1,3} )?
    (?: (?P<sign> [ \t]*+ (?: [:=]|[-=]> ) [ \t]*+ \n? )
      | [ \t]++ (?P<is> (?: is|was|are|be|ist|war|lautet|lautete|es|era|est|était ) \b [ \t]*+ :? )
      | [ \t]++ (?P<to> (?: to|in|auf|zu|a|en ) [ \t]++ )
      | [ \t]++ (?: should|will|must|soll|sollte|muss|debe ) [ ] (?P<be> be|sein|ser )
      | (?P<asked> [^\n\d?]{0,40} \? [ \t]*+ \n [ \t]*+ (?: [^\W\d]{2,20} [ \t]*+ : [ \t]*+ )?
          (?: (?: it'?s|it[ ]is|es[ ]ist|das[ ]ist|c'est|yes|sure|ja|s[íi]|oui)
              \b ,? [ \t]*+ ){0,2} )
      | (?(of) (?!) | (?P<bare> [ \t]++ ) ) )
    [ \t]*+
    (?: (?: still|now|again|always|currently|just|immer|noch|jetzt|nun|ahora|todav[íi]a|maintenant
          | toujours ) \b [ \t]*+ ){0,2}
"""
_WORDS = re.compile(
    rf"""
    (?<![^\W_]) (?P<label> {_WORD_LABEL} ) (?!\w) {_LINK} (?! {MARK} )
    (?: ["“„«] (?P<quoted> [^"“”„«»\n]{{1,80}} ) ["”“»] | (?P<secret> \S++ ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CODES = re.compile(
    rf"""
    (?<!\w) (?P<label> {_CODE_LABEL} ) (?!\w) {_LINK}
    (?P<secret> \d{{4,8}} | \d{{3}} [ -] \d{{3}} ) (?! [.,\-/:]?\d | \w )
    (?! [ ] (?: digits?|characters?|ziffern|stellen|d[íi]gitos|chiffres) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COMPLAINTS = frozenset(
    """
    a again also always an and any anymore asked at back bad been before being broken by changed
    correct different due easy empty expired for forgotten from gone good hard having here if in
    incorrect invalid it known least likely locked long lost me mine missing my needed never new no
    none not nothing now of off ok okay old on only or our out please rejected required reset right
    same saved sent set short so some somewhere still stored strong stuck than that the their there
    this to too unknown via weak what when where which with without wrong yes yet you your
    abgelaufen aber auch auf bekannt dem den der die ein eine falsch für gesperrt gespeichert gut
    ich immer im jetzt kaputt kein leer mehr mir neu nicht nichts noch nötig nur richtig schon
    schwach sicher und ungültig unbekannt verloren vergessen von weg wieder zu zurück
    al algo bien caducada caducado con correcta correcto de del el en errónea inválida incorrecta
    incorrecto la lo mal mala mi muy necesaria no nueva nuevo olvidada perdida que segura sin su
    au aucun avec bon bonne ce dans des du erroné et expiré faux incorrecte invalide inconnu je
    le les mauvais ne nouveau oublié pas perdu plus pour requis sur trop un une valide vide
    """.split()  # noqa: SIM905 - a list would take a line per word
)
"""Words that follow `password is` where nothing is told."""

_TOLD_OF = re.compile(r"[^\W\d_]+(?:ed|ing|able|ible|iert|ado|ada|lich)", re.IGNORECASE)
_SIGNS = re.compile(r"[\d_@#$%^&*+=/\\|~<>]|[a-zà-ÿ][A-Z]|[^\W_]-[^\W_]*\d|\w!\w|\w!$")
_MEASURE = re.compile(
    r"[ \t]*+(?:characters?|chars?|letters?|digits?|numbers?|words?|minutes?|hours?|days?|weeks?"
    r"|months?|years?|times?|attempts?|zeichen|stellen|buchstaben|ziffern|tage|mal|caracteres"
    r"|letras|d[íi]gitos|d[íi]as|caract[èe]res|lettres|chiffres|jours)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[.,;:!?)]*(?:\s*$|[ \t]*\n|(?<=[.,;:!?)])|[ ](?:and|but|und|aber|y|pero|et|mais)\b)"
)
_TRAILING = ".,;:?)\"'”“»"
_FEWEST_ALONE = 5
"""Characters of a password that nothing but its name goes before."""

_POSTCODE_DIGITS = 6  # of India, where it is called PIN code


def passwords(plain: str) -> Iterator[Span]:
    """Where a password is told: one unbroken word, or what stands in quotes."""
    at = 0
    while match := _WORDS.search(plain, at):
        at = match.end("label")
        if match["quoted"]:
            start, stop = match.span("quoted")
        else:
            start, stop = match.span("secret")
            stop = _end(plain, match.start(), start, stop)
            if not _is_secret(match, plain, start, stop):
                continue
        yield Span(start, stop, "[password]")
        at = stop


def pins(plain: str) -> Iterator[Span]:
    """Where a PIN or a one-time code is told; `PIN code` before a postcode of India is none."""
    for match in _CODES.finditer(plain):
        postal = match["label"].casefold() == "pin code" and not match["is"]
        if not (postal and len(match["secret"]) == _POSTCODE_DIGITS):
            yield Span(*match.span("secret"), "[password]")


def _end(plain: str, label: int, start: int, stop: int) -> int:
    """Where the word ends: before closing signs, and in an address before the next parameter."""
    said = plain[start:stop]
    if plain[max(label - 1, 0) : label] in {"?", "&"}:
        return start + len(said.split("&", 1)[0])
    return start + len(said.rstrip(_TRAILING))


def _is_secret(match: re.Match[str], plain: str, start: int, stop: int) -> bool:
    said = plain[start:stop]
    word = said.strip("!*_-").casefold()
    if not word or word in _COMPLAINTS or _MEASURE.match(plain, stop):
        return False
    if match["sign"]:
        return True
    if _SIGNS.search(said) and not (said.isdigit() and len(said) < 4):
        named = bool(match["is"] or match["to"] or match["be"])
        return named or (len(said) >= _FEWEST_ALONE and any(map(str.isdigit, said)))
    telling = match["is"] or match["be"]
    return bool(telling and not _TOLD_OF.fullmatch(word) and _CLAUSE_END.match(plain, stop))
