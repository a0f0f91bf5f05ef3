"""What people and programs are told: alerts, reminders, statements and what readers asked for by mail, and webhooks.

- when an alert is owed: `crossings` says which thresholds are reached, `telling` tells each once, in the words of
  `said`; `looked_at` spares it what was told already; `posting` says who gets it
- to members: `mornings` are reminders and the digest, `waiting_mail` what waits for a person, `pushes` files that wait
- to a client's contacts: `consents` before anything is mailed, with their `consent_views`; `statement_mails`, sent by
  the button in `statement_views`
- to readers of a page: `watches` are what they asked to be told, `watch_views` the form and its answers, `watch_words`
  what a wish says, `watch_telling` mails it
- at the desk: `views` are the provider's mails, listed by `mail_lines`
- beside mail: `hooks` send the same to other programs
- what holds it together: `models`, `urls`, and `apps`, which adds to what waits at the desk
"""
