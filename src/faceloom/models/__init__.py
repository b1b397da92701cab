"""Networks that are trained here: one file per kind, each with `make(**options) -> Generator`."""
