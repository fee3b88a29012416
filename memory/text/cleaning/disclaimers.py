"""Legal notices, warnings of mail servers and adverts of virus scanners: nobody's words."""

from __future__ import annotations

import re

_MOST_LINES = 40
_LONGEST_NOTICE = 4000
_LONGEST_ALONE = 200
_FEWEST_TERMS = 3

_OPENING = re.compile(
    r"""[\W_]*+ (?:
        (?:this|the) [ ] (?: (?:content|contents|information) .{0,20} [ ] )? (?:of [ ] this [ ])?
          (?: e-?mail|electronic|message|communication|transmission|information) \b
      | (?:confidentiality|legal|privacy|important) [ ] (?:notice|note|information|disclaimer)
      | disclaimer | if [ ] you [ ] (?: are [ ] not | have [ ] received [ ] this | received
        [ ] this )
      | (?: diese|der [ ] inhalt [ ] dieser|die [ ] (?:in|information) .{0,30} ) [ ]? (?:e-?mail
        |nachricht|informationen)
      | haftungsausschluss | vertraulichkeitshinweis | (?:sollten|wenn|falls) [ ] sie [ ] (?:nicht
        |diese)
      | (?: este|el [ ] contenido [ ] de [ ] este|el [ ] presente ) [ ] (?:mensaje|correo|e-?mail)
      | la [ ] información [ ] (?:contenida|incluida) | aviso [ ] (?:legal|de [ ] confidencialidad)
      | si (?:[ ] usted)? [ ] (?:no [ ] es|ha [ ] recibido|recibe)
      | (?: ce|le [ ] présent|le [ ] contenu [ ] de [ ] ce ) [ ] (?:message|courriel|e-?mail|mail
        |courrier)
      | les [ ] informations [ ] contenues | avis [ ] de [ ] confidentialité
      | si [ ] vous [ ] (?:n['\u2019]êtes|avez [ ] reçu|recevez)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_TERMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"confidential|vertraulich|confidencial|confidentiel",
        (
            r"intended (?:solely |only |exclusively )*for|for the (?:sole |exclusive )?use"
            r"|ausschließlich"
            r"|bestimmt|destinad[oa]s?\b|exclusiv[ao]|destinés?\b|exclusive"
        ),
        r"recipient|addressee|empfänger|adressat|destinatari[oa]|destinataire",
        r"sender|absender|remitente|expéditeur|notify|benachrichtigen|informieren|avertir|avisar",
        r"delete|destroy|löschen|vernichten|elimin|bórrelo|borrar|destruir|supprimer|détruire",
        (
            r"privileged|disclos|unauthori[sz]ed|unbefugt|nicht gestattet|strictly|prohibi|interdit"
            r"|autorizad|non autorisée"
        ),
        r"liab|haftung|responsab|virus",
    )
)
_ALONE = re.compile(
    r"""[\W_]*+ (?:
        this [ ] (?:e-?mail|message) (?: [ ] and [ ] any [ ] attachments?)? [ ] (?:is|are|may
          [ ] be)
          [ ] (?:strictly [ ])? confidential
      | diese [ ] (?:e-?mail|nachricht) [ ] ist [ ] (?:streng [ ])? vertraulich
      | este [ ] (?:mensaje|correo) [ ] es [ ] confidencial
      | ce [ ] (?:message|courriel|mail) [ ] est [ ] confidentiel
      | (?:please [ ])? (?:consider|think [ ] (?:of|about)) [ ] the [ ] environment [ ] before .*
      | (?:bitte [ ])? (?:denken|prüfen) [ ] sie .{0,40} (?:umwelt|ausdruck|drucken) .*
      | (?:por [ ] favor,? [ ])? (?:piense|considere) .{0,30} (?:medio [ ] ambiente|imprimir) .*
      | (?:avant [ ] d['\u2019]imprimer|pensez [ ] à [ ] l['\u2019]environnement) .*
      | (?:caution|warning|external) [\]: ]++ .{0,20} (?:e-?mail|message|sender) .{0,20}
          (?:originated|came|is|was) .{0,10} (?:from [ ])? (?:an [ ])? (?:outside|external) .*
      | \[? external (?: [ ] e-?mail)? \]?
      | virus-?free\.? .{0,40} | (?:virenfrei|libre [ ] de [ ] virus|garanti [ ] sans
        [ ] virus)\.? .{0,40}
      | (?:this|diese|este|cet?) .{0,30} (?:scanned|checked|auf [ ] viren|analizado|vérifié
        |comprobado) (?: .{0,90} | .{0,60} (?:avast|avg|virus|viren|antivirus) .{0,30} )
    )""",
    re.VERBOSE | re.IGNORECASE,
)
"""What stands in a line of its own, up to the signs at its end."""


def without_disclaimers(lines: list[str]) -> list[str]:
    """The lines without legal notices, which begin as such and use the terms of several.

    One who only asks for confidence ("this e-mail is confidential, please do not tell my son")
    uses one term; such words stay.
    """
    kept: list[str] = []
    at, looked_at = 0, 0
    while at < len(lines):
        line = lines[at]
        if line and len(line) <= _LONGEST_ALONE and _stands_alone(line):
            at += 1
        elif at >= looked_at and _OPENING.match(line[:_LONGEST_ALONE]):
            looked_at = at + _paragraph(lines, at)
            if _is_notice("\n".join(lines[at:looked_at])):
                at = looked_at
            else:
                kept.append(line)
                at += 1
        else:
            kept.append(line)
            at += 1
    return kept


def _stands_alone(line: str) -> bool:
    end = len(line)
    while end and not line[end - 1].isalnum():
        end -= 1
    return _ALONE.fullmatch(line, 0, end) is not None


def _paragraph(lines: list[str], at: int) -> int:
    """How many lines follow one another from here on, none of them blank."""
    length = 1
    while length < _MOST_LINES and at + length < len(lines) and lines[at + length]:
        length += 1
    return length


def _is_notice(paragraph: str) -> bool:
    said = paragraph[:_LONGEST_NOTICE]
    return sum(term.search(said) is not None for term in _TERMS) >= _FEWEST_TERMS
