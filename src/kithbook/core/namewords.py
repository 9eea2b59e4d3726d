"""Words around names (English, with the particles of other languages): what is one, what only looks like one."""

from __future__ import annotations

import re


def word_set(words: str) -> frozenset[str]:
    """Give the words of a text as a set."""
    return frozenset(words.split())


def rule(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that does not care about capital letters."""
    return re.compile(pattern, re.IGNORECASE)


TITLES = word_set("dr prof professor mr mrs ms miss mx sir dame herr frau madame monsieur dipl ing")
SUFFIXES = word_set("jr sr phd md mba ii iii iv esq msc bsc cpa pmp")
PARTICLES = word_set("van von der den de da do dos di del della la le el al bin ibn ten ter zu zur")
# First names that are also ordinary words: written small they are names only right after a word of LEADS.
WORD_NAMES = word_set(
    "will mark may bill hope grace joy rose sue pat rob art drew june april august dawn summer jack gene dean chase "
    "grant guy frank penny ruby amber faith honey ivy lily olive pearl sky star sunny angel ray rich randy"
    "chip cliff dale earl ford frost glen heath jade jay king lance miles page pierce reed rusty sandy sterling tad "
    "tuck wade ward young destiny charity melody harmony robin autumn iris basil ginger violet sage ace buck dick hank "
    "max skip van don an so my see sun sum eve long do you he she it"
)
# Surnames that are ordinary words: at the start of a sentence they are not taken for a name.
WORD_SURNAMES = word_set(
    "price best long young field hill park bush wood woods stone rice bird fox wolf hunter cook baker brown green "
    "white "
    "black gray grey bell banks west north day winter rivers marsh moon snow rain house church hall power strong swift "
    "sharp short small little good rich love king prince bishop pope knight noble case cash coin street gates glass "
    "may "
    "march sun hare lead call meet reading english french german welsh may"
)
DATE_LEADS = word_set("in on by since until till last next this during early late mid")
ARTICLES = frozenset(("the", "a", "an"))
LEADS = word_set("with met saw called rang emailed texted thanked from through via and & asked told")
AFTER_AUXILIARY = word_set("said sent gave told is was has had met asked wrote 's and called came got made")
AUXILIARIES = frozenset(("will", "may"))

# Names nobody has heard of yet: words after which a name stands.
NEW_NAME_LEADS = rule(
    r"\b(?:(?:introduced\s+(?:me|us|him|her|them)|intros?|introductions?|spoke|talked|wrote|note|letter|message|"
    r"e-?mail|mail|postcard|card|apologi[sz]ed|put|"
    r"introduced?\s+\S+|connected?\s+\S+)\s+(?:to|with)|(?:ran|bumped)\s+into|(?:message|e-?mail|call|postcard|note|"
    r"gift|letter|whatsapp|text|"
    r"advice|help|intro|referral)\s+from|met(?:\s+up)?(?:\s+with)?|with|w/|through|via|called|phoned|rang|emailed|"
    r"texted|messaged|saw|visited|"
    r"thanked|asked|told|promised|gave|sent|helped|introduced(?:\s+by)?|owe|advised|referred|recommended|"
    r"bought)\s+(?:dr\.?\s+|mr\.?\s+|ms\.?\s+|mrs\.?\s+|prof\.?\s+)?(?=[^\W\d_])"
)
NEW_NAME_SUBJECT = rule(
    r"(?:^|[.;,!?]\s+|\band\s+)(?=(?P<name>[^\W\d_][\w'’-]*(?:\s+[^\W\d_][\w'’-]*)?)\s+(?P<verb>promised|said|"
    r"(?:introduced|e-?mailed|called|texted|asked|told|"
    r"gave|sent|thanked|helped)\s+(?:me|us)|is\s+(?:looking|hiring|into)|needs|wants|loves)\b)"
)
NOT_A_NAME = word_set(
    "the a an my his her our their your this that these those i he she it we they everyone everybody somebody "
    "someone nobody anyone "
    "people lunch coffee dinner breakfast zoom teams skype linkedin whatsapp slack signal telegram christmas easter "
    "new year happy "
    "met called emailed texted asked sent gave got promised had saw spoke talked wrote told thanked helped "
    "introduced need needs "
    "will would can could should must remind remember and or but with for from through via at in on to by of about "
    "after before "
    "yesterday today tomorrow tonight last next back up me him them us you who all both two three some no not if so "
    "then also just "
    "kept broke missed bought paid ran bumped lent shared forwarded recommended referred apologised apologized liked "
    "commented"
)
EXPECTED_NEW = rule(
    r"\b(?:met(?:\s+up)?(?:\s+with)?|introduced\s+(?:me|us)\s+to)\s+(?:dr\.?\s+|mr\.?\s+|ms\.?\s+|mrs\.?\s+|"
    r"prof\.?\s+)?$"
)
