"""Finished page objects for the import pages: every figure worked out, every sentence said.

- before a file is looked at: `listing` has all imports, `long_work` says how far the work on a large one is
- the preview: `preview` puts it together; `questions` come first, `file_sums` say where the rows and hours went;
  `unknown_companies` may become clients, with what stands in their table by `typed_companies`; `client_lists` order the
  `client_lines`, whose `moves` are the figures before and after; `grants` are rows that grant hours, `publish_bar` is
  what stands at the foot
- one client of it: `rows`
- what became of it: `result`
"""
