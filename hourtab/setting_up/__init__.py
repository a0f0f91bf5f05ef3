"""The first provider and its owner: by the command `setup`, or in the browser with a one-time code."""
