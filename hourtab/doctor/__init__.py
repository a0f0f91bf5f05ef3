"""Whether an installation is set up as it should be, and what to mend: from inside, and through its own proxy."""
