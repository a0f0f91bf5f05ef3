"""Hours granted beside the cap: the list, and a form that shows what saving would change."""
