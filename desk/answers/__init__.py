"""Answers about files that hold beyond one import: who gave them, when, and the way to take them back."""
