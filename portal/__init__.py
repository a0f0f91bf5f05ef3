"""Share links and what a client sees behind one: the page, its log, statements, and forms to ask for something.

- the way in: `urls`, then `views`; `doors` decides who may come in, `access` finds whose page a token opens, by the one
  statement in `link_rows`; `second_step` asks for a code by mail, on the page in `second_step_views`; `openings` counts
  visits, `kept_bodies` keeps answers that were made before; `models` has the tables
- the answer: `answering` reads and renders the page, for a client and for staff who look as one
- the facts: `selectors` reads them all: `chosen` says which retainers are shown, `closed_cycles` what was done with a
  closed one, `shown_log` which lines, `shown_notices` which notices; `corrections` finds which lines have changed, as
  `changed_lines` compares them
- the page: `page` puts it together, `page_frame` what stands around; its parts are `balance_sums` (how the number comes
  about), `kinds` (what is left in each kind of work), `what_if` with the pool that work is `taken_from`, `past_cycles`,
  and the `request_links` to the forms
- the work log: `log` puts it together, of the lines in `log_days`; `log_folds` folds a long one, `log_search` searches
  it, `log_kinds` sums it up by kind of work
- the same for programs: `exports` as JSON, with the `estimates` of live incidents; `log_csv`; `ics` as a calendar
- statements: `statement_views` has the addresses, `statement` the page, with its `statement_log`; `statement_pdf` is
  the same on `paper`
- what a client asks for: `request_views` has the forms, whose hours `typed_hours` reads; `asking` writes a request
  down, `telling` mails it; `approval_by_mail` takes the approver's yes, on the pages in `confirm_views`; `tell_me_form`
  asks for mails
- the provider's look: `brand` makes colours and logo, `look_views` serves them; `logo_ground` is what a logo stands on,
  `letterhead` who the provider is; `icons` and `home_screen` are for phones
- links and badges: `links` makes and ends links, `welcoming` mails one; `badges` likewise, shown by `badge_views`
- made up, to look at: `gallery` has every state of the page, of `gallery_data`, `gallery_long` and `gallery_incident`;
  `gallery_small` has the other pages
"""
