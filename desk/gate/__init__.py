"""The leak check in forms: what it found in typed words, and the page of what was let through and what waits."""
