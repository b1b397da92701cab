"""Published networks, as modules of our own; their weights come from the sheet of weights."""
