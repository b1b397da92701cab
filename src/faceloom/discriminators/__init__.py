"""Who tells painted faces from real ones: one file per kind, `make(**options) -> Discriminator`."""
