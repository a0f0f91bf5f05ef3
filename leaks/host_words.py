"""Word lists that the leak check judges host names and device codes by. Data only, in small letters."""

from leaks.lists import read_lists, word_set

LISTS = read_lists("host_words")

ROLES = LISTS["roles"]
STRICT = LISTS["strict"]
NAMELIKE = STRICT - word_set("pc vm nas sw fw")
# Roles that no word ends with.
UNMISTAKABLE = word_set("srv svr dc rodc prn esx rtr nas bkp wks sql rds")
PLAIN_SERVERS = LISTS["plain_servers"]
# Roles that make a name of "vm-print" and of "acme-dc", without any number.
FIRST_ROLES = word_set("srv svr esx esxi vm mbp prn prt rtr wks vmhost")
LAST_ROLES = word_set("srv svr dc rodc fs fw nas prn prt")
NO_ROLE_AFTER = LISTS["no_role_after"]
NO_NUMBERED = LISTS["no_numbered"]
NO_CODE = LISTS["no_code"]
MAKERS = LISTS["makers"]
NO_HOST = LISTS["no_host"]
NO_NAME = LISTS["no_name"]
SERVER_NAMES = LISTS["server_names"]
MACHINES = LISTS["machines"]
PUBLIC_STARTS = LISTS["public_starts"]
INTERNAL_ENDS = word_set("local lan corp internal intranet intra intern localdomain arpa localhost")
TOP_LEVELS = LISTS["top_levels"]
PUBLIC_SITES = LISTS["public_sites"]
