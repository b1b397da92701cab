"""How the donor gets into the place of the host: one module a kind."""
