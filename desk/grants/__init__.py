"""Hours added to the cap, or taken off: the list, and a form that shows what saving would change.

`views` has the addresses, and `correcting` the one at which a grant becomes another; `standing` reads what was granted,
`page` makes the list, the forms and their effect, `grant_fields` are the inputs that its two forms share.
"""
