"""The gate: every text on its way to a client passes it, whoever typed it and wherever.

`known` reads what a provider's texts must not say at a client, as one value, `Gate`; `outgoing` puts neutral words
where a text leaks; `texts` says which texts of an agreement a client reads; `letting` writes down what a person let
pass, and takes it back; `waiting` lists what is held back. What a leak looks like is the library `leaks`.
"""
