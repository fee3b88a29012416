"""What a sentence says on its surface: features that stand beside its embedding.

A sentence embedding knows what a sentence is about and hardly who it is about. "My dog died" and
"My phone died", "I'm a nurse" and "Do nurses get a discount?" lie close together; a few plain
cues (the first person, a question, a thing that breaks) tell them apart. The cues are English, as is
the head that reads them; their order is part of the head's version.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from memory.lexicon import fold, without_benign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

KIN: Final = (
    r"(?:husband|hubby|wife|partner|spouse|mother|father|mum|mom|mummy|mommy|mama|papa|dad|daddy|parents?|folks|"
    r"sons?|daughters?|dtrs?|child|children|kids?|baby|babies|toddlers?|twins?|teenagers?|brothers?|sisters?|"
    r"uncles?|aunts?|auntie|aunty|nan|nana|nanny|gran|granny|grandma|grandpa|grandad|granddad|grandmother|"
    r"grandfather|grandparents|grandson|granddaughter|grandkids|grandchildren|grandchild|cousins?|nieces?|"
    r"nephews?|fiancee?|boyfriend|girlfriend|gf|bf|in-laws?|(?:mother|father|sister|brother|son|daughter)-in-law|"
    r"step(?:dad|mum|mom|son|daughter|father|mother|brother|sister)|little one|boys?|girls?|family|ex)"
)

_CUES: Final = (
    # who speaks of whom
    ("first_person", r"\b(?:i|i'm|i've|i'd|i'll|im|ive|my|me|mine|myself)\b"),
    ("we", r"\b(?:we|we're|we've|our|us)\b"),
    ("second_person", r"\b(?:you|your|you're|yours|u|ur)\b"),
    ("own_kin", rf"\b(?:my|our|his|her|cx'?s?|clr'?s|cust'?s)(?: \w+)? {KIN}\b"),
    ("kin", rf"\b{KIN}\b"),
    ("starts_with_i", r"^(?:um,? |uh,? |so,? |well,? |sorry,? |and |but )*(?:i|i'm|i've|im|we|we're|we've|my|our)\b"),
    ("shorthand_customer", r"\b(?:cx|cust|customer|caller|clr|pt|he|she|they|hubby|acct holder)\b"),
    # what makes it something else
    ("question", r"\?\s*$"),
    ("asks", r"^(?:do|does|did|can|could|is|are|was|were|will|would|what|when|where|why|how|which|who|have you|has)\b"),
    ("hypothetical", r"\b(?:if|would|suppose|what happens|what if|hypothetical\w*|theoretical\w*|in general)\b"),
    ("to_the_listener", r"\b(?:congrat\w*|good luck|sorry for your|sorry to hear|hope (?:you|your)|glad to hear|that's (?:great|awesome|amazing)|"
                        r"sounds? (?:like|great|amazing|wonderful)|how (?:was|is|are) (?:you|your)|happy birthday to|take care|keep me posted)\b"),
    ("somebody_else", r"\b(?:somebody|someone|a (?:friend|cousin|neighbou?r|colleague) (?:of|said|says)|the (?:man|woman|lady|guy|passenger|news|driver|agent|film|song)|"
                      r"people|they say|per (?:him|her|us)|our (?:agent|engineer)|your (?:agent|driver|staff|engineer|colleague))\b"),
    ("service", r"\b(?:bills?|invoices?|refund\w*|charged?|payment|pmt|order\w*|parcel|package|router|rtr|password|login|app|website|sim|roaming|plan|"
                r"signal|wi-?fi|internet|flight|bag|luggage|seats?|booking|book|reserv\w*|delivery|engineer|screen|tablet|laptop|charger|fee|contract|"
                r"subscription|appointment|appt|confirmation|voucher|discount|cancel\w*|reset|resent|label|rma|quote|transfer)\b"),
    ("thanks", r"\b(?:thanks?|thx|thank you|please|pls|hello|hi|bye|ok|okay|sorry)\b"),
    ("joke", r"\b(?:lol|haha|hehe|joke|joked|lmao)\b"),
    # what it is about, by kind
    ("bereavement", r"\b(?:funerals?|died|dying|dead|death|deceased|passed|passing|passes|late (?:husband|wife|partner|mother|father|mum|mom|dad)|widow\w*|griev\w*|"
                    r"grief|mourn\w*|buried|burying|bury|cremat\w*|ashes|memorial|wake|eulogy|condolences|bereave\w*|executor|rip|miscarriage|put to sleep|put down|"
                    rf"(?:lost|losing|loss of) (?:my|our|his|her|their|a|the)(?: \w+)? (?:{KIN}|friend|dog|cat|pet)|lost {KIN})\b"),
    ("health", r"\b(?:diagnos\w*|dx|surgery|surgeon|operation|chemo\w*|cancer|tumou?r|stroke|dementia|alzheimer\w*|parkinson\w*|diabet\w*|insulin|epilep\w*|asthma|"
               r"hospital|hosp|icu|er|intensive care|clinic|heart (?:attack|op|condition)|pacemaker|pregnan\w*|expecting|due (?:in|nov|oct)|autis\w*|adhd|ptsd|anxiety|depress\w*|"
               r"mental health|therapy|medication|meds|tablets|treatment|remission|covid|migraines?|transplant|dialysis|oxygen|recover\w*|unwell|ill|illness|sick|"
               r"allerg\w*|sober|rehab|injur\w*|(?:broke|broken|bad) (?:my |his |her )?(?:hip|leg|arm|wrist|back|knees?)|health|doctors?|physio|dizzy|eyesight|ms|lupus|arthritis)\b"),
    ("access", r"\b(?:deaf|hoh|hard of hearing|hearing (?:aids?|loss|poor)|hearing's|hear well|blind|screen reader|sight|wheelchair|step free|stairs|walker|frame|stammer|stutter|dyslexi\w*|"
               r"braille|large print|small print|big letters|large letters|lip[- ]?reads?|sign language|bsl|relay|interp\w*|slow\w*|speak up|spk up|louder|first language|2nd lang|service dog|"
               r"colou?r blind|tremors?|non verbal|plain english|one thing at a time|muddled|assistance|repeat things|be patient)\b"),
    ("family_care", r"\b(?:look(?:s|ing)? after|takes? care of|taking care|caring for|carer|caregiver|guardian|custody|divorc\w*|foster\w*|adopt\w*|single (?:mum|mom|dad|mother|father|parent)|"
                    r"school run|nursing home|care home|power of attorney|poa|mat(?:ernity)? leave|raising|special needs|down(?:'s)? syndrome|elderly|twins|married for|moved (?:back )?in)\b"),
    ("life_event", r"\b(?:wedding|married|marrying|engaged|honeymoon\w*|anniv\w*|birthday|bday|birth|born|graduat\w*|moving (?:to|in|house)|relocat\w*|moved|retir\w*|first (?:house|home|flight|time|trip)|"
                   r"new (?:job|home|house|flat|baby)|due in|baby|university|uni|reunion|degree|turn(?:ing)? \d+|quincean\w*|marathon|starting over|accepted)\b"),
    ("hardship", r"\b(?:lost (?:my|his|her|their) job|job in|evict\w*|bankrupt\w*|laid off|unemploy\w*|out of work|on benefits|food bank|debts?|can'?t afford|money|pensioner|homeless|living in|"
                 r"flood\w*|fire|hurricane|earthquake|robbed|broken into|scammed|behind on|rent|tight|broke|payday|income|short this|hours (?:got )?cut|went under|foreclos\w*|savings)\b"),
    ("feeling", r"\b(?:lonely|lonel\w*|alone|cry|crying|cried|teary|scared|terrified|afraid|fear\w*|frighten\w*|nervous|overwhelmed|panic\w*|ashamed|proud|homesick|miss (?:my|her|his|home)|misses|down (?:a lot|today|lately)|"
                r"low|hopeless|hopeful|giving up|lost since|nobody (?:visits|to)|no one to|heartbr\w*|burden|happier|happiest|stressed|struggling|talk(?:ed)? to all|only (?:person|ppl|people)|worried (?:about my|re))\b"),
    ("work", r"\b(?:nurse|teacher|teach|driver|truck|trucker|bakery|veteran|navy|army|military|deployed|electrician|engineer|freelance\w*|photographer|photog|promoted|farmer|shifts?|nights|own (?:company|business)|"
             r"run a|runs|work (?:as|from|at|in)|works|job|interview|thesis|social worker|surgeon|pilot|chef|lawyer|dentist|carpenter|coach\w*|author|career|volunteer\w*|retired|self-employed|my (?:boss|company|business)|studio)\b"),
    ("interest", r"\b(?:hobby|hobbies|fan|paint\w*|watercolours?|garden\w*|tomatoes|chess|bak(?:e|es|ing)|hik(?:e|er|ing)|running|runs?|yoga|fishing|fishes|gam(?:es?|ing)|choir|sing|sings|music|jazz|violin|guitar|piano|"
                 r"band|reading|novels?|books?|knit\w*|pottery|photography|camp\w*|surf\w*|ski\w*|danc\w*|dogs?|cats?|kitten|puppy|pup|parrot|horse|budgies|bees|allotment|motorbikes?|vintage|collects?|passion|"
                 r"into|love|loves|vegetarian|vegan|cook\w*|climb\w*|astronomy|learning|beach|mountains)\b"),
    ("preference", r"\b(?:call me|calls me|prefers?|rather|pronounced|pronouns|go(?:es)? by|spelled|always (?:like|want|book|have|leave|collect)|aisle|window seat|in writing|best (?:time|after|for me)|step by step|hate being|address as|they/them|likes?)\b"),
    ("contact_rule", r"\b(?:(?:do not|don'?t|never|stop|only|no|not|please) (?:\w+ )?(?:call\w*|ring\w*|contact\w*|phone|voicemails?|letters?|post|discuss|texts?|landline|speak|mention|leave)|"
                     r"only (?:call|use|reach|speak|write)|mob only|email only|not (?:on )?saturdays|between \d+ and \d+|before \d+|b4 \d+|landline|text first|authorised)\b"),
    ("loyalty", r"\b(?:(?:\d+|ten|twelve|fifteen|twenty|thirty|many|eight) ?(?:years?|yrs?|y)(?: \w+)? (?:customer|with (?:you|us)|subscriber)|customer (?:since|for)|with (?:you|us) (?:for|since)|w/ us since|been with|loyal|"
                r"long ?time customer|lt cust|since (?:19|20)?\d\d|generations?|gens|platinum|gold|diamond|every (?:single )?(?:week|summer|year)|always (?:come|comes) back|since day one|nearly a? ?decade)\b"),
)  # fmt: skip

NAMES: Final = (*(name for name, _ in _CUES), "benign_idiom", "length")
PATTERN_OF: Final = {name: re.compile(pattern) for name, pattern in _CUES}


def cues(sentences: Sequence[str]) -> NDArray[np.float32]:
    """The cues of each sentence: an array (sentences, len(NAMES)) of values between 0 and 1."""
    rows = np.zeros((len(sentences), len(NAMES)), dtype=np.float32)
    for row, sentence in zip(rows, sentences, strict=True):
        folded = fold(sentence)
        plain = without_benign(folded)
        row[: len(PATTERN_OF)] = [found.search(plain) is not None for found in PATTERN_OF.values()]
        row[-2] = plain != folded
        row[-1] = min(len(folded.split()), 40) / 40
    return rows
