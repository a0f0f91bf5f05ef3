"""How much of a file is read: beyond it the file is refused in a sentence, never cut."""

MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_RECORDS = 5 * MAX_ROWS  # blank ones too: a file of empty lines is no export
