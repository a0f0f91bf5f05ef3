"""What waits for a person: previews, held clients, requests, mails, schedules, the installation’s own work."""
