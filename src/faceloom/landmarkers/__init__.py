"""Where the points of a face are: one module a kind."""
