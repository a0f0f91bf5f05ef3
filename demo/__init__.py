"""The demo: two invented providers with months of imports behind them, loaded up to today.

Two files of TOML say what is agreed and what happens (kestrel_row, tidewell), a third what work comes up (jobs). The
same first day gives the same demo.

- what the files say: `scenario`, with the dates of `calendar`; `jobs` is the catalogue of work
- what a PSA would have: `work` makes time entries, `uploads` says when they are sent, `exports` writes them as reports
- what happens: `months` lets the past happen through the services, `dropping_off` hands a report in, `visitors` open
  links, `open_matters` is what is open today
- all of it: `building`
"""
