"""From judged rows to what clients see: compared with what is published, planned, looked at, published, undone.

In the order of an import: `options` (what the uploader says), `published` (what stands), `reconcile` (new,
changed, unchanged, removed), `preview` (the `plan`), `preview_answers` (what a person decided on it), `confirm`,
`publish`, `report`; then `undo` and `reopen`.
"""
