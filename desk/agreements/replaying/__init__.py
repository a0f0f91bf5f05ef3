"""What if: drafts of terms, looked at over the client's own past. Nothing here is saved.

- the address: `views` answers it, `drafts` reads from it which terms to try
- the past: `sides` are what was and what would have been; `work_done` is the work behind them, by what `told_work` says
  of each row of the export
- the page: `page` puts it together, with the tables of `comparison`, the lines of `work_lines`, and the `presets`:
  drafts that are one click away
"""
