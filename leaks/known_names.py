"""Names of people, places, companies and products that are words too. Lists only; others judge by them."""

from leaks.lists import read_lists, read_table, word_set

LISTS = read_lists("known_names")

NO_PERSON = LISTS["no_person"]
PARTICLES = LISTS["particles"]
NAME_SUFFIXES = word_set("jr sr ii iii phd mba msc bsc dipl ing dr mr mrs ms")
NAME_VERBS = LISTS["name_verbs"]
NAME_NOUNS = LISTS["name_nouns"]
NAME_PROPER = LISTS["name_proper"]
PLACES = LISTS["places"]
NICKNAMES = read_table("nicknames")
LEGAL_FORMS = LISTS["legal_forms"]
TRADES = LISTS["trades"]
COMPANY_WORDS = LISTS["company_words"]
PRODUCT_WORDS = LISTS["product_words"]
