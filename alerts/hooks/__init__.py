"""Webhooks: what happened, sent to a provider's own tools, Teams or Slack, signed, and tried again until it arrives.

- at the desk: `views` has the pages, `keeping` adds, pauses and removes a webhook and keeps its secret; `models` are
  webhooks and what was sent
- on its way: `happened` reads what there is to tell, `delivering` writes it down and sends it, `letters` give it the
  form of its receiver, `calling` makes the one call
- where nothing arrives: `failing` tells the owners
"""
