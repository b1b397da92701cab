"""Facts about faces: one module a kind."""
