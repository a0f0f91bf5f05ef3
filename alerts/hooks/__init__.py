"""Webhooks: what happened, sent to a provider's own tools, Teams or Slack, signed, and tried again until it arrives."""
