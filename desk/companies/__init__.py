"""Companies of the PSA that are no clients: listed, and asked about again."""
