"""The dashboard: every client's case, the ones to act on first, with what stands beside the list; and saved views.

- the addresses: `sheet` answers with the page and its CSV file, `query` reads what is asked for, `saved_views` keeps it
  under a name
- a client's case: `selectors` read it, `status` judges it, `states` are what it can come to
- what is kept of each day: `keeping` works it out and writes it, `holding` says what of it counts, `look` lets the
  database count and sort it, `kept` makes the list of it
- the page: `page` puts it together out of `rows`, whose `reasons` say why a client stands there; `side` is what stands
  beside the list, `first_steps` the check list of the first day
"""
