"""Figures in words and pictures, for clients and staff alike: said once, below every page that says them.

`phrases` are the smallest (hours, money, days, lists); `facts` what a page is made from, `accounts` a cycle's
accounts as pages speak of them; `sentences`, `explanations`, `plain_terms`, `headlines`, `charts` and
`effect_lines` are built from these. `sheets` are texts as a CSV file may hold them.
Nothing here reads a database or knows an address.
"""
