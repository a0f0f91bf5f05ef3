"""From judged rows to what clients see: compared with what is published, planned, looked at, published, undone.

In the order of an import:

- what was said of the file: `options`, read by `read_options` and kept by `answers`; what holds beyond one file is with
  `standing_answers`
- what is published: `published` and `source_rows` read it (`standing_rows`), `standing` gives each entry its place
- what the file says of that: `compare` makes the `compared`, by `reconcile` with `pairing` (new, changed, unchanged)
  and `removals`, `twice` (the same work under two names), `unsettled` (what waits for an answer); `last_files` spares
  it the rows that come again as they were, as `kept_files` has them, in columns (`still_rows`)
- what would become of it: `planning` makes the `plan` (with `plan_marks` and `plan_effects`) out of `planned_rows` and
  their `row_sums` and `page_effects`, `questions`, `client_warnings` and `unknowns`
- the look at it: `preview` is the walk so far, `depends` says what a plan rests on, `kept_plans` keeps it;
  `preview_form` and `preview_answers` take what a person says to it, `decided` is the plan with that
- the deed: `hindrances` say what stands in its way, `publish` locks and compares, `store` writes, `file_keeper` keeps
  the file for the next one, `report` tells of it with `hour_sums`; then `top_up_offers`, `undo`, `reopen`, and
  `entry_change` for one entry
"""
