"""The desk: the pages on which a provider's staff work, and what programs and commands do in their place.

- where it begins: `urls` has the addresses, `doors` opens one retainer; `models` are the desk's own rows, `apps` lets
  them follow each publication
- what to do next: the `dashboard`, what is `waiting` for a person, the `requests` of clients, a `search` over all of it
- hours come in: `imports` of files, the `inbox` that takes them from a folder or a mailbox, `by_hand` where there is no
  file; a `mapping` says what a file's columns are; `answers` are those about files and companies that hold beyond one
  import, `wording` gives lines their words
- a client: its page in `clients`; `links` to share it, listed by `link_lines`; `badges` for other sites
- an agreement: its form in `agreements`, its `grants`, the days that are covered in `covering`, its `statements`
- beside a client's number: `notices`, and a `live` incident; `incidents` are the tickets that took the most
- an entry: its page in `entry_page`, its form in `entries`
- the provider: its `rules`, `month_end`, its `settings`, the leak check as the `gate` shows it, the `trail` of deeds
- for programs: the `api`, and `balances`, which the command prints too
- what forms have in common: `since` says what was published while one was open, `restating` asks about closed cycles
"""
