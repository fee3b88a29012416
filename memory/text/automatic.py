"""Messages that no person wrote: absence notes, receipts and the greetings of bots."""

from __future__ import annotations

import re

from memory.text.sentences import split

_LONGEST = 2000
_HEAD = 400

_ANNOUNCED = re.compile(
    r"""[\W_]*+ (?:subject [ ]* : [ ]*|betreff [ ]* : [ ]*|asunto [ ]* : [ ]*|objet [ ]* :
      [ ]*)? (?:
        auto(?:matic|mated|matische|mática|matique)?[ -]? (?:reply|response|answer) \b
      | automatische [ ] (?:antwort|e-?mail|nachricht) | respuesta [ ] automática
      | réponse [ ] automatique | message [ ] (?:automatique|d['\u2019]absence)
      | out[ -]of[ -](?:the[ -])?office (?:[ ] (?:reply|notice|autoreply|auto-?reply|message))?
        [ ]* (?: [:.!\n] | $ )
      | abwesenheits(?:notiz|nachricht|assistent|meldung)
      | (?:this [ ] is|dies [ ] ist|este [ ] es|ceci [ ] est) [ ] (?:an?|eine|un) [ ]
        (?:auto(?:mated|matic|-generated)|automatische?|automatisch [ ] (?:erzeugte|generierte)
          |mensaje [ ] automático|message [ ] automatique)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_AWAY = re.compile(
    r"""\b (?:
        (?:I|we) (?:['\u2019](?:m|re)|[ ] (?:am|are|will [ ] be)) [ ] (?:currently [ ]|away
          [ ] and [ ])?
          (?: out [ ] of [ ] (?:the [ ]|my [ ])? office | away [ ] (?:from [ ] (?:the [ ]|my
            [ ])? (?:office|desk|e-?mail)|until|till|on|with)
            | on [ ] (?:annual|maternity|paternity|parental|sick|vacation)? [ ]? (?:leave|vacation
              |holidays?) )
      | ich [ ] bin [ ] (?:derzeit|zurzeit|aktuell|momentan|vom .{0,30}|bis .{0,30}|ab .{0,20})?
        [ ]?
          (?: nicht [ ] (?:im [ ] (?:büro|hause?)|erreichbar|am [ ] platz) | abwesend | außer
            [ ] haus | im [ ] urlaub | in [ ] elternzeit
            | erst [ ] wieder [ ] (?:am|ab) )
      | (?: estoy|estaré|me [ ] encuentro ) [ ] (?: fuera [ ] de [ ] (?:la [ ])? oficina
        | ausente | de [ ] (?:vacaciones|baja|permiso) )
      | je [ ] (?: suis|serai ) [ ] (?:actuellement [ ])? (?: absente? | en [ ] (?:congés?
        |vacances|déplacement) | hors [ ] du [ ] bureau )
    ) \b""",
    re.VERBOSE | re.IGNORECASE,
)
_PROMISED = re.compile(
    r"""\b (?:
        (?: (?:limited|no|intermittent|sporadic|without) [ ] (?:or [ ] no [ ])? access [ ] to
          | not [ ] (?:be [ ])? (?:reading|checking|monitoring) ) [ ] (?:my [ ])? e-?mails?
      | (?: will|['\u2019]ll|shall ) [ ] (?: reply|respond|answer|get [ ] back [ ] to [ ] you|be
        [ ] back
          |return [ ] (?:on|in|to [ ] the [ ] office)) | upon [ ] my [ ] return | on [ ] my
            [ ] return | when [ ] I [ ] (?:return|am [ ] back|get [ ] back)
      | (?: for|in|if ) [ ] (?:case [ ] of [ ])? (?: [\w']+ [ ]){0,6} (?: urgent|emergenc(?:y|ies)
        |immediate )
      | (?: nach [ ] meiner|bei [ ] meiner) [ ] rückkehr | wende?n? [ ] sie [ ] sich | in
        [ ] dringenden [ ] (?:fällen|angelegenheiten)
      | (?:nicht|kein\w*) .{0,40} (?: weitergeleitet|gelesen|zugriff)
        | werde? .{0,40} beantworten | melde [ ] mich
      | a [ ] mi [ ] (?:regreso|vuelta) | (?:si [ ] es|en [ ] caso) .{0,20} urgen | responderé
        | contestaré | acceso [ ] limitado
      | à [ ] mon [ ] retour | en [ ] cas [ ] d['\u2019]urgence | (?:je [ ] vous [ ])? répondrai
        | vous [ ] pouvez [ ] (?:contacter|joindre) | accès [ ] limité
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_RECEIPT = re.compile(
    r"""(?:
        (?: we (?:['\u2019]ve|[ ] have)? [ ] received | your [ ] (?:request|ticket|message|case)
          [ ] (?:\(?\#?\d+\)? [ ])? (?:has [ ] been|was) [ ] (?:received|updated|created
            |logged) ) \b
        .{0,200} (?: support [ ] staff | being [ ] reviewed | do [ ] not [ ] reply
          | to [ ] add [ ] (?:additional [ ])? comments )
      | wir [ ] haben [ ] ihre [ ] (?:anfrage|nachricht|e-?mail) .{0,200}
        (?: vorgangsnummer | ticketnummer | nicht [ ] auf [ ] diese )
      | hemos [ ] recibido .{0,200} (?: número [ ] de [ ] (?:ticket|caso) | no [ ] responda )
      | nous [ ] avons [ ] bien [ ] reçu .{0,200}
        (?: numéro [ ] de [ ] (?:ticket|dossier|demande) | ne [ ] pas [ ] répondre )
    )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_BOT = re.compile(
    r"""(?:
        \b I (?:['\u2019]m|[ ] am) [ ] (?:
            (?: [\w-]+, [ ] )? (?:the|a|an|your) [ ] (?:[\w-]+ [ ]){0,2}
              (?: (?:chat|answer|help|support)[ -]?bot | automated [ ] assistant )
          | [\w-]+, [ ] (?:the|an?|your) [ ] (?:[\w-]+ [ ]){0,2} (?: virtual|digital )
            [ ] (?:assistant|agent)
          | (?:the|your) [ ] (?:[\w-]+ [ ]){0,2} (?: virtual|digital ) [ ] (?:assistant|agent)
          | (?:answer|help)[ ]?bot | a [ ] bot \b )
      | \b ich [ ] bin [ ] (?:[\w-]+,? [ ]){0,4} (?: chat-?bot | bot | (?:virtuelle|digitale)r?
          [ ] assistent(?:in)? ) \b
      | \b soy [ ] (?:[\w-]+,? [ ]){0,4} (?: bot | chatbot | asistente [ ] virtual ) \b
      | \b je [ ] suis [ ] (?:[\w-]+,? [ ]){0,4} (?: bot | chatbot | assistante? [ ] virtuelle? ) \b
      | ^ \W* (?: you [ ] are [ ] now [ ] (?:chatting|connected|speaking) [ ] with
          | chat [ ] (?:started|ended|transferred) \b
          | (?:the [ ])? (?:visitor|agent|customer|user) [ ] .{0,40} (?:left|joined) [ ] the
            [ ] (?:chat|conversation)
          | (?:we|our [ ] team) [ ] (?:typically|usually) [ ] (?:reply|replies|responds?) )
    )""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_COURTESY = re.compile(
    r"""[\W_]*+ (?: hi|hello|dear|good [ ] (?:morning|afternoon|day)|thank|thanks|many [ ] thanks
      |regards
      | (?:kind|best|warm) [ ] (?:regards|wishes) | (?:sehr [ ] )?geehrte | hallo | guten | liebe
        | vielen [ ] dank
      | danke | mit | viele | hola | estimad | gracias | buen | saludos | un | bonjour | merci
        | cordialement
      | madame | please [ ] (?:contact|call|write|reach|e-?mail) | bitte | sincerely )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_WISHES = re.compile(
    r"\b(?:so|please|can|could|but|because|bitte|aber|weil|por favor|pero)\b", re.IGNORECASE
)
_OFFICE = re.compile(r"\b(?:office|büro|oficina|bureau)\b", re.IGNORECASE)
_FEWEST_WORDS = 3
_MOST_WORDS = 16


def is_auto_reply(text: str) -> bool:
    """Whether a message was sent by a machine: an absence note, a receipt, a bot's greeting.

    One who mentions an absence in a message of their own ("I am out of the office until Friday,
    so please deliver next door") is a person: an absence counts only where what absence notes go
    on to say makes up the rest, or where nothing else is said.

    Args:
        text: A whole message, cleaned.
    """
    if not text or len(text) > _LONGEST:
        return False
    head = text[:_HEAD]
    if _BOT.search(head) or _RECEIPT.search(head):
        return True
    if "?" in text:
        return False
    return _ANNOUNCED.match(head) is not None or (
        _AWAY.search(head) is not None and _says_nothing_else(text)
    )


def _says_nothing_else(text: str) -> bool:
    sentences = [one.text for one in split(text) if len(one.text.split()) >= _FEWEST_WORDS]
    said = [one for one in sentences if not _COURTESY.match(one)]
    telling = [one for one in said if _AWAY.search(one) or _PROMISED.search(one)]
    promised = _PROMISED.search(text) is not None
    if len(said) == 1 and not promised:
        alone = _OFFICE.search(said[0]) is not None and not _WISHES.search(said[0])
        return alone and len(said[0].split()) <= _MOST_WORDS
    return promised and 2 * len(telling) > len(said)
