"""Internal remarks in a text: on billing, on blame, on the client, on what is better not said.

Most words of a remark are good client language in another sentence ("keeps asking for a password", "our error
log"), so each sign is a phrase, not a word. German stands beside English; texts are folded ("für" is "fur").
"""

from collections.abc import Iterator

import re2

from leaks.folding import Folded
from leaks.hits import Finding
from leaks.search import simple

BILLING = "{} is about billing and reads like a note for colleagues."
SECRECY = "{} reads like a note for colleagues only."
BLAME = "{} says whose fault it was."
OPINION = "{} is an opinion about the client."
SALES = "{} is about sales and reads like a note for colleagues."

NOT = r"(?:(?:do|did|should|must) not|(?:do|did|should|must)n'?t|do n't|never|not to|no need to|bitte nicht)"
NOT_BILL = rf"(?:{NOT}|not going to|(?:won'?t|will not|wouldn'?t) be)"
CLIENT = r"(?:the |den |dem )?(?:client|customer|user|kunden?|them|him|her)"
PERSON = r"(?:client|customer|user|manager|mgr|boss|owner|she|he|they|kunde)"
CLAUSE = r"(?:^|[.,;:!(\n] ?|- )(?:please |pls |bitte )?"  # where a clause begins
OUR = r"(?:our|my)(?: own)?"

