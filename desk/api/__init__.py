"""What programs ask for, each with its key: one table of addresses (`operations`), from which both the addresses and
their description come. What they read and write is the desk's own.
"""
