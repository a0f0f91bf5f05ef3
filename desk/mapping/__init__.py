"""Mapping a file's columns by hand: the page, its check over all rows, and the headers as a file for support.

`views` has the addresses; `draft` is the mapping that a form says, `ready` one that is ready-made for a tool;
`trial_read` reads every row by it; `page` shows all of that, under the names of `field_names`. Those that
were saved are listed, renamed and taken back by `saved`.
"""
