"""The pages on which rules are read, edited and tried out; saving is `imports.judging.rulebook`'s."""
