"""What clients asked for on their pages, and a manager's one answer to each."""