BILLING_SIGNS = (
    rf"\b{NOT_BILL} (?:be )?(?:bill|billed|billing|invoice|invoiced|invoicing)\b",
    rf"\b{NOT} (?:be )?charged? (?:{CLIENT}|for|this|it|extra|travel)\b",
    rf"{CLAUSE}(?:do not|don'?t) charge\b(?: {CLIENT})?",
    rf"\b{NOT} (?:put|add|list|show|include)(?: \w+)? on (?:the |an? )?(?:invoice|bill)\b",
    r"\b(?:not|keep (?:it |this )?off|off|leave off) (?:on |of )?(?:the |an? )?(?:invoice|bill)\b",
    r"\bno bill\b|\bnot (?:billing|invoicing|charging (?:for|them|this|the (?:client|customer)))\b"
    r"|\b(?:not|non|un)[- ]?(?:billable|chargeable)\b",
    rf"\b(?:forget|remember) to (?:bill|invoice|charge)\b|\bno[- ]charge (?:to|for) {CLIENT}\b",
    r"\bbill(?:ed)? (?:them|him|her|the client|the customer|extra)\b",
    r"\b(?:eat|ate|absorb|swallow|pad|padded|shave|shaved|comp|comped) (?:the |this |these |some |our |my )?"
    r"(?:time|hours?|costs?)\b",
    r"\b(?:write|wrote|writing)[- ]?off(?: \w+){0,3} (?:hours?|h|min|mins|minutes|time|visit|trip"
    r"|call|labou?r)\b",
    r"\b(?:h|hours?|hrs|min|mins|minutes) written off\b|\bwritten off by\b",
    r"\b(?:over|under)[- ]?bill(?:ed|ing)\b|(?:\bthey |\b(?:client|customer) |\b)owes? us\b",
    r"\b(?:bad|late|slow) payer\b|\btraining (?:for|of) (?:new|junior|our) (?:engineer|tech|colleague)s?\b",
    r"\bnicht (?:be|weiter|ver|ab)?-?(?:rechnen|rechnet|berechnen|berechnet|verrechnen|fakturieren)\b",
    r"\bnicht (?:auf|in) (?:die |der )?rechnung\b|\bohne (?:be|ver)rechnung\b",
)
SECRECY_SIGNS = (
    rf"\b{NOT} (?:tell|mention|disclose|reveal|let on)\b|\b{NOT} let {CLIENT} (?:know|see)\b",
    rf"\b{NOT} (?:show|share|send|forward|give|report)(?: (?:this|it|that))?(?: to| with)? {CLIENT}\b",
    r"\bnot for (?:the )?(?:client|customer)\b|\b(?:hide|hidden|keep|kept) (?:this "
    r"|it )?from (?:the )?(?:client|customer)\b",
    r"\bkeep (?:this |it )?(?:quiet|between us|to ourselves)\b|\bjust between us\b|\bbetween you and me\b",
    r"\boff the record\b|\bfor your eyes only\b|\bfyi internal\b|\b(?:for )?internal eyes\b"
    r"|\b(?:better|best|rather) not (?:to )?(?:mention|tell|say)\b|\bunbeknownst to\b",
    r"\binternal(?:ly)? ?(?:only|notes?|comment|remark|use only|fyi)\b",
    r"\b(?:internal(?:ly)?|intern|int\.) ?:|[(\[]internal(?:ly)?[)\]]|\bnur (?:fur )?intern\b"
    r"|\binterne notiz\b",
    r"(?:^|\n)internal ?-|\bunter uns\b",
    rf"\b{PERSON}s? (?:do|does|did)(?:n'?t| not) know (?:that|about|it|this|yet)\b",
    r"\b(?:dem |den )?kunden? (?:gegenuber )?nichts? (?:davon )?(?:sagen|erwahnen|zeigen|mitteilen"
    r"|erzahlen)\b",
    r"\bnicht (?:dem |den |fur (?:den )?)kunden?\b|\bweiss (?:es |das )?(?:noch )?nicht\b",
)
BLAME_SIGNS = (
    rf"\b{OUR} (?:fault|mistake|bad|oversight|screw[- ]?up|omission|cock[- ]?up|blunder)\b",
    rf"\b{OUR} (?:error|slip)(?:[.,;!)]|$| and | - )",
    r"\b(?:we|i|techs?|engineer|colleague|predecessor) (?:forgot|broke|overlooked|botched"
    r"|misconfigured|goofed"
    r"|neglected|dropped the ball"
    r"|(?:screwed|messed|mucked)(?: it| this| that)? up)\b",
    r"\b(?:we|i) (?:shouldn'?t have|should(?: have|'ve) (?:known|caught|seen|noticed|checked|tested"
    r"|done|told|warned"
    r"|asked|renewed|been))\b",
    r"\b(?:we|i) missed (?:this|that|it)\b|\b(?:i|we) (?:brought|ordered|sent|picked|used"
    r"|installed) the wrong\b",
    r"\b(?:we|i|they) never (?:tested|configured|checked|monitored|enabled|documented|renewed)\b",
    r"(?:^|[.;!\n] ?|- )(?:forgot|forgotten) to\b|\bnobody (?:noticed|checked)\b",
    r"\b(?:slipped|fell) through the cracks\b|\bdropped the ball\b|\bgot lucky\b|\bgot away with\b|\bcya\b",
    r"\b(?:half-assed|band-?aid fix|kludge|quick and dirty|quick hack|gepfuscht|pfusch|murks|botched)\b",
    r"\bwasted (?:an? |the |my |our |\d+ )?(?:hours?|time|day|min\w*)\b|\bself-inflicted\b",
    r"\b(?:their|his|her|user'?s|client'?s|customer'?s) (?:own )?(?:own fault|fault|own mistake)\b",
    r"\b(?:user|human|operator) (?:mistake|stupidity)\b|\bblam(?:es?|ed|ing) (?:us|me)\b",
    r"\btold (?:them|him|her|you) so\b|\bselbst schuld\b|\beigene schuld\b|\bmein fehler\b",
    r"\bunser(?:e|er|em)?(?: eigener| eigene)? (?:fehler|schuld|versehen|versaumnis)\b",
    r"\b(?:haben wir|wir haben|von uns) (?:das |es |leider )?(?:vergessen|verbockt|ubersehen|versaumt)\b",
)
OPINION_SIGNS = (
    r"\buser error\b|\bpeb[kc]a[ck]k?\b|\bpicnic (?:error|issue|problem)\b|\bid-?10-?t\b"
    r"|\blayer[- ]8\b|\bbedienfehler\b",
    r"\b(?:clueless|stupid|idiots?|idiotic|morons?|incompetent|unfahig|nervt|nervig|pain in the"
    r"|ungrateful|cheapskate"
    r"|whin(?:es|ing|er|ed)|hopeless|crap|shit\w*|fuck\w*|bullshit|wtf|damn|arsch\w*|schei(?:ss|b)\w*"
    r"|dau|pita)\b",
    rf"\b{PERSON} (?:is|are|was|ist|war) (?:a |an |so |very |being |really |sehr "
    rf"|mal wieder )?(?:difficult|rude|annoying"
    r"|lazy|cheap|angry|mad|furious|schwierig|unfreundlich|anstrengend|faul|geizig|wutend)\b",
    r"\b(?:keeps?|kept) (?:on )?(?:power[- ]?cycling|unplugging|ignoring|forgetting|complaining"
    r"|whining|messing|bugging)\b",
    rf"\b{PERSON} (?:keeps?|kept) (?:on )?(?:clicking|breaking|switching off|turning off|calling"
    rf"|asking|deleting|pulling)\b",
    r"\b(?:never listens?|always forgets?|won'?t listen|won'?t pay|refus(?:es|ed|ing) to pay"
    r"|complain(?:s|ed|ing) again"
    r"|(?:does|do|did)n'?t want to pay|hort nie zu|zahlt nie|keine ahnung)\b",
    r"\b(?:yelled|screamed|swore|threatened to|threatening to)\b|\b(?:grumpy|moaning|ranting|needy|pissed)\b",
    r"\bcomplain(?:s|ed|ing)? about (?:us|our|(?:the )?(?:price|bill))\b|\b(?:computer"
    r"|tech)[- ]?illiterate\b",
    r"\bis (?:such )?an? (?:\w+ )?(?:pain|nightmare|handful|jerk)\b|\bnot tech[- ]savvy\b"
    r"|\b(?:high[- ]maintenance|demanding) (?:client|customer|user)\b",
)
SALES_SIGNS = (
    r"\b(?:up|cross)-?sell(?:ing)?\b|\bchurn(?:ing)? risk\b|\brenewal (?:at )?risk\b"
    r"|\brisk of churn\b|\blowball\w*\b",
    rf"\b{PERSON}s? (?:may|might|could|will|wants? to|(?:is|are) about to) leave(?: us)?(?:[.,;)!]|$)",
    r"\bwants? to leave (?:us|the)\b|\b(?:drop(?:ping)?|fire) (?:the|this) (?:contract|client|customer)\b",
    r"\bpush (?:the|a|an|for)(?: \w+){1,2} (?:uplift|sale|renewal)\b|\braise at qbr\b",
    r"\bpast due\b|\bcredit hold\b|\bbehind on payments?\b",
    r"\b(?:has|have|had)(?: \w+)? (?:unpaid|overdue) (?:invoices?|balance)\b",
)
SIGNS = (
    (BILLING_SIGNS, BILLING),
    (SECRECY_SIGNS, SECRECY),
    (BLAME_SIGNS, BLAME),
    (OPINION_SIGNS, OPINION),
    (SALES_SIGNS, SALES),
)
PATTERNS = [(re2.compile("(?i)(?:" + "|".join(signs) + ")"), reason) for signs, reason in SIGNS]


def find_remarks(text: Folded) -> Iterator[Finding]:
    for pattern, reason in PATTERNS:
        yield from simple("remark", reason, (pattern,), text.plain)
