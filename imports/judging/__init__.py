"""Whose a row is and what it counts as: client, retainer, pool, categories, exclusion; nothing is priced here.

In an import: `provider_setup` reads what that needs from the database; `judge` sorts a file's rows by client, each
judged by `classify`, which asks `match_rules` what the rules say of it and `splitting` where it is cut at the edges of
the day; `entry_overrides` lays over it what a person decided of single entries. `similar_names` offers clients for an
unknown company, `plausible` finds rows that are hardly true.

When what judges changes: `books`, `rulebook` and `opening_times` are the rules and hours as people edit them,
`rule_trial` and `dry_run` say what a change would do, `reclassify` publishes it. `companies` gives a company to a
client, `name_moves` takes its published lines along, `merging` says what merging two clients would do.
"""
