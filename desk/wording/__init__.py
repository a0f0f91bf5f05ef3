"""The wording queues: the lines of a preview, and the published lines, that wait for words for clients.

- of what is published: `views` has the addresses, `page` the queue, of the lines that `published_lines` finds; `trend`
  says whether fewer of them wait from month to month
- of a preview: `preview_words`, a part of the preview's own page
- what was learned: `remembered` words are searched, corrected, forgotten
"""
