"""Two clients that become one: what stood with the one goes on with the other, and its old addresses with it.

`models` keeps which client was merged into which; `former` finds a client by an address of before; `joining` moves
the rows. What may be merged, and what that does, is judged above (`imports.judging.merging`).
"""
