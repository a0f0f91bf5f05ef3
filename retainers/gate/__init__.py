"""The gate: every text on its way to a client passes it, whoever typed it and wherever.

`known` reads what a provider's texts must not say at a client, as one value, `Gate`; `texts` says which texts of an
agreement a client reads; `files` refuses an agreement file with one that leaks; `outgoing` puts neutral words where a
published text leaks; `waiting` lists what is held back so; `letting` writes down what a person let pass, and takes it
back. What a leak looks like is the library `leaks/`.
"""
