"""The tickets of the current cycles by the hours they took, everybody's time together.

`views` has the addresses, `page` the list and one incident entry by entry, `figures` what each took, from the ledger.
"""
