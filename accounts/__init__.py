"""Providers and the people who work for them: who may see which rows, how they sign in, the trail of deeds, and mails.

- who is asking: `access` has the doors for staff, `context` what each of their pages is given; `keys` lets programs in,
  and `key_views` makes a key; `actors` says who did a deed
- who belongs to a provider: `providers` themselves; their members and invitations by `services`, on the pages in
  `views`; `urls` has the addresses
- signing in: `adapter` fits allauth to HourTab, `single_sign_on` with its `provider_registry` is OpenID Connect;
  `second_factor` asks for one, `sealed_factors` keeps it; `sessions` end in time, `session_views` lists them;
  `watching` hears of each sign-in, `security` writes it down for whoever watches
- one provider's rows alone: `tenancy` opens the `scope`, and its models refuse to answer without one; the database
  holds the same line by `guards` and, on PostgreSQL, by `row_policies`, to which `postgres` says the scope
- the database: `database` asks it what is no row, `worked_out` has queries that are put together once, `many_rows`
  writes many at once, `large_values` sends what is large in parts, `replica` reads from a second one; `models` has the
  tables, `apps` puts everything in place
- deeds: `audit` writes the trail, `seen` refuses to save what nobody looked at, `already` says who was first
- mails: `outbox` writes them down, `sending` sends them
- beside these: `commands` is what all commands share, `heartbeats` says when periodic work was last done, `seal` keeps
  secrets that are shown again, `zones` has the time zones
"""
