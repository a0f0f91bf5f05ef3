"""Whose a row is and what it counts as: client, retainer, pool, categories, exclusion; nothing is priced here.

`classify` judges rows by `match_rules`; `provider_rules` reads what that needs from the database, and
`entry_overrides` lays over it what a person decided of single entries. `rulebook`, `rule_trial`, `dry_run` and
`reclassify` are for rules and agreements that change: edited, tried out, and applied to what is published.
"""
