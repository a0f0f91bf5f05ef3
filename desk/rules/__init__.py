"""The pages on which rules are read, edited and tried out; saving is the business of `imports/judging/rulebook`.

- the list: `views` has the addresses, `listing` the rules in their order, each as `rule_words` say it
- one rule: `form` is its page, `draft` what was typed; `submitted` decides what becomes of it
- before it is saved: `tried` shows what would be judged otherwise; `moving` asks before a rule is moved or taken away
- business hours: `hours_views` has their address, `opening_hours` their form
"""
