"""Numbers that belong to a thing, not to a person: what stands directly before them says so."""

from __future__ import annotations

import re

_REACH = 60
_THINGS = r"""
    orders? | tracking | track | parcel | package | shipment | consignment | delivery
  | invoice | booking | reservation | reference | ref | ticket | case | voucher | receipt | contract
  | serial | s/?n | imei\d? | iccid | imsi | eid | meid | sim | barcode | ean | gtin | upc | sku
  | isbn
  | article | item | part | model | product | meter | readings? | rdg | odometer | membership
  | loyalty | transaction | trx | account
  | (?: bestell | auftrags? | sendungs | paket | rechnungs | serien | artikel | vorgangs | ticket
      | zähler | kunden | vertrags | buchungs ) (?: - | verfolgungs )? (?: nummer | nr | stand )
  | bestellung | auftrag | sendung | paket | rechnung | zählerstände?n? | strichcode
  | pedido | seguimiento | env[ií]o | factura | (?: número [ ] de [ ] )? serie | referencia
  | reserva
  | c[oó]digo [ ] de [ ] barras | lecturas? | billete
  | commande | suivi | colis | facture | série | r[ée]f[ée]rence | r[ée]servation | billet
  | code-barres | relevés?
"""
_BETWEEN = r"""
    numbers? | no | nr | num | nummer | número | numéro | n | id | code | is | are | was | reads?
  | shows?
  | says? | under | it | the | on | of | for | since | this | my | your | box | label
  | ist | sind | lautet | lauten | seit | der | die | es | son | el | la | de | desde | est
  | sont | le | depuis
  | january | february | march | april | may | june | july | august | september | october
  | november | december | januar | februar | märz | mai | juni | juli | oktober | dezember
"""
_NAMED = re.compile(
    rf"(?<!\w)(?:{_THINGS})(?!\w)(?:[ \t:=\#.°º(]++|(?<!\w)(?:{_BETWEEN})(?!\w))*+$",
    re.VERBOSE | re.IGNORECASE,
)


def names_a_thing(plain: str, at: int) -> bool:
    """Whether the words directly before this place name a thing's number: `order no. `."""
    return _NAMED.search(plain[max(at - _REACH, 0) : at]) is not None
