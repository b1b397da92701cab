"""Where faces are: one module a kind."""
