"""Agreements in the browser: the same values, checks and services as the file that `manage.py load_retainers` reads.

- the addresses: `views` for a new agreement and one that stands; `versions` lists what each version changed;
  `renewing_views` end an agreement and go on with a new one, which `renewing` works out
- a new one: `usual_agreements` are what it can start from, `beginning` asks for the few figures of each
- what was typed: a `draft`, whose `texts` are made of an agreement's values and back, as the `tables` of a file
- what it comes to: `judging` says what is wrong with it and what saving it would do
- the page: `pages` puts it together out of `steps`, their inputs out of `fields` and `words_fields`; beside each choice
  `choices` say what it would mean, in the lines of `worked`, for which `tried` has an example
- the deed: `saving` writes it, or says what somebody else has saved meanwhile
- looking back: `replaying` shows what the past would have been under other terms
"""
