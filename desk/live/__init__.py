"""A live incident: begun with one click, followed, ended."""
