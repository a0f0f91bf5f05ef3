"""Exports of a PSA on their way to what clients see.

In the order in which a file goes: `originals` stores its bytes; `reading` makes rows of them and knows no provider;
`judging` says whose each row is and what it counts as; `wording` chooses what its client reads; `publishing` compares
with what is published, plans, and publishes. `stages` has what a row becomes from room to room, and
`publishing.preview` calls the rooms one after the other: with these two in mind the rest can be read in any order.

Beside the way: `models` (uploads, the PSA's columns, what people said), `by_hand` (hours that are typed, not
exported), `saved_mappings` (columns that a person mapped once), `keeping` (values as bytes), `progress` (how far long
work is).
"""
