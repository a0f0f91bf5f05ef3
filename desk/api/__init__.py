"""What programs ask for, each with its key. What they read and write is the desk's own.

- the table: `operations` has every address once, with what may be asked in `parameters` and what is answered in
  `schemas`; `openapi` describes them
- a request: `door` looks at its key, `once` answers one that is sent twice as it did the first time
- the answers: `reading` for all that is read, `incidents` for a live incident; a file is pushed to `desk/imports/api`
"""
