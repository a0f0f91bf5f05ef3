"""One search over the desk: clients, tickets, imports and acts, as a page and as the palette of the keyboard."""
