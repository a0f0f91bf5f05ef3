"""From judged rows to what clients see: compared with what is published, planned, looked at, published, undone.

In the order of an import: `options` and `answers` (what was said of the file), `published` (what stands),
`compare` and `reconcile` (new, changed, unchanged, removed), `effects` and `planning` (the `plan`), `preview`
(the walk so far), `depends` (what a plan rests on), `preview_answers` (what a person decided on it), `publish`,
`report`; then `undo` and `reopen`.
"""
