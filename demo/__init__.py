"""The demo: two invented providers with months of imports behind them, loaded up to today.

`kestrel_row.toml` and `tidewell.toml` hold what is agreed and what happens, `jobs.toml` the work.
`scenario` (with `dates`) and `jobs` read them, `work` makes time entries, `exports` writes them as a PSA
would, `uploads` says when; `history` and `sending` let it happen through the services, each deed at its
moment (`trail`). `people` and `visitors` bring the sign-in and the links, `loading` puts it all together.
`open_matters` leaves on the desk what is open today: requests, an incident that runs, what failed.
The same first day gives the same demo.
"""
