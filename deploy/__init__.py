"""What it takes to run HourTab for others: keys, digests, roles, the proxy. Nothing here is imported by HourTab."""
