"""Hours added to the cap, or taken off: the list, and a form that shows what saving would change."""
