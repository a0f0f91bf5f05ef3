"""The staff pages of imports: upload, preview, publish, undo; and the same for programs and commands.

- in the browser: `views` answer the addresses, `forms` say what is asked about a file, `selectors` read, `pages` make
  finished strings
- without a browser: `api` takes what a program pushes, and `refused` notes what it didn't take; `by_command` is behind
  `manage.py import_csv`; `unattended` publishes for both
- the preview: `preview_or_problem` asks for it; of its answers `claiming` gives an agreement of the PSA to a retainer,
  `making_clients` makes clients of companies, as `new_clients` does
- the deed: `confirming` publishes what was looked at
- a large file: `ordering` keeps what was ordered, `long_orders` starts who does it, `carrying_out` does it
- afterwards: `left_over` is what a published file left to do, `schedules` are pushes that stopped coming
"""
