"""The wiring: settings, URLs, the server's entry point and the commands that span the apps."""
