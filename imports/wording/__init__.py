"""Which words a client reads for an entry: an internal title is never among them.

`ranks` says which source comes first, `choose` finds the words of an import's rows and what the leak check says
of them, `queue` draws the lines together that wait for words (by the `shapes` of their titles), `memory` keeps what a
person gave, `reword` publishes new words.
"""
