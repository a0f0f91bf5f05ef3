"""What it takes to run HourTab for others: keys, digests, roles, the proxy. Nothing here is imported by HourTab.

`new_env` writes the settings with fresh secrets, `pin` the digests of images; `check_files` and `try_image` try what
Docker would do where there is no Docker.
"""
