"""The ledger, agreements, and everything published about clients. Nothing here knows an export, a page or a link.

- what was agreed: `terms` has the values, `agreements` reads and writes them; `files` is all that a file says of a
  provider, `loading` writes it into the database, `standing_file` says what the database holds in the same values
- the balance, pure: `ledger` works it out, in values of `balance`: by the dates of `cycles`, the hours of each entry
  from `pricing`, and what happens to hours granted, from `lots`; work that nobody looks at is counted by `alike`, and
  added up in a `tally`, or `known_work` by a closed cycle's figures, it is reckoned `onward`, by `reckoning` of many
  retainers, and `afresh` where none stands; `hours` are exact, `entry_clocks` say when an entry was done
- read off a balance, pure: what its work comes to (`drawn`), a prepaid block's life (`blocks`), which hours end when
  (`endings`), what follows an agreement (`renewals`, `seams`), the past under other terms (`replay`), a change before
  and after (`effects`, in one line by `effect_words`)
- how far it reaches: `coverage` has the days that files speak for; `settled` says since when a closed cycle is, and
  `closings` asks that of many retainers
- reads: `selectors` is the way in; `published_rows` finds rows, `row_values` makes values of them, `rule_books` has the
  rules beside them; closed cycles are `kept`, so that their rows needn't be read; `models` has the tables
- writes: `publishing` is the one way; `granting`, `regranting` (from a file), `approving`, `no_work`, `notices`, and
  `living` for a `live` incident go by it; `seen` refuses to save what nobody looked at, `restating` refuses to change
  closed cycles when nobody agreed to it
- closed cycles: `statements` are issued, each a document that `issued` makes, with the figures of `stated`; `settling`
  marks cycles as invoiced and closes months
- clients' names: `company_names` compares them, `naming` gives one to a client, `merging` makes two clients one
- what a client may read: the `gate` keeps leaks back, `hiding` hidden pools; `spoken` is the reader's language
- for programs: `wire` writes a cycle as JSON, `standing_json` a whole retainer
"""
