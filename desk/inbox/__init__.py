"""The inbox: exports that a PSA drops into a folder, taken in by `tick` as a push would be."""
