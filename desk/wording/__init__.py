"""The wording queues: the lines of a preview, and the published lines, that wait for words for clients."""
