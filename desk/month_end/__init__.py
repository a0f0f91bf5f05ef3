"""What a month comes to: to invoice, not counted and why; as a page and as a file."""
