"""Figures in words and pictures, for clients and staff alike: said once, below every page that says them.

Nothing here reads a database or knows an address.

- the smallest words: `phrases` (hours, money, lists), `days`, `counts`, and a telephone number among `phones`
- what a page is made from: `facts`, and in `accounts` a cycle's accounts as pages speak of them
- the number: `headlines`, with its `sentences`, how `coverage` and `freshness` bound it, its `pace`, `live_words` of an
  incident that runs
- what was agreed: `plain_terms` puts it together from `terms_of_counting`, `terms_of_closing` and `when_kinds`
- around the number: what was `granted`, `requested`, approved (`approvals`), `restated`, left `uncharged`, and how the
  last cycle `closes`
- why a figure is what it is: `explanations` of an entry, `effect_lines` of a change, `charts` as pictures
- on paper and screen: `display` is what templates print with, `sheets` what may leave as a file
"""
