"""A client's page for staff, its form, the client's own page without a token, and what a page said on a past day.

- the page: `page` puts it together, with the work `log`, the `trail` of what happened, and the `rhythm` of its updates
- the client's own page: `as_client` shows today's, `as_of` what it said at the end of an earlier day
- the client itself: `form` has the inputs and `form_views` the addresses; `saving` writes what was typed, `merging`
  makes two clients one
"""
