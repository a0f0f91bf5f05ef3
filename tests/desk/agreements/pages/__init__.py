"""The pages of agreements, in a browser without scripts."""
