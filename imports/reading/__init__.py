"""Bytes of an export to rows: what a file says, whoever's it is. Pure; it knows no provider and no database.

`parse` is the way in, and calls the others in this order; `rows` has the values that all of them share.

- bytes to records: `opening` (a file's tables), `decode` with `code_pages` (a CSV file's text), `workbook` with
  `workbook_size` and `sheet_cells` (an Excel file's sheets), `records` with `quoted_lines` (text to records with their
  lines)
- what the columns are: `headers` finds the header and its format, one of the tables in `formats`; `mapped` is a format
  that a person made, `ready_made` and `proposals` what is proposed for it by `header_words`, `first_look` what is shown
  of a file that nothing recognises; `columns` binds a format to the header
- what is an entry: `second_tables` and `set_aside` with `total_labels`; `unread` asks about columns that matter
- what is decided once a file, by the columns of its `entries`: `column_facts` (units, by `units` and `header_units`),
  `date_order`, `clock_facts`, `pointed_times`
- a record to a row: `build`, of its `figures` (`dates`, `times`, `clock`, `durations`, `values`, `marks`, `prepaid`)
  and its `texts` (`clean`); `cell_errors` are cells that can't be read; `same_row` and `row_marks` say when two rows
  are one
- a second look: `file_warnings` says what is odd
- of a file that comes again with other rows, `known_lines` leaves the lines aside that were rows of the last one: by
  their texts alone (`known_records`) where the cells that decide over a file are kept (`deciding_cells`), `numbered`
"""
