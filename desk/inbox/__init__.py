"""The inbox: exports that a PSA drops into a folder or mails, taken in by `manage.py tick` as a push would be.

- each tick: `taking` looks into every provider's `folder`; `mailing` opens the mail `box` that `box_address` names
- a mail: `attached` are its files; `returned` reads the report of a mail that could not be delivered
- a file: `arrivals` stores it, and publishes what waits for nobody
"""
