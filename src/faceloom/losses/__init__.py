"""What training makes small: one file per kind, `make(**options)` gives loss(batch, painted)."""
