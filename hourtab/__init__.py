"""The wiring: settings, URLs, the server's entry point, and what spans the apps.

- settings: `settings` is the one file, of what `environment` reads, the `keys` and the `logs`
- a request: `wsgi` and `gunicorn` with its `bounded_worker`, `urls` and `sign_in_urls`; on the way `middleware`,
  `client_address`, and `token_pages` for share links; `errors` where it breaks
- addresses that no person types: `for_machines`, which `alive` asks
- the first provider: `founding`, with `founding_views`
- a provider as a whole: `provider_views` has the page, `provider_archive` all of it as a file, `whole_provider` its end
- the installation as a whole: `backing_up`, `verifying` what stands in the database, and the `doctor`, who says what to
  mend; `apps` makes a table of its own
- the records in Django's admin: `admin_records` lists them, as `record_kinds` show one
"""
