"""Short forms of given names in common use, and names that are also ordinary words."""

from __future__ import annotations

from typing import Final

_FORMS: Final = """
alexander alex sasha xander
alexandra alex sasha sandra
alejandro alex ale
andrew andy drew
anthony tony
benjamin ben benny
catherine cathy kate katie cat
charles charlie chuck
christina chris tina
christine chris chrissy
christopher chris
daniel dan danny
daniela dani
david dave
deborah debbie deb
dorothy dot dottie
edward ed eddie ted
elizabeth liz lizzie beth betty eliza
emily em
francis frank
francisco paco
frederick fred freddie
gabriel gabe
gabriela gabi
gregory greg
isabella bella izzy
jacob jake
james jim jimmy jamie
jennifer jen jenny
jessica jess jessie
jonathan jon jonny
jose pepe
joseph joe joey
joshua josh
katharina kathi
katherine kate kathy katie
kenneth ken kenny
kimberly kim
lawrence larry
leonard leo len
margaret maggie meg peggy
maria mary
matthew matt
maximilian max
michael mike mick
mohammed mo
mohamed mo
natalie nat
nathaniel nathan nate
nicholas nick nico
nicole nicky nikki
olivia liv
pamela pam
patricia pat patty trish
patrick pat paddy
peter pete
philip phil
priyanka priya
rebecca becky becca
richard rich rick dick
robert rob bob bobby
ronald ron
samantha sam
samuel sam sammy
stephanie steph
stephen steve
steven steve
susan sue susie
theodore theo ted
theresa terri tess
thomas tom tommy
timothy tim
valentina vale
victoria vicky tori
vincent vince vinny
william will bill billy liam
zachary zach zack
"""

NICKNAMES: Final[dict[str, tuple[str, ...]]] = {
    words[0]: tuple(words[1:]) for line in _FORMS.strip().splitlines() if (words := line.split())
}
"""Given name to its short forms, folded."""

ORDINARY_WORDS: Final = frozenset(
    "will mark grace may rose hope bill joy art drew pat sue rich ray gene jack chip june april summer "
    "max faith chase dean grant skip bob rob ed nick dot cat penny frank guy miles reed ward young best "
    "long good price bell brown white black green king page day hall wood stone field park banks "
    "carol ivy daisy violet olive iris dawn eve hazel honey sunny angel star lane ford fox wolf baker "
    "cook mason carter parker hunter fisher marshall chance christian nat mo ale vale liv em ben".split()
)
"""Names that count only when written with a capital."""
